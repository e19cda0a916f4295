"""What lesson 3 is judged with: programs, stand-ins, captures, the lesson's numbers."""

import base64
import copy
import json
import re
import time

import numpy as np
import pytest
import tensorflow as tf

from grader.capture import capture
from grader.challenge import named_weight, stand_in
from grader.judge.sample import close
from grader.judge.strict import CaptureError
from grader.judge.tensors import programs
from grader.judge.tensors.decide import Judge
from grader.judge.tensors.layers import input_of
from grader.judge.tensors.plan import plan_of
from grader.judge.tensors.reading import read_calls
from grader.judge.tensors.rows import CallRow, Net, library
from grader.judge.tensors.switches import Observation, Switch, fewest_switches
from grader.judge.tensors.variables import asked_of
from grader.judge.tensors.whole import Pass
from grader.lessons import get_lesson
from grader.lessons.resnet_from_tensors import (
    AVG_POOL,
    BATCH_NORM,
    BOTTLENECK,
    CONV2D,
    FC,
    LIBRARY,
    MAX_POOL,
    RESNET50,
)
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow

NAME = "03_resnet_from_tensors"
LESSON = get_lesson(NAME)
SOURCE = source_of(NAME)
RNG = np.random.default_rng(0)


def drawn(*shape):
    return RNG.standard_normal(shape).astype("float32")


@pytest.mark.parametrize(
    ("size", "kernel", "stride"), [(6, 3, 2), (7, 2, 3), (5, 7, 1)]
)
def test_conv2d_is_that_of_tensorflow(size, kernel, stride):
    x, weights = drawn(2, size, size + 1, 3), drawn(kernel, kernel, 3, 4)
    call = {"kernel_size": kernel, "stride": stride}
    for padding in ("same", "valid"):
        if padding == "valid" and kernel > size:
            continue
        asked = tf.nn.conv2d(x, weights, stride, padding.upper()).numpy()
        found = programs.conv2d(x, {"kernel": weights}, call, padding=padding)
        assert close(found["output"], asked)


@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_is_that_of_keras(training):
    """Keras keeps the population variance and no zero-debias, as the lesson does."""
    import keras

    x = drawn(4, 3, 5, 2) + 2
    layer = keras.layers.BatchNormalization(momentum=0.7, epsilon=0.01)
    layer.build(x.shape)
    values = {
        name: RNG.uniform(0.5, 1.5, 2).astype("float32")
        for name in ("gamma", "beta", "moving_mean", "moving_variance")
    }
    for name, value in values.items():
        getattr(layer, name).assign(value)
    asked = np.asarray(layer(x, training=training))
    call = {"decay": 0.7, "epsilon": 0.01, "is_training": training}
    found = programs.batch_norm(x.astype("float64"), values, call)
    assert close(found["output"], asked)
    for name in ("moving_mean", "moving_variance"):
        assert np.allclose(found[name], getattr(layer, name).numpy(), atol=1e-5)


def test_the_published_class_used_zero_debias():
    """It is the default there, as the lesson says; the first value arrives whole."""
    import inspect

    from tensorflow.python.training import moving_averages

    update = moving_averages.assign_moving_average
    assert inspect.signature(update).parameters["zero_debias"].default is True
    average, value, decay = 0.0, 3.0, 0.999
    average = decay * average + (1 - decay) * value
    assert average / (1 - decay) == pytest.approx(value)


@pytest.mark.parametrize("layer", [CONV2D, BATCH_NORM, AVG_POOL, MAX_POOL, FC])
def test_each_known_mistake_changes_a_number(layer):
    """A switch that changes nothing under the challenges would explain anything."""
    challenge = LESSON.challenge(layer.name, "switches")
    for switch in layer.slips:
        if switch.name == "extra":
            continue
        changed = False
        for call in challenge["calls"]:
            x = input_of("switches", call)
            arguments = layer.bound(call["arguments"])
            values = {
                v.name: named_weight("s", f"a/{v.name}", v.shape)
                for v in asked_of(layer, x.shape[-1], arguments)
            }
            with np.errstate(all="ignore"):
                right = layer.program(x, values, arguments)
                try:
                    wrong = layer.program(
                        x, values, arguments, **{switch.name: switch.value}
                    )
                except ValueError:
                    changed = True
                    continue
            changed = changed or any(
                not close(np.asarray(wrong[n]), np.asarray(right[n])) for n in right
            )
        assert changed, switch


def test_the_fewest_switches_explain():
    def compute(a=0, b=0):
        return {"output": np.array([1.0 + a, 2.0 + b])}

    one = Switch("a", 1, "values", 1, "a")
    other = Switch("b", 1, "values", 1, "b")
    seen = Observation(compute, {"output": np.array([2.0, 2.0])})
    assert fewest_switches([seen], [one, other]) == (one,)
    seen = Observation(compute, {"output": np.array([2.0, 3.0])})
    assert fewest_switches([seen], [one, other]) == (one, other)
    seen = Observation(compute, {"output": np.array([5.0, 3.0])})
    assert fewest_switches([seen], [one, other]) is None
    seen = Observation(compute, {"output": np.array([np.nan, 2.0])})
    assert fewest_switches([seen], [one, other]) is None


def test_parameters_and_shapes_of_the_lesson():
    """267 variables, 25,610,152 numbers; Keras's have 26,560 biases beside them."""
    total = kept = count = 0
    channels, filters = 3, 64
    kernels = [(7, 3, 64)]
    width = 64
    for block in RESNET50.rows[3:7]:
        n_out, n = block.settings["n_out"], block.settings["n"]
        for _ in range(n):
            given = {"h_out": n_out // 4, "n_out": n_out}
            for call in plan_of(BOTTLENECK, LIBRARY, given, width).calls:
                if call.function == "conv2d":
                    k = call.arguments["kernel_size"]
                    out = call.arguments["num_outputs"]
                    source = width if call.key in ("conv_1", "conv_4") else n_out // 4
                    kernels.append((k, source, out))
            width = n_out
    for k, source, out in kernels:
        total += k * k * source * out + 4 * out
        kept += 2 * out
        count += 5
    total += 2048 * 1000 + 1000
    assert (count + 2, total, kept) == (267, 25_610_152, 53_120)
    assert len(kernels) == 53
    assert sum(out for *_, out in kernels) == 26_560
    assert total + 26_560 == 25_636_712
    assert (channels, filters) == (3, 64)


def test_shapes_of_the_lesson_are_those_of_the_plan():
    plan = plan_of(RESNET50, LIBRARY, {}, 3)
    x = np.zeros((1, 224, 224, 3), "float32")
    shapes = []
    for place, call in enumerate(plan.calls):
        if "squeeze" in call.source.how:
            x = x[:, 0, 0]
        extent = call.callee.extent
        stride, width = extent.of(x.shape[-1], call.arguments)
        x = stand_in("s", place, x, stride, width, valid=extent.valid)
        shapes.append("×".join(map(str, x.shape[1:])))
    text = SOURCE.solution_notebook.read_text("utf-8")
    for shape in shapes:
        assert shape in text
    sides = [112, 112, 56, 56, 28, 14, 7, 1]
    assert [int(shape.split("×")[0]) for shape in shapes[:8]] == sides
    assert shapes[-1] == "1000"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (CallRow("a", "dense", {}), "calls dense, which is no earlier function"),
        (CallRow("a", "fc", {"units": 3}), "fc has no parameter 'units'"),
        (CallRow("a", "fc", {"num_outputs": "width"}), "'width' is nothing in"),
        (CallRow("a", "fc", {"num_outputs": "3 * n_out"}), "is nothing in"),
        (CallRow("a", "fc", {"num_outputs": 3}, after="b"), "after b, which is no"),
        (
            CallRow("a", "fc", {"num_outputs": 3}, how="gelu"),
            "nothing is called 'gelu'",
        ),
        (CallRow("a", "fc", {"num_outputs": 3}, repeat="times"), "on a condition"),
        (CallRow("x", "fc", {"num_outputs": 3}), "two rows have the key 'x'"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(row, problem):
    net = Net(
        "net",
        BOTTLENECK.parameters,
        rows=(row,),
        outputs=(),
        sentence="",
        calls="calls",
        wiring="wiring",
    )
    with pytest.raises(ValueError, match=f"net: .*{re.escape(problem)}"):
        library(FC, net)


def test_a_check_that_is_missing_is_refused():
    with pytest.raises(ValueError, match=r"fc has no checks \['variables'\]"):
        Judge(FC, LIBRARY, {"values": 10}, {})


@pytest.fixture(scope="module")
def captured():
    names = SOURCE.namespace()
    found = {}
    for function in ("batch_norm", "bottleneck", "ResNet50"):
        challenge = LESSON.challenge(function, "hostile")
        result = capture(json.loads(json.dumps(challenge)), names)
        found[function] = challenge, json.loads(json.dumps(result))
    return found


def lost(function, challenge, result):
    reports = LESSON.judge(function, challenge, result)
    return sum(report.max_points - report.points for report in reports.values())


@pytest.mark.parametrize("function", ["batch_norm", "bottleneck", "ResNet50"])
def test_a_capture_of_the_solution_loses_nothing(captured, function):
    assert lost(function, *captured[function]) == 0


def runs(result):
    return [run for call in result["calls"] for run in call["runs"].values()]


def _calls_gone(result):
    result["calls"].pop()


def _other_id(result):
    result["calls"][0]["id"] = "x"


def _no_runs(result):
    result["calls"][0]["runs"] = {}


def _runs_a_list(result):
    result["calls"][0]["runs"] = []


def _huge_shape(result):
    runs(result)[0]["outputs"] = {
        name: {**value, "shape": [10**5, 10**5]}
        for name, value in runs(result)[0]["outputs"].items()
    }


def _short_data(result):
    for value in runs(result)[0]["outputs"].values():
        value["data"] = value["data"][:8]


def _no_base64(result):
    for value in runs(result)[0]["outputs"].values():
        value["data"] = "§§"


def _negative_step(result):
    for value in runs(result)[0]["outputs"].values():
        value["step"] = -1


def _true_as_size(result):
    for value in runs(result)[0]["outputs"].values():
        value["shape"] = [True]


def _other_outputs(result):
    runs(result)[0]["outputs"] = {"more": None}


def _many_variables(result):
    runs(result)[0]["variables"] = [{}] * 601


def _after_of_nothing(result):
    runs(result)[0]["changed"] = {"x/y": {"shape": [1], "step": 1, "data": "AAAAAA=="}}


@pytest.mark.parametrize("function", ["batch_norm", "bottleneck", "ResNet50"])
@pytest.mark.parametrize(
    "spoil",
    [
        _calls_gone,
        _other_id,
        _no_runs,
        _runs_a_list,
        _huge_shape,
        _short_data,
        _no_base64,
        _negative_step,
        _true_as_size,
        _other_outputs,
        _many_variables,
        _after_of_nothing,
    ],
)
def test_what_cannot_be_read_earns_nothing(captured, function, spoil):
    challenge, result = captured[function]
    result = copy.deepcopy(result)
    spoil(result)
    with pytest.raises(CaptureError):
        read_calls(challenge, result)
    points = sum(c.points for c in LESSON.checks if c.function == function)
    assert lost(function, challenge, result) == points


@pytest.mark.parametrize("value", [10**9, "x", [1], float("nan")])
def test_arguments_of_recorded_calls_are_plain_numbers(captured, value):
    challenge, result = copy.deepcopy(captured["ResNet50"])
    runs(result)[0]["calls"][0]["arguments"]["stride"] = value
    with pytest.raises(CaptureError):
        read_calls(challenge, result)


def test_recorded_calls_that_would_fill_the_memory_are_refused(captured):
    challenge, result = copy.deepcopy(captured["ResNet50"])
    first = runs(result)[0]["calls"][0]
    first["arguments"].update(num_outputs=300, stride=1)
    runs(result)[0]["calls"] = [first] * 100
    assert lost("ResNet50", challenge, result) == 20


def test_calls_that_lead_nowhere_take_no_time(captured):
    """Calls whose inputs nothing gives: each is compared with many tensors."""
    challenge, result = copy.deepcopy(captured["bottleneck"])
    noise = np.random.default_rng(1).standard_normal((2, 4, 4, 128)).astype("<f4")
    data = base64.b64encode(noise.tobytes()).decode()
    given = {"shape": [2, 4, 4, 128], "step": 1, "data": data}
    for call in result["calls"]:
        del call["runs"]["real"]
        first = call["runs"]["recorded"]["calls"][1]
        call["runs"]["recorded"]["calls"] = [{**first, "input": given}] * 200
    started = time.process_time()
    assert lost("bottleneck", challenge, result) > 0
    assert time.process_time() - started < 60


def test_variables_that_no_layer_has_are_refused(captured):
    challenge, result = copy.deepcopy(captured["batch_norm"])
    made = result["calls"][0]["runs"]["real"]["variables"][0]
    made["initial"] = {"shape": [2_000_000], "step": 1001, "data": ""}
    size = -(-2_000_000 // 1001)
    made["initial"]["data"] = base64.b64encode(bytes(4 * size)).decode()
    result["calls"][0]["runs"]["real"]["changed"].pop(made["path"], None)
    assert lost("batch_norm", challenge, result) == 20


def test_numbers_that_are_none_equal_nothing():
    assert not close(np.array([np.nan]), np.array([np.nan]))
    assert not close(np.array([np.inf]), np.array([np.inf]))
    assert not close(np.zeros(2), np.zeros(3))


def test_outputs_of_another_challenge_earn_nothing(captured):
    """A capture is bound to its seed: it cannot be handed on."""
    _, result = captured["batch_norm"]
    other = LESSON.challenge("batch_norm", "another")
    assert lost("batch_norm", other, result) >= 15


def test_the_pass_over_a_bottleneck_is_that_of_the_solution():
    names = SOURCE.namespace()
    store = names["store"]
    store.clear()
    x = drawn(2, 6, 6, 8)
    given = {"h_out": 4, "n_out": 16, "scope": "b"}
    plan = plan_of(BOTTLENECK, LIBRARY, given, 8)
    own = Pass("seed", LIBRARY)
    names["bottleneck"](x, 4, 16, scope="b")
    store.assign(
        {
            path: named_weight("seed", path, tuple(variable.shape))
            for path, variable in store.variables.items()
        }
    )
    asked = own.outputs(plan, x.astype("float64"))["output"]
    assert close(names["bottleneck"](x, 4, 16, scope="b").numpy(), asked)
    for path, value in own.moved.items():
        assert np.allclose(store.variables[path].numpy(), value, atol=1e-5)
    store.clear()


def test_a_capture_leaves_the_learners_store_as_it_was():
    names = SOURCE.namespace()
    store = names["store"]
    store.clear()
    mine = names["create_var"]("mine", [2], "zeros")
    before = dict(vars(store))
    SOURCE.judge("fc", names, "store")
    assert dict(vars(store)) == before
    assert store.variables == {"mine": mine}
    assert names["create_var"]("mine", [2], "ones") is mine
    store.clear()


def test_the_store_refuses_one_path_with_two_shapes():
    names = SOURCE.namespace()
    names["store"].clear()
    names["create_var"]("w", [2], "zeros")
    with pytest.raises(ValueError, match="do two layers have one scope"):
        names["create_var"]("w", [3], "zeros")
    names["store"].clear()


def test_a_capture_that_keeps_quiet_about_changes_earns_nothing_for_them(captured):
    """A moving average that is not told is one that has not moved."""
    challenge, result = copy.deepcopy(captured["batch_norm"])
    for run in runs(result):
        run["changed"] = {}
    assert lost("batch_norm", challenge, result) >= 6
