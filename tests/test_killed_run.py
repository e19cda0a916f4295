"""Grading that is killed at a random moment and started again loses nothing.

Five times here; `KILLS=20 .venv/bin/python -m pytest tests/test_killed_run.py` for
more.
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from grader.demo.residual_networks import STUDENTS
from grader.demo.run import set_up

ROOT = Path(__file__).parents[1]
LESSON = "01_residual_networks"
CLASS = [s for s in STUDENTS if s.name in ("cleo_untouched", "dan_one_block")]
CLASS += [s for s in STUDENTS if s.name in ("leo_syntax_error", "nils_torn_file")]
KILLS = int(os.environ.get("KILLS", "5"))
MARKS = """
    select assignment.student_id, cell.name, grade.auto_score, grade.manual_score,
           grade.needs_manual_grade
    from grade
    join base_cell cell on cell.id = grade.cell_id
    join submitted_notebook notebook on notebook.id = grade.notebook_id
    join submitted_assignment assignment on assignment.id = notebook.assignment_id
    order by 1, 2
"""
TABLES = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class") / "run"
    set_up(ROOT, folder, 60, {LESSON: CLASS})
    return folder


@pytest.fixture(scope="module")
def start(commands):
    """Starts grading into a folder."""
    return lambda folder: subprocess.Popen(
        [str(commands / "grader"), "autograde", LESSON],
        cwd=ROOT,
        env={**os.environ, "GRADER_RUN_FOLDER": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="module")
def finish(start):
    """Grades to the end and returns what was shown."""

    def grade(folder):
        with start(folder) as process:
            shown, _ = process.communicate(timeout=600)
        assert process.returncode == 0, shown
        return shown

    return grade


def state(folder):
    """All marks, and how many rows each table has."""
    with sqlite3.connect(folder / "gradebook.db") as database:
        marks = database.execute(MARKS).fetchall()
        rows = {
            table: database.execute(f"select count(*) from {table}").fetchone()[0]
            for table in TABLES
        }
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
    database.close()
    assert len({mark[:2] for mark in marks}) == len(marks)
    return marks, rows


@pytest.fixture(scope="module")
def undisturbed(finish, handed_in, tmp_path_factory):
    """The state after a run that nothing disturbed, and the seconds that it took."""
    folder = tmp_path_factory.mktemp("undisturbed") / "run"
    shutil.copytree(handed_in, folder)
    started = time.monotonic()
    finish(folder)
    seconds = time.monotonic() - started
    marks, rows = state(folder)
    assert rows["submitted_assignment"] == len(CLASS)
    assert sum(mark[2] for mark in marks) > 0
    return marks, rows, seconds


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_run_goes_on_where_it_was(
    number, start, finish, handed_in, undisturbed, tmp_path
):
    marks, rows, seconds = undisturbed
    folder = tmp_path / "run"
    shutil.copytree(handed_in, folder)
    # one moment out of each part of the run
    moment = seconds * (number + random.Random(number).random()) / KILLS
    with start(folder) as process:
        try:
            process.communicate(timeout=moment)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
    finish(folder)
    assert state(folder) == (marks, rows)
    assert not list(folder.rglob("*.part"))
    assert "0 graded" in finish(folder)
