"""What is captured of the family's functions: counts, aliases, hostile data."""

import copy
import json

import keras
import numpy as np
import pytest

from grader.capture import capture, values
from grader.capture.aliases import redirected
from grader.judge.counts import multiply_adds, parameters
from grader.lessons import get_lesson
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow

LESSON = get_lesson("04_resnet_family")
SOURCE = source_of("04_resnet_family")


def judged(function, captured):
    reports = LESSON.judge(function, LESSON.challenge(function, "one"), captured)
    return sum(report.points for report in reports.values())


@pytest.fixture(scope="module")
def captured():
    names = SOURCE.namespace()
    found = {}
    for function in LESSON.functions:
        challenge = LESSON.challenge(function, "one")
        found[function] = json.loads(json.dumps(capture(challenge, names)))
    return found


@pytest.mark.parametrize("function", ["count_params", "count_flops"])
def test_challenge_models_count_as_keras_does(function):
    for seed in ("one", "two", "three"):
        for call in LESSON.challenge(function, seed)["calls"]:
            model = values.build(call["input_shape"], call["layers"])
            counted = parameters(call["input_shape"], call["layers"])
            assert counted == model.count_params()


def test_multiply_adds_are_those_of_a_loop():
    layers = [
        {"kind": "Conv2D", "filters": 3, "kernel_size": [3, 2], "strides": [2, 1],
         "padding": "same", "use_bias": True, "inputs": [0]},
        {"kind": "Flatten", "inputs": [1]},
        {"kind": "Dense", "units": 5, "use_bias": True, "inputs": [2]},
    ]  # fmt: skip
    model = values.build([7, 6, 2], layers)
    _, height, width, filters = model.layers[1].output.shape
    multiplied = 0
    for _ in np.ndindex(height, width, filters):
        multiplied += 3 * 2 * 2
    assert multiply_adds([7, 6, 2], layers) == multiplied + height * width * filters * 5


@pytest.mark.parametrize(
    ("returned", "number"),
    [(3, 3), (np.int64(4), 4), (np.float64(5.0), 5), (6.0, 6), (np.array(7), 7)],
)
def test_whole_numbers(returned, number):
    assert values.whole(returned) == number


def test_a_tensor_is_a_number():
    assert values.whole(keras.ops.sum(keras.ops.ones((3,)))) == 3


@pytest.mark.parametrize("returned", [None, "3", 2.5, True, [3], np.ones(2), np.inf])
def test_other_things_are_no_counts(returned):
    with pytest.raises((TypeError, ValueError, OverflowError)):
        values.whole(returned)


@pytest.mark.parametrize(
    "value", [True, "138", 1.5, None, 10**30, -(10**30), [1], {"a": 1}]
)
@pytest.mark.parametrize("function", ["count_params", "count_flops"])
def test_hostile_counts_earn_nothing(captured, function, value):
    forged = copy.deepcopy(captured[function])
    forged["calls"][0]["value"] = value
    assert judged(function, forged) == 0


@pytest.mark.parametrize("function", LESSON.functions)
def test_a_capture_of_another_form_earns_nothing(captured, function):
    assert judged(function, captured[function]) > 0
    for calls in (None, [], {}, "calls", captured[function]["calls"][1:], [None] * 99):
        assert judged(function, {**captured[function], "calls": calls}) == 0
    swapped = captured[function]["calls"][::-1]
    assert judged(function, {**captured[function], "calls": swapped}) == 0


@pytest.mark.parametrize("function", ["shortcut", "basic_block", "resnet"])
def test_a_capture_under_another_challenge_earns_nothing(captured, function):
    reports = LESSON.judge(
        function, LESSON.challenge(function, "two"), captured[function]
    )
    assert sum(report.points for report in reports.values()) == 0


def forgeries(own):
    """Changes of one call's graph and outputs, none of them in its form."""
    for path, value in (
        (("graph",), None),
        (("graph", "nodes"), [{}]),
        (("graph", "output"), 10**6),
        (("graph", "operations"), "x"),
        (("challenge",), {"shape": [1], "data": "AAAA"}),
        (("challenge",), None),
    ):
        call = copy.deepcopy(own)
        place = call
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        yield call


@pytest.mark.parametrize("function", ["shortcut", "basic_block", "resnet"])
def test_forged_calls_earn_nothing(captured, function):
    for call in forgeries(captured[function]["calls"][0]):
        calls = [call, *captured[function]["calls"][1:]]
        assert judged(function, {**captured[function], "calls": calls}) == 0


@pytest.mark.parametrize("attr", ["filters", "s", "width", "option", "place"])
@pytest.mark.parametrize("value", ["x", 10**9, 1.5])
def test_forged_calls_of_blocks_earn_no_more(captured, attr, value):
    forged = copy.deepcopy(captured["resnet"])
    for call in forged["calls"]:
        for operation in call["graph"]["operations"]:
            if operation["kind"] == "Block":
                operation["config"][attr] = value
    assert judged("resnet", forged) < 25


@pytest.mark.parametrize(
    "key",
    [[[0, 10**9, 1]] * 3, ["..."] * 3, ["x"], [[None, None, 0]], [3, 3], "x", [None]],
)
def test_forged_slices_are_read_or_refused(captured, key):
    forged = copy.deepcopy(captured["shortcut"])
    for call in forged["calls"]:
        for node in call["graph"]["nodes"]:
            node["key"] = key
    assert judged("shortcut", forged) <= 15


def test_a_function_answers_by_another_while_redirected():
    def twice(x, factor=2):
        return factor * x

    table = {"f": twice}
    with redirected(twice, lambda *args, **kwargs: (args, kwargs)):
        assert table["f"](3, factor=4) == ((3,), {"factor": 4})
    assert table["f"](3) == 6
    assert "__stand_ins_of_aliases__" not in twice.__globals__


def test_a_function_with_free_variables_stays_as_it_is():
    offset = 5

    def shifted(x):
        return x + offset

    with redirected(shifted, lambda x: None):
        assert shifted(1) == 6


def test_blocks_work_after_a_capture(captured):
    names = SOURCE.namespace()
    block = names["basic_block"]
    capture(LESSON.challenge("resnet", "one"), names)
    x = keras.Input((8, 8, 4))
    assert names["basic_block"] is block
    assert block(x, 4).shape == (None, 8, 8, 4)


def test_count_params_of_keras_is_refused_in_the_capture_alone():
    challenge = LESSON.challenge("count_params", "one")
    own = capture(challenge, {"count_params": lambda model: model.count_params()})
    assert {call["status"] for call in own["calls"]} == {"raised"}
    assert values.build([2], [{"kind": "ReLU", "inputs": [0]}]).count_params() == 0


@pytest.mark.parametrize(
    "counts",
    [
        "model.count_params()",
        "keras.layers.Layer.count_params(model)",
        "keras.Model.count_params(model)",
        "sum(type(layer).count_params(layer) for layer in model.layers)",
        "sum(super(type(layer), layer).count_params() for layer in model.layers)",
        "taken(model)",
        "summary_utils.count_params(model.weights)",
        "model.summary() or 0",
    ],
)
def test_keras_does_not_count_for_the_learner(counts):
    names = {}
    exec(
        "import keras\n"
        "from keras.src.utils import summary_utils\n"
        "taken = keras.layers.Layer.count_params\n"
        f"def count_params(model):\n    return {counts}\n",
        names,
    )
    outcome = source_of("04_resnet_family").judge("count_params", names, "one")
    assert outcome.lost == 8
    dense = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    assert dense.count_params() == 9
