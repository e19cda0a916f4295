"""Exceptions of Keras where code was written for an older one."""

import re

from grader.judge.failures.cure import Cure

#: keywords of Keras 1, and what they are called today
_KEYWORDS = {
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
_METHODS = ("fit", "compile", "evaluate", "predict")
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


def _keyword(match: re.Match[str], line: str) -> str:
    """A keyword that is not there, perhaps because it has another name today."""
    layer, keyword = match[1].removesuffix(".__init__"), match[2]
    name = f"gives {layer} the argument `{keyword}`, which it does not have"
    # a function of the learner's own has names of its own
    now = _KEYWORDS.get(keyword) if layer[:1].isupper() or layer in _METHODS else ""
    return f"{name}: in today's Keras it is called `{now}`" if now else name


def _old_keyword(match: re.Match[str], line: str) -> str:
    """An argument is missing because an old keyword stands for it."""
    for old, now in _KEYWORDS.items():
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


def _moved_attribute(match: re.Match[str], line: str) -> str:
    module, name = match[2], match[3]
    if module.endswith("backend"):
        return (
            f"calls {name} of keras.backend, which today's Keras no longer has: the "
            "functions on tensors are in keras.ops"
        )
    return f"looks for `{name}` in {module}, which does not have it: is it misspelt?"


_ANY = r"TypeError|ValueError"
CURES = (
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
        _moved_attribute,
        quoted=False,
    ),
    Cure(
        "NameError",
        r"name 'merge' is not defined",
        f"calls merge, which today's Keras no longer has: {_MERGE}",
        quoted=False,
    ),
)
