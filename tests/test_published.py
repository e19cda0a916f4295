"""The numbers of the published assignment, by two independent ways."""

import csv
import json
from importlib.resources import files
from pathlib import Path

import keras
import numpy as np
import pytest

from grader import stream
from grader.judge.network.dialect import KERAS
from grader.judge.network.forward import forward
from grader.judge.network.specify import spec_of
from grader.judge.network.weights_for import variable_shapes
from grader.lessons import residual_networks as lesson
from tests.lessons.residual_networks.solution import namespace

pytestmark = pytest.mark.slow

LESSONS = files("grader.lessons")
PUBLISHED = json.loads(LESSONS.joinpath("residual_networks.json").read_text("utf-8"))
ROWS = list(
    csv.DictReader(
        LESSONS.joinpath("residual_networks_summary.csv").read_text("utf-8").split("\n")
    )
)
GOLDEN = Path(__file__).resolve().parents[2] / "shared/golden"
BLOCKS = ("identity_block", "convolutional_block")
CONSTANTS = {"gamma": 1.0, "moving_variance": 1.0}


def published_input():
    return np.random.RandomState(1).randn(3, 4, 4, 6)


def initial(node, role, shape):
    if role == "kernel":
        return stream.glorot_uniform(0, shape)
    return np.full(shape, CONSTANTS.get(role, 0.0))


@pytest.mark.parametrize("function", BLOCKS)
def test_numpy_gives_the_published_slice(function):
    spec = spec_of(lesson.BLOCKS[function], PUBLISHED[function]["call"], KERAS)
    out = forward(spec.graph, published_input(), initial)
    np.testing.assert_allclose(out[1, 1, 0], PUBLISHED[function]["out"], atol=1e-5)


@pytest.mark.parametrize("function", BLOCKS)
def test_tensorflow_gives_the_published_slice(function):
    x = keras.Input((4, 4, 6))
    y = namespace()[function](x, **PUBLISHED[function]["call"])
    out = keras.Model(x, y)(published_input().astype(np.float32), training=False)
    np.testing.assert_allclose(out[1, 1, 0], PUBLISHED[function]["out"], atol=1e-5)


def shape_of(text):
    return tuple(int(n) for n in text.split("x"))


def output_shape(node, shape):
    """A layer's output shape, from the definition of its kind."""
    if node.kind == "ZeroPadding2D":
        (top, bottom), (left, right) = node.attrs["padding"]
        return shape[0] + top + bottom, shape[1] + left + right, shape[2]
    if node.kind == "Flatten":
        return (int(np.prod(shape)),)
    if node.kind == "Dense":
        return (node.attrs["units"],)
    window = node.attrs.get("kernel_size") or node.attrs.get("pool_size")
    if window is None:
        return shape
    lost = 0 if node.attrs["padding"] == "same" else window[0] - 1
    stride = node.attrs["strides"][0]
    rows, columns = (-(-(n - lost) // stride) for n in shape[:2])
    return rows, columns, node.attrs.get("filters", shape[-1])


def specified_rows():
    """The specification as rows of a summary: Dense and its softmax are one."""
    graph = spec_of(lesson.RESNET50, {}, KERAS, opened=True).graph
    shapes = {0: (64, 64, 3)}
    for i in graph.order:
        node = graph.nodes[i]
        before = shapes[node.sources[0]]
        shapes[i] = output_shape(node, before)
        if node.attrs.get("activation") != "softmax":
            variables = variable_shapes(node, before).values()
            parameters = sum(int(np.prod(shape)) for shape in variables)
            yield node.name, node.kind, shapes[i], parameters


def published_rows():
    for row in ROWS:
        shape = shape_of(row["output_shape"])
        yield row["name"], row["class"], shape, int(row["params"])


def test_summary_has_177_rows():
    assert len(ROWS) == 177
    total = sum(int(row["params"]) for row in ROWS)
    assert total == PUBLISHED["ResNet50"]["total_params"] == 23_600_006


def test_summary_is_the_specification():
    """As a table: branches may stand in another order there."""
    theirs = sorted(row for row in published_rows() if row[1] != "InputLayer")
    assert sorted(specified_rows()) == theirs


@pytest.fixture(scope="module")
def model():
    return namespace()["ResNet50"](input_shape=(64, 64, 3), classes=6)


def test_summary_is_the_model_row_by_row(model):
    named = {row["name"] for row in ROWS if row["name"]}
    ours = [
        (
            layer.name if layer.name in named else "",
            type(layer).__name__,
            tuple(layer.output.shape[1:]),
            layer.count_params(),
        )
        for layer in model.layers
    ]
    assert len(ours) == 177
    # Two branches of a block are one level of the graph: Keras may list either first.
    for own, row in zip(ours, published_rows(), strict=True):
        assert own == row or own in level(row)
    assert sorted(ours) == sorted(published_rows())


def level(row):
    """Rows of the two branches that end in one addition."""
    rows = list(published_rows())
    place = rows.index(row)
    return rows[max(0, place - 3) : place + 4]


def test_parameters(model):
    trainable = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    fixed = sum(int(np.prod(w.shape)) for w in model.non_trainable_weights)
    assert model.count_params() == 23_600_006
    assert (trainable, fixed) == (23_546_886, 53_120)
    about = PUBLISHED["ResNet50"]
    assert (about["trainable_params"], about["non_trainable_params"]) == (
        trainable,
        fixed,
    )


@pytest.mark.skipif(not GOLDEN.is_dir(), reason="the sources are not beside this")
def test_copies_agree_with_their_sources():
    source = json.loads((GOLDEN / "published_outputs.json").read_text("utf-8"))
    for function in BLOCKS:
        assert source[function]["call"] == PUBLISHED[function]["call"]
        assert source[function]["out"] == PUBLISHED[function]["out"]
    for name in ("total_params", "trainable_params", "non_trainable_params"):
        assert source["resnet50"][name] == PUBLISHED["ResNet50"][name]
    rows = (GOLDEN / "resnet50_summary.csv").read_text("utf-8")
    ours = LESSONS.joinpath("residual_networks_summary.csv").read_text("utf-8")
    assert ours.splitlines() == rows.splitlines()
