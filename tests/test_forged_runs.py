"""Runs of functions on tensors, and trainings, that no capture would write down."""

import base64
import json
import time

import numpy as np
import pytest

from grader.judge.strict import CaptureError
from grader.judge.tensors.reading import read_calls
from grader.judge.training.reading import read_partial
from grader.lessons import NAMES, get_lesson
from tests.fuzz_captures import changed, points, right, under_another, whole

TENSORS, FIT = NAMES[2], (NAMES[1], "compile_and_fit")
VECTOR = {"shape": [1], "step": 1, "data": "AAAAAA=="}


def runs(calls):
    return [run for call in calls for run in call["runs"].values()]


def outputs(**change):
    """Changes the outputs of the first run."""

    def spoil(calls):
        for value in runs(calls)[0]["outputs"].values():
            value.update(change)

    return spoil


def first(**change):
    """Changes the first run."""
    return lambda calls: runs(calls)[0].update(change)


SPOILT = {
    "no runs": lambda calls: calls[0].update(runs={}),
    "runs are a list": lambda calls: calls[0].update(runs=[]),
    "another id": lambda calls: calls[0].update(id="x"),
    "a huge shape": outputs(shape=[10**5, 10**5]),
    "short data": outputs(data="AAAAAAAA"),
    "no base64": outputs(data="§§"),
    "a negative step": outputs(step=-1),
    "True as a size": outputs(shape=[True]),
    "other outputs": first(outputs={"more": None}),
    "many variables": first(variables=[{}] * 601),
    "a value of nothing": first(changed={"x/y": VECTOR}),
}


@pytest.mark.parametrize("spoilt", SPOILT)
@pytest.mark.parametrize("function", get_lesson(TENSORS).functions)
def test_what_cannot_be_read_earns_nothing(function, spoilt):
    own = right(TENSORS, function)
    captured = json.loads(own.capture)
    SPOILT[spoilt](captured["calls"])
    with pytest.raises(CaptureError):
        read_calls(json.loads(own.challenge), captured)
    assert points(TENSORS, function, captured) == 0


@pytest.mark.parametrize("value", [10**9, "x", [1], float("nan")])
def test_arguments_of_recorded_calls_are_plain_numbers(value):
    own = right(TENSORS, "ResNet50")
    captured = json.loads(own.capture)
    runs(captured["calls"])[0]["calls"][0]["arguments"]["stride"] = value
    with pytest.raises(CaptureError):
        read_calls(json.loads(own.challenge), captured)


def test_recorded_calls_that_would_fill_the_memory_are_refused():
    def change(calls):
        call = runs(calls)[0]["calls"][0]
        call["arguments"].update(num_outputs=300, stride=1)
        runs(calls)[0]["calls"] = [call] * 100

    assert points(TENSORS, "ResNet50", change) == 0


def test_calls_that_lead_nowhere_take_no_time():
    """Calls whose inputs nothing gives: each is compared with many tensors."""
    noise = np.random.default_rng(1).standard_normal((2, 4, 4, 128)).astype("<f4")
    data = base64.b64encode(noise.tobytes()).decode()
    given = {"shape": [2, 4, 4, 128], "step": 1, "data": data}

    def change(calls):
        for run in runs(calls):
            run["calls"] = [{**run["calls"][1], "input": given}] * 200

    started = time.process_time()
    assert points(TENSORS, "ResNet50", change) < whole(TENSORS, "ResNet50")
    assert time.process_time() - started < 60


def test_variables_that_no_layer_has_are_refused():
    size = -(-2_000_000 // 1001)
    data = base64.b64encode(bytes(4 * size)).decode()

    def change(calls):
        run = calls[0]["runs"]["real"]
        made = run["variables"][0]
        made["initial"] = {"shape": [2_000_000], "step": 1001, "data": data}
        run["changed"].pop(made["path"], None)

    assert points(TENSORS, "batch_norm", change) == 0


def test_outputs_of_another_challenge_earn_nothing():
    """A capture is bound to its seed: it cannot be handed on."""
    captured = json.loads(right(TENSORS, "batch_norm").capture)
    assert under_another(TENSORS, "batch_norm", captured) <= 5


def test_a_capture_that_keeps_quiet_about_changes_earns_nothing_for_them():
    """A moving average that is not told is one that has not moved."""

    def change(calls):
        for run in runs(calls):
            run["changed"] = {}

    assert points(TENSORS, "batch_norm", change) <= 14


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("kernel", "shape"), [1, 2]),
        (("kernel", "data"), "!"),
        (("bias",), None),
        (("steps",), [{"rows": [0], "labels": True, "weighted": False}] * 2001),
        (("steps", 0, "rows"), [True]),
        (("steps", 0, "rows"), [40]),
        (("steps", 0, "rows"), []),
        (("steps", 0, "rows"), list(range(40)) * 6),
        (("steps", 0, "labels"), 1),
        (("fits", 0, "epochs"), -1),
        (("fits", 0, "epochs"), 10**9),
        (("fits", 0, "steps"), 2.0),
        (("fits", 0, "steps"), 1999),
        (("fits", 0, "history"), {str(n): [] for n in range(99)}),
        (("fits", 0, "history"), {"loss": ["0"]}),
        (("fits", 0, "history"), {"loss": [0.0] * 999}),
        (("fits",), "fits"),
        (("compiled", 0, "optimizer"), None),
        (("compiled", 0, "optimizer", "learning_rate"), "1"),
        (("compiled", 0, "loss", "name"), "x" * 999),
        (("compiled", 0, "optimizer", "others"), {"beta_1": [1]}),
        (("returned", "own"), "yes"),
        (("returned",), []),
        (("id",), "another"),
    ],
)
def test_a_training_that_is_not_of_the_form_earns_nothing(path, value):
    captured = json.loads(right(*FIT).capture)
    changed(captured["calls"][0], path, lambda _: value)
    assert points(*FIT, captured) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("given", ["images"]),
        ("given", ["images"] * 3),
        ("given", [1, 2]),
        ("given", {"x": 1}),
        ("copies", -1),
        ("copies", True),
        ("compiled", [[]]),
        ("compiled", 1),
    ],
)
def test_what_is_said_of_a_training_that_failed_is_read_strictly(name, value):
    captured = json.loads(right(*FIT).capture)
    partial = {"compiled": [], "given": None, "copies": 0}
    captured["calls"][0] = {
        "id": captured["calls"][0]["id"],
        "status": "raised",
        "error": {"type": "ValueError", "message": "no", "line": None},
        "code": None,
        "partial": partial | {name: value},
    }
    with pytest.raises(CaptureError):
        read_partial(captured["calls"][0])
    assert points(*FIT, captured) == 0


def test_numbers_of_another_training_are_noticed():
    def swap(calls):
        calls[0].update({name: calls[2][name] for name in ("kernel", "bias")})

    def report(calls):
        calls[0]["fits"][0]["history"]["loss"] = [1.0, None]

    assert points(*FIT, swap) == points(*FIT, report) == 16
