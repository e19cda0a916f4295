"""What batch_norm gives, where a line of it is another: charged once, and told.

Results are those of the judge's own program with a mistake, or are made up.
"""

import functools

import numpy as np
import pytest

from grader.challenge import named_weight
from grader.judge.tensors.formulas import FORMULAS, RIGHT, value_of
from grader.judge.tensors.reading import input_of
from grader.judge.tensors.results import wrong_results
from grader.judge.tensors.switches import Observation
from grader.judge.tensors.variables import asked_of
from grader.lessons import get_lesson
from grader.lessons.resnet_from_tensors import BATCH_NORM

POINTS = {"training": 5, "moving": 6, "inference": 4}
WITHOUT_MEAN = "gamma * x / sqrt(variance + epsilon) + beta"


def observed(change):
    """What a batch_norm gives, by check.

    Args:
        change: from the program of a call, its arguments and its variables to results.
    """
    challenge = get_lesson("03_resnet_from_tensors").challenge("batch_norm", "lines")
    parts = {part.check: [] for part in BATCH_NORM.parts}
    for call in challenge["calls"]:
        x = input_of("lines", call).astype(float)
        arguments = BATCH_NORM.bound(call["arguments"])
        values = {
            v.name: named_weight("lines", f"{call['id']}/{v.name}", v.shape)
            for v in asked_of(BATCH_NORM, x.shape[-1], arguments)
        }
        program = functools.partial(BATCH_NORM.program, x)
        compute = functools.partial(program, values, arguments)
        results = {**compute(), **change(compute, arguments, values)}
        for part in BATCH_NORM.parts:
            if part.applies(arguments):
                own = Observation(
                    compute,
                    {name: results[name] for name in part.results},
                    values=values,
                    given_values=lambda v, p=program, a=arguments: p(v, a),
                )
                parts[part.check].append(own)
    return parts


def charged(change):
    """The findings' checks and prices, and what they say."""
    found = wrong_results(BATCH_NORM, POINTS, observed(change))
    prices = {f.check.partition("-")[2]: f.price for f in found}
    return prices, " ".join(f.message for f in found)


def with_option(**options):
    return charged(lambda compute, arguments, values: compute(**options))


def with_output(change):
    """An output that is made of the right one."""

    def changed(compute, arguments, values):
        return {"output": change(compute()["output"], values)}

    return charged(changed)


def test_each_formula_gives_other_numbers():
    terms: dict = {"x": 3.0, "mean": 0.7, "variance": 2.3, "epsilon": 0.2}
    terms |= {"gamma": 0.6, "beta": 0.4}
    asked = 0.6 * (3 - 0.7) / np.sqrt(2.3 + 0.2) + 0.4
    assert RIGHT not in FORMULAS
    assert [f for f in FORMULAS if abs(value_of(f, terms) - asked) < 0.01] == []


@pytest.mark.parametrize("formula", FORMULAS[:8])
def test_a_line_that_both_modes_share_is_charged_once(formula):
    assert with_option(formula=formula) == (
        {"training": 4},
        f"The output is {formula}.",
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda y, v: np.maximum(y, 0), "but its ReLU"),
        (lambda y, v: 2.5 * y, "2.5 times"),
        (lambda y, v: y + v["gamma"] - v["gamma"] * v["beta"], "what is added"),
        (lambda y, v: (y - v["beta"]) * (1 + v["gamma"]) + v["beta"], "not multiplied"),
    ],
    ids=["relu", "factor", "shift", "scale"],
)
def test_what_was_done_to_all_outputs_is_charged_once(change, words):
    prices, message = with_output(change)
    assert prices == {"training": 5}
    assert words in message


@pytest.mark.parametrize(
    "change",
    [
        lambda y, v: np.random.default_rng(y.size).standard_normal(y.shape),
        lambda y, v: 0 * y,
        lambda y, v: 0 * y + v["beta"],
        lambda y, v: 0 * y + v["beta"] * v["gamma"],
        lambda y, v: 0 * y + v["beta"] / v["gamma"],
        lambda y, v: y[:, :1],
    ],
    ids=["random", "nothing", "beta", "beta gamma", "beta by gamma", "shape"],
)
def test_what_comes_of_nothing_earns_nothing(change):
    prices, _ = with_output(change)
    assert prices == {"training": 5, "inference": 4}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"gamma": "ones"}, "gamma is not used"),
        ({"formula": WITHOUT_MEAN}, f"The output is {WITHOUT_MEAN}"),
    ],
    ids=["known slip", "formula"],
)
@pytest.mark.parametrize("training", [True, False])
def test_a_mistake_of_one_mode_is_told_of_that_mode(training, options, words):
    def changed(compute, arguments, values):
        return compute(**options) if arguments["is_training"] == training else {}

    prices, message = charged(changed)
    assert prices == {"training" if training else "inference": 4}
    assert message == f"Where is_training is {training}: {words}."


def test_a_line_and_what_is_kept_are_two_mistakes():
    prices, _ = with_option(formula=WITHOUT_MEAN, update="mean", decay="added")
    assert prices["training"] == 4
    assert prices["moving"] > 0
    assert "inference" not in prices
