"""Plain nbgrader from other folders, and with options that would skip grading."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import nbformat
import pytest

from grader.lessons import get_lesson
from grader.nbgrader.anywhere import CONFIG, confine
from grader.nbgrader.faults import CourseError
from grader.nbgrader.grading.course import Course

ROOT = Path(__file__).parents[1]
LESSON = get_lesson("01_residual_networks")
FILE = f"{LESSON.notebook}.ipynb"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("bwrap"), reason="no bubblewrap here"),
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A small checkout: one lesson, and what nbgrader reads."""
    root = tmp_path_factory.mktemp("checkout")
    shutil.copy(ROOT / CONFIG, root)
    ignored = shutil.ignore_patterns("*.pct.py", "__pycache__", "datasets")
    for folder in ("solutions", "assignments"):
        shutil.copytree(
            ROOT / folder / LESSON.name, root / folder / LESSON.name, ignore=ignored
        )
    return root


@pytest.fixture(scope="module")
def call(commands):
    """Runs nbgrader in a folder; returns its exit code and what it says."""
    kept = {k: v for k, v in os.environ.items() if k != "GRADER_RUN_FOLDER"}

    def run(folder, *arguments):
        done = subprocess.run(
            [str(commands / "nbgrader"), *arguments],
            cwd=folder,
            env=kept,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.fixture(scope="module")
def course(checkout):
    """ada's notebook tries to write a file outside; graded once, started in course/."""
    course = Course(checkout)
    course.generate_assignment(LESSON)
    folder = course.path(course.submitted, "ada", LESSON.name)
    folder.mkdir(parents=True)
    notebook = nbformat.read(course.release_path(LESSON), as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "identity_block":
            escape = f"open({str(checkout / 'escaped')!r}, 'w').write('x')\n"
            cell.source = escape + cell.source
    nbformat.write(notebook, folder / FILE)
    return course


@pytest.fixture(scope="module")
def graded(call, checkout, course):
    code, log = call(checkout / "course", "autograde", LESSON.name)
    assert code == 0, log
    return course


def marks(course):
    query = "select auto_score from grade order by id"
    with sqlite3.connect(course.gradebook_path) as database:
        found = database.execute(query).fetchall()
    database.close()
    return found


def test_started_in_the_run_folder_it_is_confined(graded, checkout):
    assert not (checkout / "escaped").exists()
    record = graded.place(LESSON, "ada").record.read_text()
    assert '"sandbox": "bubblewrap' in record
    assert len(marks(graded)) == len(LESSON.checks)
    assert not (checkout / "course" / "course").exists()
    assert not (checkout / "course" / "autograded" / "gradebook.db").exists()


@pytest.mark.parametrize(
    "folder", ["solutions", "assignments", "course/submitted", "course/autograded/ada"]
)
def test_from_other_folders_nothing_is_graded(call, graded, checkout, folder):
    before = marks(graded)
    code, log = call(checkout / folder, "autograde", LESSON.name, "--force")
    assert code == 1
    assert "No notebooks were matched" in log
    assert marks(graded) == before
    assert not (checkout / "escaped").exists()


def test_a_run_folder_that_is_named_from_elsewhere(call, graded, checkout):
    run = f"--course-dir={checkout / 'course'}"
    code, log = call(checkout.parent, "autograde", LESSON.name, run)
    assert code == 0, log
    assert "Skipping existing assignment" in log
    assert not (checkout.parent / "gradebook.db").exists()


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--no-execute", "--no-execute (Execute.enabled = False) cannot be used here"),
        ("--CaptureAndJudge.enabled=False", "cannot be used here"),
        ("--SaveMarks.enabled=False", "marks.SaveMarks is disabled"),
        ("--SanitizeText.enabled=False", "sanitize.SanitizeText is disabled"),
        (
            "--Autograde.autograde_preprocessors=nbgrader.preprocessors.SaveAutoGrades",
            "lacks grader.nbgrader.sanitize.SanitizeText",
        ),
        (
            "--Autograde.sanitize_preprocessors=nbgrader.preprocessors.ClearOutput",
            "lacks grader.nbgrader.repair.RepairMetadata",
        ),
    ],
)
def test_what_would_skip_grading_is_refused_before_it_begins(
    call, graded, checkout, option, told
):
    before = marks(graded)
    code, log = call(checkout, "autograde", LESSON.name, "--force", option)
    assert code == 1
    assert told in log
    assert "Traceback" not in log
    assert marks(graded) == before
    assert (graded.place(LESSON, "ada").autograded / FILE).exists()


def test_settings_of_somebodys_own_are_not_overwritten(tmp_path):
    (tmp_path / "course").mkdir()
    path = tmp_path / "course" / CONFIG
    path.write_text("c = get_config()\n")
    with pytest.raises(CourseError, match="is not the course's own"):
        confine(tmp_path / "course", tmp_path)
    assert path.read_text() == "c = get_config()\n"
    path.unlink()
    confine(tmp_path / "course", tmp_path)
    written = path.read_text()
    confine(tmp_path / "course", tmp_path)
    assert path.read_text() == written
    confine(tmp_path, tmp_path)
    assert not (tmp_path / CONFIG).exists()


def test_a_run_folder_without_its_checkout_grades_nothing(
    call, graded, checkout, tmp_path
):
    shutil.copytree(checkout / "course", tmp_path / "away" / "course")
    code, log = call(tmp_path / "away" / "course", "autograde", LESSON.name, "--force")
    assert code == 1
    assert "start nbgrader in the checkout" in log
