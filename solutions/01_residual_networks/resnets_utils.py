"""What lesson 1 needs beside Keras: the seeded initializer, data and pictures."""

import base64
import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.capture.initializer import glorot_uniform as glorot_uniform
from grader.capture.settings import keras

LARGEST_SIDE = 480  # pixels of a picture as the page shows it
SURE, FAIRLY_SURE = 0.9, 0.6
FEW = 8  # images to train with that a shortened run keeps


# The graded functions need no data, and grading has none: hence the late imports.
def load_dataset():
    """Returns training images, their labels, test images, their labels, classes.

    Prints which images they are, and no folder: the page is handed in. With
    RESNET_COURSE_QUICK=1 in the environment, as tests have it, there are few to train
    with.
    """
    import resnet_data

    source = resnet_data.source_in_use()
    print(f"Data: {source.title}")
    if source.wait:
        print(source.wait)
    images, labels, *others = resnet_data.load_dataset(verbose=False)
    if os.environ.get("RESNET_COURSE_QUICK") == "1":
        images, labels = images[:FEW], labels[:, :FEW]
    return images, labels, *others


def convert_to_one_hot(Y, C: int) -> np.ndarray:
    """Returns an array (C, m): a column for each label, 1 in the label's row."""
    import resnet_data

    return resnet_data.convert_to_one_hot(Y, C)


class WeightsProblem(ValueError):
    """Trained weights that do not fit; the text says where, and what to do."""


def load_weights(model: Any) -> None:
    """Puts the course's trained weights into a network, by its layers' names.

    Raises:
        WeightsProblem: a layer lacks, is named otherwise or has another shape;
            the network is then left as it was.
    """
    import resnet_data

    try:
        resnet_data.load_weights(model)
    except resnet_data.WeightsError as error:
        raise WeightsProblem(str(error)) from error


def show_model_card() -> None:
    """Shows what the trained model learned from, and where it is wrong."""
    from IPython.display import Markdown, display

    from resnet_data import MODEL_FOLDER

    def inside(picture: re.Match[str]) -> str:
        # The page lies elsewhere, and finds no picture beside the card
        file = MODEL_FOLDER / picture[1]
        if not file.is_file():
            return picture[0]
        data = base64.b64encode(file.read_bytes()).decode()
        return f"](data:image/png;base64,{data})"

    card = MODEL_FOLDER / "README.md"
    if card.is_file():
        text = card.read_text("utf-8")
        display(Markdown(re.sub(r"\]\((\w+\.png)\)", inside, text)))
    else:
        print("The model card is not there: install the course anew.")


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
    return _as_input(_open_file(path), size)


def _as_input(picture: Any, size: int = 64) -> np.ndarray:
    import resnet_data

    return resnet_data.to_square(picture, size)[None].astype("float32") / 255


def _open_file(path: str | Path) -> Any:
    import resnet_data

    with _told():
        return resnet_data.open_picture(path)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    import resnet_data

    try:
        yield
    except resnet_data.PictureError as error:
        raise ImageProblem(str(error)) from None


def predict_image(model: Any, image: np.ndarray) -> np.ndarray:
    """Returns what a network makes of an image and of its mirror image, on average.

    A left hand shows the same number as a right one.

    Args:
        model: gives probabilities (m, 6) for images (m, height, width, 3).
        image: (1, height, width, 3).

    Returns:
        The probabilities (6,).
    """
    both = np.concatenate([image, image[:, :, ::-1]])
    return model.predict(both, verbose=0).mean(axis=0)


def show_images(images: np.ndarray, titles: Sequence[object]) -> None:
    """Shows a few images in a row, each under its title."""
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(1, len(images), figsize=(1.5 * len(images), 1.9))
    for axis, image, title in zip(axes, images, titles, strict=True):
        axis.imshow(image)
        axis.set_title(str(title))
        axis.axis("off")
    plt.show()


def in_words(probabilities: np.ndarray) -> str:
    """Returns how sure a network is, and of what, in a sentence."""
    second, first = np.argsort(probabilities)[-2:]
    best, next_best = probabilities[first], probabilities[second]
    if best > SURE:
        how = "is sure: it sees"
    elif best > FAIRLY_SURE:
        how = "is fairly sure: it sees"
    else:
        how = "is not sure; its best guess is"
    return (
        f"The network {how} a {first} ({best:.0%}). "
        f"Next comes {second} ({next_best:.0%})."
    )


def show_probabilities(
    image: np.ndarray, probabilities: np.ndarray, path: str | Path
) -> None:
    """Shows what became of a picture, and what the network says of it.

    Args:
        image: what the network saw, (1, 64, 64, 3).
        probabilities: its answer, (6,).
        path: the file that `load_image` read.
    """
    _show_answer(_open_file(path), image, probabilities)


def _show_answer(picture: Any, image: np.ndarray, probabilities: np.ndarray) -> None:
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle

    picture = picture.copy()
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    width, height = picture.size
    side = min(width, height)
    corner = ((width - side) / 2 - 0.5, (height - side) / 2 - 0.5)

    _, (left, middle, right) = plt.subplots(
        1, 3, figsize=(9.5, 2.8), layout="constrained"
    )
    left.imshow(picture)
    left.add_patch(Rectangle(corner, side, side, fill=False, color="red", lw=3))
    left.set_title("the square that is cut out")
    middle.imshow(image[0])
    middle.set_title("what the network sees")
    left.axis("off")
    middle.axis("off")
    bars = right.bar(range(len(probabilities)), probabilities)
    right.bar_label(bars, fmt="{:.0%}")
    right.set(xlabel="number shown", ylabel="probability", ylim=(0, 1.15))
    right.set_xticks(range(len(probabilities)))
    plt.show()
    print(in_words(probabilities))


def upload_image(model: Any) -> None:
    """Shows a button for pictures, and below it what the network says of the last.

    It needs a live page: elsewhere it is drawn, and does nothing.
    """
    import ipywidgets
    from IPython.display import display

    import resnet_data

    button = ipywidgets.FileUpload(accept="image/*", description="Choose a picture")
    button.layout.width = "max-content"
    # what is too large never comes here
    hint = ipywidgets.Label(
        "Does nothing change below? Then the picture is too large: save it smaller."
    )
    output = ipywidgets.Output()

    def read(change: dict[str, Any]) -> None:
        if not change["new"]:
            return
        file = change["new"][-1]
        output.clear_output(wait=True)
        with output:
            try:
                with _told():
                    picture = resnet_data.picture_of(
                        bytes(file["content"]), file["name"]
                    )
                image = _as_input(picture)
                probabilities = predict_image(model, image)
                _show_answer(picture, image, probabilities)
            except ImageProblem as problem:
                print(problem)
        # Emptied, so that the same file can be chosen once more
        button.value = ()

    button.observe(read, names="value")
    display(ipywidgets.VBox([button, hint, output]))


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
