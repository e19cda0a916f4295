"""Several graders of a machine fork their kernels from one parent."""

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.sandbox import asking, warm
from grader.sandbox.forked import NoParent
from grader.sandbox.lending import Borrowed, lent
from grader.sandbox.probe import probe
from tests.warmth import LIGHT, forked_process, gone, kernel_of, processes, value

ROOT = Path(__file__).parents[1]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(probe().problem), reason=f"no sandbox: {probe().problem}"),
]

#: a grader of its own; its kernel starts a process
GRADER = """
import sys, time
from pathlib import Path
from grader.sandbox.lending import Borrowed
from tests.warmth import kernel_of, value
parent = Borrowed(sys.argv[1]).get([])
with kernel_of(parent, Path(sys.argv[2])) as kernel:
    kernel.run("import subprocess; subprocess.Popen(['setsid', 'sleep', '99'])", 30)
    print(value(kernel, "type(numpy).__name__", "import numpy"), flush=True)
    time.sleep(60)
"""


@pytest.fixture
def parents(monkeypatch):
    if why := warm.problem():
        pytest.skip(f"no warm kernels: {why}")
    monkeypatch.setattr(warm, "MODULES", LIGHT)
    return warm.Parents(logging.getLogger("test"), {"OMP_NUM_THREADS": "3"})


@pytest.fixture
def address(parents, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    with lent(parents, []) as where:
        yield where


def test_a_kernel_of_a_borrowed_parent_is_as_any(address, parents, tmp_path):
    borrowed = Borrowed(address)
    first, second = borrowed.get([]), borrowed.get([])
    assert first.folder == second.folder == parents.current.folder
    with kernel_of(first, tmp_path) as one, kernel_of(second, tmp_path) as other:
        variable = "os.environ['OMP_NUM_THREADS']"
        assert value(one, variable, "import os") == "3"
        assert one.run("import os\nos._exit(1)", 30).status == "died"
        assert other.run("1", 30).status == "ok"
        # what was made in it lies apart from what is lent
        assert not value(other, f"os.path.exists({address!r})", "import os")
    assert first.is_alive()
    assert gone(parents.current.folder.iterdir())


def test_the_kernels_of_a_grader_that_is_killed_end_and_no_others(
    address, parents, tmp_path
):
    with kernel_of(Borrowed(address).get([]), tmp_path) as own:
        before = set(processes(parents.current))
        with subprocess.Popen(
            [sys.executable, "-c", GRADER, address, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        ) as grader:
            said = grader.stdout.readline()
            started = set(processes(parents.current)) - before
            grader.kill()
        assert said == "module\n"
        assert len(started) >= 3
        assert gone(started)
        assert own.run("1", 30).status == "ok"


def test_a_request_may_come_late(address, parents, tmp_path, monkeypatch):
    """The fork waits for it, whoever has had the line before."""
    made = asking.Asked._made

    def late(self, mine, request):
        time.sleep(0.3)
        return made(self, mine, request)

    monkeypatch.setattr(asking.Asked, "_made", late)
    parent = Borrowed(address).get([])
    before = set(processes(parents.current))
    with kernel_of(parent, tmp_path) as kernel:
        assert kernel.run("1", 30).status == "ok"
        assert set(processes(parents.current)) - before


def test_a_parent_that_died_is_replaced_for_all(address, parents, tmp_path):
    borrowed = Borrowed(address)
    first = borrowed.get([])
    os.kill(forked_process(parents.current), signal.SIGKILL)
    second = borrowed.get([])
    assert not first.is_alive()
    with pytest.raises(NoParent):
        first._line()
    assert second.is_alive()
    assert second.folder == borrowed.get([]).folder != first.folder
    with kernel_of(second, tmp_path) as kernel:
        assert kernel.run("1", 30).status == "ok"


def test_where_nothing_is_lent_kernels_start_cold(address, parents, monkeypatch):
    borrowed = Borrowed(address)
    assert borrowed.get([]) is not None
    monkeypatch.setattr(warm, "MODULES", ("no_such_module",))
    os.kill(forked_process(parents.current), signal.SIGKILL)
    assert borrowed.get([]) is None


def test_what_was_lent_ends_with_the_block(parents, tmp_path):
    with lent(parents, []) as address:
        parent = Borrowed(address).get([])
        pids = processes(parents.current)
        assert len(pids) > 1
    assert gone(pids)
    assert not Path(address).parent.exists()
    assert not parent.is_alive()
    assert Borrowed(address).get([]) is None
    assert parents.closed
