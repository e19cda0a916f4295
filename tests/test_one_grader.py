"""Two runs never grade into one folder at the same time."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.lessons import get_lesson
from grader.nbgrader.grading.lock import NAME, Busy, only_run
from tests.course import released_course

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
LESSON = get_lesson("01_residual_networks")
HOLD = """
import sys, time
from pathlib import Path
from grader.nbgrader.grading.lock import only_run
with only_run(Path(sys.argv[1]), "grader autograde"):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def other(tmp_path):
    """Another process that grades into the folder."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_second_is_told_of_the_first(other, tmp_path):
    named = rf"grader autograde \(process {other.pid}, since .*\) is at work in"
    with pytest.raises(Busy, match=named), only_run(tmp_path, "another"):
        pytest.fail("both are grading")


def test_a_run_that_was_killed_stops_nobody(other, tmp_path):
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert "process" in (tmp_path / NAME).read_text()
    with only_run(tmp_path, "another"):
        assert (tmp_path / NAME).read_text().startswith("another")


def test_one_after_the_other(tmp_path):
    for name in ("one", "two"):
        with only_run(tmp_path, name):
            assert name in (tmp_path / NAME).read_text()
    with pytest.raises(ValueError, match="x"), only_run(tmp_path, "three"):
        raise ValueError("x")
    with only_run(tmp_path, "four"):
        pass


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    course = released_course(folder)
    place = course.path(course.submitted, "ada", LESSON.name)
    place.mkdir(parents=True)
    shutil.copy(course.release_path(LESSON), place)
    return course


@pytest.mark.parametrize("tool", ["grader", "nbgrader"])
def test_a_command_beside_another_run_does_nothing(course, commands, tool):
    before = {p: p.stat().st_mtime_ns for p in course.folder.rglob("*.db")}
    with (course.folder / NAME).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = subprocess.run(
            [str(commands / tool), "autograde", LESSON.name],
            cwd=ROOT,
            env={**os.environ, "GRADER_RUN_FOLDER": str(course.folder)},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert "another run is at work in" in done.stderr
    assert "Traceback" not in done.stderr
    assert before == {p: p.stat().st_mtime_ns for p in course.folder.rglob("*.db")}
    assert not (course.folder / "autograded").exists()
