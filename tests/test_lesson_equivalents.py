"""Right versions of the solutions score all points.

Under one challenge here; `SEEDS=5 .venv/bin/python -m pytest
tests/test_lesson_equivalents.py` for more.
"""

import os
import zlib

import pytest

from grader.lessons import NAMES
from grader.nbgrader.channel import LONGEST
from tests.lessons.outcome import DISTANCE
from tests.lessons.source import defines, run, source_of

SEEDS = int(os.environ.get("SEEDS", "1"))

pytestmark = pytest.mark.slow


def cases(name):
    return source_of(name).part("equivalents").CASES


@pytest.mark.parametrize("name", NAMES)
def test_there_are_many(name):
    assert len(cases(name)) >= (40 if name == NAMES[0] else 20)


@pytest.mark.parametrize(
    ("name", "case"), [(name, case) for name in NAMES for case in cases(name)]
)
def test_equivalent_scores_all_points(name, case):
    """A case defines one graded function or more; the others are the solution's."""
    source, text = source_of(name), cases(name)[case]
    names = source.namespace()
    run(text, names, "<case>")
    touched = [f for f in source.lesson.functions if defines(text, f)]
    assert touched
    # another one for each case
    first = zlib.crc32(case.encode())
    for function in touched:
        for number in range(first, first + SEEDS):
            outcome = source.judge(function, names, f"seed {number}")
            assert outcome.lost == 0, outcome.first
            assert outcome.size <= LONGEST / DISTANCE
