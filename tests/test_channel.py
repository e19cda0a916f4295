"""The text of a capture is JSON and nothing else."""

import json

import pytest

from grader.nbgrader.channel import LONGEST, parse


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
