"""What a module of lesson 5 does beside its layers earns nothing."""

import pytest

from grader.capture.answers import plain
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow

NAME = "05_almost_a_resnet"


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
    source = source_of(NAME)
    text = source.edited(
        "Bottleneck", "x = self.bn2c(self.conv2c(x))",
        "x = self.bn2c(self.conv2c(x)).numpy()\n        x = torch.tensor(x * 2)",
    )  # fmt: skip
    outcome = source.judge("Bottleneck", text, "hostile")
    assert outcome.lost == 20, outcome.first
    assert torch.get_default_dtype() == torch.float32


def test_a_forward_that_answers_by_heart_earns_nothing():
    pytest.importorskip("torch", reason="PyTorch is not installed")
    source = source_of(NAME)
    text = source.edited(
        "Bottleneck", "shortcut = x\n",
        "if not hasattr(self, 'known'):\n"
        "            self.known = torch.zeros(x.shape[0], 6, 2, 2)\n"
        "            return self.known\n"
        "        shortcut = x\n",
    )  # fmt: skip
    assert source.judge("Bottleneck", text, "hostile").lost == 20
