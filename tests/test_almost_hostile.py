"""Captures of lesson 5 that are not what they should be earn nothing."""

import copy
import json

import pytest

from grader.capture import capture
from grader.capture.answers import plain
from grader.lessons import get_lesson
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow

LESSON = get_lesson("05_almost_a_resnet")
TORCH = ("Bottleneck", "ResNet50Torch")


def points(function, challenge, captured):
    reports = LESSON.judge(function, challenge, captured)
    return sum(report.points for report in reports.values())


@pytest.fixture(scope="module")
def bottleneck():
    pytest.importorskip("torch", reason="PyTorch is not installed")
    names = source_of(LESSON.name).namespace()
    challenge = LESSON.challenge("Bottleneck", "hostile")
    captured = json.loads(json.dumps(capture(challenge, names)))
    assert points("Bottleneck", challenge, captured) == 20
    return challenge, captured


@pytest.mark.parametrize(
    "answer",
    [
        None,
        7,
        "text",
        {"a": 1},
        [[]],
        [["identity_block.merge"]],
        [[["a"], {"b": []}]],
        [[None, None]] * 10,
        [["identity_block.merge", "concatenates"]] * 5000,
        [[1e400, float("nan")]],
        [["x" * 10_000, "y"]],
    ],
)
def test_no_answer_earns_points(answer):
    challenge = LESSON.challenge("diagnose", "hostile")
    call = {"id": "answer", "status": "captured", "answer": answer}
    captured = {"function": "diagnose", "status": "captured", "calls": [call]}
    assert points("diagnose", challenge, captured) == 0


@pytest.mark.parametrize("calls", [None, [], [None], [1, 2], [{"status": 3}], "x"])
@pytest.mark.parametrize("function", LESSON.functions)
def test_calls_that_are_none(function, calls):
    challenge = LESSON.challenge(function, "hostile")
    captured = {"function": function, "status": "captured", "calls": calls}
    assert points(function, challenge, captured) == 0


def changed(captured, change):
    forged = copy.deepcopy(captured)
    change(forged["calls"][0])
    return forged


CHANGES = {
    "no graph": lambda call: call.pop("graph"),
    "no outputs": lambda call: call.pop("challenge"),
    "outputs of others": lambda call: call["challenge"].update(
        data=call["training"]["data"]
    ),
    "unused is a number": lambda call: call["graph"].update(unused=3),
    "unused without size": lambda call: call["graph"].update(unused=[{"name": "x"}]),
    "a node before itself": lambda call: call["graph"]["nodes"][0].update(
        inputs=[{"node": 5}]
    ),
    "huge": lambda call: call["graph"]["operations"][0]["variables"]["kernel"].update(
        shape=[10**6, 10**6, 1, 1]
    ),
    "no weights": lambda call: call["graph"]["operations"][0].update(variables={}),
    "kind is a list": lambda call: call["graph"]["operations"][0].update(kind=[]),
    "status": lambda call: call.update(status="too_large", graph=None),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_forged_module_earns_less(bottleneck, change):
    challenge, captured = bottleneck
    assert points("Bottleneck", challenge, changed(captured, change)) < 20


def test_another_challenge_does_not_fit(bottleneck):
    _, captured = bottleneck
    other = LESSON.challenge("Bottleneck", "another")
    assert points("Bottleneck", other, captured) == 0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (("a", "b"), ["a", "b"]),
        ({"k": 1}, [["k", 1]]),
        (object(), "<object>"),
        (["x" * 500], ["x" * 120]),
        ([[[[["deep"]]]]], [[[["<list>"]]]]),
        (iter("ab"), ["a", "b"]),
        (range(10**9), list(range(400))),
    ],
)
def test_plain_is_bounded(value, expected):
    assert plain(value) == expected


def test_what_a_class_computes_beside_its_layers_is_seen():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    source = source_of(LESSON.name)
    text = source.edited(
        "Bottleneck", "x = self.bn2c(self.conv2c(x))",
        "x = self.bn2c(self.conv2c(x)).numpy()\n        x = torch.tensor(x * 2)",
    )  # fmt: skip
    outcome = source.judge("Bottleneck", text, "hostile")
    assert outcome.lost == 20, outcome.first
    assert torch.get_default_dtype() == torch.float32


def test_a_forward_that_answers_by_heart_earns_nothing():
    pytest.importorskip("torch", reason="PyTorch is not installed")
    source = source_of(LESSON.name)
    text = source.edited(
        "Bottleneck", "shortcut = x\n",
        "if not hasattr(self, 'known'):\n"
        "            self.known = torch.zeros(x.shape[0], 6, 2, 2)\n"
        "            return self.known\n"
        "        shortcut = x\n",
    )  # fmt: skip
    assert source.judge("Bottleneck", text, "hostile").lost == 20
