"""Operations that do a layer's work are that layer; those that do not are told once."""

from dataclasses import replace

import pytest

from grader.judge.network.compare import compare
from grader.judge.network.dialect import KERAS
from grader.judge.network.equivalence import harmless
from grader.judge.network.graph import Graph, Node
from grader.judge.network.match import match
from grader.judge.network.normal import normal_form
from grader.judge.network.operations import together
from grader.judge.network.rows import Part, Row, Table
from grader.judge.network.slips import group_by_slip
from grader.judge.network.specify import spec_of
from grader.judge.network.wording import sentence

IMAGE, LINE = (4, 5, 6), (6,)


def node(kind, *inputs, shape=IMAGE, **attrs):
    return Node(kind, kind.lower(), attrs, inputs, len(inputs), shape=(None, *shape))


def graph(*nodes, shape=IMAGE):
    """Nodes after an input and a layer that nothing is known of, node 1."""
    first = Node("Mystery", inputs=(0,), shape=(None, *shape))
    start = Node("Input", shape=(None, *shape))
    return Graph((start, first, *nodes), len(nodes) + 1)


def read(*nodes, shape=IMAGE):
    """The layers after the mystery: kind, activation, inputs."""
    found = together(normal_form(graph(*nodes, shape=shape)).graph)
    return [
        (n.kind, n.attrs.get("activation"), n.inputs)
        for n in (found.nodes[i] for i in found.order[1:])
        if n.kind != "Mystery"
    ]


def line(kind, *inputs, **attrs):
    return node(kind, *inputs, shape=LINE, **attrs)


def one(kind, *inputs, **attrs):
    return node(kind, *inputs, shape=(1,), **attrs)


RELU = {
    "maximum": [node("Maximum", 1, 0.0)],
    "maximum, the number first": [node("Maximum", 0.0, 1)],
    "maximum of zeros": [node("ZerosLike", 1), node("Maximum", 1, 2)],
    "clip": [node("Clip", 1, x_min=0, x_max=None)],
    "clip far away": [node("Clip", 1, x_min=0, x_max=1e30)],
    "where": [node("Greater", 1, 0.0), node("Where", 2, 1, 0.0)],
    "where it is less": [node("Less", 1, 0.0), node("Where", 2, 0.0, 1)],
    "a mask": [node("GreaterEqual", 1, 0.0), node("Multiply", 1, 2)],
    "a mask of numbers": [
        node("Greater", 1, 0.0),
        node("Cast", 2, dtype="float32"),
        node("Multiply", 3, 1),
    ],
    "half of two": [
        node("Absolute", 1),
        node("Add", 1, 2),
        node("Multiply", 3, 0.5),
    ],
    "behind nothing": [
        node("Activation", 1, activation="relu"),
        node("Rescaling", 2, scale=1.0, offset=0.0),
        node("Multiply", 1.0, 3),
    ],
    "in another order of axes": [
        node("Transpose", 1, axes=(0, 3, 1, 2), shape=(6, 4, 5)),
        node("Maximum", 2, 0.0, shape=(6, 4, 5)),
        node("Transpose", 3, axes=(0, 2, 3, 1)),
    ],
}
SOFTMAX = {
    "exp and sum": [
        line("Exp", 1),
        one("Sum", 2, axis=-1, keepdims=True),
        line("Divide", 2, 3),
    ],
    "shifted": [
        one("Max", 1, axis=(1,), keepdims=True),
        line("Subtract", 1, 2),
        line("Exp", 3),
        one("Sum", 4, axis=(1,), keepdims=True),
        line("Divide", 4, 5),
    ],
    "logarithm": [line("Activation", 1, activation="log_softmax"), line("Exp", 2)],
    "log of the sum": [
        one("LogSumExp", 1, axis=1, keepdims=True),
        line("Subtract", 1, 2),
        line("Exp", 3),
    ],
    "another order": [
        line("Softmax", 1, axis=1),
    ],
}
POOLED = {
    "mean": [line("Mean", 1, axis=(1, 2))],
    "two means": [
        node("Mean", 1, axis=1, shape=(5, 6)),
        line("Mean", 2, axis=(1,)),
    ],
    "sum by number": [line("Sum", 1, axis=(1, 2)), line("Divide", 2, 20.0)],
    "flattened before": [
        node("Reshape", 1, newshape=(-1, 20, 6), shape=(20, 6)),
        line("Mean", 2, axis=1),
    ],
}


@pytest.mark.parametrize("case", RELU)
def test_relu(case):
    assert read(*RELU[case]) == [("Activation", "relu", (1,))]


@pytest.mark.parametrize("case", SOFTMAX)
def test_softmax(case):
    assert read(*SOFTMAX[case], shape=LINE) == [("Activation", "softmax", (1,))]


def test_a_layer_that_is_applied_to_one_tensor_twice():
    """exp(fc(x)) / sum(exp(fc(x)))"""
    called = replace(line("Dense", 1, activation="linear"), operation=9)
    twice = [called, line("Exp", 2), called, line("Exp", 4)]
    softmax = [one("Sum", 5, axis=-1, keepdims=True), line("Divide", 3, 6)]
    found = read(*twice, *softmax, shape=LINE)
    assert found == [("Dense", None, (1,)), ("Activation", "softmax", (2,))]


@pytest.mark.parametrize("case", POOLED)
def test_global_pooling(case):
    assert read(*POOLED[case]) == [("GlobalAveragePooling2D", None, (1,))]


@pytest.mark.parametrize(
    "cut",
    [
        [line("GetItem", 2, key=((None, None, None), 0, 0))],
        [line("Squeeze", 2, axis=(1, 2))],
        [line("Reshape", 2, newshape=(-1, 6))],
    ],
)
def test_one_pixel_is_flattened(cut):
    pooled = node("GlobalAveragePooling2D", 1, keepdims=True, shape=(1, 1, 6))
    assert [kind for kind, *_ in read(pooled, *cut)] == [
        "GlobalAveragePooling2D",
        "Flatten",
    ]


@pytest.mark.parametrize(
    ("nodes", "kind"),
    [
        ([node("Stack", 0, 1, axis=0), node("Sum", 2, axis=(0,))], "Add"),
        ([node("Stack", 1, 0, axis=-1), node("Sum", 2, axis=-1)], "Add"),
        ([node("Negative", 0), node("Subtract", 1, 2)], "Add"),
        ([node("Average", 0, 1), node("Multiply", 2, 2.0)], "Add"),
        ([node("Stack", 0, 1, axis=0), node("Mean", 2, axis=0)], "Average"),
        ([node("Stack", 0, 1, axis=0), node("Max", 2, axis=0)], "Maximum"),
    ],
)
def test_two_tensors_that_meet(nodes, kind):
    assert read(*nodes) == [(kind, None, (0, 1))]


def test_twice_a_tensor_is_its_sum_with_itself():
    assert read(node("Multiply", 1, 2.0)) == [("Add", None, (1, 1))]
    assert read(node("Multiply", 3.0, 1)) == [("Composed", None, (1,))]


@pytest.mark.parametrize(
    ("inputs", "widths", "kind"),
    [
        ((1,), ((0, 0), (3, 3), (2, 2), (0, 0)), "ZeroPadding2D"),
        ((1, 0.0), ((0, 0), 1, 1, (0, 0)), "ZeroPadding2D"),
        ((1, 1.0), ((0, 0), (3, 3), (3, 3), (0, 0)), "Pad"),
        ((1,), ((0, 0), (3, 3), (3, 3), (0, 2)), "Pad"),
    ],
)
def test_zeros_around_an_image(inputs, widths, kind):
    found = read(node("Pad", *inputs, pad_width=widths, mode="constant"))
    assert [each for each, *_ in found] == [kind]


def asks(row):
    """A specification of a mystery and a row."""
    part = Part("end", "around")
    rows = (Row("first", "Flatten", part), Row("last", part=part, **row))
    spec = spec_of(Table("network", (), rows), {}, KERAS)
    nodes = list(spec.graph.nodes)
    nodes[1] = graph().nodes[1]
    return Graph(tuple(nodes), spec.graph.output), spec


def told(row, nodes, shape=IMAGE):
    """What a report says of nodes where a row is asked for, a text a charge."""
    asked, spec = asks(row)
    object.__setattr__(spec, "graph", asked)
    found = together(normal_form(graph(*nodes, shape=shape)).graph)
    differences = compare(spec, found, match(spec, found))
    costly = [d for d in differences if not harmless(spec, d, [shape])]
    groups = group_by_slip(spec, costly, plan=False)
    return [sentence(spec, group, shown=True) for group in groups]


_ASKS_RELU = {"kind": "ReLU", "label": "the ReLU"}
_ASKS_MEAN = {"kind": "GlobalAveragePooling2D", "label": "the mean", "name": "avg_pool"}


@pytest.mark.parametrize(
    ("nodes", "says"),
    [
        (
            [node("ReLU", 1, max_value=6.0, negative_slope=0.0, threshold=0.0)],
            "The ReLU is cut off at 6 (max_value), the specification asks for a ReLU "
            "without a limit.",
        ),
        (
            [node("Clip", 1, x_min=0, x_max=6)],
            "The ReLU is cut off at 6 (max_value), the specification asks for a ReLU "
            "without a limit.",
        ),
        (
            [node("ReLU", 1, max_value=None, negative_slope=0.1, threshold=0.0)],
            "The ReLU has a slope of 0.1 (negative_slope) below 0, the specification "
            "asks for a ReLU, which is 0 there.",
        ),
        (
            [node("ReLU", 1, max_value=None, negative_slope=0.0, threshold=0.5)],
            "The ReLU is 0 up to 0.5 (threshold), the specification asks for a ReLU, "
            "which is so up to 0.",
        ),
        (
            [node("LeakyReLU", 1, negative_slope=0.3)],
            "The ReLU: activation is 'leaky_relu', the specification asks for 'relu'.",
        ),
        (
            [node("ELU", 1, alpha=1.0)],
            "The ReLU: activation is 'elu', the specification asks for 'relu'.",
        ),
        (
            [node("Activation", 1, activation="sigmoid"), node("Multiply", 1, 2)],
            "The ReLU: activation is 'silu', the specification asks for 'relu'.",
        ),
        ([node("PReLU", 1)], "The ReLU is a PReLU, the specification asks for ReLU."),
        (
            [node("Greater", 1, 0.1), node("Where", 2, 1, 0.0)],
            "The ReLU is done by a comparison (> 0.1) and where, the specification "
            "asks for ReLU.",
        ),
        (
            [
                node("Multiply", 1, 0.1),
                node("Greater", 1, 0.0),
                node("Where", 3, 1, 2),
            ],
            "The ReLU is done by multiplication with 0.1, a comparison (> 0) and where,"
            " the specification asks for ReLU.",
        ),
        (
            [node("Maximum", 1, 0.1)],
            "The ReLU is done by maximum with 0.1, the specification asks for ReLU.",
        ),
    ],
)
def test_another_relu_is_told_once(nodes, says):
    assert told(_ASKS_RELU, nodes) == [says]


@pytest.mark.parametrize(
    ("nodes", "says"),
    [
        (
            [line("Mean", 1, axis=(2, 3))],
            "The mean is done by mean over axis (2, 3), the specification asks for "
            "GlobalAveragePooling2D.",
        ),
        (
            [line("Sum", 1, axis=(1, 2)), line("Divide", 2, 49.0)],
            "The mean is done by sum over axis (1, 2) and division with 49, the "
            "specification asks for GlobalAveragePooling2D.",
        ),
        (
            [
                node(
                    "AveragePooling2D",
                    1,
                    pool_size=(2, 2),
                    strides=(2, 2),
                    padding="valid",
                    shape=(2, 2, 6),
                ),
                node("Flatten", 2, shape=(24,)),
            ],
            "The mean is an AveragePooling2D, the specification asks for "
            "GlobalAveragePooling2D.",
        ),
        (
            [node("Flatten", 1, shape=(120,))],
            "The mean is a Flatten, the specification asks for GlobalAveragePooling2D.",
        ),
    ],
)
def test_another_pooling_is_told_once(nodes, says):
    named = [Node(n.kind, "avg_pool" if "Pool" in n.kind else n.name, n.attrs, n.inputs,
                  n.operation, shape=n.shape) for n in nodes]  # fmt: skip
    assert told(_ASKS_MEAN, named) == [says]


def test_a_relu_with_a_limit_is_not_read_as_one_without():
    limited = [
        node("ReLU", 1, max_value=1e9, negative_slope=0.0, threshold=0.0),
        node("Activation", 2, activation="relu"),
    ]
    assert len(read(*limited)) == 2
