"""What lesson 3 is judged with: programs, stand-ins, captures, the lesson's numbers."""

import re

import numpy as np
import pytest
import tensorflow as tf

from grader.challenge import named_weight, stand_in
from grader.judge.sample import close
from grader.judge.tensors import programs
from grader.judge.tensors.decide import Judge
from grader.judge.tensors.plan import plan_of
from grader.judge.tensors.reading import input_of
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


def test_numbers_that_are_none_equal_nothing():
    assert not close(np.array([np.nan]), np.array([np.nan]))
    assert not close(np.array([np.inf]), np.array([np.inf]))
    assert not close(np.zeros(2), np.zeros(3))


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
