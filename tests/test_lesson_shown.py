"""A function that works only as the lesson shows it keeps at most half."""

import pytest

from tests.lessons.shown import (
    BY_HEART,
    ONE_FIXED,
    OTHERWISE,
    SHOWN,
    begun,
    guarded,
)
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow


def kept(name, function, version, seed="one"):
    source = source_of(name)
    outcome = source.judge(function, version, seed)
    points = sum(c.points for c in source.lesson.checks if c.function == function)
    return points - outcome.lost, points, outcome


@pytest.mark.parametrize("otherwise", OTHERWISE)
@pytest.mark.parametrize(("name", "function"), SHOWN)
def test_at_most_half_is_kept(name, function, otherwise):
    text = guarded(name, function, otherwise)
    left, points, outcome = kept(name, function, text)
    assert left <= points / 2, outcome.first
    assert any("only as the lesson shows it" in f.message for f in outcome.findings)


@pytest.mark.parametrize(("name", "function", "line"), BY_HEART)
def test_what_is_built_whatever_the_arguments_keeps_half(name, function, line):
    left, points, outcome = kept(name, function, begun(name, function, line))
    assert points / 2 - 0.1 <= left <= points / 2, outcome.first


@pytest.mark.parametrize(("name", "function", "line"), ONE_FIXED)
def test_one_fixed_argument_is_one_slip(name, function, line):
    left, points, outcome = kept(name, function, begun(name, function, line))
    assert 0.6 * points <= left < points, outcome.first
    assert not any("only as the lesson shows" in f.message for f in outcome.findings)


def test_a_window_as_large_as_the_shown_maps_is_one_slip():
    source = source_of("05_almost_a_resnet")
    text = source.edited(
        "ResNet50Torch",
        "x = x.mean(dim=(2, 3))",
        "x = nn.functional.avg_pool2d(x, 7).flatten(1)",
    )
    left, points, outcome = kept(source.lesson.name, "ResNet50Torch", text)
    assert 0.6 * points <= left < points, outcome.first
