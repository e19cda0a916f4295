"""Lessons by name: the course's own, and those that other packages bring."""

import sys

import pytest

from grader.exercise.fault import LessonFault
from grader.lessons import GROUP, LESSONS, NAMES, get_lesson

MODULE = """
from dataclasses import replace
from grader.lessons import get_lesson

LESSON = replace(get_lesson("01_residual_networks"), name="06_small")
OTHER = 5
"""
ENTRIES = f"""
[{GROUP}]
06_small = small_lesson:LESSON
07_none = small_lesson:OTHER
08_other_name = small_lesson:LESSON
02_training_resnets = small_lesson:LESSON
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A package with lessons, as pip installs it."""
    (tmp_path / "small_lesson.py").write_text(MODULE)
    about = tmp_path / "small_lesson-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: small_lesson\n")
    (about / "entry_points.txt").write_text(ENTRIES)
    monkeypatch.syspath_prepend(tmp_path)
    LESSONS.renew()
    yield
    LESSONS.renew()
    sys.modules.pop("small_lesson", None)


def test_each_lesson_has_the_name_it_is_known_by():
    assert [get_lesson(name).name for name in NAMES] == list(NAMES)
    assert tuple(LESSONS)[: len(NAMES)] == NAMES


def test_a_lesson_of_another_package_is_found(installed):
    assert list(LESSONS)[: len(NAMES)] == list(NAMES)
    assert {"06_small", "07_none", "08_other_name"} <= set(LESSONS)
    assert len(LESSONS) == len(list(LESSONS))
    assert "06_small" in LESSONS
    assert "small_lesson" not in sys.modules
    assert get_lesson("06_small").name == "06_small"
    assert get_lesson("06_small") is get_lesson("06_small")


def test_none_takes_the_place_of_the_courses_own(installed):
    assert get_lesson("02_training_resnets").name == "02_training_resnets"


@pytest.mark.parametrize("name", ["07_none", "08_other_name"])
def test_what_is_no_lesson_of_that_name_is_told(installed, name):
    with pytest.raises(LessonFault, match=f"the entry point {name} = "):
        get_lesson(name)


@pytest.mark.parametrize("name", ["", "06_small", None])
def test_those_there_are_are_told(name):
    with pytest.raises(KeyError, match="the lessons are 01_residual_networks, 02_"):
        get_lesson(name)
    assert LESSONS.get(name) is None
