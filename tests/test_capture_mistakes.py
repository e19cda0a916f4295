"""The errors that beginners meet are explained in words of their own."""

import re

import pytest
import tensorflow as tf

from tests.lessons.residual_networks.solution import judge, namespace, solution
from tests.lessons.source import Source

pytestmark = pytest.mark.slow


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
    "Keras 1's keyword": (
        "identity_block",
        lambda: replaced("identity_block", "padding='same'", "border_mode='same'"),
        ("Conv2D", "`border_mode`", "`padding`"),
    ),
    "Keras 1's keyword in a required place": (
        "ResNet50",
        lambda: replaced("ResNet50", "Dense(classes,", "Dense(output_dim=classes,"),
        ("Dense", "`output_dim`", "`units`"),
    ),
    "Keras 1's module": (
        "identity_block",
        lambda: replaced(
            "identity_block", "return X", "from keras.layers.merge import add"
        ),
        ("keras.layers.merge", "Add()([a, b])"),
    ),
    "Keras 1's backend": (
        "identity_block",
        lambda: replaced(
            "identity_block", "Activation('relu')(X)", "keras.backend.relu(X)"
        ),
        ("keras.backend", "keras.ops"),
    ),
    "Keras 1's Model": (
        "ResNet50",
        lambda: replaced("ResNet50", "inputs=", "input="),
        ("Model", "`input`", "`inputs`"),
    ),
    "tensors that do not meet": (
        "ResNet50",
        lambda: replaced("ResNet50", "inputs=X_input", "inputs=Input(input_shape)"),
        ("do not meet", "Input()"),
    ),
    "a tensor where the layer is made": (
        "identity_block",
        lambda: replaced(
            "identity_block", "Activation('relu')(X)", "Conv2D(X, 3, (1, 1))"
        ),
        ("two steps", "Conv2D(...)(X)"),
    ),
    "a tensor for an activation": (
        "identity_block",
        lambda: replaced("identity_block", "Activation('relu')(X)", "Activation(X)"),
        ("two steps", "Activation(...)(X)"),
    ),
    "np.add on symbolic tensors": (
        "identity_block",
        lambda: replaced("identity_block", SUM, "np.add(X, X_shortcut)"),
        ("NumPy", "Add()([a, b])"),
    ),
    "tensors one by one": (
        "identity_block",
        lambda: replaced("identity_block", SUM, "Add()(X, X_shortcut)"),
        ("as one list", "Add()([X, X_shortcut])"),
    ),
    "a class for a tensor": (
        "identity_block",
        lambda: replaced("identity_block", SUM, "Add"),
        ("Add was made and not applied", "Add()([a, b])"),
    ),
    "arguments in another order": (
        "identity_block",
        lambda: replaced("identity_block", "Conv2D(F1, (1, 1)", "Conv2D((1, 1), F1"),
        ("another order", "number of filters comes first"),
    ),
    "an axis too many": (
        "identity_block",
        lambda: replaced("identity_block", "axis=3", "axis=4"),
        ("axis 3",),
    ),
    "a capital": (
        "identity_block",
        lambda: replaced("identity_block", "'relu'", "'Relu'"),
        ("small letters", "Relu"),
    ),
    "a method of arrays": (
        "identity_block",
        lambda: replaced("identity_block", SUM, "X.add(X_shortcut)"),
        ("`add`", "Add()([a, b])"),
    ),
    "a parameter left out of the signature, and used": (
        "identity_block",
        lambda: replaced("identity_block", ", stage, block)", ", stage)"),
        ("no argument `block`: its parameters are (X, f, filters, stage)", "Error"),
    ),
    "a parameter more": (
        "identity_block",
        lambda: replaced("identity_block", "stage, block)", "stage, block, s)"),
        ("no default for `s`",),
    ),
    "an error that only looks like the stub's": (
        "identity_block",
        lambda: replaced(
            "identity_block",
            "return X",
            "return (lambda: (_ for _ in ()).throw(NotImplementedError('odd')))()",
        ),
        ("raises NotImplementedError: odd",),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_mistake_is_explained(case):
    function, source, words = CASES[case]
    outcome = judge(function, namespace(**{function: source()}), "mistakes")
    assert sum(outcome.points.values()) == 0
    message = outcome.findings[0].message
    for word in words:
        assert word in message
    told = any(word in message for word in ("Error", "signature", "With that"))
    assert told or len(message) < 120
    assert all("\x1b" not in f.message for f in outcome.findings)


def test_duplicated_names_in_resnet50_cost_their_own_price():
    """Keras refuses the model; the report tells both calls, and charges a name."""
    source = replaced("ResNet50", "stage=3, block='c'", "stage=3, block='b'")
    names = namespace(ResNet50=source)
    names["identity_block"] = names["identity_block"]
    outcome = judge("ResNet50", names, "mistakes")
    assert 3 <= outcome.lost <= 8
    assert "block 3c" in outcome.first


def test_duplicated_names_beside_the_blocks():
    source = replaced("ResNet50", "name='bn_conv1'", "name='conv1'")
    outcome = judge("ResNet50", namespace(ResNet50=source), "mistakes")
    assert 3 <= outcome.lost <= 8
    assert "bn_conv1" in outcome.first


@pytest.mark.parametrize("value", [None, 3, "text", [1, 2]])
def test_a_name_that_is_no_function(value):
    names = namespace()
    names["identity_block"] = value
    outcome = judge("identity_block", names, "mistakes")
    assert sum(outcome.points.values()) == 0
    assert outcome.first


def test_a_missing_function():
    names = namespace()
    del names["ResNet50"]
    outcome = judge("ResNet50", names, "mistakes")
    assert sum(outcome.points.values()) == 0
    assert "not defined" in outcome.first


def test_line_of_the_error_is_shown():
    source = replaced("identity_block", SUM, "Add()([X, X_short])")
    outcome = judge("identity_block", namespace(identity_block=source), "line")
    assert "X_short" in outcome.findings[0].look


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("X = BatchNormalization(axis=3, ", "BatchNormalization(axis=3, "),
        ("X = Activation('relu')(X)", "Activation('relu')"),
        ("X = Activation('relu')(X)", "keras.ops.relu(X)"),
        ("X = " + SUM, "X + X_shortcut"),
    ],
)
def test_a_result_that_no_name_keeps_is_told(old, new):
    source = replaced("identity_block", old, new)
    outcome = judge("identity_block", namespace(identity_block=source), "lost")
    assert outcome.lost
    number = source.splitlines().index(next(x for x in source.splitlines() if new in x))
    (note,) = outcome.notes
    assert note.startswith(f"Line {number + 1} of its cell, `")
    assert "no name keeps what it gives" in note


def test_lines_that_change_something_are_not_told():
    source = replaced(
        "identity_block",
        "return X",
        "names = set(); names.add(1); print(X)\n    return X",
    )
    outcome = judge("identity_block", namespace(identity_block=source), "lost")
    assert not outcome.lost
    assert outcome.notes == []


def test_without_eager_execution_that_is_told():
    graph = tf.Graph()
    with graph.as_default():
        outcome = judge("identity_block", namespace(), "eager")
    assert "has turned eager execution off" in outcome.findings[0].message
    assert "disable_eager_execution() away" in outcome.findings[0].message


@pytest.mark.parametrize("function", ["identity_block", "convolutional_block"])
def test_lesson_2_without_training(function):
    source = Source("02_training_resnets")
    text = source.cells[function]
    head = text[: text.index("):")]
    assert "training=None" in head
    without = re.sub(r",\s*training=None", "", head) + text[len(head) :]
    without = without.replace("training=training", "training=None")
    outcome = source.judge(function, without, "signature")
    assert f"{function} has no argument `training`" in outcome.findings[0].message
    assert outcome.lost == 3


@pytest.mark.parametrize("seed", [12345, 2**31])
def test_a_large_seed_costs_what_another_seed_costs(seed):
    source = solution("identity_block")
    points = [
        judge("identity_block", source.replace("seed=0", f"seed={other}")).points
        for other in (seed, 1)
    ]
    assert points[0] == points[1]
