"""Grading with the sandbox, without it, and where there is none."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from traitlets.config import Config

from grader.cli import main
from grader.demo.residual_networks import STUDENTS
from grader.demo.run import set_up
from grader.lessons import get_lesson
from grader.nbgrader.faults import MachineFault
from grader.nbgrader.grading import classroom, records
from grader.nbgrader.grading.course import Course
from grader.sandbox import probe as probing
from grader.sandbox.command import Jail, command
from grader.sandbox.probe import Sandbox, probe
from grader.sandbox.view import Entry

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
LESSON = get_lesson("01_residual_networks")
CHOSEN = ("ada_finished", "ben_own_style", "hugo_no_shortcut")

sandboxed = pytest.mark.skipif(
    bool(probe().problem), reason=f"no sandbox: {probe().problem}"
)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    students = [each for each in STUDENTS if each.name in CHOSEN]
    return set_up(ROOT, folder, 60, {LESSON.name: students})


@pytest.fixture
def no_bwrap(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


@sandboxed
@pytest.mark.parametrize("student", CHOSEN)
def test_the_same_marks_with_and_without(course, student):
    marks = []
    for unsafe in (False, True):
        course.config.CaptureAndJudge.unsafe_no_sandbox = unsafe
        classroom.grade_one(course, LESSON, student)
        record = records.read(course.place(LESSON, student))
        assert record["sandbox"] == ("none" if unsafe else probe().version)
        marks.append((record["reports"], record["failures"]))
    course.config.CaptureAndJudge.unsafe_no_sandbox = False
    assert marks[0] == marks[1]
    if student in CHOSEN[:2]:
        assert sum(report["points"] for report in marks[0][0]) == 100


def run(course, *arguments):
    variables = {"GRADER_RUN_FOLDER": str(course.folder)}
    done = CliRunner().invoke(main, arguments, env=variables)
    return done.exit_code, " ".join(done.output.split())


def before(course):
    files = [p for p in course.folder.rglob("*") if p.is_file() and p.suffix != ".log"]
    return {path: path.read_bytes() for path in files}


def test_without_bubblewrap_the_command_stops_and_says_what_to_do(course, no_bwrap):
    kept = before(course)
    code, output = run(course, "autograde", "--force")
    assert code == 1
    assert "no bwrap on the PATH" in output
    assert "apt install bubblewrap" in output
    assert "--unsafe-no-sandbox" in output
    assert before(course) == kept


def test_nbgrader_autograde_stops_as_well(course, no_bwrap):
    kept = before(course)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", LESSON.name, "--force"],
        cwd=ROOT,
        env=os.environ | {"GRADER_RUN_FOLDER": str(course.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "apt install bubblewrap" in done.stderr
    assert "--CaptureAndJudge.unsafe_no_sandbox=True" in done.stderr
    assert before(course) == kept


def test_no_mark_comes_of_a_machine_without_a_sandbox(course, no_bwrap):
    with pytest.raises(MachineFault, match="apt install bubblewrap"):
        course.autograde(LESSON, CHOSEN[0])
    (result,) = classroom.grade_class(course, LESSON, [CHOSEN[0]])
    assert not result.graded


def test_going_on_without_has_to_be_said(course, no_bwrap):
    settings = Config({"CaptureAndJudge": {"unsafe_no_sandbox": True}})
    unsafe = Course(ROOT, str(course.folder), settings)
    assert unsafe.sandbox() == "none"
    with pytest.raises(MachineFault):
        course.sandbox()


@pytest.mark.parametrize(
    ("message", "remedy"),
    [
        ("bwrap: No permissions to create a new namespace", "sysctl"),
        ("bwrap: setting up uid map: Permission denied", "apparmor"),
    ],
)
def test_a_bubblewrap_that_may_not(tmp_path, monkeypatch, message, remedy):
    path = tmp_path / "bwrap"
    path.write_text(f"#!/bin/sh\necho '{message}' >&2; exit 1\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = probe()
    assert message in found.problem
    assert remedy in found.remedy


def test_another_system(monkeypatch):
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    assert "no sandbox on Darwin" in probing.probe().problem


@pytest.mark.parametrize(
    ("version", "nested"),
    [("bubblewrap 0.8.0", True), ("bubblewrap 0.11.1", True), ("0.6.1", False)],
)
def test_versions(version, nested):
    assert Sandbox(version).nested is nested


def test_the_command_line_unshares_everything():
    jail = Jail([Entry("/usr", "read", "/usr")], {"A": "b"}, {"/scratch": 1})
    line = command("bwrap", jail, ["true"])
    for name in ("user", "pid", "net", "ipc", "uts"):
        assert f"--unshare-{name}" in line
    assert {"--new-session", "--die-with-parent", "--clearenv"} <= set(line)
    assert line[-2:] == ["--", "true"]
