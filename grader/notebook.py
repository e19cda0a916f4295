"""What the notebooks of several lessons need beside Keras: data and drawings.

The `*_utils.py` beside each notebook hand it on, with what is that lesson's alone.
"""

import os
import shutil
from typing import Any

import numpy as np


def quick() -> bool:
    """Whether cells that take minutes are shortened: with RESNET_COURSE_QUICK=1."""
    return os.environ.get("RESNET_COURSE_QUICK") == "1"


# Graded functions need no data, and grading has none: hence the late imports.
def load_dataset(variety: str | None = None) -> tuple[np.ndarray, ...]:
    """Returns training images, their labels, test images, their labels, classes.

    Prints which images they are, and no folder: the page is handed in.

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


def show_model(model: Any, png: str = "", *, shapes: bool = False) -> None:
    """Shows a drawing of a model's layers in the page.

    Args:
        model: a Keras model.
        png: a file that the drawing is written to as well.
        shapes: whether layers are drawn with their shapes, not with their names.
    """
    from IPython.display import HTML, display

    from grader.capture.settings import keras

    if shutil.which("dot") is None:
        print(
            "The drawing needs Graphviz: apt install graphviz, brew install "
            "graphviz or conda install graphviz. The lesson goes on without it."
        )
        return
    graph: Any = keras.utils.model_to_dot(
        model, show_shapes=shapes, show_layer_names=not shapes, dpi=60
    )
    # On large graphs some versions of dot crash with Keras's right-angled lines
    graph.set("splines", "true")
    if png:
        graph.write(png, format="png")
    drawing = graph.create(format="svg").decode()
    svg = drawing[drawing.index("<svg") :]
    frame = "height: 480px; overflow: auto; background: white; text-align: center"
    display(HTML(f'<div style="{frame}">{svg}</div>'))
