"""Layers whose results lead nowhere are told as such, not as missing."""

from typing import Any

import pytest

from grader.judge.network.calls import calls_blocks
from grader.judge.network.difference import Difference
from grader.judge.network.graph import Graph, Node
from grader.judge.network.idle import read_idle, with_idle
from grader.judge.network.spec import Line, Spec
from grader.judge.strict import CaptureError
from tests.lessons.source import source_of

ONE, TWO, FAMILY = "01_residual_networks", "02_training_resnets", "04_resnet_family"
SUM = "Add()([X, X_shortcut])"
BUILT, NOWHERE = "is built", "never reaches the output"

#: Lesson, function, what was replaced, by what, what it costs, what is said.
CASES: dict[str, tuple[Any, ...]] = {
    "the sum": (ONE, "convolutional_block", f"X = {SUM}", f"Y = {SUM}", 15, BUILT),
    "the last layer": (
        ONE,
        "identity_block",
        "X = Activation('relu')(X)\n    return X",
        "Y = Activation('relu')(X)\n    return X",
        5,
        BUILT,
    ),
    "no name needed": (TWO, "ResNet50", "X = Flatten()(X)", "Flatten()(X)", 5, BUILT),
    "lesson 4": (FAMILY, "basic_block", f"X = {SUM}", f"Y = {SUM}", 15, BUILT),
    "the input comes back": (
        ONE,
        "identity_block",
        "return X",
        "return X_shortcut",
        30,
        "what they compute",
    ),
    "and as a model": (ONE, "ResNet50", "outputs=X", "outputs=X_input", 40, "compute"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_what_leads_nowhere_is_told(case):
    lesson, function, old, new, lost, words = CASES[case]
    source = source_of(lesson)
    outcome = source.judge(function, source.edited(function, old, new), "idle")
    assert words in outcome.first
    assert NOWHERE in outcome.first
    assert outcome.lost == lost


@pytest.mark.slow
def test_a_kernel_that_was_changed_is_told():
    source = source_of(ONE)
    changed = source.edited("ResNet50", "return Model", "model = Model") + (
        "\n    model.layers[2].kernel.assign(2 * model.layers[2].kernel)"
        "\n    return model"
    )
    outcome = source.judge("ResNet50", changed, "idle")
    assert outcome.first.startswith("conv1 | conv1: the kernel starts from other")
    assert outcome.lost == 3


@pytest.mark.slow
def test_a_border_of_no_width_changes_nothing():
    source = source_of(ONE)
    bordered = f"{SUM}\n    X = keras.layers.ZeroPadding2D(0)(X)"
    outcome = source.judge(
        "identity_block", source.edited("identity_block", SUM, bordered), "idle"
    )
    assert outcome.lost == 0
    assert any("by 0 changes nothing" in note for note in outcome.notes)


@pytest.mark.parametrize(
    "listed",
    [
        {},
        [1],
        [{"kind": "Add"}],
        [{"kind": "Add", "name": "a" * 201, "activation": ""}],
        [{"kind": "Add", "name": 1, "activation": ""}],
        [{"kind": "Add", "name": "add", "activation": ""}] * 401,
    ],
)
def test_what_is_not_of_the_form_is_refused(listed):
    with pytest.raises(CaptureError):
        read_idle({"idle": listed})


def test_a_network_whose_blocks_lead_nowhere_has_called_them():
    record = {"function": "identity_block", "filters": [1, 2, 3], "place": 0}
    block = {"kind": "Block", "name": "", "activation": "", "call": record}
    alone = {"graph": {"operations": []}}
    assert not calls_blocks(alone)
    assert calls_blocks({**alone, "idle": [block]})


def test_a_layer_stands_for_one_that_is_missing():
    nodes = (Node("Input"), Node("Add"), Node("Add"), Node("Conv2D", "conv1"))
    lines = tuple(Line(n.kind, "", "") for n in nodes)
    spec = Spec(Graph(nodes, 3), lines, tuple("abcd"))
    listed = [
        {"kind": "Add", "name": "add_1", "activation": ""},
        {"kind": "Conv2D", "name": "conv2", "activation": "relu"},
    ]
    missing = [Difference("missing", n, asked=nodes[n].kind) for n in (1, 2, 3)]
    told = with_idle(spec, missing, read_idle({"idle": listed}))
    assert [d.idle for d in told] == [True, False, False]
