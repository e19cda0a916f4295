"""Exceptions of Keras and TensorFlow, and of networks that are made with them."""

import re

from grader.judge.failures.cure import Cure

#: A layer whose first argument is a tensor: its second pair of brackets lacks.
_MADE = re.compile(r"\b(?!Model\b)([A-Z]\w*)\(\s*([Xx]\w*)\s*[,)]")


def _made_of_tensor(match: re.Match[str], line: str) -> str:
    return "passes a tensor where the layer is made" if _MADE.search(line) else ""


def _two_steps(match: re.Match[str], line: str) -> str:
    layer, tensor = _MADE.findall(line)[0]
    return (
        f"A layer is called in two steps: {layer}(...) makes it with its arguments, "
        f"{layer}(...)({tensor}) applies it"
    )


def _kind_of_number(match: re.Match[str], line: str) -> str:
    if not re.search(r"Conv2[Dd]|Dense|Linear", line):
        return ""
    return (
        "gives a layer its arguments in another order than it takes them: in "
        "Conv2D(filters, kernel_size) the number of filters comes first"
    )


def _one_by_one(match: re.Match[str], line: str) -> str:
    if not re.search(r"\)\(\s*\w+\s*,\s*\w", line):
        return ""
    return (
        "passes tensors to a layer one by one: a layer that joins tensors takes them "
        "as one list, as in Add()([X, X_shortcut])"
    )


def _channels(match: re.Match[str], line: str) -> str:
    if "BatchNormalization" not in line:
        return ""
    return (
        "names an axis that the tensor does not have: axes count from 0, so that the "
        "channels of (m, height, width, channels) are axis 3"
    )


_ANY = r"TypeError|ValueError"
CURES = (
    Cure(
        r"\w+",
        r"eager execution",
        "cannot run: eager execution is turned off",
        "Take tf.compat.v1.disable_eager_execution() away and restart the kernel",
        quoted=False,
    ),
    Cure(
        "ValueError",
        r"cannot be used as input to a TensorFlow function",
        "calls a function of TensorFlow, such as tf.nn.relu, on a symbolic tensor",
        "Keras 3 takes only layers and keras.ops there: Activation('relu')(X) "
        "instead of tf.nn.relu(X), Add()([a, b]) instead of tf.add(a, b)",
        quoted=False,
    ),
    Cure(
        _ANY,
        r"KerasTensor is symbolic",
        "calls a function of NumPy, such as np.add, on a symbolic tensor, which has a "
        "shape and no values",
        "Keras 3 takes only layers and keras.ops there: Add()([a, b]) instead of "
        "np.add(a, b)",
        quoted=False,
    ),
    Cure(
        _ANY,
        r"KerasTensor|a tensor of|positional arguments? but",
        _made_of_tensor,
        _two_steps,
        quoted=False,
    ),
    Cure(
        "TypeError",
        r"symbolic KerasTensor cannot be used as a boolean",
        "asks whether a symbolic tensor is true, which has a shape and no values yet: "
        "no `if` can look at it",
        quoted=False,
    ),
    Cure(
        "AttributeError",
        r"'(?:KerasTensor|SymbolicTensor)' object has no attribute '(\w+)'",
        lambda match, line: (
            f"asks a symbolic tensor for `{match[1]}`, which it does not have: it is a "
            "placeholder with a shape (X.shape) and no values"
        ),
        "Use a layer, such as Add()([a, b]), or keras.ops",
        quoted=False,
    ),
    Cure(
        "ValueError",
        r"not connected to `?(in|out)puts|Graph disconnected",
        "makes a Model of tensors that do not meet: its output does not follow from "
        "its input",
        "Model(inputs=..., outputs=...) takes the tensor of Input() first "
        "and the last tensor second, and each layer is applied to the one before",
        quoted=False,
    ),
    Cure(
        "TypeError",
        r"(Average|Max)Pooling2D\.__init__\(\) missing .*pool_size",
        "makes a pooling layer without the size of its window: in Keras 3 pool_size "
        "has no default",
        "The specification gives the window",
    ),
    Cure("TypeError", r"too many positional", _one_by_one, quoted=False),
    Cure("TypeError", r"not supported between instances", _kind_of_number),
    Cure("IndexError", r"out of range", _channels),
    Cure(
        "InvalidArgumentError",
        r"Incompatible shapes|roadcastable shapes",
        "combines tensors whose shapes do not fit each other",
        "Print both. Where two paths meet in a sum, compare their strides, their "
        "padding and their numbers of filters",
    ),
    Cure(
        "ValueError",
        r"[Ii]ncompatible shapes|roadcastable shapes|annot broadcast shape",
        "adds tensors of different shapes",
        "Compare the strides, the padding and the number of filters of the two paths "
        "that meet in the addition",
    ),
    Cure(
        r"\w+",
        r"[Cc]an ?not squeeze dim",
        "squeezes away an axis whose size is not 1",
        "Print the shape before it: it comes from the strides and windows before",
    ),
    Cure(
        "ValueError",
        r"[Ss]hape mismatch.{0,20}variable shape.*assigned value shape",
        "gives a variable a value of another shape than its own",
    ),
    Cure(
        "ValueError",
        r"is there already with shape",
        "asks for one variable twice, with two shapes: do two layers have one scope?",
    ),
    Cure(
        "ValueError",
        r"names? .* should be unique|used \d+ times in the model",
        "gives one name to two layers: within a model each name is used once",
        "Look at the stage and block that each call passes on",
    ),
    Cure(
        r"ValueError|AttributeError|TypeError",
        r"None.*NoneType|NoneType|Got 'None'|Invalid dtype: NoneType",
        "works on None where a tensor should be",
        "Does each block end in `return X`, and is each layer applied to a tensor, as "
        "in Layer(...)(X)?",
    ),
    Cure(
        "ValueError",
        r"Only input tensors may be passed as positional arguments.*?<(?:class )?"
        r"'?(?:[\w.]+\.)?(\w+)",
        lambda match, line: (
            f"passes a layer where a tensor should be: {match[1]} was made and not "
            "applied"
        ),
        lambda match, line: (
            f"It takes both pairs of brackets, as in {match[1]}(...)(X)"
            + (", here Add()([a, b])" if match[1] == "Add" else "")
        ),
        quoted=False,
    ),
    Cure(
        "ValueError",
        r"Only input tensors may be passed as positional arguments",
        "passes something that is not a tensor to a layer",
        "Is each layer applied, as in Add()([a, b]), with both pairs of brackets?",
    ),
    Cure(
        "ValueError",
        r"Could not interpret activation function identifier",
        "names an activation that Keras does not know: 'relu' and 'softmax' are "
        "written in small letters",
    ),
    Cure(
        "ValueError",
        r"`padding` argument must be",
        "names a padding that does not exist: it is 'same' or 'valid'",
    ),
    Cure(
        "AttributeError",
        r"output_shape",
        "asks a layer for output_shape, which Keras 3 no longer has: "
        "layer.output.shape has taken its place",
    ),
    Cure(
        "AttributeError",
        r"'(\w+)' object has no attribute '(kernel|bias|gamma|filters|units)'",
        lambda match, line: (
            f"asks a layer of the kind {match[1]} for its `{match[2]}`, which it does "
            "not have"
        ),
        "Which layers does the condition above that line let through?",
        quoted=False,
    ),
    Cure(
        "ValueError",
        r"Negative dimension|output size would be (zero or )?negative|is too small|"
        r"dimension size caused by subtracting|do(es)? not fit",
        "shrinks the image until nothing is left for the next window",
        "Compare strides and padding with the specification",
    ),
    Cure(
        "TypeError",
        r"Merge\.__init__\(\) takes 1 positional argument",
        "passes tensors where the layer is made",
        "A layer is called in two steps: Add() makes it, Add()([X, X_shortcut]) "
        "applies it",
        quoted=False,
    ),
    Cure(r"\w+", r"No loss", "compiles the model without a loss", quoted=False),
    Cure(
        r"\w+",
        r"compile\(\)|not compiled",
        "trains a model that is not compiled: compile it first",
        quoted=False,
    ),
    Cure(
        _ANY,
        r"rank \(ndim\) `target\.ndim - 1`|[Ss]parse",
        "hands one-hot rows to a loss that takes whole numbers, as "
        "sparse_categorical_crossentropy does",
        quoted=False,
    ),
)
