"""A call that raises is told with the layer and the argument that made it do so.

Each single fault of each table with which shapes no longer fit: its graph, up to the
layer that fails, is what the capture writes.
"""

import base64
from dataclasses import replace

import numpy as np
import pytest

from grader.challenge import call_input
from grader.judge.network.cause import causes
from grader.judge.network.difference import Difference
from grader.judge.network.faults import faults
from grader.judge.network.forward import forward
from grader.judge.network.function import Network
from grader.judge.network.graph import WEIGHTED, Node
from grader.judge.network.specify import spec_of
from grader.judge.network.weights_for import NotComputable, challenge_weights
from grader.judge.network.wording import sentence
from grader.lessons import NAMES, get_lesson
from tests.lessons.built import with_row
from tests.lessons.outcome import Outcome
from tests.own_lessons.paper import captured

JUDGES = {
    (name, function): getattr(judge, "__self__", None)
    for name in NAMES
    for function, judge in get_lesson(name).judges.items()
}
NETWORKS = {
    key: own
    for key, own in JUDGES.items()
    if isinstance(own, Network) and not own.blocks
}
SHOWN = {"f": 2, "filters": [2, 4, 6], "stage": 1, "block": "a"}
ERROR = {"type": "ValueError", "message": "Inputs have incompatible shapes."}
ONE = {"shape": [1], "step": 1, "data": base64.b64encode(np.ones(1, "<f4")).decode()}


def fails_at(graph, shape):
    """The number of the first node that cannot be computed, if there is one."""
    x = call_input("causes", "x", 1, shape)

    def works(index):
        part = replace(graph, output=index)
        try:
            forward(part, x, challenge_weights("w"), seed="w")
        except NotComputable:
            return False
        return True

    if works(graph.output):
        return None
    return next(index for index in graph.order if not works(index))


def partial(graph, index, shape):
    """A graph up to a node that fails, as the capture writes it."""
    behind = replace(graph, output=index).order
    place = {0: 0, **{number: k for k, number in enumerate(behind, 1)}}
    nodes = [graph.nodes[number] for number in behind]
    return {
        "input_shape": [None, *shape],
        "input_dtype": "float32",
        "operations": [
            {
                "kind": node.kind,
                "name": node.name,
                "config": plain(node.attrs),
                "used_before": False,
                "trainable": True,
                "variables": {"kernel": {"trainable": True, **ONE}}
                if node.kind in WEIGHTED
                else {},
            }
            for node in nodes
        ],
        "nodes": [
            {
                "operation": k,
                "inputs": [{"node": place[i]} for i in node.sources],
                "shape": [] if number == index else [None] * 4,
                "training": node.training,
            }
            for k, (number, node) in enumerate(zip(behind, nodes, strict=True))
        ],
        "output": len(nodes),
    }


def plain(value):
    if isinstance(value, dict):
        return {key: plain(own) for key, own in value.items()}
    return [plain(own) for own in value] if isinstance(value, tuple) else value


def judged(key, graph, index, nth=0):
    """The first finding where the n-th call, and those after it, fail."""
    lesson, (_, function) = get_lesson(key[0]), key
    challenge = lesson.challenge(function, "causes")
    calls = [
        {"id": call["id"], "status": "raised", "error": ERROR}
        for call in challenge["calls"]
    ]
    shape = challenge["calls"][nth]["input_shape"]
    calls[nth]["partial"] = partial(graph, index, shape)
    capture = {"status": "captured", "calls": calls}
    reports = lesson.judge(function, challenge, capture)
    assert not any(report.points for report in reports.values())
    return next(iter(reports.values())).findings[0]


def failing(key):
    """The faults of a function's table that fail as the lesson calls it."""
    network = NETWORKS[key]
    call = get_lesson(key[0]).challenge(key[1], "causes")["calls"][0]
    shape, found = tuple(call["input_shape"]), []
    for fault in faults(network.table, call["arguments"]):
        if "=" not in fault.change:
            continue  # what is exchanged or elsewhere has several layers to name
        spec = spec_of(
            fault.table, call["arguments"], network.dialect, channels=shape[-1]
        )
        index = fails_at(spec.graph, shape)
        if index is not None:
            found.append((fault, spec.graph, index))
    return found


@pytest.mark.parametrize("key", NETWORKS, ids="/".join)
def test_the_layer_and_the_argument_are_named(key):
    network = NETWORKS[key]
    arguments = get_lesson(key[0]).challenge(key[1], "causes")["calls"][0]["arguments"]
    asked = spec_of(network.table, arguments, network.dialect, channels=6)
    mute = []
    for fault, graph, index in failing(key):
        label = asked.lines[asked.by_key[fault.key]].label
        attr, _, _ = fault.change.partition("=")
        finding = judged(key, graph, index)
        words = f"{finding.layer} {finding.message}"
        said = network.dialect.setting(attr, fault.row.kind)
        if label not in words or said not in words:
            mute.append(f"{fault.id}: {words}")
        assert finding.message.endswith("adds tensors of different shapes.")
    assert mute == []


@pytest.mark.parametrize(
    "inputs", [[], [{"opaque": "type"}], [{"node": 0}, {"opaque": "x"}]]
)
def test_what_is_no_tensor_is_told_as_such(inputs):
    key = ("01_residual_networks", "identity_block")
    graph = spec_of(NETWORKS[key].table, SHOWN, NETWORKS[key].dialect).graph
    written = partial(graph, graph.order[-1], (4, 4, 6))
    written["nodes"][-1]["inputs"] = inputs
    found = causes(
        spec_of(NETWORKS[key].table, SHOWN, NETWORKS[key].dialect),
        (4, 4, 6),
        {"partial": written},
    )
    assert found.differences == ()


def test_a_normalisation_made_for_other_channels_is_named():
    name, function = "05_almost_a_resnet", "Bottleneck"
    network = NETWORKS[name, function]
    call = get_lesson(name).challenge(function, "causes")["calls"][0]
    arguments, shape = call["arguments"], tuple(call["input_shape"])
    spec = spec_of(network.table, arguments, network.dialect, channels=shape[-1])
    number = spec.by_key["first.norm"]
    written = partial(spec.graph, number, shape)
    (source,) = (item["node"] for item in written["nodes"][-1]["inputs"])
    written["nodes"][source - 1]["shape"] = [None, 4, 4, 2]
    numbers = {"shape": [6], "step": 1, "data": base64.b64encode(bytes(24)).decode()}
    mean = {"trainable": True, **numbers}
    written["operations"][-1]["variables"] = {"moving_mean": mean}
    found = causes(spec, shape, {"partial": written})
    (cause,) = found.differences
    assert (cause.attr, cause.asked, cause.found) == ("num_features", 2, 6)
    assert found.places[number] == len(written["operations"]) - 1


def judged_until(key, table, seed="until"):
    """Judges a function that builds what another table asks for, as far as it can."""
    lesson, network = get_lesson(key[0]), NETWORKS[key]
    challenge, calls = lesson.challenge(key[1], seed), []
    for call in challenge["calls"]:
        shape = tuple(call["input_shape"])
        spec = spec_of(table, call["arguments"], network.dialect, channels=shape[-1])
        index = fails_at(spec.graph, shape)
        if index is None:
            one = captured(key[1], {**challenge, "calls": [call]}, [spec])
            calls += one["calls"]
            continue
        part = partial(spec.graph, index, shape)
        raised = {"id": call["id"], "status": "raised", "error": ERROR}
        calls.append({**raised, "partial": part})
    return Outcome(
        lesson.judge(key[1], challenge, {"status": "captured", "calls": calls})
    )


#: Blocks of both kinds in one, and what conv and norm on the shortcut cost together.
BOTH = {
    ("05_almost_a_resnet", "Bottleneck"): (9 * 20 / 30, "conv1 is missing"),
    **{
        ("04_resnet_family", block): (9, "the shortcut's convolution is missing")
        for block in ("basic_block", "bottleneck_block")
    },
}


@pytest.mark.parametrize("key", BOTH, ids="/".join)
def test_a_block_without_its_projection_loses_what_lacks(key):
    table = NETWORKS[key].table
    rows = [row for row in table.rows if not row.key.startswith("shortcut")]
    rows = [replace(row, after=(row.after[0], "input")) if row.kind == "Add" else row
            for row in rows]  # fmt: skip
    outcome = judged_until(key, replace(table, rows=tuple(rows)))
    price, words = BOTH[key]
    finding, *others = outcome.findings
    assert outcome.lost == pytest.approx(price, abs=0.01)
    assert words.lower() in finding.message.lower()
    assert "With that" in finding.message
    assert not any(other.price for other in others)


BOTTLENECK = ("05_almost_a_resnet", "Bottleneck")


def test_shapes_that_meet_by_chance_do_not_stand_for_the_shown_call():
    """A window without padding leaves one pixel of an image that is drawn here."""
    table = NETWORKS[BOTTLENECK].table
    settings = {**row_of(table, "second.conv").settings, "padding": "valid"}
    table = with_row(table, "second.conv", settings=settings)
    assert judged_until(BOTTLENECK, table, "redteam").lost == 20


def row_of(table, key):
    return next(row for row in table.rows if row.key == key)


@pytest.mark.parametrize(
    ("window", "border", "said"),
    [
        (3, ((2, 2), (2, 2)), "padding is (2, 2), the specification asks for 1. With"),
        (3, ((1, 1), (0, 0)), "padding is (1, 0), the specification asks for 1. With"),
        (5, ((1, 1), (1, 1)), "kernel_size is (5, 5), the specification asks for (3, "),
    ],
)
def test_a_padding_of_other_numbers_is_told_as_it_is(window, border, said):
    """PyTorch's padding of a convolution is captured as a layer before it."""
    network = NETWORKS[BOTTLENECK]
    call = get_lesson(BOTTLENECK[0]).challenge(BOTTLENECK[1], "causes")["calls"][0]
    spec = spec_of(network.table, call["arguments"], network.dialect, channels=5)
    place = spec.by_key["second.conv"]
    nodes = [spec.graph.nodes[0]]
    for index, node in enumerate(spec.graph.nodes[1:], 1):
        moved = tuple(i + (i >= place) for i in node.inputs)
        if index == place:
            name = f"padding=of numbers of {node.name}"
            shape = (None, 4, 4, 2)
            nodes.append(Node("ZeroPadding2D", name, {"padding": border}, node.inputs,
                              shape=shape))  # fmt: skip
            attrs = {**node.attrs, "kernel_size": (window, window), "padding": "valid"}
            node, moved = replace(node, attrs=attrs), (place,)
        nodes.append(replace(node, inputs=moved))
    graph = replace(spec.graph, nodes=tuple(nodes), output=spec.graph.output + 1)
    finding = judged(BOTTLENECK, graph, spec.by_key["sum"] + 1)
    assert finding.message.startswith(f"conv2b: {said}")


def test_a_stride_that_the_shortcut_lacks_costs_a_hyperparameter():
    key = ("05_almost_a_resnet", "Bottleneck")
    table = NETWORKS[key].table
    rows = (
        replace(row, settings={**row.settings, "strides": 1})
        if row.key == "shortcut.conv"
        else row
        for row in table.rows
    )
    outcome = judged_until(key, replace(table, rows=tuple(rows)))
    assert outcome.lost == pytest.approx(5 * 20 / 30, abs=0.01)
    assert "stride is (1, 1)" in outcome.first


def test_a_layer_of_another_kind_is_named_where_arguments_are_hidden():
    network = JUDGES["05_almost_a_resnet", "ResNet50Torch"]
    assert isinstance(network, Network)
    spec = spec_of(network.table, {"classes": 6}, network.dialect)
    kinds = {"asked": "GlobalAveragePooling2D", "found": "AveragePooling2D"}
    other = Difference("kind", spec.by_key["pooling"], **kinds)
    said = sentence(spec, [other], shown=False)
    assert "the global average pooling: it is an AvgPool2d." in said
