"""Right versions of the solutions score all points.

Under one challenge here, and of networks written out one a lesson; all of them, and
under more challenges: `SEEDS=5 .venv/bin/python -m pytest
tests/test_lesson_equivalents.py`.
"""

import os
import re
import zlib
from collections import defaultdict

import pytest

from grader.lessons import NAMES
from grader.nbgrader.kernels.channel import LONGEST
from tests.lessons.outcome import DISTANCE
from tests.lessons.source import defines, run, source_of

SEEDS = int(os.environ.get("SEEDS", "1"))

pytestmark = pytest.mark.slow


def cases(name):
    return source_of(name).part("equivalents").CASES


def written_out(name, text):
    """The function of a case that names none of those that the lesson's own calls."""
    source = source_of(name)
    functions, words = source.lesson.functions, set(re.findall(r"\w+", text))
    for function in functions:
        called = {f for f in functions if f"{f}(" in source.solution(function)}
        others = called - {function}
        if defines(text, function) and others and not others & words:
            return function
    return ""


def chosen(name):
    """All cases, but of networks written out, which take much longer, one each.

    In each lesson it is another way to write them.
    """
    if SEEDS > 1:
        return list(cases(name))
    alike = defaultdict(list)
    for case, text in cases(name).items():
        alike[written_out(name, text) or case].append(case)
    return [ways[-NAMES.index(name) % len(ways)] for ways in alike.values()]


@pytest.mark.parametrize("name", NAMES)
def test_there_are_many(name):
    assert len(cases(name)) >= (40 if name == NAMES[0] else 20)


@pytest.mark.parametrize(
    ("name", "case"), [(name, case) for name in NAMES for case in chosen(name)]
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
