"""Runs the grader's side of the kernel's channels against a peer of ill will.

    python -m tests.fuzz_channels --minutes 10
    python -m tests.fuzz_channels --seed 1234

Each seed is one submission: a kernel is opened, asked three times, and left. The peer
(`tests/hostile_peer.py`) is no kernel. Whatever it does, each call ends in its time
with an outcome that grading knows, and leaves nothing: no thread, no open file, no
process. What does not is told with its seed, which tries it again.
"""

import argparse
import faulthandler
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec
from traitlets.config import Config

from grader.nbgrader.faults import MachineFault
from grader.nbgrader.kernels.kernel import Kernel
from grader.sandbox.client import LONGEST_WAIT
from grader.sandbox.manager import BoundedManager

PEER = Path(__file__).with_name("hostile_peer.py")
CHECKOUT = PEER.parent.parent
MIME_TYPE = "application/x-test+json"
STATUSES = {"ok", "error", "timeout", "died", "flood"}
#: seconds of a request; a machine that is busy with other things may take these more
REQUEST, SLACK = 0.3, 8.0
#: megabytes that this process may grow by
GROWTH = 600
#: seeds of one process
BATCH = 50


class QuickKernel(Kernel):
    """A kernel that is given up sooner."""

    grace = 0.3
    start_limit = 1.5


class PeerManager(BoundedManager):
    """Starts the peer in place of a kernel."""

    seed = 0
    folder = ""

    def __init__(self, **traits):
        super().__init__(**traits)
        self.transport = "ipc"
        self.connection_file = f"{self.folder}/kernel.json"
        self.ip = f"{self.folder}/k"

    @property
    def kernel_spec(self):
        line = [sys.executable, "-S", str(PEER), str(self.seed)]
        return KernelSpec(
            argv=[*line, "-f", "{connection_file}"],
            display_name="peer",
            language="python",
            interrupt_mode="message",
        )


def attempt(seed: int) -> list[str]:
    """Grades against one peer; returns what went wrong."""
    folder = tempfile.mkdtemp(prefix="peer-")
    manager = type("Manager", (PeerManager,), {"seed": seed, "folder": folder})
    kernel = QuickKernel("peer", Path(folder), Config(), 10_000_000, manager)
    found: list[str] = []
    bound = REQUEST + QuickKernel.grace + 2 * LONGEST_WAIT + SLACK
    try:
        try:
            kernel.__enter__()
        except MachineFault:
            return found
        for _ in range(3):
            started = time.monotonic()
            outcome = kernel.run("1", REQUEST, MIME_TYPE)
            took = time.monotonic() - started
            if took > bound:
                found.append(f"a request took {took:.1f} s")
            if outcome.status not in STATUSES:
                found.append(f"no known outcome: {outcome.status}")
            if outcome.lost:
                break
    except Exception as error:
        found.append(f"{type(error).__name__}: {error}")
    finally:
        kernel.__exit__()
        shutil.rmtree(folder, ignore_errors=True)
    return found


def held() -> tuple[int, int, int]:
    """Threads, open files and megabytes of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    opened = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    return threading.active_count(), opened, pages * os.sysconf("SC_PAGE_SIZE") >> 20


def batch(first: int, count: int) -> int:
    """Tries some seeds in this process; tells each before it is tried."""
    attempt(first)
    before = held()
    for seed in range(first, first + count):
        print(f"seed {seed}", flush=True)
        faulthandler.dump_traceback_later(60, exit=True)
        found = attempt(seed)
        faulthandler.cancel_dump_traceback_later()
        threads, opened, grown = (b - a for a, b in zip(before, held(), strict=True))
        if threads > 0 or opened > 2:
            found.append(f"left {threads} threads and {opened} files open")
        if grown > GROWTH:
            found.append(f"grew by {grown} MB")
        if found:
            print(f"FOUND {'; '.join(found)}", flush=True)
            return 1
    return 0


def run(first: int, count: int) -> list[str]:
    """Tries some seeds in a process of its own; returns what went wrong.

    A process of its own, for ZeroMQ is not Python: what breaks it ends its process.
    """
    line = [sys.executable, "-m", "tests.fuzz_channels"]
    line += ["--batch", str(first), str(count)]
    done = subprocess.run(
        line, cwd=CHECKOUT, capture_output=True, text=True, timeout=100 * count
    )
    if done.returncode == 0:
        return []
    lines = done.stdout.splitlines() or ["before the first seed"]
    told = [line for line in lines if not line.startswith("seed ")]
    last = [line for line in lines if line.startswith("seed ")][-1:]
    return [*last, *told, done.stderr[-4000:]]


def main() -> int:
    """Returns 1 if a seed did not end as it has to."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz_channels")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, help="try this one alone")
    parser.add_argument("--from", type=int, dest="first", help="the first seed")
    parser.add_argument("--batch", type=int, nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.batch:
        return batch(*chosen.batch)
    if chosen.seed is not None:
        found = attempt(chosen.seed)
        print("\n".join(found) or f"seed {chosen.seed} holds")
        return int(bool(found))
    first = time.time_ns() >> 20 if chosen.first is None else chosen.first
    end, tried = time.monotonic() + 60 * chosen.minutes, 0
    while time.monotonic() < end:
        found = run(first + tried, BATCH)
        if found:
            print("\n".join(found))
            return 1
        tried += BATCH
        print(f"{tried} peers, from seed {first}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
