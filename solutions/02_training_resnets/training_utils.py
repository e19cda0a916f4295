"""What lesson 2 needs beside Keras: initializers, data, pictures, a saved run."""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader.capture.initializer import glorot_uniform as glorot_uniform
from grader.capture.uniform import random_uniform as random_uniform

QUICK = "RESNET_COURSE_QUICK"
FEW = 8  # images that a shortened run keeps
RUN = Path(__file__).with_name("twenty_epochs.json")


# Grading needs no data, and has none: hence the late imports.
def load_dataset(variety: str | None = None) -> tuple[np.ndarray, ...]:
    """Returns training images, their labels, test images, their labels, classes.

    Prints which images they are.

    Args:
        variety: "open" for drawn hands of anybody anywhere; None for the images that
            the lessons use.
    """
    import resnet_data

    if variety is None:
        source = resnet_data.source_in_use()
    else:
        source = resnet_data.drawn_source(variety)
    print(f"Data: {source.title}")
    if source.wait:
        print(source.wait)
    return resnet_data.load_dataset(variety=variety, verbose=False)


def convert_to_one_hot(Y: np.ndarray, C: int) -> np.ndarray:
    """Returns an array (C, m): a column for each label, 1 in the label's row."""
    import resnet_data

    return resnet_data.convert_to_one_hot(Y, C)


def shortened(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """Returns the arrays as they are, or their first 8 rows in a quick run.

    A run is quick where the environment has RESNET_COURSE_QUICK=1.
    """
    quick = os.environ.get(QUICK) == "1"
    return tuple(array[:FEW] if quick else array for array in arrays)


@contextlib.contextmanager
def averages_kept(model: Any) -> Iterator[None]:
    """Puts a model's moving averages back as they were before the body ran."""
    variables = model.non_trainable_variables
    before = [variable.value.numpy() for variable in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)


@dataclass(frozen=True)
class SavedRun:
    """A training of twenty epochs that the course made, on hands drawn in its studio.

    Attributes:
        history: as `fit` gives it, a list for each number that was reported.
        probabilities: of the studio's test images after the last epoch, (120, 6).
        labels: what these images show, (120,).
        open_probabilities: of the test images of the open set, (120, 6).
        open_labels: what those show, (120,).
    """

    history: Mapping[str, Sequence[float]]
    probabilities: np.ndarray
    labels: np.ndarray
    open_probabilities: np.ndarray
    open_labels: np.ndarray

    @property
    def images(self) -> np.ndarray:
        """The studio's test images, (120, 64, 64, 3), whatever others you have."""
        return _test_images("studio")

    @property
    def open_images(self) -> np.ndarray:
        """The test images of the open set, (120, 64, 64, 3)."""
        return _test_images("open")


def _test_images(variety: str) -> np.ndarray:
    import resnet_data

    return resnet_data.load_dataset(variety=variety, verbose=False)[2]


def load_saved_run() -> SavedRun:
    """Reads the run that lies beside the notebook."""
    kept = json.loads(RUN.read_text("utf-8"))
    numbers = ("probabilities", "labels", "open_probabilities", "open_labels")
    return SavedRun(kept["history"], *(np.array(kept[name]) for name in numbers))


def show_curves(history: Mapping[str, Sequence[float]], title: str) -> None:
    """Draws loss and accuracy over the epochs, of all images that were looked at.

    Args:
        history: as `fit` gives it. Beside the names that Keras gives, `batch_accuracy`
            is that of the test images by their own statistics, `open_accuracy` that
            of the open set.
        title: above both.
    """
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    metric = next(k for k in history if k != "loss" and not k.startswith("val_"))
    for axis, key in zip(axes, ("loss", metric), strict=True):
        epochs = range(1, len(history[key]) + 1)
        axis.plot(epochs, history[key], "o-", ms=3, label="training")
        if f"val_{key}" in history:
            axis.plot(epochs, history[f"val_{key}"], "s-", ms=3, label="test")
        by_batch = history.get(f"batch_{key}")
        if by_batch is not None:
            label = "test, by the batch's statistics"
            axis.plot(epochs, by_batch, ":", color="tab:orange", label=label)
        if f"open_{key}" in history:
            axis.plot(epochs, history[f"open_{key}"], "^-", ms=3, label="open test set")
        axis.set(xlabel="epoch", ylabel=key)
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.grid(alpha=0.3)
    axes[1].axhline(1 / 6, color="0.5", lw=1)
    axes[1].set_ylim(0, 1.02)
    # below the axes: nowhere in them would it leave all curves free
    axes[1].legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)
    figure.suptitle(title)
    plt.show()


def show_confusion(confusion: np.ndarray, title: str) -> None:
    """Draws a confusion matrix: rows are what is shown, columns what is said."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(4.6, 4.4), layout="constrained")
    axis.imshow(confusion, cmap="Blues")
    for (row, column), count in np.ndenumerate(confusion):
        colour = "white" if count > confusion.max() / 2 else "black"
        axis.text(column, row, str(count), ha="center", va="center", color=colour)
    axis.set(xlabel="the network says", ylabel="the hand shows")
    axis.set_xticks(range(len(confusion)))
    axis.set_yticks(range(len(confusion)))
    figure.suptitle(title, fontsize=11)
    plt.show()


def show_mistakes(
    images: np.ndarray,
    labels: np.ndarray,
    probabilities: np.ndarray,
    which: Sequence[int],
    title: str,
) -> None:
    """Shows images in rows of four, with what they show and what was said of them.

    Args:
        images: (m, height, width, 3).
        labels: what they show, (m,).
        probabilities: what a network says of them, (m, classes).
        which: numbers of the images to show.
        title: above all of them.
    """
    import matplotlib.pyplot as plt

    rows = -(-len(which) // 4)
    figure, axes = plt.subplots(
        rows, 4, figsize=(7.6, 2.2 * rows), layout="constrained", squeeze=False
    )
    for axis in axes.flat:
        axis.axis("off")
    for axis, number in zip(axes.flat, which, strict=False):
        said = probabilities[number].argmax()
        axis.imshow(images[number])
        axis.set_title(
            f"a {labels[number]}, said {said} ({probabilities[number][said]:.0%})",
            fontsize=9,
        )
    figure.suptitle(title, fontsize=11)
    plt.show()
