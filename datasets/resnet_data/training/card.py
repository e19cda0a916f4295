"""The numbers in the model card, written by those who measured them."""

from __future__ import annotations

from collections.abc import Sequence

from resnet_data._layout import CLASSES
from resnet_data.training.evaluate import Score

BEGIN, END = "<!-- scores: make evaluate -->", "<!-- end of scores -->"


def with_scores(card: str, scores: Sequence[Score]) -> str:
    """The card with its table of scores written anew.

    Raises:
        ValueError: the card has no place for them, between BEGIN and END.
    """
    before, begin, rest = card.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the card has no {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{_table(scores)}\n\n{END}{after}"


def _table(scores: Sequence[Score]) -> str:
    classes = [str(label) for label in range(CLASSES)]
    header = ["test set", "images", "accuracy", "loss", *classes]
    rows = [
        [
            score.name,
            str(score.images),
            f"{score.accuracy:.4f}",
            f"{score.loss:.3f}",
            *(f"{score.recall(label):.2f}" for label in range(CLASSES)),
        ]
        for score in scores
    ]
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, rule, *rows))
