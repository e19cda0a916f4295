"""What lesson 1 needs beside Keras: the seeded initializer, data and pictures."""

import contextlib
import os
import shutil
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keeps off the page what TensorFlow's C++ half writes while it starts.

    It writes straight to file descriptor 2, before any setting is read.
    """
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


with _quiet():
    import keras

    from grader.capture.initializer import glorot_uniform as glorot_uniform

LARGEST_FILE = 20 * 2**20  # bytes; a telephone's photograph has about 5 MB
WEIGHTS = "resnet50_signs.weights.h5"


# The graded functions need no data, and grading has none: hence the late imports.
def load_dataset():
    """Returns training images, their labels, test images, their labels, classes.

    Prints which images they are, and no folder: the page is handed in.
    """
    import datasets

    loaded = datasets.load_dataset(verbose=False)
    print(f"Data: {datasets.source_in_use().title}")
    return loaded


def convert_to_one_hot(Y, C: int) -> np.ndarray:
    """Returns an array (C, m): a column for each label, 1 in the label's row."""
    import datasets

    return datasets.convert_to_one_hot(Y, C)


def find_weights(name: str = WEIGHTS) -> Path | None:
    """Looks for trained weights beside the notebook, then among the data sets."""
    import datasets

    folders = [Path.cwd(), Path(__file__).parent, Path(datasets.__file__).parent]
    found = (folder / name for folder in folders)
    return next((path for path in found if path.is_file()), None)


class ImageProblem(ValueError):
    """A picture that cannot be used; the text says why, and what to do."""


def load_image(path: str | Path, size: int = 64) -> np.ndarray:
    """Reads a picture as the network saw its training images.

    Upright, its central square, scaled to `size`, divided by 255.

    Returns:
        float32 array (1, size, size, 3) between 0 and 1.

    Raises:
        ImageProblem: no file, no picture, a damaged one or one that is too large.
    """
    from PIL import Image, ImageOps

    path = Path(path)
    if not path.is_file():
        raise ImageProblem(f"There is no file {path}: check folder and spelling.")
    if path.stat().st_size > LARGEST_FILE:
        raise ImageProblem(f"{path} has more than 20 MB: save it smaller first.")
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a picture that would fill the memory
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as picture:
                upright = ImageOps.exif_transpose(picture).convert("RGB")
        square = ImageOps.fit(upright, (size, size))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ImageProblem(f"{path} has too many pixels: scale it down.") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise ImageProblem(
            f"{path} cannot be read as a picture: save it as JPEG or PNG."
        ) from error
    return np.asarray(square, dtype="float32")[None] / 255


def show_images(images: np.ndarray, titles: Sequence[object]) -> None:
    """Shows a few images in a row, each under its title."""
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(1, len(images), figsize=(1.5 * len(images), 1.9))
    for axis, image, title in zip(axes, images, titles, strict=True):
        axis.imshow(image)
        axis.set_title(str(title))
        axis.axis("off")
    plt.show()


def show_probabilities(image: np.ndarray, probabilities: np.ndarray) -> None:
    """Shows an image (1, 64, 64, 3) beside the six probabilities, and in words."""
    import matplotlib.pyplot as plt

    _, (left, right) = plt.subplots(1, 2, figsize=(7, 2.8))
    left.imshow(image[0])
    left.axis("off")
    bars = right.bar(range(len(probabilities)), probabilities)
    right.bar_label(bars, fmt="{:.0%}")
    right.set(xlabel="number shown", ylabel="probability", ylim=(0, 1.1))
    right.set_xticks(range(len(probabilities)))
    plt.show()
    second, first = np.argsort(probabilities)[-2:]
    print(
        f"The network sees a {first} ({probabilities[first]:.0%}); "
        f"next comes {second} ({probabilities[second]:.0%})."
    )


def show_model(model: Any, png: str = "resnet50.png") -> None:
    """Writes a drawing of the model's layers to `png` and shows it in the page."""
    from IPython.display import HTML, display

    if shutil.which("dot") is None:
        print(
            "The drawing needs Graphviz: apt install graphviz, brew install "
            "graphviz or conda install graphviz. The lesson goes on without it."
        )
        return
    graph: Any = keras.utils.model_to_dot(model, show_layer_names=True, dpi=60)
    # On large graphs some versions of dot crash with Keras's right-angled lines
    graph.set("splines", "true")
    graph.write(png, format="png")
    drawing = graph.create(format="svg").decode()
    svg = drawing[drawing.index("<svg") :]
    frame = "height: 480px; overflow: auto; background: white; text-align: center"
    display(HTML(f'<div style="{frame}">{svg}</div>'))
