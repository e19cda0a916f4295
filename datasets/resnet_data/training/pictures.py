"""Pictures of a training run and of its result, for the model card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from resnet_data.training.evaluate import Score
from resnet_data.training.fit import Epoch

_SMOOTH = 5  # epochs


def draw_curves(history: Sequence[Epoch], path: Path) -> None:
    """Loss and accuracy over the epochs, training and test sets, as PNG."""
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    numbers = [line.number for line in history]
    left.plot(numbers, _smooth([line.loss for line in history]), "0.6")
    right.plot(
        numbers,
        _smooth([line.accuracy for line in history]),
        "0.6",
        label="training batches",
    )
    measured = [line for line in history if line.tests]
    for name in measured[-1].tests if measured else ():
        at = [line.number for line in measured]
        left.plot(at, [line.tests[name][0] for line in measured], ".-")
        right.plot(at, [line.tests[name][1] for line in measured], ".-", label=name)
    left.set(xlabel="epoch", ylabel="loss", yscale="log")
    right.set(xlabel="epoch", ylabel="accuracy", ylim=(0, 1.02))
    right.legend(frameon=False, loc="lower right")
    for axis in (left, right):
        _plain(axis)
    figure.savefig(path, dpi=110, bbox_inches="tight", metadata={"Software": None})


def draw_confusions(scores: Sequence[Score], path: Path) -> None:
    """A confusion matrix for each set, side by side, as PNG."""
    figure = Figure(figsize=(3.6 * len(scores), 3.9), layout="constrained")
    axes = np.atleast_1d(figure.subplots(1, len(scores)))
    for axis, score in zip(axes, scores, strict=True):
        counts = np.array(score.confusion)
        share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        axis.imshow(share, cmap="Blues", vmin=0, vmax=1)
        for (row, column), count in np.ndenumerate(counts):
            if count:
                colour = "white" if share[row, column] > 0.5 else "black"
                axis.text(column, row, count, ha="center", va="center", color=colour)
        axis.set_title(f"{score.name}\n{score.accuracy:.3f} of {score.images}", size=10)
        axis.set(xlabel="network says", ylabel="hand shows")
        ticks = range(len(counts))
        axis.set_xticks(ticks)
        axis.set_yticks(ticks)
    figure.savefig(path, dpi=110, bbox_inches="tight", metadata={"Software": None})


def _smooth(values: Sequence[float]) -> list[float]:
    return [
        float(np.mean(values[max(i - _SMOOTH + 1, 0) : i + 1]))
        for i in range(len(values))
    ]


def _plain(axis: Any) -> None:
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(color="0.9")
