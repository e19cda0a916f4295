"""How well the trained model does, class by class."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from resnet_data._layout import CLASSES, Images

Floats = npt.NDArray[np.floating]
#: From images (m, 64, 64, 3) between 0 and 1 to probabilities (m, 6).
Probabilities = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Score:
    """How a model does on one set of images.

    Attributes:
        name: of the set.
        loss: mean cross-entropy, in nats.
        accuracy: share of images whose likeliest class is right.
        confusion: images of class (row) that were taken for class (column).
    """

    name: str
    loss: float
    accuracy: float
    confusion: tuple[tuple[int, ...], ...]

    @property
    def images(self) -> int:
        """How many images the set has."""
        return sum(map(sum, self.confusion))

    def recall(self, label: int) -> float:
        """Share of a class's images that were recognised."""
        return self.confusion[label][label] / max(sum(self.confusion[label]), 1)


def evaluate(probabilities: Probabilities, name: str, images: Images) -> Score:
    """Measure a network on a set of images."""
    p = probabilities(images.x.astype(np.float32) / 255)
    loss = -np.log(np.clip(p[np.arange(len(p)), images.y], 1e-7, 1.0)).mean()
    guess = p.argmax(axis=1)
    confusion: npt.NDArray[np.int64] = np.zeros((CLASSES, CLASSES), dtype=np.int64)
    np.add.at(confusion, (images.y, guess), 1)
    return Score(
        name,
        float(loss),
        float((guess == images.y).mean()),
        tuple(tuple(map(int, row)) for row in confusion),
    )


def write_scores(scores: Iterable[Score], path: Path) -> None:
    """Keep scores as JSON; sets that were not measured keep theirs."""
    known = {score.name: score for score in read_scores(path)}
    known |= {score.name: score for score in scores}
    rows = [
        {
            **asdict(score),
            "loss": round(score.loss, 4),
            "accuracy": round(score.accuracy, 4),
        }
        for score in known.values()
    ]
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def read_scores(path: Path) -> list[Score]:
    """What `write_scores` wrote; nothing where there is no such file."""
    if not path.is_file():
        return []
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        Score(**(row | {"confusion": tuple(map(tuple, row["confusion"]))}))
        for row in rows
    ]
