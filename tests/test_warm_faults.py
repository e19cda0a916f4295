"""What goes wrong around the parent of warm kernels costs time, and never a mark."""

import logging
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from grader.lessons import get_lesson
from grader.nbgrader.execute import CaptureAndJudge
from grader.nbgrader.faults import MachineFault
from grader.sandbox import asking, provisioner, warm
from grader.sandbox.forked import Forked, NoParent
from grader.sandbox.probe import NoSandbox, probe
from tests.warmth import (
    LIGHT,
    forked_process,
    gone,
    kernel_of,
    parent_of_its_own,
    processes,
    value,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(probe().problem), reason=f"no sandbox: {probe().problem}"),
]
LESSON = "01_residual_networks"
#: what a kernel's first process was started as: bubblewrap where it started cold
FIRST = "open('/proc/1/cmdline').read().split(chr(0))[0].rpartition('/')[2]"


@pytest.fixture
def parent():
    """A parent of the test's own."""
    with parent_of_its_own() as made:
        yield made


def run_inside(code, *numbers):
    """Runs code beside the parent's own, outside of a sandbox."""
    folder = os.path.dirname(asking.__file__)  # noqa: PTH120
    return subprocess.run(
        [sys.executable, "-c", f"import sys\nsys.path[:0] = [{folder!r}]\n{code}"],
        capture_output=True,
        text=True,
        check=True,
        pass_fds=numbers,
        timeout=60,
    ).stdout.strip()


def test_a_fork_that_fails_starts_cold(parent, tmp_path, monkeypatch):
    monkeypatch.setattr(asking, "nested", lambda bwrap, jail: ["/bin/false"])
    with kernel_of(parent, tmp_path) as kernel:
        assert value(kernel, "[os.getpid()]", "import os") == [2]
        assert value(kernel, FIRST) == "bwrap"


def test_a_kernel_that_nobody_took_runs_nothing(parent, tmp_path, monkeypatch):
    """It was made, but the grader had given it up and never looks on."""
    before = set(processes(parent))
    fork = asking.Parent.fork

    def too_late(self, *args, **kwargs):
        made = fork(self, *args, **kwargs)
        os.close(made.handle)
        made._line.close()
        raise NoParent("the parent of kernels does not answer")

    monkeypatch.setattr(asking.Parent, "fork", too_late)
    with kernel_of(parent, tmp_path) as kernel:
        assert value(kernel, FIRST) == "bwrap"
        assert gone(set(processes(parent)) - before)


def test_a_kernel_that_is_not_watched_is_ended(parent, tmp_path, monkeypatch):
    before = set(processes(parent))

    def refuse(self):
        raise NoParent("it is not told")

    monkeypatch.setattr(Forked, "go", refuse)
    with kernel_of(parent, tmp_path) as kernel:
        assert value(kernel, FIRST) == "bwrap"
        assert gone(set(processes(parent)) - before)


@pytest.mark.parametrize(("said", "told"), [("", "b''"), ("go", "b'g'")])
def test_a_kernel_goes_on_only_when_told(said, told):
    code = f"""
import os, socket, birth
mine, given = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
waiting, go = os.pipe()
birth._born = lambda request: (os.pidfd_open(os.getpid()), go)
birth._GO_LIMIT = 0.2
birth._end_with = lambda grader, handle: None
mine.send(b"{{}}")
if {said!r}:
    mine.send({said!r}.encode())
birth.deliver(given.fileno())
os.close(go)
print(os.read(waiting, 9))
"""
    assert run_inside(code) == told


def test_a_parent_that_cannot_fork_for_a_while_lives():
    code = """
import os, socket, sys, threading, parent
fork, calls = os.fork, []
def seldom():
    calls.append(1)
    if len(calls) == 2:
        raise BlockingIOError(11, "too many processes")
    return fork()
os.fork = seldom
mine, given = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
pid = fork()
if not pid:
    mine.close()
    sys.argv = ["parent.py", str(given.detach()), "[]"]
    parent.main()
given.close()
print(mine.recv(99))
own, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
socket.send_fds(mine, [b"?"], [other.fileno()])
print(own.recv(99))
mine.send(b"?")
print(mine.recv(99))
"""
    assert run_inside(code).splitlines() == [
        "b'up'",
        "b'no fork could be made: [Errno 11] too many processes'",
        "b'here'",
    ]


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ("", ""),
        (
            "import threading, time\n"
            "threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
            "an import started 1 threads",
        ),
        ("import mmap\nkept = mmap.mmap(-1, 4096)", "an import made memory"),
    ],
)
def test_what_cannot_be_forked_says_so(made, why):
    said = run_inside(f"import fitness\n{made}\nprint(fitness.unfit())")
    assert said.startswith(why)
    assert bool(said) is bool(why)


@pytest.mark.parametrize(
    "draw", ["tensorflow.random.get_global_generator()", "keras.random.uniform((1,))"]
)
def test_what_has_drawn_from_tensorflow_cannot_be_forked(draw):
    code = "import fitness, keras, parent, tensorflow\nparent._end_idle_threads()\n"
    look = "print(repr(fitness.unfit()))\n"
    before, after = run_inside(f"{code}{look}{draw}\n{look}").splitlines()
    assert before == "''"
    assert after != "''"


@pytest.mark.parametrize(
    "error",
    [
        MachineFault("no kernel came up"),
        NoSandbox(replace(probe(), problem="it did not start", remedy="try again")),
    ],
)
def test_a_parent_that_dies_while_a_submission_is_graded_costs_no_mark(
    monkeypatch, error
):
    """Its kernels end with it: the submission is graded again, in the end cold."""
    monkeypatch.setattr(warm, "MODULES", LIGHT)
    step = CaptureAndJudge()
    seen = []

    def act(parent):
        seen.append(parent)
        if parent is not None:
            os.kill(forked_process(parent), signal.SIGKILL)
            if len(seen) > 1:
                raise error
        return f"graded in round {len(seen)}"

    with warm.warm_kernels(logging.getLogger("test")):
        graded = step._with_parent(get_lesson(LESSON), act)
    assert graded == f"graded in round {len(seen)}"
    assert len(set(seen)) == len(seen) > 2
    assert seen[-1] is None


def test_a_parent_that_dies_before_its_kernel_is_watched(tmp_path, monkeypatch):
    """The kernel starts cold, and the submission is graded again with a new parent."""
    if why := warm.problem():
        pytest.skip(f"no warm kernels: {why}")
    monkeypatch.setattr(warm, "MODULES", LIGHT)
    look = provisioner.first_inside
    seen = []

    def dying(pid):
        if len(seen) == 1:
            pids = processes(seen[0])
            if pid in pids:
                os.kill(forked_process(seen[0]), signal.SIGKILL)
                assert gone(pids[1:])
        return look(pid)

    monkeypatch.setattr(provisioner, "first_inside", dying)
    firsts = []

    def act(parent):
        seen.append(parent)
        with kernel_of(parent, tmp_path) as kernel:
            firsts.append(value(kernel, FIRST))
        return "graded"

    with warm.warm_kernels(logging.getLogger("test")):
        assert CaptureAndJudge()._with_parent(get_lesson(LESSON), act) == "graded"
    assert firsts[0] == "bwrap"
    assert len(firsts) == 2
    assert seen[1] not in {None, seen[0]}
    assert firsts[1] != "bwrap"


def test_a_fault_that_is_not_the_parents_is_told(monkeypatch):
    monkeypatch.setattr(warm, "MODULES", LIGHT)

    def act(parent):
        assert parent is not None
        raise MachineFault("the disk is full")

    lesson = get_lesson(LESSON)
    with (
        warm.warm_kernels(logging.getLogger("test")),
        pytest.raises(MachineFault, match="the disk is full"),
    ):
        CaptureAndJudge()._with_parent(lesson, act)
