"""What the machine refuses is one plain line, and never a mark."""

import errno
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import event
from sqlalchemy.engine import Engine

from grader.cli import main
from grader.lessons import get_lesson
from grader.nbgrader import execute
from grader.nbgrader.faults import machine_fault
from grader.nbgrader.standing import Standing
from grader.report import Finding, Report
from tests.course import full_marks, open_course

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]

ROOT = Path(__file__).parents[1]
LESSON = get_lesson("01_residual_networks")
FILE = f"{LESSON.notebook}.ipynb"


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    open_course(folder).generate_assignment(LESSON)
    return folder


@pytest.fixture
def course(released, tmp_path, monkeypatch):
    """A released lesson; grading gives full marks, without a kernel."""
    folder = tmp_path / "run"
    shutil.copytree(released, folder)
    monkeypatch.setattr(execute, "grade", full_marks)
    monkeypatch.setattr("grader.cli.autograde.prepare", lambda course, lesson: None)
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("GRADER_RUN_FOLDER", str(folder))
    return open_course(folder)


def hand_in(course, student, folder=LESSON.name, name=FILE):
    place = course.path(course.submitted, student, folder)
    place.mkdir(parents=True)
    shutil.copy(course.release_path(LESSON), place / name)


def run(*arguments):
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def query_only(connection, record):
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA query_only=1")


@pytest.fixture
def read_only_gradebook():
    event.listen(Engine, "connect", query_only)
    yield
    event.remove(Engine, "connect", query_only)


@pytest.mark.usefixtures("read_only_gradebook")
def test_a_gradebook_that_cannot_be_written_gives_no_mark(course):
    hand_in(course, "ada")
    code, output = run("autograde")
    assert code == 1
    assert "0 graded, 1 not graded" in output
    assert f"The gradebook cannot be written: {course.gradebook_path}" in output
    assert "sql" not in output.replace(str(course.folder), "").lower()
    assert run("autograde")[0] == 1


def test_a_step_that_may_not_write_is_no_fault_of_the_student(course, monkeypatch):
    def refused(*arguments):
        raise PermissionError(errno.EACCES, "Permission denied", "/there")

    hand_in(course, "ada")
    monkeypatch.setattr(execute, "grade", refused)
    code, output = run("autograde")
    assert code == 1
    assert "ada: not graded: cannot write /there: permission denied" in output
    assert "0 graded, 1 not graded" in output


@pytest.mark.parametrize("command", ["autograde", "report", "demo", "release"])
def test_without_permission_to_write_a_command_says_so(command, monkeypatch, tmp_path):
    def refused(path, *arguments, **options):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("GRADER_RUN_FOLDER", str(tmp_path / "run"))
    monkeypatch.setattr(Path, "mkdir", refused)
    code, output = run(command)
    assert code == 1
    (line,) = output.strip().splitlines()
    assert line.startswith("Error: ")
    assert str(tmp_path / "run") in line
    assert "permission denied" in line


def test_the_table_is_shown_where_the_csv_cannot_be_written(course):
    hand_in(course, "ada")
    run("autograde")
    (course.folder / "grades.csv").mkdir()
    code, output = run("report")
    assert code == 0
    assert "ada" in output
    assert "not written" in output


def test_other_errors_are_not_the_machines():
    assert machine_fault(None) == ""
    assert machine_fault(ValueError("x")) == ""
    assert machine_fault(FileNotFoundError(errno.ENOENT, "No such file", "x")) == ""
    full = OSError(errno.ENOSPC, "No space left on device", "/x")
    assert machine_fault(full) == "cannot write /x: no space left on device"


def test_names_that_nearly_fit_are_named(course):
    hand_in(course, "ada")
    hand_in(course, "ben", name="residual_networks (1).ipynb")
    hand_in(course, "carl", folder="01_Residual_Networks")
    hand_in(course, "dora", folder="photos", name="holiday.ipynb")
    course.path(course.submitted, "emil", LESSON.name).mkdir(parents=True)
    code, output = run("autograde")
    assert code == 1
    assert "3 graded, 1 not graded" in output
    assert "'residual_networks (1).ipynb' was graded in its place." in output
    line = f"carl: no folder {LESSON.name} (there is 01_Residual_Networks): not graded"
    assert line in output
    assert f"emil: The folder {LESSON.name} is empty: there is no {FILE}." in output
    assert "dora" not in output
    assert output.count("Student code is confined: bubblewrap") == 1


def test_a_student_who_is_not_there(course):
    hand_in(course, "ada")
    for command in ("autograde", "report"):
        code, output = run(command, "--student", "zed")
        assert code == 1
        assert output == "Error: zed has handed in nothing; these students have: ada\n"


def test_marks_of_a_stopped_run_say_that_they_are_old(course):
    hand_in(course, "ada")
    run("autograde")
    course.place(LESSON, "ada").record.unlink()
    code, output = run("report")
    assert code == 0
    assert "to be graded again" in output


@pytest.mark.parametrize(
    ("layer", "message", "told"),
    [
        ("avg_pool", "The name is missing.", "avg_pool: the name is missing."),
        ("pool", "The size is 3.", "Pool: the size is 3."),
        ("addition", "The Addition is missing.", "The Addition is missing."),
        ("res2a", "ReLU comes first.", "res2a: ReLU comes first."),
    ],
)
def test_the_first_finding_is_one_sentence(layer, message, told):
    finding = Finding("c", 1.0, layer, "", message, "there")
    report = Report("c", "title", 0.0, 1.0, (finding,), ())
    assert Standing("ada", {}, 0.0, 0.0, (report,)).first_finding == told


def test_the_name_of_a_function_stays():
    message = "shortcut is not written yet"
    found = Finding("shortcut-types", 5.0, "shortcut", "", message, "Its cell.")
    report = Report("shortcut-types", "", 0.0, 5, (found,))
    told = Standing("ada", {"shortcut": 0.0}, 0.0, 0.0, (report,)).first_finding
    assert told == message
