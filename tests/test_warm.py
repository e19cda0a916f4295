"""The life of the parent of warm kernels, and what its forks share."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from traitlets.config import Config

from grader.doctor import check_bubblewrap
from grader.lessons import get_lesson
from grader.nbgrader.execute import CaptureAndJudge
from grader.nbgrader.faults import MachineFault
from grader.nbgrader.kernel import Kernel
from grader.sandbox import warm
from grader.sandbox.probe import probe
from grader.sandbox.watch import descendants
from tests.warmth import LIGHT, manager_of

SANDBOX = Path(__file__).resolve().parents[1] / "grader" / "sandbox"
MIME_TYPE = "application/x-test+json"

pytestmark = pytest.mark.skipif(
    bool(probe().problem), reason=f"no sandbox: {probe().problem}"
)


@pytest.fixture(scope="module")
def manager():
    with manager_of("warm") as made:
        yield made


@pytest.fixture
def start(tmp_path, manager):
    """Opens warm kernels of one parent; they end with the test."""
    opened = []

    def opener():
        kernel = Kernel("python3", tmp_path, Config(), manager_class=manager)
        opened.append(kernel)
        return kernel.__enter__()

    yield opener
    for kernel in opened:
        kernel.__exit__()


@pytest.fixture
def parent():
    """A parent of the test's own."""
    if why := warm.problem():
        pytest.skip(f"no warm kernels: {why}")
    made = warm.Parent(LIGHT)
    yield made
    made.close()


def value(kernel, expression, setup="pass"):
    code = (
        f"{setup}\nfrom IPython.display import display\n"
        f"display({{{MIME_TYPE!r}: {expression}}}, raw=True)"
    )
    outcome = kernel.run(code, 30, MIME_TYPE)
    assert outcome.status == "ok", outcome
    return outcome.displays[0]


def processes(parent):
    """The parent's bubblewrap and all that is below it."""
    pid = parent._process.pid
    return [pid, *descendants(pid)]


def forked_process(parent):
    """The process that has imported: the only one of its name that is no kernel."""
    for pid in processes(parent):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if words[0] == sys.executable.encode() and words[1].endswith(b"parent.py"):
            return pid
    raise AssertionError("there is none")


def gone(pids, seconds=10):
    """Whether processes end in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(Path(f"/proc/{pid}/stat").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("setup", "expression"),
    [
        ("import random", "[random.random()]"),
        ("import numpy", "numpy.random.rand(2).tolist()"),
        ("import numpy", "numpy.random.default_rng().random(2).tolist()"),
        ("import os", "[os.urandom(8).hex()]"),
        ("import uuid", "[str(uuid.uuid4()), str(uuid.uuid1())]"),
        ("import tempfile", "[tempfile.mktemp()]"),
        ("import secrets", "[secrets.token_hex(8)]"),
    ],
)
def test_what_is_random_differs(start, setup, expression):
    drawn = [json.dumps(value(start(), expression, setup)) for _ in range(2)]
    assert drawn[0] != drawn[1]


def test_a_kernel_knows_nothing_of_the_one_before(start):
    patch = (
        "import builtins, json, os, sys, numpy\n"
        "builtins.left = json.loads = numpy.left = sys.left = 1\n"
        "os.environ['LEFT'] = '1'\nopen('/tmp/left', 'w').close()"
    )
    first = start()
    assert first.run(patch, 30).status == "ok"
    second = start()
    found = value(
        second,
        "[hasattr(builtins, 'left'), hasattr(numpy, 'left'), hasattr(sys, 'left'), "
        "json.loads('2') != 2, 'LEFT' in os.environ, os.path.exists('/tmp/left')]",
        "import builtins, json, numpy, os, sys",
    )
    assert found == [False] * 6


def test_no_open_file_is_shared(start):
    code = (
        "import os\nlinks = {n: os.readlink(f'/proc/self/fd/{n}') "
        "for n in os.listdir('/proc/self/fd') "
        "if os.path.lexists(f'/proc/self/fd/{n}')}"
    )
    own, other = (value(start(), "sorted(links.values())", code) for _ in range(2))
    assert [link for link in own if "pidfd" in link or "/ns/" in link] == []
    # pipes and sockets bear numbers that are the machine's
    numbered = [{link for link in links if "[" in link} for links in (own, other)]
    assert {x for x in numbered[0] & numbered[1] if not x.startswith("anon_inode")} == (
        set()
    )


def test_no_memory_is_shared(start):
    lines = value(start(), "[x for x in maps if x.split()[1][1::2] == 'ws']", MAPS)
    assert lines == []


MAPS = "maps = open('/proc/self/maps').read().splitlines()"


def test_the_first_process_cannot_be_looked_into(start):
    code = """
import os
read = []
for name in ("mem", "maps", "environ", "auxv", "fd", "ns/user", "root", "cwd", "exe"):
    path = "/proc/1/" + name
    try:
        if name in ("root", "cwd", "exe", "ns/user"):
            os.readlink(path)
        elif name == "fd":
            os.listdir(path)
        else:
            open(path, "rb").read(1)
        read.append(name)
    except OSError:
        pass
"""
    assert value(start(), "read", code) == []


def test_only_its_own_processes_are_there(start):
    code = "import os\nfound = sorted(n for n in os.listdir('/proc') if n.isdigit())"
    assert value(start(), "[found, os.getpid()]", code) == [["1", "2"], 2]


def test_it_is_in_a_group_of_its_own(start):
    """A signal to group 0 reaches all of the group, in whatever namespace."""
    groups = value(start(), "[os.getpgrp(), os.getsid(0), os.getpid()]", "import os")
    assert groups == [2, 2, 2]


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
    def kernel():
        return Kernel("python3", tmp_path, Config(), manager_class=managed)

    def managed(**kwargs):
        from grader.sandbox.manager import SandboxManager

        return SandboxManager(warm=parent, **kwargs)

    with kernel() as other, kernel() as ending:
        assert ending.run(f"import os\n{how}", 30).status == "died"
        assert parent.is_alive()
        assert other.run("1", 30).status == "ok"


def test_what_a_kernel_left_ends_with_it(parent, tmp_path):
    from grader.sandbox.manager import SandboxManager

    def managed(**kwargs):
        return SandboxManager(warm=parent, **kwargs)

    before = set(processes(parent))
    with Kernel("python3", tmp_path, Config(), manager_class=managed) as kernel:
        code = "import os, time\nif not os.fork():\n    os.setsid()\n    time.sleep(99)"
        kernel.run(code, 30)
        started = set(processes(parent)) - before
        assert len(started) >= 3
        assert kernel.run("os._exit(0)", 30).status == "died"
        assert gone(started)
    assert list(parent.folder.iterdir()) == []


def test_it_ends_with_the_run(tmp_path):
    log = logging.getLogger("test")
    with warm.warm_kernels(log):
        with warm.warm_kernels(log):
            pass
        parent = warm._CURRENT.get()
        parent._parent = warm.Parent(LIGHT)
        folder, pids = parent._parent.folder, processes(parent._parent)
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
from grader.nbgrader.kernel import Kernel
from grader.sandbox import warm
from grader.sandbox.manager import SandboxManager
from tests.warmth import LIGHT
begin = warm.Parent._hold
def told(self, *rest):
    threading.Timer(0.3, lambda: print(self._process.pid, flush=True)).start()
    begin(self, *rest)
if {moment!r} == "importing":
    warm.Parent._hold = told
p = warm.Parent((*LIGHT, "tensorflow") if {moment!r} == "importing" else LIGHT)
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


def test_a_fork_that_fails_starts_cold(parent, tmp_path, monkeypatch):
    from grader.sandbox.manager import SandboxManager

    def managed(**kwargs):
        return SandboxManager(warm=parent, **kwargs)

    monkeypatch.setattr(warm, "nested", lambda bwrap, jail: ["/bin/false"])
    with Kernel("python3", tmp_path, Config(), manager_class=managed) as kernel:
        assert value(kernel, "[os.getpid()]", "import os") == [2]
        cold = "[open('/proc/1/cmdline').read().split(chr(0))[0]]"
        assert value(kernel, cold)[0].endswith("bwrap")


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
    code = f"import sys\nsys.path[:0] = [{str(SANDBOX)!r}]\nimport parent\n{made}\n"
    done = subprocess.run(
        [sys.executable, "-c", code + "print(parent.unfit())"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(why)
    assert bool(done.stdout.strip()) is bool(why)


def test_a_parent_that_dies_while_a_submission_is_graded_costs_no_mark(monkeypatch):
    """Its kernels end with it: the submission is graded again, in the end cold."""
    monkeypatch.setattr(warm, "MODULES", LIGHT)
    step = CaptureAndJudge()
    seen = []

    def act(parent):
        seen.append(parent)
        if parent is not None:
            os.kill(forked_process(parent), signal.SIGKILL)
            if len(seen) > 1:
                raise MachineFault("no kernel came up")
        return f"graded in round {len(seen)}"

    with warm.warm_kernels(logging.getLogger("test")):
        graded = step._with_parent(get_lesson("01_residual_networks"), act)
    assert graded == f"graded in round {len(seen)}"
    assert len(set(seen)) == len(seen) > 2
    assert seen[-1] is None


def test_a_fault_that_is_not_the_parents_is_told(monkeypatch):
    monkeypatch.setattr(warm, "MODULES", LIGHT)

    def act(parent):
        assert parent is not None
        raise MachineFault("the disk is full")

    lesson = get_lesson("01_residual_networks")
    with (
        warm.warm_kernels(logging.getLogger("test")),
        pytest.raises(MachineFault, match="the disk is full"),
    ):
        CaptureAndJudge()._with_parent(lesson, act)


@pytest.mark.parametrize(
    ("cold", "said"),
    [
        ("", "kernels are forked from a warm one"),
        ("no bwrap", "starts cold (no bwrap)"),
    ],
)
def test_the_doctor_says_which_kernels_there_are(monkeypatch, cold, said):
    monkeypatch.setattr(warm, "problem", lambda: cold)
    finding = check_bubblewrap()
    assert finding.ok
    assert said in finding.text
