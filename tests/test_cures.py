"""Exceptions that beginners meet, with the cure; as recorded, without Keras or PyTorch.

That Keras of today raises them so is shown in test_capture_mistakes.py.
"""

import re

import pytest

from grader.judge.failures.explain import explain, meaning

UNKNOWN = "Unrecognized keyword arguments passed to Conv2D: {'%s': (1, 1)}"
SIZES = "The size of tensor a (64) must match the size of tensor b (256) at dimension 1"
CHANNELS = (
    "Given groups=1, weight of size [64, 256, 1, 1], expected input[2, 64, 8, 8] to "
    "have 256 channels, but got 64 channels instead"
)
FORWARD = 'Module [Bottleneck] is missing the required "forward" function'
BOOLEAN = "A symbolic KerasTensor cannot be used as a boolean."

#: kind, message, line; what is said.
CASES = [
    ("ValueError", UNKNOWN % "subsample", "", "it is called `strides`"),
    ("ValueError", UNKNOWN % "border_mode", "", "it is called `padding`"),
    (
        "InvalidArgumentError",
        "Can not squeeze dim[1], expected a dimension of 1, got 2",
        "",
        "squeezes away an axis whose size is not 1",
    ),
    (
        "RuntimeError",
        "Calculated padded input size per channel: (2 x 2). Kernel size: (3 x 3). "
        "Kernel size can't be greater than actual input size",
        "",
        "nothing is left for the next window",
    ),
    ("ValueError", UNKNOWN % "init", "", "it is called `kernel_initializer`"),
    ("ValueError", UNKNOWN % "W_regularizer", "", "called `kernel_regularizer`"),
    ("ValueError", UNKNOWN % "colour", "", "Conv2D the argument `colour`, which it"),
    (
        "TypeError",
        "Conv2D.__init__() missing 1 required positional argument: 'filters'",
        "X = Conv2D(nb_filter=64, kernel_size=3)(X)",
        "`nb_filter`, which it does not have: in today's Keras it is called `filters`",
    ),
    (
        "TypeError",
        "Conv2D.__init__() missing 1 required positional argument: 'filters'",
        "X = Conv2D(kernel_size=3)(X)",
        "makes a call with the wrong arguments",
    ),
    (
        "TypeError",
        "Conv2d.__init__() got an unexpected keyword argument 'filters'",
        "",
        "in PyTorch it is called `out_channels`",
    ),
    (
        "TypeError",
        "TensorFlowTrainer.fit() got an unexpected keyword argument 'nb_epoch'",
        "",
        "it is called `epochs`",
    ),
    (
        "TypeError",
        "identity_block() got an unexpected keyword argument 'stride'",
        "",
        "gives identity_block the argument `stride`, which it does not have",
    ),
    (
        "ModuleNotFoundError",
        "No module named 'keras.layers.normalization'",
        "",
        "every layer is imported from keras.layers",
    ),
    (
        "ModuleNotFoundError",
        "No module named 'keras.layers.merge'",
        "",
        "Add()([a, b])",
    ),
    ("ModuleNotFoundError", "No module named 'keras.engine'", "", "Model in keras"),
    (
        "ImportError",
        "cannot import name 'np_utils' from 'keras.utils'",
        "",
        "to_categorical is in keras.utils",
    ),
    ("ModuleNotFoundError", "No module named 'pandas'", "", ""),
    (
        "AttributeError",
        "module 'keras.backend' has no attribute 'relu'",
        "",
        "keras.ops",
    ),
    (
        "AttributeError",
        "module 'keras.layers' has no attribute 'Conv2d'",
        "",
        "looks for `Conv2d` in keras.layers, which does not have it: is it misspelt?",
    ),
    ("TypeError", BOOLEAN, "X = Conv2D(X, 64, (1, 1))", "Conv2D(...)(X) applies it"),
    ("TypeError", BOOLEAN, "if X > 0:", "asks whether a symbolic tensor is true"),
    ("TypeError", "too many positional arguments", "X = Add()(X, s)", "as one list"),
    (
        "ValueError",
        "A KerasTensor is symbolic: it's",
        "np.add(X, s)",
        "function of Num",
    ),
    ("ValueError", "`inputs` not connected to `outputs`", "", "do not meet"),
    ("IndexError", "tuple index out of range", "BatchNormalization(axis=4)", "axis 3"),
    ("IndexError", "list index out of range", "F3 = filters[3]", ""),
    ("RuntimeError", SIZES, "out += x", "adds tensors of different shapes"),
    ("RuntimeError", CHANNELS, "", "hands a convolution another number of channels"),
    (
        "RuntimeError",
        "running_mean should contain 64 elements not 256",
        "",
        "hands a batch normalisation another number of channels",
    ),
    (
        "AttributeError",
        "cannot assign module before Module.__init__() call",
        "",
        "super().__init__()",
    ),
    (
        "AttributeError",
        "module 'torch.nn' has no attribute 'Conv2D'",
        "",
        "looks for a name in torch.nn that is not there",
    ),
    (
        "AttributeError",
        "'Bottleneck' object has no attribute 'bnx'",
        "x = self.bnx(x)",
        "uses `self.bnx`, which __init__ does not set",
    ),
    ("AttributeError", "'list' object has no attribute 'bnx'", "a.bnx(x)", ""),
    (
        "TypeError",
        "Bottleneck.forward() takes 1 positional argument but 2 were given",
        "",
        "`def forward(self, x)`",
    ),
    ("NotImplementedError", FORWARD, "", "has no method `forward(self, x)`"),
    (
        "NotImplementedError",
        "numpy() is only available when eager execution is enabled.",
        "",
        "disable_eager_execution() away",
    ),
    ("RecursionError", "maximum recursion depth exceeded", "", "calls itself"),
    ("KeyError", "'a'", "", ""),
]


@pytest.mark.parametrize(("kind", "message", "line", "words"), CASES)
def test_what_it_means_and_the_cure(kind, message, line, words):
    found = meaning(kind, message, line).text
    assert words in found
    assert bool(words) == bool(found)


def test_a_functions_own_argument_has_no_other_name_in_keras():
    message = "identity_block() got an unexpected keyword argument 'stride'"
    assert "Keras" not in meaning("TypeError", message).text


@pytest.mark.parametrize(("kind", "message", "line", "words"), CASES)
def test_hidden_arguments_stay_hidden(kind, message, line, words):
    told = said(error(kind, message, line), told=False)
    assert not {"64", "256", "(1, 1)"} & set(re.findall(r"\(1, 1\)|\d+", told))


def error(kind, message="", source="", **more):
    return {
        "type": kind,
        "message": message,
        "line": {"number": 3, "source": source},
    } | (more)


def said(failed, *, told=True):
    failure = {"status": "raised", "error": failed}
    return explain("f", failure, returns="a tensor", told=told).message


def test_only_the_stub_s_own_line_is_not_written_yet():
    stub = error("NotImplementedError", "", "raise NotImplementedError()")
    assert "is not written yet" in said(stub)
    other = error("NotImplementedError", "no kernel for this", "X = tf.add(X, 1)")
    assert said(other) == "f raises NotImplementedError: no kernel for this"


def test_what_a_machine_and_a_library_add_is_left_out():
    message = "<KerasTensor shape=(None, 2), dtype=float32, name=k> from 'x' (/a/b.py)"
    assert (
        said(error("OddError", message))
        == "f raises OddError: a tensor of (None, 2) from 'x'"
    )
    wrapped = (
        "Exception encountered when calling Pad.call().\n\n\x1b[1mToo few.\x1b[0m\n\n"
        "Arguments received by Pad.call():\n  • args=('<KerasTensor>',)"
    )
    assert said(error("OddError", wrapped)) == "f raises OddError: Too few."


@pytest.mark.parametrize(
    ("own", "required", "words"),
    [
        (
            "X f filters",
            "X f filters",
            "f(X, f, filters) lacks `stage` and `s`, which are",
        ),
        ("f X filters stage s", "f X", "in another order"),
        ("X f filters stage s more", "X f more", "has no default for `more`: the spec"),
        ("x a b c d e", "x a b c d e", "`e`: the specification calls f without it."),
        ("x a", "x a", "lacks `f`, `filters`, `stage` and `s`, which are parameters"),
    ],
)
def test_a_signature_is_compared_with_what_is_passed(own, required, words):
    signature = {
        "own": own.split(),
        "required": required.split(),
        "given": ["f", "filters", "stage", "s"],
        "first": 1,
    }
    failure = {"error": error("TypeError", signature=signature)}
    explained = explain("f", failure, returns="a tensor")
    assert words in explained.message
    assert explained.look == "The line that defines f, with its parameters."
    assert explained.message.startswith("The signature")
    assert ", the signature" in explained.under_other_arguments


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ({"status": "returned", "type": "NoneType"}, "f returns nothing: its last"),
        ({"status": "returned", "type": "list"}, "f returns list, not a tensor."),
        ({"status": "unreadable"}, "f left no result that can be judged."),
        ({"status": "raised", "error": 3}, "f left no result that can be judged."),
    ],
)
def test_calls_without_an_exception(failure, words):
    explained = explain("f", failure, returns="a tensor")
    assert explained.message.startswith(words)
    assert explained.under_other_arguments.endswith(f", {explained.message}")


@pytest.mark.parametrize("code", [3, {}, {"none": [3, {}], "last": {"number": 1}}])
def test_what_is_forged_of_the_source_is_not_told(code):
    failure = {"status": "returned", "type": "NoneType", "code": code}
    assert "returns nothing" in explain("f", failure, returns="a tensor").message


def test_calls_that_fail_for_one_reason():
    def reason(kind, message, **more):
        failure = {"status": "raised", "error": error(kind, message)}
        return explain("f", failure, returns="a tensor", **more).reason

    one, other = SIZES, SIZES.replace("64", "32")
    assert reason("RuntimeError", one) == reason("RuntimeError", other, told=False)
    assert reason("OddError", "not (3, 4)") == reason("OddError", "not (5, 6)")
    assert reason("OddError", "not so") != reason("OddError", "nor so")


def test_a_training_that_cannot_begin():
    no_loss = "No loss to compute. Provide a `loss` argument in `compile()`."
    assert said(error("ValueError", no_loss)) == (
        "f compiles the model without a loss (ValueError)."
    )
    uncompiled = error("ValueError", "You must call `compile()` before using the model")
    assert "compile it first" in said(uncompiled)
    sparse = "Argument `output` must have rank (ndim) `target.ndim - 1`. Received: 3"
    assert "one-hot rows" in said(error("ValueError", sparse))
