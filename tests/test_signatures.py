"""A function that lacks an argument of the lesson is told so; the rest is judged."""

import ast
import math

import pytest

from grader.judge.finding import Finding
from grader.judge.signature import (
    Signature,
    Spare,
    read_signature,
    with_signature,
    without,
)
from grader.judge.strict import CaptureError
from grader.judge.verdict import Verdict, nothing
from grader.lessons import NAMES
from tests.lessons.source import source_of

CALLS = [
    {"id": "shown", "arguments": {"f": 3, "s": 2}},
    {"id": "other", "arguments": {"f": 5, "s": 1, "mode": True}},
    {"id": "defaults", "arguments": {"f": 7}},
]
CHALLENGE = {"function": "g", "returns": "tensor", "calls": CALLS}


def read(own, left_out=(), challenge=CHALLENGE):
    signature = {"own": own.split(), "left_out": list(left_out)}
    return read_signature(challenge, {"signature": signature})


def test_what_a_signature_lacks():
    assert read_signature(CHALLENGE, {}) == Signature()
    assert read("X f s mode") == Signature(("X", "f", "s", "mode"))
    assert read("X f s", ["mode"]).missing == ("mode",)
    assert not read("X f s", ["mode"]).few
    assert read("X f", ["s", "mode"]).few
    assert read("f X s mode").late == "f"
    assert read("x kernel stride train").renamed
    model = {**CHALLENGE, "returns": "model"}
    assert read("f s mode", challenge=model) == Signature(("f", "s", "mode"))


@pytest.mark.parametrize(
    "signature",
    [
        3,
        {},
        {"own": ["X"], "left_out": [3]},
        {"own": ["X"] * 50, "left_out": []},
        {"own": ["X", "f"], "left_out": ["f"]},
        {"own": ["X"], "left_out": ["more"]},
    ],
)
def test_a_forged_signature_is_refused(signature):
    with pytest.raises(CaptureError):
        read_signature(CHALLENGE, {"signature": signature})


def test_calls_are_judged_without_what_was_not_passed():
    spare = Spare(frozenset(("s", "mode")), fixed=True)
    calls = without(CHALLENGE, ("f", "mode"), spare)["calls"]
    assert [call["arguments"] for call in calls] == [
        {"f": 3, "s": 2},
        {"f": 3, "s": 1},
        {"f": 3},
    ]
    assert without(CHALLENGE, (), spare) is CHALLENGE
    kept = without(CHALLENGE, ("f",), Spare())["calls"]
    assert [call["arguments"] for call in kept] == [c["arguments"] for c in CALLS]


@pytest.mark.parametrize(("points", "price"), [(5, 1), (25, 3), (30, 3), (40, 4)])
def test_a_missing_argument_costs_its_price_beside_the_rest(points, price):
    other = Finding("g-layers", 2, "conv", "", "Another.", "")
    signature = Signature(("X", "f", "s"), ("mode",))
    verdict = with_signature("g", Verdict(1.0, (other,)), signature, points)
    (first,) = (f for f in verdict.findings if f.check == "g-")
    assert (first.price, verdict.most) == (price, 1.0)
    said = "g has no argument `mode`: its parameters are (X, f, s)."
    assert first.message == said
    assert first.look == "The line that defines g, with its parameters."
    failed = with_signature("g", nothing("g", "g stops.", ""), signature, points)
    assert failed.findings[0].message == f"{said} g stops."
    few = with_signature("g", verdict, Signature(("X",), ("f", "s"), few=True), points)
    assert few.most == 0.5


def test_other_names_cost_nothing():
    verdict = with_signature("g", Verdict(1.0, ()), read("x kernel s train"), 30)
    assert not verdict.findings
    assert (
        "have other names than in the lesson (x, kernel, s, train)" in verdict.notes[0]
    )


def lacking():
    """Each function with an argument that it has a default for: the last of them."""
    for name in NAMES:
        for function in source_of(name).lesson.functions:
            tree = ast.parse(source_of(name).solution(function)).body[-1]
            body = [tree]
            if isinstance(tree, ast.ClassDef):
                body = [node for node in tree.body if node.name == "__init__"]
            if body[0].args.defaults:
                yield name, function


def edited(source):
    """A function whose last parameter is a name of its own, not an argument."""
    module = ast.parse(source)
    tree = module.body[-1]
    if isinstance(tree, ast.ClassDef):
        tree = next(node for node in tree.body if node.name == "__init__")
    name, default = tree.args.args.pop().arg, tree.args.defaults.pop()
    own = ast.Assign([ast.Name(name, ast.Store())], default)
    tree.body.insert(isinstance(tree.body[0], ast.Expr), own)
    return name, ast.unparse(ast.fix_missing_locations(module))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "function"), list(lacking()))
def test_a_right_function_without_its_last_argument(name, function):
    if function == "Bottleneck":
        pytest.skip("without project no shortcut fits what the lesson shows")
    lesson = source_of(name)
    argument, source = edited(lesson.solution(function))
    outcome = lesson.judge(function, source, "signature")
    points = sum(report.max_points for report in outcome.reports.values())
    assert outcome.findings[0].message.startswith(
        f"{function} has no argument `{argument}`: its parameters are ("
    )
    price = math.ceil(points / 10)
    assert price <= outcome.lost <= (price if argument != "scope" else price + 2)
