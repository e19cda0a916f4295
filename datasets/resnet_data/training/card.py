"""The numbers in the model card, written by those who measured them."""

from __future__ import annotations

from collections.abc import Sequence

from resnet_data._layout import CLASSES
from resnet_data.training.evaluate import Score

# What stands before and after a table, in the card's source.
SCORES = ("<!-- scores: make evaluate -->", "<!-- end of scores -->")
FOLDS = (
    "<!-- folds: python -m resnet_data.training folds -->",
    "<!-- end of folds -->",
)


def with_scores(card: str, scores: Sequence[Score]) -> str:
    """The card with its table of scores written anew.

    Raises:
        ValueError: the card has no place for them, between the lines of SCORES.
    """
    classes = [str(label) for label in range(CLASSES)]
    rows = [
        [
            *_measured(score),
            *(f"{score.recall(label):.2f}" for label in range(CLASSES)),
        ]
        for score in scores
    ]
    header = ["test set", "images", "accuracy", "loss", *classes]
    return _with_table(card, SCORES, [header, *rows])


def with_folds(card: str, folds: Sequence[Score]) -> str:
    """The card with the table of people left out in turn written anew.

    Raises:
        ValueError: the card has no place for it, between the lines of FOLDS.
    """
    accuracies = [fold.accuracy for fold in folds]
    rows = [
        *map(_measured, folds),
        ["mean", "", f"{sum(accuracies) / len(accuracies):.4f}", ""],
        ["worst", "", f"{min(accuracies):.4f}", ""],
    ]
    header = ["people left out", "photographs", "accuracy", "loss"]
    return _with_table(card, FOLDS, [header, *rows])


def _measured(score: Score) -> list[str]:
    return [
        score.name,
        str(score.images),
        f"{score.accuracy:.4f}",
        f"{score.loss:.3f}",
    ]


def _with_table(card: str, place: tuple[str, str], rows: list[list[str]]) -> str:
    before, begin, rest = card.partition(place[0])
    _, end, after = rest.partition(place[1])
    if not begin or not end:
        raise ValueError(f"the card has no {place[0]} and {place[1]}")
    rule = ["---", *["---:"] * (len(rows[0]) - 1)]
    lines = [f"| {' | '.join(row)} |" for row in (rows[0], rule, *rows[1:])]
    return "\n".join([before + begin, "", *lines, "", end + after])
