"""Plain nbgrader, as its documentation has it, through nbgrader_config.py alone."""

import csv
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LESSON = "01_residual_networks"
NOTEBOOK = "residual_networks.ipynb"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="module")
def nbgrader(run_folder, commands):
    """Runs a command in the checkout; what it makes goes to the run folder.

    The environment is not activated: nbgrader has to find its tools all the same.
    """
    environment = {**os.environ, "GRADER_RUN_FOLDER": str(run_folder)}
    environment["PATH"] = os.defpath

    def run(*arguments):
        command = [str(commands / "nbgrader"), *map(str, arguments)]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, env=environment
        )
        assert done.returncode == 0, done.stderr
        return done.stdout, done.stderr

    release = f"--CourseDirectory.release_directory={run_folder / 'release'}"
    run("generate_assignment", LESSON, release)
    return run


def hand_in(run_folder, student, source):
    folder = run_folder / "submitted" / student / LESSON
    folder.mkdir(parents=True)
    shutil.copy(source, folder / NOTEBOOK)


def test_a_class_from_submissions_to_grades(nbgrader, run_folder):
    hand_in(run_folder, "ada", ROOT / "solutions" / LESSON / NOTEBOOK)
    hand_in(run_folder, "ben", run_folder / "release" / LESSON / NOTEBOOK)
    _, log = nbgrader("autograde", LESSON)
    assert "ERROR" not in log
    assert "Warning" not in log
    nbgrader("generate_feedback", LESSON)
    nbgrader("export")
    with (run_folder / "grades.csv").open() as file:
        scores = {
            row["student_id"]: float(row["score"]) for row in csv.DictReader(file)
        }
    assert scores == {"ada": 100, "ben": 0}
    for student in scores:
        folder = run_folder / "feedback" / student / LESSON
        page = folder / NOTEBOOK.replace(".ipynb", ".html")
        assert "identity_block-layers</strong>" in page.read_text()


def version(run_folder):
    with sqlite3.connect(run_folder / "gradebook.db") as database:
        found = database.execute("select version_num from alembic_version").fetchall()
    database.close()
    return found


def test_a_new_gradebook_has_the_newest_version(nbgrader, run_folder):
    before = version(run_folder)
    assert len(before) == 1
    nbgrader("db", "upgrade")
    assert version(run_folder) == before


def test_export_takes_its_own_options(nbgrader, tmp_path):
    nbgrader("export", "--to", tmp_path / "own.csv")
    assert (tmp_path / "own.csv").exists()


def test_validate_is_content_with_the_solution(nbgrader):
    shown, log = nbgrader("validate", ROOT / "solutions" / LESSON / NOTEBOOK)
    assert shown == "Success! Your notebook passes all the tests.\n"
    assert "WARNING" not in log


def test_validate_says_what_is_missing(nbgrader, run_folder, tmp_path):
    shutil.copytree(run_folder / "release" / LESSON, tmp_path / LESSON)
    shown, _ = nbgrader("validate", tmp_path / LESSON / NOTEBOOK)
    assert "VALIDATION FAILED ON 12 CELL(S)" in shown
    assert "identity_block is not written yet" in shown
    assert "Traceback" not in shown
    assert "..." not in shown.replace("outputs=...", "").replace("inputs=...", "")


def test_the_checkout_stays_clean(nbgrader):
    ignored = subprocess.run(
        ["git", "check-ignore", "course/gradebook.db", "course/submitted/a"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if ignored.returncode == 128:
        pytest.skip("no git checkout")
    assert len(ignored.stdout.split()) == 2
