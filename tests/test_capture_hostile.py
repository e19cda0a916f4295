"""A capture that was not made by the capture half earns nothing, and breaks nothing."""

import copy
import functools
import json
import math
import random
import time

import pytest

from grader.capture import capture
from grader.report import Failure
from tests.lessons.residual_networks.solution import FUNCTIONS, LESSON, namespace

pytestmark = pytest.mark.slow

SEED = "hostile"


@functools.cache
def _honest(function):
    challenge = LESSON.challenge(function, SEED)
    return json.dumps(challenge), json.dumps(capture(challenge, namespace()))


def honest(function):
    challenge, captured = _honest(function)
    return json.loads(challenge), json.loads(captured)


def points(function, captured):
    challenge, _ = honest(function)
    reports = LESSON.judge(function, challenge, captured)
    assert set(reports) == {c.id for c in LESSON.checks if c.function == function}
    for report in reports.values():
        assert 0 <= report.points <= report.max_points
        assert report.to_text()
        assert report.to_html()
    return sum(report.points for report in reports.values())


@pytest.fixture(params=FUNCTIONS)
def function(request):
    return request.param


def test_honest_capture_earns_all(function):
    assert points(function, honest(function)[1]) in (30, 40)


@pytest.mark.parametrize(
    "captured",
    [
        {},
        {"status": "captured"},
        {"status": "captured", "calls": None},
        {"status": "captured", "calls": []},
        {"status": "captured", "calls": [{}, {}, {}]},
        {"status": "captured", "calls": [1, "two", None]},
        {"status": "captured", "calls": {"0": {}}},
        {"status": "something else"},
        {"status": ["captured"]},
        {"status": "undefined"},
        {"status": "not_callable", "type": "<script>"},
    ],
    ids=repr,
)
def test_empty_captures_earn_nothing(function, captured):
    assert points(function, captured) == 0


@pytest.mark.parametrize(
    "kind", ["undefined", "syntax", "raised", "timeout", "died", "unreadable"]
)
def test_failures_earn_nothing(function, kind):
    assert points(function, Failure(kind, "<b>told</b> & more")) == 0


def changed(function, *path, to):
    """The honest capture with one value changed."""
    _, captured = honest(function)
    place = captured
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return captured


FIRST = ("calls", 0)
GRAPH = (*FIRST, "graph")
CHANGES = {
    "no graph": ((*FIRST, "graph"), None),
    "a list for a graph": ((*FIRST, "graph"), []),
    "no nodes": ((*GRAPH, "nodes"), []),
    "text for nodes": ((*GRAPH, "nodes"), "nodes"),
    "no operations": ((*GRAPH, "operations"), []),
    "operation out of range": ((*GRAPH, "nodes", 0, "operation"), 10**9),
    "negative operation": ((*GRAPH, "nodes", 0, "operation"), -1),
    "operation by name": ((*GRAPH, "nodes", 0, "operation"), "0"),
    "output out of range": ((*GRAPH, "output"), 10**9),
    "output NaN": ((*GRAPH, "output"), math.nan),
    "output by name": ((*GRAPH, "output"), "last"),
    "a cycle": ((*GRAPH, "nodes", 0, "inputs"), [{"node": 5}]),
    "its own input": ((*GRAPH, "nodes", 0, "inputs"), [{"node": 1}]),
    "input -1": ((*GRAPH, "nodes", 0, "inputs"), [{"node": -1}]),
    "no inputs": ((*GRAPH, "nodes", 0, "inputs"), []),
    "inputs as numbers": ((*GRAPH, "nodes", 0, "inputs"), [0]),
    "a constant NaN": ((*GRAPH, "nodes", 0, "inputs"), [{"const": math.nan}]),
    "a constant of text": ((*GRAPH, "nodes", 0, "inputs"), [{"const": "x"}]),
    "a huge constant": ((*GRAPH, "nodes", 0, "inputs"), [{"const": 10**400}]),
    "shape of text": ((*GRAPH, "nodes", 0, "shape"), "shape"),
    "shape None": ((*GRAPH, "nodes", 0, "shape"), None),
    "kind unknown": ((*GRAPH, "operations", 0, "kind"), "os.system"),
    "kind a list": ((*GRAPH, "operations", 0, "kind"), ["Conv2D"]),
    "name a dict": ((*GRAPH, "operations", 1, "name"), {"a": 1}),
    "config a list": ((*GRAPH, "operations", 0, "config"), [1]),
    "config nested deep": ((*GRAPH, "operations", 0, "config"), {"a": [[[[[]]]]]}),
    "config without anything": ((*GRAPH, "operations", 0, "config"), {}),
    "variables a list": ((*GRAPH, "operations", 0, "variables"), []),
    "variables of text": ((*GRAPH, "operations", 0, "variables"), {"kernel": "k"}),
    "no outputs": ((*FIRST, "challenge"), None),
    "outputs of text": ((*FIRST, "challenge"), "yes"),
    "outputs not base64": ((*FIRST, "challenge", "data"), "@@@"),
    "outputs of another shape": ((*FIRST, "challenge", "shape"), [1]),
    "outputs of huge shape": ((*FIRST, "challenge", "shape"), [10**9, 10**9]),
    "outputs of negative shape": ((*FIRST, "challenge", "shape"), [-1, -1]),
    "another call's id": ((*FIRST, "id"), "other_0"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_garbled_capture_is_a_report(function, name):
    path, value = CHANGES[name]
    whole = sum(c.points for c in LESSON.checks if c.function == function)
    assert points(function, changed(function, *path, to=value)) < whole


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("filters", 10**12),
        ("filters", -5),
        ("filters", "six"),
        ("filters", math.nan),
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
def test_hostile_hyperparameters(function, attribute, value):
    _, captured = honest(function)
    operations = captured["calls"][0]["graph"]["operations"]
    conv = next(op for op in operations if op["kind"] == "Conv2D")
    assert attribute in conv["config"]
    conv["config"][attribute] = value
    points(function, captured)


@pytest.mark.parametrize("value", ["AAAAfw==", "AADAfw==", ""])
def test_weights_that_are_not_numbers(function, value):
    _, captured = honest(function)
    for op in captured["calls"][0]["graph"]["operations"]:
        for variable in op["variables"].values():
            if len(variable["shape"]) == 1:
                variable["data"] = value
    whole = sum(c.points for c in LESSON.checks if c.function == function)
    assert points(function, captured) < whole


def test_forged_outputs_earn_less(function):
    _, captured = honest(function)
    for call in captured["calls"]:
        call["challenge"] = copy.deepcopy(captured["calls"][0]["challenge"])
    whole = sum(c.points for c in LESSON.checks if c.function == function)
    assert points(function, captured) < whole


def test_capture_of_another_challenge_earns_less(function):
    other = LESSON.challenge(function, "another student's")
    captured = json.loads(json.dumps(capture(other, namespace())))
    whole = sum(c.points for c in LESSON.checks if c.function == function)
    assert points(function, captured) < whole


def another(function):
    """The capture of a right function under another challenge."""
    return capture(LESSON.challenge(function, "another's"), namespace())


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
    forged = another("identity_block")
    forge(forged["calls"])
    assert points("identity_block", forged) == 0


def test_what_would_take_hours_to_compute_is_not_computed():
    challenge, captured = honest("identity_block")
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
    started = time.monotonic()
    assert LESSON.judge("identity_block", challenge, captured)
    assert time.monotonic() - started < 60


def test_any_one_value_may_be_anything(function):
    """Values changed at random places: always a report, never an exception."""
    rng = random.Random(7)
    _, captured = _honest(function)
    for _ in range(60):
        garbled = json.loads(captured)
        place, key = garbled["calls"], 0
        while True:
            item = place[key]
            if not isinstance(item, (dict, list)) or not item or rng.random() < 0.08:
                break
            place = item
            key = rng.choice(list(item) if isinstance(item, dict) else range(len(item)))
        place[key] = rng.choice(
            [None, -1, 10**20, math.nan, math.inf, "", "x" * 300, [], {}, [[]], True]
        )
        points(function, garbled)
