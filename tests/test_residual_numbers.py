"""The numbers that lesson 1's text tells of the gradient's way back, in NumPy."""

import numpy as np
import pytest

from grader import stream
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow

SOURCE = source_of("01_residual_networks")
TEXT = " ".join(
    line.removeprefix("# ")
    for line in SOURCE.solution_notebook.with_suffix(".pct.py").read_text().splitlines()
)


def gradient_norms(shortcuts, scale=1.0, depth=50, width=64):
    """What `gradient_norms` of the lesson computes, in double precision.

    Args:
        shortcuts: whether one leads around each pair of layers.
        scale: of the weights of the layers in the pairs.
        depth: layers in pairs.
        width: of each layer.
    """
    rng = np.random.default_rng(0)
    x = rng.normal(size=(32, width))
    labels = rng.integers(0, 6, size=32)
    passed = []
    for seed in range(1, depth, 2):
        first, second = (
            scale * stream.glorot_uniform(s, (width, width)).astype(float)
            for s in (seed, seed + 1)
        )
        hidden = np.maximum(x @ first, 0)
        total = hidden @ second + (x if shortcuts else 0)
        passed.append((first, second, hidden > 0, total > 0))
        x = np.maximum(total, 0)
    last = stream.glorot_uniform(0, (width, 6)).astype(float)
    scores = x @ last
    error = np.exp(scores - scores.max(axis=1, keepdims=True))
    error /= error.sum(axis=1, keepdims=True)
    error[np.arange(32), labels] -= 1
    gradient = error @ last.T / 32
    norms = []
    for first, second, is_open, ends_open in reversed(passed):
        norms.append(np.linalg.norm(gradient))
        into = gradient * ends_open
        gradient = ((into @ second.T) * is_open) @ first.T + (into if shortcuts else 0)
    return norms[::-1]


def test_a_gradient_vanishes_without_shortcuts_and_arrives_with_them():
    plain, residual = gradient_norms(False), gradient_norms(True)
    assert plain[-1] == pytest.approx(0.2, abs=0.05)
    assert plain[0] == pytest.approx(4e-9, abs=5e-10)
    assert residual[0] / residual[-1] == pytest.approx(15, abs=0.5)
    assert "shrinks from 0.2 to 0.000000004" in TEXT
    assert "some fifteenfold" in TEXT


def test_with_larger_initial_weights_it_does_not_vanish():
    plain, residual = (gradient_norms(way, scale=2**0.5) for way in (False, True))
    assert plain[-1] == pytest.approx(0.2, abs=0.05)
    assert plain[0] == pytest.approx(0.07, abs=0.005)
    assert residual[0] == pytest.approx(3000, abs=50)
    assert "only shrinks from 0.2 to 0.07" in TEXT
    assert "grows to 3,000" in TEXT


def test_fifty_factors():
    shrunk, grown = (factor**50 for factor in (0.7, 1.4))
    assert shrunk == pytest.approx(2e-8, rel=0.15)
    assert grown == pytest.approx(20e6, rel=0.02)
    assert "factors of 0.7 leave 0.00000002" in TEXT
    assert "factors of 1.4 make 20 million" in TEXT


def test_what_photographs_change():
    steps = -(-1080 // 32), -(-942 // 32)
    assert "2 × {} steps (2 × {} with photographs)".format(*steps) in TEXT
    assert 0.99 ** (2 * steps[0]) == pytest.approx(0.5, abs=0.01)
