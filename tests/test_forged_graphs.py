"""Graphs that no capture would write: refused, or judged by what they compute."""

import json
import math
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.judge.network.graph import Graph
from grader.judge.network.reading import read_graph
from grader.judge.sample import read_array
from grader.judge.strict import CaptureError
from grader.lessons import NAMES, get_lesson
from tests.fuzz_captures import changed, points, refused, right, under_another, whole

FUNCTIONS = [(name, f) for name in NAMES for f in get_lesson(name).functions]
#: Of a graph each.
GRAPHS = [
    (own.lesson, own.function)
    for own in map(right, *zip(*FUNCTIONS, strict=True))
    if "graph" in json.loads(own.capture)["calls"][0]
]
#: That record calls of blocks, and what of.
RECORDED = [
    (name, function, block)
    for name, function in GRAPHS
    for block in json.loads(right(name, function).challenge)["stand_ins"]
]
#: Those that hold convolutions in each call.
LAYERS = [
    *((NAMES[0], function) for function in get_lesson(NAMES[0]).functions),
    (NAMES[4], "Bottleneck"),
]
#: Of another challenge they earn nothing at all.
BOUND = [
    *((NAMES[3], function) for function in ("shortcut", "basic_block", "resnet")),
    (NAMES[4], "Bottleneck"),
]
ONE = NAMES[0], "identity_block"


#: Of the first call.
CHANGES = {
    "no graph": (("graph",), None),
    "a list for a graph": (("graph",), []),
    "no nodes": (("graph", "nodes"), []),
    "text for nodes": (("graph", "nodes"), "nodes"),
    "nodes without anything": (("graph", "nodes"), [{}]),
    "too many nodes": (("graph", "nodes"), [{}] * 100_000),
    "no operations": (("graph", "operations"), []),
    "operations by number": (("graph", "operations"), {"0": {}}),
    "operations as a number": (("graph", "operations"), 5),
    "operations null": (("graph", "operations"), None),
    "operation out of range": (("graph", "nodes", 0, "operation"), 10**9),
    "negative operation": (("graph", "nodes", 0, "operation"), -1),
    "operation False": (("graph", "nodes", 0, "operation"), False),
    "operation by name": (("graph", "nodes", 0, "operation"), "0"),
    "output out of range": (("graph", "output"), 10**9),
    "output by name": (("graph", "output"), "last"),
    "output True": (("graph", "output"), True),
    "a cycle": (("graph", "nodes", 0, "inputs"), [{"node": 5}]),
    "its own input": (("graph", "nodes", 0, "inputs"), [{"node": 1}]),
    "input -1": (("graph", "nodes", 0, "inputs"), [{"node": -1}]),
    "input True": (("graph", "nodes", 0, "inputs"), [{"node": True}]),
    "input 0.0": (("graph", "nodes", 0, "inputs"), [{"node": 0.0}]),
    "one input alone": (("graph", "nodes", 0, "inputs"), {"node": 0}),
    "inputs as numbers": (("graph", "nodes", 0, "inputs"), [0]),
    "inputs as text": (("graph", "nodes", 0, "inputs"), ["node"]),
    "too many inputs": (("graph", "nodes", 0, "inputs"), [{"node": 0}] * 1000),
    "a constant of text": (("graph", "nodes", 0, "inputs"), [{"const": "x"}]),
    "a huge constant": (("graph", "nodes", 0, "inputs"), [{"const": 10**400}]),
    "shape of text": (("graph", "nodes", 0, "shape"), "shape"),
    "shape of texts": (("graph", "nodes", 0, "shape"), ["4"]),
    "shape of a fraction": (("graph", "nodes", 0, "shape"), [4.0]),
    "shape below zero": (("graph", "nodes", 0, "shape"), [-1]),
    "shape of many axes": (("graph", "nodes", 0, "shape"), [1] * 1000),
    "shape None": (("graph", "nodes", 0, "shape"), None),
    "training 1": (("graph", "nodes", 0, "training"), 1),
    "training by name": (("graph", "nodes", 0, "training"), "False"),
    "kind a list": (("graph", "operations", 0, "kind"), ["Conv2D"]),
    "kind None": (("graph", "operations", 0, "kind"), None),
    "name a dict": (("graph", "operations", 0, "name"), {"a": 1}),
    "trainable yes": (("graph", "operations", 0, "trainable"), "yes"),
    "trainable 1": (("graph", "operations", 0, "trainable"), 1),
    "used before None": (("graph", "operations", 0, "used_before"), None),
    "config a list": (("graph", "operations", 0, "config"), [["filters", 2]]),
    "config infinite": (("graph", "operations", 0, "config"), {"filters": math.inf}),
    "config too long": (("graph", "operations", 0, "config"), {"name": "x" * 10**6}),
    "config too wide": (("graph", "operations", 0, "config"), {"a": [1] * 10**5}),
    "config too deep": (("graph", "operations", 0, "config"), {"a": [[[[[[[[]]]]]]]]}),
    "variables a list": (("graph", "operations", 0, "variables"), []),
    "variables of text": (("graph", "operations", 0, "variables"), {"kernel": "k"}),
    "too many variables": (
        ("graph", "operations", 0, "variables"),
        {str(n): {} for n in range(100)},
    ),
    "input of text": (("graph", "input_shape"), "444"),
    "type of the input": (("graph", "input_dtype"), None),
    "no outputs": (("challenge",), None),
    "outputs of text": (("challenge",), "yes"),
    "outputs not base64": (("challenge", "data"), "@@@"),
    "outputs of another shape": (("challenge", "shape"), [1]),
    "outputs of huge shape": (("challenge", "shape"), [10**9, 10**9]),
    "outputs of negative shape": (("challenge", "shape"), [-1, -1]),
    "another call's id": (("id",), "other_0"),
}


@pytest.mark.parametrize(("name", "function"), GRAPHS)
def test_what_is_not_of_the_form_is_refused(name, function):
    for change, (path, value) in CHANGES.items():
        captured = json.loads(right(name, function).capture)
        changed(captured["calls"][0], path, lambda _, value=value: value)
        assert refused(name, function, captured), change


WRONG = (
    ("s", 0), ("s", -1), ("s", True), ("place", -1), ("filters", ["a", "b", "c"]),
    ("filters", [1, 2]), ("filters", False), ("function", "print"), ("more", 1),
)  # fmt: skip


@pytest.mark.parametrize(("name", "function", "block"), RECORDED)
def test_each_argument_of_a_recorded_call_is_read(name, function, block):
    """Without it, as an argument of another kind, or with one more."""
    captured = json.loads(right(name, function).capture)
    for call in captured["calls"]:
        for op in call["graph"]["operations"]:
            config = op["config"]
            if op["kind"] != "Block" or config["function"] != block:
                continue
            kept = dict(config)
            others = [{k: v for k, v in kept.items() if k != gone} for gone in kept]
            others += [{**kept, key: [[value]]} for key, value in kept.items()]
            others += [{**kept, key: value} for key, value in WRONG]
            for other in others:
                op["config"] = other
                assert refused(name, function, captured), other
            return


def test_a_call_of_a_block_where_none_is_recorded_is_refused():
    captured = json.loads(right(*ONE).capture)
    captured["calls"][0]["graph"]["operations"][0].update(
        kind="Block", config={"function": "identity_block"}
    )
    assert refused(*ONE, captured)


def convolution(calls):
    """The first convolution."""
    operations = (op for call in calls for op in call["graph"]["operations"])
    return next(op for op in operations if op["kind"] == "Conv2D")


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("filters", 10**12),
        ("filters", -5),
        ("filters", "six"),
        ("filters", True),
        ("kernel_size", [10**9, 10**9]),
        ("kernel_size", 0),
        ("kernel_size", [1, 2, 3]),
        ("strides", 0),
        ("strides", [-1, -1]),
        ("strides", 1e300),
        ("dilation_rate", [0, 0]),
        ("dilation_rate", [10**9, 1]),
        ("groups", 0),
        ("padding", ["valid"]),
        ("padding", "causal"),
        ("activation", "__import__"),
        ("activation", {"a": 1}),
        ("data_format", 3),
        ("kernel_initializer", "text"),
        ("kernel_initializer", {"kind": ["x"], "seed": {}}),
    ],
    ids=repr,
)
@pytest.mark.parametrize(("name", "function"), [ONE, LAYERS[1], LAYERS[-1]])
def test_hyperparameters_that_no_layer_has(name, function, attribute, value):
    def change(calls):
        convolution(calls)["config"][attribute] = value

    points(name, function, change)


@pytest.mark.parametrize("value", ["AAAAfw==", "AADAfw==", ""])
@pytest.mark.parametrize("function", get_lesson(NAMES[0]).functions)
def test_weights_that_are_not_numbers(function, value):
    def change(calls):
        for op in (op for call in calls for op in call["graph"]["operations"]):
            for variable in op["variables"].values():
                if len(variable["shape"]) == 1:
                    variable["data"] = value

    assert points(NAMES[0], function, change) < whole(NAMES[0], function)


def _no_weights(call):
    convolution([call])["variables"] = {}


def _huge(call):
    convolution([call])["variables"]["kernel"]["shape"] = [10**6, 10**6, 1, 1]


def _too_large(call):
    call.update(status="too_large", graph=None)


@pytest.mark.parametrize("forge", [_no_weights, _huge, _too_large])
@pytest.mark.parametrize(("name", "function"), LAYERS)
def test_a_convolution_that_hides_its_weights_earns_nothing(name, function, forge):
    assert points(name, function, lambda calls: forge(calls[0])) == 0


@pytest.mark.slow
@pytest.mark.parametrize(("name", "function"), GRAPHS)
def test_outputs_of_another_call_earn_less(name, function):
    def change(calls):
        for call in calls[1:]:
            call["challenge"] = calls[0]["challenge"]

    assert points(name, function, change) < whole(name, function)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "function"), GRAPHS)
def test_a_capture_of_another_challenge_earns_less(name, function):
    earned = under_another(name, function, json.loads(right(name, function).capture))
    assert earned < whole(name, function)
    assert earned == 0 or (name, function) not in BOUND


def _others_raise(calls):
    for call in calls[1:]:
        call.pop("graph")
        call["status"] = "raised"


def _none_ran(calls):
    for call in calls:
        call["status"] = "not_run"


def _misshapen(calls):
    for call in calls:
        for operation in call["graph"]["operations"]:
            if "bias" in operation["variables"]:
                operation["variables"]["bias"]["shape"].insert(0, 1)


@pytest.mark.parametrize("forge", [_others_raise, _none_ran, _misshapen])
def test_what_cannot_be_computed_anew_is_no_excuse(forge):
    captured = json.loads(right(*ONE).capture)
    forge(captured["calls"])
    assert under_another(*ONE, captured) == 0


@pytest.mark.slow
def test_what_would_take_hours_to_compute_is_not_computed():
    own = right(*ONE)
    challenge, captured = json.loads(own.challenge), json.loads(own.capture)
    call = captured["calls"][0]
    graph = call["graph"]
    last = next(op for op in graph["operations"] if op["kind"] == "Conv2D")
    weights = {"step": 10**9, "trainable": True, "data": "AAAAAA=="}
    last["config"].update(filters=1024, kernel_size=[3, 3], padding="same")
    last["variables"] = {
        "kernel": {**weights, "shape": [3, 3, 1024, 1024]},
        "bias": {**weights, "shape": [1024]},
    }
    number = graph["operations"].index(last)
    node = {"operation": number, "shape": [None, 64, 64, 1024], "training": None}
    graph["nodes"] = [{**node, "inputs": [{"node": n}]} for n in range(600)]
    graph["output"] = 600
    call["challenge"] = call["initial"]
    challenge["calls"][0]["input_shape"] = [64, 64, 1024]
    started = time.process_time()
    assert get_lesson(ONE[0]).judge(ONE[1], challenge, captured)
    assert time.process_time() - started < 60


@pytest.mark.parametrize(
    "key",
    [[[0, 10**9, 1]] * 3, ["..."] * 3, ["x"], [[None, None, 0]], [3, 3], "x", [None]],
    ids=str,
)
def test_slices_are_read_or_refused(key):
    def change(calls):
        for node in (node for call in calls for node in call["graph"]["nodes"]):
            node["key"] = key

    points(NAMES[3], "shortcut", change)


@pytest.mark.parametrize("unused", [3, [{"name": "x"}], [3]])
def test_parameters_that_are_not_used_are_read_or_refused(unused):
    def change(calls):
        calls[0]["graph"]["unused"] = unused

    assert points(NAMES[4], "Bottleneck", change) == 0


@pytest.mark.parametrize("shape", [[-1], [True], ["2"], [2.0], "2", [1] * 9 + [2]])
def test_an_array_of_an_odd_shape_is_refused(shape):
    with pytest.raises(CaptureError, match=r"size|shape|type"):
        read_array({"shape": shape, "data": "AAAAAAAAAAA="})


NUMBERS = st.one_of(
    st.integers(-5, 5),
    st.sampled_from([2**31, 2**63, 10**400, -(2**64)]),
    st.floats(allow_nan=True, allow_infinity=True),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=8), inner, max_size=4),
    ),
    max_leaves=8,
)
KEYS = ("operations", "nodes", "output", "input_shape", "input_dtype")
PROFILE = settings(
    derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.slow
@PROFILE
@given(st.one_of(VALUES, st.fixed_dictionaries(dict.fromkeys(KEYS, VALUES))))
def test_anything_is_a_graph_or_a_sentence(data):
    try:
        graph = read_graph(data)
    except CaptureError:
        return
    assert isinstance(graph, Graph)
    for index, node in enumerate(graph.nodes):
        assert all(source < index for source in node.sources)
        assert all(type(n) is int or n is None for n in node.shape)


@pytest.mark.slow
@PROFILE
@given(st.fixed_dictionaries({"shape": VALUES, "data": st.one_of(VALUES, st.binary())}))
def test_an_array_is_read_or_refused(data):
    try:
        array = read_array(data)
    except CaptureError:
        return
    assert list(array.shape) == data["shape"]
