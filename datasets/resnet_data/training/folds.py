"""How well a network does on people left out of its training, in turn."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from resnet_data._layout import Images
from resnet_data.importer.people import FIRST, PERIOD
from resnet_data.training import examples, fit, resnet
from resnet_data.training.evaluate import Score, evaluate

FOLDS = 5
# Neighbouring numbers may be one person: those at the edge of the people left out are
# in neither part.
MARGIN = 10


def parts(
    photos: Images, people: npt.NDArray[np.int64]
) -> Iterator[tuple[Images, Images]]:
    """For each fifth of the people, the photographs of the others and theirs.

    Args:
        photos: all photographs.
        people: (m,) who is on each; a person's numbers are neighbours.
    """
    width = PERIOD // FOLDS
    for fold in range(FOLDS):
        place = (people - FIRST - fold * width) % PERIOD
        left_out = place < width
        near = (place < width + MARGIN) | (place >= PERIOD - MARGIN)
        yield _chosen(photos, ~near), _chosen(photos, left_out)


def measure(
    photos: Images,
    people: npt.NDArray[np.int64],
    drawn: Images,
    *,
    epochs: int,
    seed: int,
    folder: Path,
    only: Collection[int] = range(1, FOLDS + 1),
) -> list[Score]:
    """Train a network for each fifth of the people, and measure it on them.

    A run that was stopped goes on; each fold has a folder of its own.

    Args:
        photos: all photographs.
        people: (m,) who is on each.
        drawn: what is learned from beside them.
        epochs: of each run.
        seed: of each run.
        folder: where the runs are kept.
        only: the folds to measure, from 1 to 5.
    """
    scores = []
    device = fit.best_device()
    for number, (train, test) in enumerate(parts(photos, people), 1):
        if number not in only:
            continue
        network = resnet.build(seed).to(device)
        pool = examples.pool(train, drawn, device)
        own = folder / f"fold-{number}"
        fit.fit(network, pool, {}, epochs=epochs, seed=seed, folder=own)
        scores.append(evaluate(fit.predictor(network), f"fold {number}", test))
    return scores


def _chosen(images: Images, which: npt.NDArray[np.bool_]) -> Images:
    return Images(images.x[which], images.y[which], images.classes)
