"""A class graded by this process, by nbgrader, and by workers here and elsewhere."""

import contextlib
import json
import os
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from traitlets.config import Config

from grader.demo.residual_networks import STUDENTS
from grader.demo.run import set_up
from grader.lessons import get_lesson
from grader.nbgrader.grading.course import Course
from grader.sandbox.probe import probe
from tests import postgres
from tests.course import open_course
from tests.documents import blocks

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
LESSON = get_lesson("01_residual_networks")
NAMES = ("cleo_untouched", "dan_one_block", "leo_syntax_error", "nils_torn_file")
CLASS = [student for student in STUDENTS if student.name in NAMES]
COLD = "--CaptureAndJudge.warm_kernels=False"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(probe().problem), reason=f"no sandbox: {probe().problem}"),
]


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class") / "run"
    set_up(ROOT, folder, 60, {LESSON.name: CLASS})
    return folder


@pytest.fixture(scope="module")
def start(commands):
    """Starts grading into a folder."""

    def run(folder, *arguments, tool="grader", url=""):
        return subprocess.Popen(
            [str(commands / tool), "autograde", LESSON.name, *arguments],
            cwd=ROOT,
            env={**os.environ, "GRADER_RUN_FOLDER": str(folder), "GRADER_DB_URL": url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return run


def exported(folder, url=""):
    """The CSV of all marks, and the reports but for the digest of the files."""
    settings = Config({"CourseDirectory": {"db_url": url}}) if url else None
    course = Course(ROOT, str(folder), settings)
    records = {
        path.name: json.loads(path.read_text())["reports"]
        for path in (folder / "reports").rglob("*.json")
    }
    return course.export().read_bytes(), records


def finish(process):
    shown, told = process.communicate(timeout=600)
    assert process.returncode == 0, told
    return shown


@pytest.fixture(scope="module")
def by_nbgrader(start, handed_in, tmp_path_factory):
    """What plain nbgrader exports; each of its kernels starts by itself."""
    folder = tmp_path_factory.mktemp("nbgrader") / "run"
    shutil.copytree(handed_in, folder)
    finish(start(folder, COLD, tool="nbgrader"))
    found = exported(folder)
    assert len(found[1]) == len(CLASS)
    return found


@pytest.fixture
def folder(handed_in, tmp_path):
    shutil.copytree(handed_in, tmp_path / "run")
    return tmp_path / "run"


def commands(address):
    """What the page tells to start: a scheduler, a worker, and grading."""
    (block,) = (b for b in blocks("grader/README.md") if b.needs == "other machines")
    lines = block.text.replace("tcp://SCHEDULER:8786", address).splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def machine():
    """What gives a command namespaces of its own; with the command all in them ends."""
    own = [] if os.geteuid() == 0 else ["--user", "--map-current-user"]
    own += ["--mount", "--pid", "--ipc", "--uts", "--mount-proc", "--fork"]
    return ["unshare", *own, "--kill-child"]


@pytest.fixture
def dask(tmp_path):
    """A scheduler and two workers that were started by hand, each in a folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    scheduler, worker, grading = commands(address)
    with contextlib.ExitStack() as stack:
        started = []
        for number, words in enumerate([scheduler, worker, worker]):
            place = tmp_path / f"machine{number}"
            place.mkdir()
            process = subprocess.Popen(
                [*machine(), str(BIN / words[0]), *words[1:]],
                cwd=place,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            started.append(process)
        yield grading, started[1:]


_SERVER = postgres.programs() is not None


@pytest.fixture(
    params=[
        pytest.param(
            "server", marks=pytest.mark.skipif(not _SERVER, reason=postgres.LACKING)
        ),
        pytest.param(
            "file", marks=pytest.mark.skipif(_SERVER, reason="a server takes its place")
        ),
    ]
)
def gradebook(folder, request):
    """The URL of a gradebook on a server, with the lesson in it; empty for a file."""
    if request.param == "file":
        yield ""
        return
    with postgres.server() as url:
        names = {"db_url": url, "release_directory": str(folder / "release")}
        open_course(folder, CourseDirectory=names).generate_assignment(LESSON)
        yield url


def test_the_csv_is_the_same_by_one(start, folder, by_nbgrader):
    shown = finish(start(folder, "--workers=1"))
    assert exported(folder) == by_nbgrader
    assert "What is found most often in 01_residual_networks:" in shown


def test_the_csv_is_the_same_by_two_into_a_gradebook(
    start, folder, by_nbgrader, gradebook
):
    shown = finish(start(folder, "--workers=2", "--json", url=gradebook))
    assert exported(folder, gradebook) == by_nbgrader
    told = [json.loads(line) for line in shown.splitlines()]
    students = [each["student"] for each in told if each["kind"] == "submission"]
    assert sorted(students) == sorted(NAMES)
    assert told[-2]["kind"] == "findings"
    assert told[-2]["commonest"][0]["students"] == 2
    counts = {"graded": 4, "not_graded": 0, "as_they_were": 0}
    assert told[-1] == {"kind": "run", **counts}
    written = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert not any(postgres.PASSWORD.encode() in content for content in written)


def test_a_worker_elsewhere_that_is_killed_half_way(start, folder, by_nbgrader, dask):
    """All marks arrive, once; nothing is shared with it but the scheduler."""
    grading, (_, victim) = dask
    assert grading[:2] == ["grader", "autograde"]
    with start(folder, *grading[2:], "--json") as process:
        first = json.loads(process.stdout.readline())
        victim.send_signal(signal.SIGKILL)
        told = [first, *map(json.loads, finish(process).splitlines())]
    students = [each["student"] for each in told if each["kind"] == "submission"]
    assert sorted(students) == sorted(NAMES)
    assert exported(folder) == by_nbgrader
    with sqlite3.connect(folder / "gradebook.db") as database:
        rows = database.execute("select count(*) from submitted_notebook").fetchone()
    database.close()
    assert rows == (len(CLASS),)


def test_ctrl_c_finishes_what_is_in_hand_and_the_next_run_goes_on(
    start, folder, by_nbgrader
):
    with start(folder, "--workers=1", "--json") as process:
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=600)
    assert process.returncode == 130
    assert "goes on where this was" in told
    before = len(list((folder / "reports").rglob("*.json")))
    assert 1 <= before <= len(CLASS)
    finish(start(folder, "--workers=1"))
    assert exported(folder) == by_nbgrader
