"""The errors that beginners meet are explained in words of their own."""

import pytest

from tests.mutants.outcome import judge_names
from tests.mutants.source import namespace, solution


def replaced(function, old, new, count=1):
    source = solution(function)
    assert old in source, f"the solution has no {old!r}"
    return source.replace(old, new, count)


SUM = "Add()([X, X_shortcut])"
POOL = "AveragePooling2D((2, 2), name='avg_pool')"

#: What was written, and what the report says of it.
CASES = {
    "tf.nn.relu on a symbolic tensor": (
        "identity_block",
        lambda: replaced("identity_block", "Activation('relu')(X)", "tf.nn.relu(X)"),
        ("tf.nn.relu", "symbolic", "Activation('relu')"),
    ),
    "tf.add on symbolic tensors": (
        "identity_block",
        lambda: replaced("identity_block", SUM, "tf.add(X, X_shortcut)"),
        ("symbolic", "Add()"),
    ),
    "None returned": (
        "identity_block",
        lambda: replaced("identity_block", "return X", "return None"),
        ("returns nothing", "return"),
    ),
    "a string returned": (
        "convolutional_block",
        lambda: replaced("convolutional_block", "return X", "return 'X'"),
        ("returns str", "output tensor"),
    ),
    "shapes that cannot be added": (
        "convolutional_block",
        lambda: replaced("convolutional_block", "(s, s)", "(1, 1)"),
        ("different shapes", "strides"),
    ),
    "average pooling without a window": (
        "ResNet50",
        lambda: replaced("ResNet50", POOL, "AveragePooling2D(name='avg_pool')"),
        ("pool_size", "Keras 3"),
    ),
    "a block that returns None": (
        "ResNet50",
        lambda: replaced(
            "ResNet50",
            "X = identity_block(X, 3, [64, 64, 256], stage=2, block='c')",
            "X = print('block c')",
        ),
        ("None",),
    ),
    "a misspelt name": (
        "identity_block",
        lambda: replaced("identity_block", SUM, "Add()([X, X_short])"),
        ("X_short", "not defined"),
    ),
    "a layer not applied": (
        "identity_block",
        lambda: replaced("identity_block", "X = " + SUM, "X = Add()"),
        ("Add", "applied"),
    ),
    "nothing left to pool": (
        "ResNet50",
        lambda: replaced("ResNet50", ", s=1)", ")"),
        ("nothing is left",),
    ),
    "output_shape of a layer": (
        "identity_block",
        lambda: replaced(
            "identity_block", "return X", "return X if Add().output_shape else X"
        ),
        ("output_shape", "layer.output.shape"),
    ),
    "not written yet": (
        "ResNet50",
        lambda: "def ResNet50(input_shape, classes):\n    raise NotImplementedError()",
        ("not written yet",),
    ),
    "a call without an argument": (
        "ResNet50",
        lambda: replaced("ResNet50", ", block='c')", ")"),
        ("wrong arguments", "block"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_mistake_is_explained(case):
    function, source, words = CASES[case]
    outcome = judge_names(function, namespace(**{function: source()}), "mistakes")
    assert sum(outcome.points.values()) == 0
    message = outcome.findings[0].message
    for word in words:
        assert word in message
    assert "Error" in message or len(message) < 120
    assert all("\x1b" not in f.message for f in outcome.findings)


def test_duplicated_names_in_resnet50_cost_their_own_price():
    """Keras refuses the model; the report tells both calls, and charges a name."""
    source = replaced("ResNet50", "stage=3, block='c'", "stage=3, block='b'")
    names = namespace(ResNet50=source)
    names["identity_block"] = names["identity_block"]
    outcome = judge_names("ResNet50", names, "mistakes")
    assert 3 <= outcome.lost <= 8
    assert "block 3c" in outcome.first


def test_duplicated_names_beside_the_blocks():
    source = replaced("ResNet50", "name='bn_conv1'", "name='conv1'")
    outcome = judge_names("ResNet50", namespace(ResNet50=source), "mistakes")
    assert 3 <= outcome.lost <= 8
    assert "bn_conv1" in outcome.first


@pytest.mark.parametrize("value", [None, 3, "text", [1, 2]])
def test_a_name_that_is_no_function(value):
    names = namespace()
    names["identity_block"] = value
    outcome = judge_names("identity_block", names, "mistakes")
    assert sum(outcome.points.values()) == 0
    assert outcome.first


def test_a_missing_function():
    names = namespace()
    del names["ResNet50"]
    outcome = judge_names("ResNet50", names, "mistakes")
    assert sum(outcome.points.values()) == 0
    assert "not defined" in outcome.first


def test_line_of_the_error_is_shown():
    source = replaced("identity_block", SUM, "Add()([X, X_short])")
    outcome = judge_names("identity_block", namespace(identity_block=source), "line")
    assert "X_short" in outcome.findings[0].look
