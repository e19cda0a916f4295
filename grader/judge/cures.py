"""What the exceptions of beginners mean, and the cure: one table for all lessons.

A row is found by the exception's kind, a pattern in its message and one in the line of
the learner's code that raised it. Its words go on after the function's name.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

Words = str | Callable[["re.Match[str]", str], str]

#: old keywords of Keras 1, and what they are called today
_KERAS = {
    "subsample": "strides",
    "stride": "strides",
    "border_mode": "padding",
    "nb_filter": "filters",
    "nb_row": "kernel_size=(rows, columns)",
    "nb_col": "kernel_size=(rows, columns)",
    "filter_size": "kernel_size",
    "init": "kernel_initializer",
    "initializer": "kernel_initializer",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "bias": "use_bias",
    "dim_ordering": "data_format",
    "output_dim": "units",
    "eps": "epsilon",
    "pool": "pool_size",
    "p": "rate",
    "input": "inputs",
    "output": "outputs",
    "nb_epoch": "epochs",
    "lr": "learning_rate",
}
#: Keras's keywords, and others, where PyTorch has its own
_TORCH = {
    "filters": "out_channels",
    "strides": "stride",
    "use_bias": "bias",
    "epsilon": "eps",
    "units": "out_features",
    "pool_size": "kernel_size",
    "kernel_initializer": "",
}
_METHODS = ("fit", "compile", "evaluate", "predict")
_TORCH_LAYERS = re.compile(r"Conv2d|BatchNorm2d|Linear|\w+Pool2d|ReLU|Module")
_MERGE = "Add()([a, b]) adds tensors now"
#: where the names of old modules, and old names of modules that there still are, went
_MOVED = (
    (r"\bmerge\b", _MERGE),
    (r"np_utils|to_categorical", "to_categorical is in keras.utils"),
    (r"vis_utils|plot_model", "plot_model is in keras.utils"),
    (r"_obtain_input_shape", "leave it out, Input(input_shape) is enough"),
    (r"topology|engine\.?", "Layer and Input are in keras.layers, Model in keras"),
    (r"preprocessing", "load_img and img_to_array are in keras.utils"),
    (r"tensorflow_backend|backend", "keras.ops has taken its place"),
    (r"layers", "every layer is imported from keras.layers"),
    (r"optimizers", "every optimizer is imported from keras.optimizers"),
)
_TWO_STEPS = (
    "passes a tensor where the layer is made. A layer is called in two steps: "
    "{layer}(...) makes it with its arguments, {layer}(...)({tensor}) applies it"
)


def _keyword(match: re.Match[str], line: str) -> str:
    """A keyword that is not there: it has another name today, or in this library."""
    layer, keyword = match[1].removesuffix(".__init__"), match[2]
    name = f"gives {layer} the argument `{keyword}`, which it does not have"
    if _TORCH_LAYERS.fullmatch(layer):
        now = _TORCH.get(keyword)
        return f"{name}: in PyTorch it is called `{now}`" if now else name
    # a function of the learner's own has names of its own
    now = _KERAS.get(keyword) if layer[:1].isupper() or layer in _METHODS else ""
    return f"{name}: in today's Keras it is called `{now}`" if now else name


def _old_keyword(match: re.Match[str], line: str) -> str:
    """An argument is missing because an old keyword stands for it."""
    for old, now in _KERAS.items():
        if re.search(rf"[(,]\s*{old}\s*=", line):
            return (
                f"gives {match[1]} the argument `{old}`, which it does not have: in "
                f"today's Keras it is called `{now}`"
            )
    return ""


def _moved(match: re.Match[str], line: str) -> str:
    where = " ".join(filter(None, match.groups()))
    cure = next((words for old, words in _MOVED if re.search(old, where)), "")
    what = f"imports `{match[1]}`, which today's Keras no longer has"
    if len(match.groups()) > 1:
        what = f"looks for `{match[1]}` in {match[2]}, which does not have it"
        cure = cure or "is it misspelt, or from an older Keras?"
    return f"{what}: {cure}" if cure else what


def _made_of_tensor(match: re.Match[str], line: str) -> str:
    """A layer whose first argument is a tensor: its second pair of brackets lacks."""
    found = re.search(r"\b(?!Model\b)([A-Z]\w*)\(\s*([Xx]\w*)\s*[,)]", line)
    return _TWO_STEPS.format(layer=found[1], tensor=found[2]) if found else ""


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


def _unset(match: re.Match[str], line: str) -> str:
    """What a method looks for on its own object."""
    if not re.search(rf"\bself\.{match[1]}\b", line):
        return ""
    return f"uses `self.{match[1]}`, which __init__ does not set. Is it misspelt?"


def _channels(match: re.Match[str], line: str) -> str:
    if "BatchNormalization" not in line:
        return ""
    return (
        "names an axis that the tensor does not have: axes count from 0, so that the "
        "channels of (m, height, width, channels) are axis 3"
    )


@dataclass(frozen=True)
class Cure:
    """A row.

    Attributes:
        kinds: pattern of the exception's name, in full.
        pattern: what its message has in it.
        words: what went wrong and the cure; made of the match and the line, where it
            is a function. Without words the next row is tried.
        quoted: whether the message is shown beside it.
    """

    kinds: str
    pattern: str
    words: Words
    quoted: bool = True


_ANY = r"TypeError|ValueError"
CURES = (
    Cure(
        "NotImplementedError",
        r'missing the required "forward"',
        "has no method `forward(self, x)`, or it is not indented as a method is",
        quoted=False,
    ),
    Cure(
        r"\w+",
        r"eager execution",
        "cannot run: eager execution is turned off. Take "
        "tf.compat.v1.disable_eager_execution() away and restart the kernel",
        quoted=False,
    ),
    Cure(
        "ValueError",
        r"cannot be used as input to a TensorFlow function",
        "calls a function of TensorFlow, such as tf.nn.relu, on a symbolic tensor. "
        "Keras 3 takes only layers and keras.ops there: Activation('relu')(X) "
        "instead of tf.nn.relu(X), Add()([a, b]) instead of tf.add(a, b)",
        quoted=False,
    ),
    Cure(
        _ANY,
        r"KerasTensor is symbolic",
        "calls a function of NumPy, such as np.add, on a symbolic tensor, which has a "
        "shape and no values. Keras 3 takes only layers and keras.ops there: "
        "Add()([a, b]) instead of np.add(a, b)",
        quoted=False,
    ),
    Cure(
        _ANY,
        r"KerasTensor|a tensor of|positional arguments? but",
        _made_of_tensor,
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
        _ANY,
        r"Unrecognized keyword arguments passed to (\w+): \{'(\w+)'",
        _keyword,
        quoted=False,
    ),
    Cure(
        _ANY,
        r"(\w+(?:\.__init__)?)\(\) got an unexpected keyword argument '(\w+)'",
        _keyword,
        quoted=False,
    ),
    Cure(
        "ValueError",
        r"(Argument)\(s\) not recognized: \{'(lr)'",
        "gives the optimizer the argument `lr`, which it does not have: in today's "
        "Keras it is called `learning_rate`",
        quoted=False,
    ),
    Cure(
        "TypeError",
        r"(\w+)\.__init__\(\) missing \d+ required",
        _old_keyword,
        quoted=False,
    ),
    Cure(
        "ModuleNotFoundError",
        r"No module named '((?:tensorflow\.(?:python\.)?)?keras[\w.]*)'",
        _moved,
        quoted=False,
    ),
    Cure(
        "ImportError",
        r"cannot import name '(\w+)' from '((?:tensorflow\.(?:python\.)?)?keras[\w.]*)",
        _moved,
        quoted=False,
    ),
    Cure(
        "AttributeError",
        r"()module '([\w.]*keras[\w.]*)' has no attribute '(\w+)'",
        lambda match, line: _moved_attribute(match),
        quoted=False,
    ),
    Cure(
        "AttributeError",
        r"'(?:KerasTensor|SymbolicTensor)' object has no attribute '(\w+)'",
        lambda match, line: (
            f"asks a symbolic tensor for `{match[1]}`, which it does not have: it is a "
            "placeholder with a shape (X.shape) and no values. Use a layer, such as "
            "Add()([a, b]), or keras.ops"
        ),
        quoted=False,
    ),
    Cure(
        "ValueError",
        r"not connected to `?(in|out)puts|Graph disconnected",
        "makes a Model of tensors that do not meet: its output does not follow from "
        "its input. Model(inputs=..., outputs=...) takes the tensor of Input() first "
        "and the last tensor second, and each layer is applied to the one before",
        quoted=False,
    ),
    Cure(
        "TypeError",
        r"(Average|Max)Pooling2D\.__init__\(\) missing .*pool_size",
        "makes a pooling layer without the size of its window: in Keras 3 pool_size "
        "has no default. The specification gives the window",
    ),
    Cure("TypeError", r"too many positional", _one_by_one, quoted=False),
    Cure("TypeError", r"not supported between instances", _kind_of_number),
    Cure("IndexError", r"out of range", _channels),
    Cure(
        r"ValueError|InvalidArgumentError",
        r"[Ii]ncompatible shapes|roadcastable shapes",
        "adds tensors of different shapes. Compare the strides, the padding and the "
        "number of filters of the two paths that meet in the addition",
    ),
    Cure(
        "ValueError",
        r"is there already with shape",
        "asks for one variable twice, with two shapes: do two layers have one scope?",
    ),
    Cure(
        "RuntimeError",
        r"size of tensor a .* must match the size of tensor b",
        "adds tensors of different shapes. Compare the strides, the padding and the "
        "number of channels of the two paths that meet in the sum",
    ),
    Cure(
        "RuntimeError",
        r"expected input.* to have \d+ channels, but got",
        "hands a convolution another number of channels than its in_channels: it takes "
        "as many as the layer before gives",
    ),
    Cure(
        "RuntimeError",
        r"running_mean should contain",
        "hands a batch normalisation another number of channels than it was made for: "
        "BatchNorm2d takes as many as the layer before gives",
    ),
    Cure(
        "RuntimeError",
        r"mat1 and mat2 shapes cannot be multiplied",
        "hands a linear layer another number of features than its in_features. Is the "
        "image averaged and flattened before?",
    ),
    Cure(
        "AttributeError",
        r"cannot assign module before Module\.__init__",
        "sets a layer before `super().__init__()` was called: that is the first line "
        "of __init__",
        quoted=False,
    ),
    Cure(
        "AttributeError",
        r"module 'torch\.nn[\w.]*' has no attribute",
        "looks for a name in torch.nn that is not there. PyTorch's layers are "
        "nn.Conv2d, nn.BatchNorm2d, nn.ReLU, nn.MaxPool2d, nn.AvgPool2d and nn.Linear",
        quoted=False,
    ),
    Cure("AttributeError", r"object has no attribute '(\w+)'", _unset, quoted=False),
    Cure(
        "TypeError",
        r"forward\(\) takes \d+ positional arguments? but",
        "has a method forward that does not take the tensor: it begins with "
        "`def forward(self, x)`",
        quoted=False,
    ),
    Cure(
        "ValueError",
        r"names? .* should be unique|used \d+ times in the model",
        "gives one name to two layers: within a model each name is used once. "
        "Look at the stage and block that each call passes on",
    ),
    Cure(
        r"ValueError|AttributeError|TypeError",
        r"None.*NoneType|NoneType|Got 'None'|Invalid dtype: NoneType",
        "works on None where a tensor should be. Does each block end in `return X`, "
        "and is each layer applied to a tensor, as in Layer(...)(X)?",
    ),
    Cure(
        "ValueError",
        r"Only input tensors may be passed as positional arguments.*?<(?:class )?"
        r"'?(?:[\w.]+\.)?(\w+)",
        lambda match, line: (
            f"passes a layer where a tensor should be: {match[1]} was made and not "
            f"applied. It takes both pairs of brackets, as in {match[1]}(...)(X)"
            + (", here Add()([a, b])" if match[1] == "Add" else "")
        ),
        quoted=False,
    ),
    Cure(
        "ValueError",
        r"Only input tensors may be passed as positional arguments",
        "passes something that is not a tensor to a layer. Is each layer applied, as "
        "in Add()([a, b]), with both pairs of brackets?",
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
        "names a padding that there is not: it is 'same' or 'valid'",
    ),
    Cure(
        "AttributeError",
        r"output_shape",
        "asks a layer for output_shape, which Keras 3 no longer has: "
        "layer.output.shape has taken its place",
    ),
    Cure("UnboundLocalError", r"", "uses a variable before it has a value"),
    Cure(
        "NameError",
        r"name 'merge' is not defined",
        f"calls merge, which today's Keras no longer has: {_MERGE}",
        quoted=False,
    ),
    Cure(
        "NameError",
        r"",
        "uses a name that is not defined. Is it imported, or misspelt?",
    ),
    Cure(
        "ValueError",
        r"Negative dimension|output size would be (zero or )?negative|is too small|"
        r"dimension size caused by subtracting|do(es)? not fit",
        "shrinks the image until nothing is left for the next window. Compare strides "
        "and padding with the specification",
    ),
    Cure(
        "TypeError",
        r"Merge\.__init__\(\) takes 1 positional argument",
        "passes tensors where the layer is made. A layer is called in two steps: "
        "Add() makes it, Add()([X, X_shortcut]) applies it",
        quoted=False,
    ),
    Cure(
        "ValueError",
        r"(too many|not enough) values to unpack",
        "takes a list apart into another number of names than it has entries",
    ),
    Cure(
        "TypeError",
        r"can only concatenate str|must be str, not int",
        "joins text and a number: write str(number), as in 'res' + str(stage)",
    ),
    Cure(
        "TypeError",
        r"'(\w+)' object is not callable",
        "puts brackets behind something that is no function: is an operator or a "
        "comma missing before them?",
    ),
    Cure("RecursionError", r"", "calls itself without end", quoted=False),
    Cure(
        "TypeError",
        r"missing (\d+|a) required|unexpected keyword|positional arguments? but|"
        r"too many positional|multiple values for",
        "makes a call with the wrong arguments",
    ),
    Cure(
        r"SystemExit|KeyboardInterrupt",
        r"",
        "ends the program while it should build layers",
    ),
)


def _moved_attribute(match: re.Match[str]) -> str:
    module, name = match[2], match[3]
    if module.endswith("backend"):
        return (
            f"calls {name} of keras.backend, which today's Keras no longer has: the "
            "functions on tensors are in keras.ops"
        )
    return f"looks for `{name}` in {module}, which does not have it: is it misspelt?"


def cure(kind: str, message: str, line: str = "") -> tuple[str, bool]:
    """Looks an exception up.

    Args:
        kind: its name.
        message: its text.
        line: the line of the learner's code that raised it.

    Returns:
        What went wrong and the cure, to go on with after the function's name, and
        whether the message is to stand beside it; "" where the table has no row.
    """
    for row in CURES:
        if not re.fullmatch(row.kinds, kind):
            continue
        match = re.search(row.pattern, message)
        if match is None:
            continue
        words = row.words if isinstance(row.words, str) else row.words(match, line)
        if words:
            return words, row.quoted
    return "", True
