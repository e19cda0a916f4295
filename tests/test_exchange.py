"""Feedback reaches everybody through nbgrader's exchange, whatever was handed in."""

import contextlib
import io
import shutil
import sys
import warnings
from pathlib import Path

import pytest
from jupyter_core.application import NoStart
from nbgrader.apps import NbGraderApp

from grader.lessons import get_lesson
from grader.nbgrader import execute
from grader.nbgrader.grading import classroom
from tests.course import full_marks, released_course

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]

ROOT = Path(__file__).parents[1]
LESSON = get_lesson("01_residual_networks")
NOTEBOOK = f"{LESSON.notebook}.ipynb"
RENAMED = f"{LESSON.notebook} (1).ipynb"
#: in alphabetical order, as nbgrader goes through them
STUDENTS = ("aaa_torn", "ben_renamed", "cleo_hand", "dan_untimed", "jörg", "zoe")


def nbgrader(folder, run, *arguments):
    """Runs a command in this process, and returns what it logged to the terminal."""
    app = NbGraderApp.instance()
    output, terminal = io.StringIO(), sys.stderr
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stderr(output):
        # TensorFlow's log handler closes a file that it does not find among these
        patch.setattr(sys, "__stderr__", terminal)
        patch.chdir(folder)
        patch.setenv("GRADER_RUN_FOLDER", str(run))
        try:
            app.initialize([str(each) for each in arguments])
            with contextlib.suppress(NoStart), warnings.catch_warnings():
                # nbgrader leaves files open
                warnings.simplefilter("ignore", ResourceWarning)
                app.start()
        finally:
            NbGraderApp.clear_instance()
    return output.getvalue()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    return released_course(folder)


@pytest.fixture(scope="module")
def students(course, tmp_path_factory):
    """Folders in which students work, each with a cache of its own."""
    return {name: tmp_path_factory.mktemp("student") for name in STUDENTS}


@pytest.fixture(scope="module")
def log(course, students):
    """Handed in, collected, graded, written and released; the log of the last step."""
    run = course.folder
    released = course.release_path(LESSON)
    release = f"--CourseDirectory.release_directory={run / 'release'}"
    nbgrader(ROOT, run, "release_assignment", LESSON.name, release)
    for name, folder in students.items():
        own = folder / LESSON.name
        own.mkdir()
        text = released.read_bytes()
        file = RENAMED if "renamed" in name else NOTEBOOK
        (own / file).write_bytes(text[:400] if "torn" in name else text)
        (own / "helper.py").write_text("x = 1")
        if "hand" in name:
            shutil.copytree(own, course.path(course.submitted, name, LESSON.name))
        else:
            nbgrader(
                folder, folder, "submit", LESSON.name, *exchange(course, folder, name)
            )
    nbgrader(ROOT, run, "collect", LESSON.name, "--ExchangeCollect.check_owner=False")
    for name in ("dan_untimed", "jörg"):
        submitted = course.path(course.submitted, name, LESSON.name)
        (submitted / "timestamp.txt").chmod(0o644)
        (submitted / "timestamp.txt").unlink()
    (submitted / "timestamp.txt").write_text("\x1b[2J2026-11-20\nzoe released" * 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "grade", full_marks)
        names = course.students(LESSON)
        assert names == list(STUDENTS)
        results = list(classroom.grade_class(course, LESSON, names))
    assert [result.graded for result in results] == [True] * len(STUDENTS)
    nbgrader(ROOT, run, "generate_feedback", LESSON.name)
    return nbgrader(ROOT, run, "release_feedback", LESSON.name)


def exchange(course, folder, name):
    root = course.folder / "exchange"
    yield from ("--course=resnet", f"--student={name}")
    yield from (f"--Exchange.root={root}", f"--Exchange.cache={folder / 'cache'}")


@pytest.mark.parametrize("name", [n for n in STUDENTS if "hand" not in n])
def test_everybody_fetches_a_page(course, students, log, name):
    folder = students[name]
    options = exchange(course, folder, name)
    nbgrader(folder, folder, "fetch_feedback", LESSON.name, *options)
    (page,) = (folder / LESSON.name / "feedback").rglob("*.html")
    assert page.stem == Path(RENAMED if "renamed" in name else NOTEBOOK).stem
    text = page.read_text("utf-8")
    assert "identity_block-layers" in text
    if name == "aaa_torn":
        assert "could not be graded" in text


@pytest.mark.parametrize("step", ["autograded", "feedback"])
@pytest.mark.parametrize("name", STUDENTS)
def test_accompanying_files_are_kept(course, log, name, step):
    folder = course.folder / step / name / LESSON.name
    assert (folder / "helper.py").read_text() == "x = 1"
    assert (folder / "submission_secret.txt").exists() == ("hand" not in name)


def test_a_page_without_a_way_back_is_named(course, log):
    page = course.folder / "feedback" / "cleo_hand" / LESSON.name
    line = (
        "cleo_hand was not handed in through the exchange "
        f"(no submission_secret.txt). The feedback is {page}"
    )
    assert line in log
    assert log.count("was not handed in") == 1
    assert "ERROR" not in log


def test_a_time_that_a_student_wrote_adds_no_line(log):
    assert "\x1b[2J" not in log
    assert not [line for line in log.splitlines() if line.startswith("zoe")]


def test_nothing_is_left_unfinished(course, log):
    feedback = course.folder / "exchange" / "resnet" / "feedback"
    assert {path.suffix for path in feedback.iterdir()} == {".html"}
