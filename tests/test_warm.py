"""The life of the parent of warm kernels, and what its forks share."""

import contextvars
import importlib.util
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.doctor import check_bubblewrap
from grader.sandbox import asking, warm
from grader.sandbox.environment import environment
from grader.sandbox.probe import probe
from grader.sandbox.watch import descendants
from tests.warmth import (
    LIGHT,
    forked_process,
    gone,
    kernel_of,
    parent_of_its_own,
    processes,
)

SANDBOX = Path(__file__).resolve().parents[1] / "grader" / "sandbox"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(probe().problem), reason=f"no sandbox: {probe().problem}"),
]


@pytest.fixture
def parent():
    """A parent of the test's own."""
    with parent_of_its_own() as made:
        yield made


@pytest.mark.parametrize(
    "how",
    [
        "os._exit(1)",
        "os.kill(os.getpid(), 9)",
        "os.killpg(0, 9)",
        "try: os.kill(-1, 9)\nfinally: os._exit(1)",
        "[os.kill(1, n) for n in (2, 15, 19, 9)]; os.kill(0, 9)",
    ],
)
def test_a_kernel_that_ends_takes_nobody_along(parent, tmp_path, how):
    with kernel_of(parent, tmp_path) as other, kernel_of(parent, tmp_path) as ending:
        assert ending.run(f"import os\n{how}", 30).status == "died"
        assert parent.is_alive()
        assert other.run("1", 30).status == "ok"


def test_what_a_kernel_left_ends_with_it(parent, tmp_path):
    before = set(processes(parent))
    with kernel_of(parent, tmp_path) as kernel:
        code = "import os, time\nif not os.fork():\n    os.setsid()\n    time.sleep(99)"
        kernel.run(code, 30)
        started = set(processes(parent)) - before
        assert len(started) >= 3
        assert kernel.run("os._exit(0)", 30).status == "died"
        assert gone(started)
    assert gone(parent.folder.iterdir())


def test_it_ends_with_the_run(tmp_path):
    log = logging.getLogger("test")
    with warm.warm_kernels(log):
        with warm.warm_kernels(log):
            pass
        parent = warm._CURRENT.get()
        parent.current = asking.Parent(LIGHT)
        folder, pids = parent.current.folder, processes(parent.current)
        assert len(pids) > 1
    assert gone(pids)
    assert not folder.exists()
    assert warm.parent_for([]) is None


@pytest.mark.parametrize("moment", ["importing", "idle", "forked"])
def test_nothing_is_left_of_a_grader_that_is_killed(tmp_path, moment):
    script = f"""
import functools, sys, threading, time
from pathlib import Path
from traitlets.config import Config
from grader.nbgrader.kernels.kernel import Kernel
from grader.sandbox import asking
from grader.sandbox.manager import SandboxManager
from tests.warmth import LIGHT, parent_of_its_own
begin = asking.Parent._hold
def told(self, *rest):
    threading.Timer(0.3, lambda: print(self._process.pid, flush=True)).start()
    begin(self, *rest)
if {moment!r} == "importing":
    asking.Parent._hold = told
p = asking.Parent((*LIGHT, "tensorflow") if {moment!r} == "importing" else LIGHT)
if {moment!r} == "forked":
    manager = functools.partial(SandboxManager, warm=p)
    k = Kernel("python3", Path({str(tmp_path)!r}), Config(), manager_class=manager)
    k.__enter__()
    k.run("import subprocess; subprocess.Popen(['setsid', 'sleep', '99'])", 9)
print(p._process.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        text=True,
        cwd=SANDBOX.parents[1],
    ) as process:
        pid = int(process.stdout.readline())
        pids = [pid, *descendants(pid)]
        assert len(pids) > 1
        os.kill(process.pid, signal.SIGKILL)
    assert gone(pids)


def test_a_run_that_is_left_in_another_context_ends_its_parent(monkeypatch):
    """As a generator that is thrown away may be."""
    monkeypatch.setattr(warm, "MODULES", LIGHT)
    log = logging.getLogger("test")

    def run():
        with warm.warm_kernels(log):
            yield warm.parent_for([])

    context = contextvars.copy_context()
    first = run()
    pids = processes(context.run(next, first))
    first.close()
    assert gone(pids)
    assert context.run(warm.parent_for, []) is None
    second = run()
    assert context.run(next, second).is_alive()
    context.run(second.close)


def test_one_that_died_is_replaced(monkeypatch, caplog):
    monkeypatch.setattr(warm, "MODULES", LIGHT)
    parents = warm.Parents(logging.getLogger("test"))
    try:
        first = parents.get([])
        assert parents.get([]) is first
        os.kill(forked_process(first), signal.SIGKILL)
        second = parents.get([])
        assert second is not None
        assert second is not first
        assert second.is_alive()
    finally:
        parents.close()
    assert "a new one is started" in caplog.text


def test_a_lesson_with_an_extra_has_a_parent_of_its_own(monkeypatch):
    monkeypatch.setattr(warm, "MODULES", LIGHT)
    monkeypatch.setattr(warm, "_EXTRAS", {"torch": ("wave",)})
    parents = warm.Parents(logging.getLogger("test"))
    try:
        first = parents.get([])
        pids = processes(first)
        assert parents.get(["torch"]) is not first
        assert gone(pids)
    finally:
        parents.close()


def test_where_there_can_be_none_kernels_start_cold(monkeypatch, caplog):
    monkeypatch.setattr(warm, "MODULES", ("no_such_module",))
    parents = warm.Parents(logging.getLogger("test"))
    assert parents.get([]) is None
    assert parents.get([]) is None
    assert caplog.text.count("Kernels start cold") == 1
    assert "No module named 'no_such_module'" in caplog.text


@pytest.mark.parametrize(
    ("cold", "said"),
    [
        ("", "kernels are forked from a warm one"),
        ("no bwrap", "starts cold (no bwrap)"),
    ],
)
def test_the_doctor_says_which_kernels_there_are(monkeypatch, cold, said):
    monkeypatch.setattr(warm, "problem", lambda imported: cold)
    finding = check_bubblewrap()
    assert finding.ok
    assert said in finding.text


@pytest.mark.skipif(
    not Path("/sys/kernel/mm/transparent_hugepage").exists()
    or tuple(map(int, os.uname().release.split(".")[:2])) < (6, 1),
    reason="the system makes no large pages upon request",
)
def test_memory_lies_in_large_pages():
    code = (
        f"import sys\nsys.path[:0] = [{str(SANDBOX)!r}]\nimport large\n"
        "block = bytearray(b'abcd' * 2**24)\n"
        "def size():\n"
        "    for line in open('/proc/self/smaps_rollup'):\n"
        "        if line.startswith('AnonHugePages:'):\n"
        "            return int(line.split()[1])\n"
        "large.use_large_pages()\n"
        "print(size() >= 2048, block == b'abcd' * 2**24)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "True True\n", done.stderr


def test_what_is_imported_can_be_imported_and_forked():
    """By the names that the modules have today; each way to capture is among them."""
    wanted = [*warm.MODULES]
    extras = [each for each in warm._EXTRAS if importlib.util.find_spec(each)]
    for each in extras:
        wanted += warm._EXTRAS[each]
    code = (
        f"import importlib, sys\nsys.path[:0] = [{str(SANDBOX)!r}]\n"
        f"for name in {wanted}:\n    importlib.import_module(name)\n"
        "import fitness, parent\nparent._end_idle_threads()\n"
        "from grader.capture.run import WAYS\n"
        "print(*WAYS)\nprint(fitness.unfit())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment({}) | {"PYTHONPATH": str(SANDBOX.parents[1])},
    )
    ways, unfit = done.stdout.split("\n")[:2]
    known = {*warm.MODULES, *(name for e in warm._EXTRAS.values() for name in e)}
    assert {f"grader.capture.{way}" for way in ways.split()} <= known
    assert unfit == ""
