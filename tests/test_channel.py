"""The text of a capture is JSON and nothing else."""

import json

import pytest

from grader.capture import to_text
from grader.nbgrader.kernels.channel import LONGEST, parse, read, unreadable
from grader.practice import Practice
from grader.report import CheckFailed, Failure
from grader.sandbox.client import LONGEST_MESSAGE

pytestmark = pytest.mark.slow


def test_an_object_is_read():
    assert parse('{"calls": [1, {"a": null}]}') == {"calls": [1, {"a": None}]}


@pytest.mark.parametrize(
    "text",
    [
        None,
        {"calls": []},
        b"{}",
        "",
        "[]",
        "1",
        '{"a": 1, "a": 2}',
        '{"a": {"b": 1, "b": 1}}',
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1',
        '{"a": 1} {}',
        "{'a': 1}",
        '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}",
        json.dumps({"a": "x" * LONGEST}),
        '{"a": ' + "9" * 5_000 + "}",
    ],
    ids=lambda text: repr(text)[:20],
)
def test_anything_else_is_none(text):
    assert parse(text) is None


def too_large():
    """A capture of one call with more layers than can be read."""
    layer = {"kind": "Activation", "name": "x" * 200, "config": {}, "variables": {}}
    graph = {"operations": [layer] * 20_000, "nodes": []}
    call = {"id": "shown", "status": "captured", "graph": graph}
    return {"function": "ResNet50", "status": "captured", "calls": [call]}


def test_a_capture_over_the_limit_is_told_with_what_is_large():
    sent = to_text(too_large(), LONGEST)
    assert len(sent) < 1000
    failure = read("ResNet50", sent)
    assert isinstance(failure, Failure)
    size = f"{len(json.dumps(too_large())):,}"
    assert f"takes {size} characters to write down" in failure.message
    assert failure.message.endswith("describe layers and their weights.")


def test_practice_refuses_what_grading_refuses(monkeypatch, capsys):
    """With the same sentence, and without a point."""
    monkeypatch.setattr("grader.capture.capture", lambda *_: too_large())
    with pytest.raises(CheckFailed) as refused:
        Practice("01_residual_networks").check("ResNet50-plan", lambda: None)
    failure = read("ResNet50", to_text(too_large(), LONGEST))
    assert isinstance(failure, Failure)
    assert failure.message in " ".join(capsys.readouterr().out.split())
    assert refused.value.report.points == 0


@pytest.mark.parametrize("told", [{}, {"size": "1"}, {"size": True, "part": "x"}])
def test_a_size_that_is_none_is_not_repeated(told):
    sent = json.dumps({"function": "f", "status": "too_large", **told})
    assert read("f", sent) == unreadable("f")


def test_numbers_that_are_not_finite_travel_as_null():
    captured = {"function": "f", "calls": [{"loss": [1.5, float("nan")]}, (-1e999,)]}
    assert parse(to_text(captured, LONGEST))["calls"] == [{"loss": [1.5, None]}, [None]]


def test_the_longest_text_fits_into_a_message_of_the_sandbox():
    """Even if each of its characters is escaped there."""
    assert 2 * LONGEST + 10_000 < LONGEST_MESSAGE
