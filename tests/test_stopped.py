"""Functions on tensors whose calls raise: what they built until then is judged.

Captures as the table has them but for a slip, made with NumPy alone.
"""

import pytest

from grader.challenge import named_weight, stand_in
from grader.judge.tensors.dataflow import value
from grader.judge.tensors.plan import plan_of
from grader.judge.tensors.reading import input_of
from grader.judge.tensors.rows import INPUT
from grader.lessons import NAMES, get_lesson
from grader.lessons.resnet_from_tensors import LIBRARY
from tests.lessons.outcome import Outcome
from tests.own_lessons.paper import sample

TENSORS = NAMES[2]
UNLIKE = "Incompatible shapes: [2,2,2,16] vs. [2,4,4,8]"


def raised(call, message, **built):
    """A call that raised, with what it had built."""
    line = {"number": 18, "source": "return tf.nn.relu(h + shortcut)"}
    error = {"type": "InvalidArgumentError", "message": message, "line": line}
    return {"id": call["id"], "status": "raised", "error": error, **built}


def recorded(function, challenge, call, skipped=(), key="", **arguments):
    """The calls of a net with a slip, and what it gives; None for what cannot be."""
    x = input_of(challenge["seed"], call).astype("float32")
    plan = plan_of(LIBRARY[function], LIBRARY, call["arguments"], x.shape[-1])
    seed, values, calls = f"{challenge['seed']}/{call['id']}", {INPUT: x}, []
    for planned in plan.calls:
        if planned.key in skipped:
            continue
        given = value(planned.source, values).astype("float32")
        passed = {**planned.arguments, **(arguments if planned.key == key else {})}
        called = {"function": planned.function, "arguments": passed}
        calls.append({**called, "path": planned.path, "input": sample(given)})
        extent, channels = planned.callee.extent, given.shape[-1]
        sizes = extent.of(channels, passed)
        place = len(calls) - 1
        values[planned.key] = stand_in(seed, place, given, *sizes, valid=extent.valid)
        if planned.key == key:
            return calls, None
    if skipped and set(skipped) & {planned.key for planned in plan.calls}:
        return calls, None
    outputs = {name: sample(value(flow, values)) for name, flow in plan.outputs.items()}
    return calls, outputs


def judged(function, message, **slip):
    """Judges a net with a slip, which raises where shapes do not fit."""
    lesson = get_lesson(TENSORS)
    challenge, written = lesson.challenge(function, "stopped"), []
    for call in challenge["calls"]:
        calls, outputs = recorded(function, challenge, call, **slip)
        if outputs is None:
            written.append(raised(call, message, calls=calls))
            continue
        run = {"outputs": outputs, "variables": [], "changed": {}, "calls": calls}
        written.append(
            {"id": call["id"], "status": "captured", "runs": {"recorded": run}}
        )
    capture = {"status": "captured", "calls": written}
    return Outcome(lesson.judge(function, challenge, capture))


def test_a_bottleneck_without_its_projection_loses_what_lacks():
    outcome = judged("bottleneck", UNLIKE, skipped=("conv_4", "bn_4"))
    finding, *others = outcome.findings
    assert outcome.lost == 6
    assert not any(other.price for other in others)
    assert finding.layer == "conv_4"
    assert finding.message.startswith("conv_4 is missing")
    assert "The same for bn_4. With that, bottleneck combines" in finding.message
    assert "line 18" in finding.look


@pytest.mark.parametrize(
    ("function", "key", "message", "argument"),
    [
        ("bottleneck", "conv_3", UNLIKE, {"num_outputs": 4}),
        ("bottleneck", "conv_2", UNLIKE, {"stride": 3}),
        ("block", "bottleneck1", UNLIKE, {"n_out": 4}),
    ],
)
def test_what_made_every_call_raise_comes_first(function, key, message, argument):
    outcome = judged(function, message, key=key, **argument)
    assert not any(outcome.points.values())
    finding = next(iter(outcome.reports.values())).findings[0]
    ((name, found),) = argument.items()
    assert finding.layer == key
    assert finding.message.startswith(f"{key}: {name} is {found}")
    assert "With that, " in finding.message


def test_an_error_of_another_kind_is_not_said_to_come_of_it():
    outcome = judged("bottleneck", "name 'h' is not defined", key="conv_1", stride=1)
    finding = next(iter(outcome.reports.values())).findings[0]
    assert "With that" not in finding.message
    assert "Before that, conv_1: stride is 1" in finding.message


@pytest.mark.parametrize(
    ("function", "name"),
    [("fc", "weight"), ("conv2d", "kernel"), ("batch_norm", "beta")],
)
def test_a_variable_of_another_shape_is_named_before_the_error(function, name):
    lesson = get_lesson(TENSORS)
    challenge = lesson.challenge(function, "stopped")

    def built(call):
        path = f"{call['arguments'].get('scope', function)}/{name}"
        initial = sample(named_weight("start", path, (3, 11)))
        made = {"path": path, "trainable": True, "requests": 1, "initial": initial}
        return raised(call, "Matrix size-incompatible", variables=[made])

    calls = [built(call) for call in challenge["calls"]]
    reports = lesson.judge(function, challenge, {"status": "captured", "calls": calls})
    assert not any(report.points for report in reports.values())
    finding = next(iter(reports.values())).findings[0]
    assert finding.message.startswith(f'"{name}" has another shape than [')
    assert "With that, " in finding.message
