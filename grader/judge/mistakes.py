"""Messages for the errors that beginners meet."""

import re
from collections.abc import Mapping
from typing import Any

from grader.judge.wording import shorten

_KNOWN: tuple[tuple[str, str, str], ...] = (
    (
        r"NotImplementedError",
        r"",
        "is not written yet: it still stops at the line that raises "
        "NotImplementedError",
    ),
    (
        r"ValueError",
        r"KerasTensor cannot be used as input to a TensorFlow function",
        "calls a function of TensorFlow, such as tf.nn.relu, on a symbolic tensor. "
        "Keras 3 takes only layers and keras.ops there: Activation('relu')(X) "
        "instead of tf.nn.relu(X), Add()([a, b]) instead of tf.add(a, b)",
    ),
    (
        r"TypeError",
        r"(Average|Max)Pooling2D\.__init__\(\) missing .*pool_size",
        "makes a pooling layer without the size of its window: in Keras 3 pool_size "
        "has no default. The specification gives the window",
    ),
    (
        r"ValueError",
        r"incompatible shapes",
        "adds tensors of different shapes. Compare the strides, the padding and the "
        "number of filters of the two paths that meet in the addition",
    ),
    (
        r"ValueError",
        r"names? .* should be unique|used \d+ times in the model",
        "gives one name to two layers: within a model each name is used once. "
        "Look at the stage and block that each call passes on",
    ),
    (
        r"(ValueError|AttributeError|TypeError)",
        r"None.*NoneType|NoneType|Got 'None'|Invalid dtype: NoneType",
        "works on None where a tensor should be. Does each block end in `return X`, "
        "and is each layer applied to a tensor, as in Layer(...)(X)?",
    ),
    (
        r"ValueError",
        r"Only input tensors may be passed as positional arguments",
        "passes something that is not a tensor to a layer. Is each layer applied, as "
        "in Add()([a, b]), with both pairs of brackets?",
    ),
    (
        r"AttributeError",
        r"output_shape",
        "asks a layer for output_shape, which Keras 3 no longer has: "
        "layer.output.shape has taken its place",
    ),
    (
        r"UnboundLocalError",
        r"",
        "uses a variable before it has a value",
    ),
    (
        r"NameError",
        r"",
        "uses a name that is not defined. Is it imported, or misspelt?",
    ),
    (
        r"ValueError",
        r"Negative dimension|output size would be (zero or )?negative|is too small|"
        r"dimension size caused by subtracting|do(es)? not fit",
        "shrinks the image until nothing is left for the next window. Compare strides "
        "and padding with the specification",
    ),
    (
        r"TypeError",
        r"Merge\.__init__\(\) takes 1 positional argument",
        "passes tensors where the layer is made. A layer is called in two steps: "
        "Add() makes it, Add()([X, X_shortcut]) applies it",
    ),
    (
        r"(TypeError)",
        r"missing (\d+|a) required|unexpected keyword|positional arguments? but|"
        r"too many positional",
        "makes a call with the wrong arguments",
    ),
    (
        r"SystemExit|KeyboardInterrupt",
        r"",
        "ends the program while it should build layers",
    ),
)


def explain(
    function: str, error: Mapping[str, Any], *, told: bool = True
) -> tuple[str, str]:
    """Explains an exception of a learner's function.

    Args:
        function: its name.
        error: type, message and line, as captured.
        told: whether the error's own message may be shown; it can hold arguments.

    Returns:
        What went wrong, and where to look.
    """
    kind = shorten(error.get("type", "an error"), 60)
    message = shorten(error.get("message", ""), 300)
    excerpt = shorten(message, 110)
    line = error.get("line")
    look = f"Run the cell that calls {function}: the last lines of the error tell."
    if isinstance(line, Mapping):
        source = shorten(line.get("source", ""), 100)
        look = f"Line {shorten(line.get('number'), 8)} of its cell"
        look += f": {source}" if source else "."
    for kinds, pattern, text in _KNOWN:
        if re.fullmatch(kinds, kind) and re.search(pattern, message):
            about = f" ({kind}: {excerpt})" if told else f" ({kind})"
            about = "" if kind == "NotImplementedError" else about
            return f"{function} {text}{about}.", look
    return f"{function} raises {kind}" + (f": {message}" if told else "."), look


def explain_return(function: str, kind: str, asked: str) -> str:
    """Explains a function that returned something else than a tensor or model."""
    if kind == "NoneType":
        return f"{function} returns nothing: its last line should be a `return`."
    return f"{function} returns {shorten(kind, 60)}, not {asked}."
