"""Works on a class through dask.distributed, here or on other machines.

A worker needs this package and nothing that is shared: it is sent the lesson's material
once and then one submission after the other. Its warm kernels have a parent of its own,
or one that all workers of a machine are lent. A submission whose worker dies is graded
again by another.
"""

import contextlib
import functools
import gc
import logging
import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, cast

import dask.config
from distributed import Client, Future, LocalCluster, WorkerPlugin, as_completed
from distributed import get_worker as this_worker

from grader.nbgrader.faults import CourseError, MachineFault, fault
from grader.nbgrader.grading.code import code_digest
from grader.nbgrader.grading.crew import Job, Outcome, Task, Tasks
from grader.sandbox.environment import ONE_THREAD
from grader.sandbox.lending import Borrowed
from grader.sandbox.libc import LIBC
from grader.sandbox.warm import Parents, Source

#: no web pages: other users of the machine can reach their port, which has no keys
_NO_PAGES = {f"distributed.{role}.http.routes": [] for role in ("scheduler", "worker")}
#: no looking on by dask, ten to a hundred times a second: it takes a twelfth of a core
_SELDOM = {
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "2s",
    "distributed.admin.tick.interval": "2s",
    "distributed.admin.system-monitor.interval": "5s",
}
#: dask has C's library give memory back at once: NumPy takes it again for each array,
#: and judging takes nearly twice as long
_KEEPING = {"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None}
#: M_TRIM_THRESHOLD and M_MMAP_THRESHOLD; see mallopt(3)
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
#: dask keeps the last messages, submissions in them, a thousand unless told otherwise
_FORGETTING = {"distributed.admin.low-level-log-length": 10}
#: what they are forks of has been started; see `imported`
_FORKS = {"distributed.worker.multiprocessing-method": "forkserver"}
#: seconds between a worker's signs of life, of which dask wants two a second: one that
#: dies closes its connection
_BEATS = 5
#: seconds for which the number of workers is taken to be what it was
_PLACES_KNOWN = 2
#: submissions that are with the workers for each that can be graded at a time
_AHEAD = 2
#: seconds until a scheduler must answer, and until it must have a worker
_PATIENCE = 30


@contextlib.contextmanager
def workers_here(count: int, parents: str) -> Iterator["Workers"]:
    """Starts worker processes, which are gone when the block is left.

    They speak TLS with keys of their own: other users of the machine can reach the
    ports, and who can speak to a worker has its rights.

    Args:
        count: how many.
        parents: where parents of warm kernels are lent; empty where they are not.
    """
    with (
        dask.config.set(_NO_PAGES | _SELDOM | _KEEPING | _FORGETTING | _FORKS),
        LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            memory_limit=0,
            # dask has a server for pages all the same: on a port that is free
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            protocol="tls://",
            security=True,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        scheduler = cast("Any", cluster).scheduler
        beat = scheduler.handlers["heartbeat_worker"]
        scheduler.handlers["heartbeat_worker"] = _seldom(beat)
        yield Workers(client, parents, here=True)


def _seldom(beat: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """What answers a worker's sign of life, and asks for fewer of them."""

    @functools.wraps(beat)
    def answer(*args: Any, **kwargs: Any) -> dict[str, Any]:
        return beat(*args, **kwargs) | {"heartbeat-interval": _BEATS}

    return answer


@contextlib.contextmanager
def workers_at(address: str) -> Iterator["Workers"]:
    """Uses the workers of a scheduler.

    Raises:
        MachineFault: if it cannot be reached, or has no worker.
    """
    try:
        with dask.config.set(_FORGETTING):
            client = Client(address, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise MachineFault(f"no scheduler at {address}: {error}") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise MachineFault(f"the scheduler at {address} has no worker") from error
        yield Workers(client)


class Workers:
    """A crew of workers.

    Args:
        client: of their scheduler.
        parents: where parents of warm kernels are lent; empty where they are not.
        here: whether Ctrl-C in this terminal reaches them, too: it is not for them.
    """

    def __init__(self, client: Client, parents: str = "", *, here: bool = False):
        self._client = client
        self._parents = parents
        self._here = here
        self._places_known = (0, 0.0)

    def __call__(self, job: Job, tasks: Tasks) -> Iterator[tuple[str, Outcome]]:
        """Does tasks, as many at a time as there are workers.

        Raises:
            CourseError: if a worker cannot be used.
        """
        name = f"grader-{uuid.uuid4().hex}"
        bench = Bench(job, code_digest(), self._parents, here=self._here)
        try:
            self._client.register_plugin(bench, name=name)
        except Exception as error:
            raise CourseError(f"a worker cannot be used: {fault(error)}") from error
        try:
            yield from self._do(name, tasks)
        finally:
            with contextlib.suppress(Exception):
                self._client.unregister_worker_plugin(name)

    def _do(self, name: str, tasks: Tasks) -> Iterator[tuple[str, Outcome]]:
        given: dict[str, Task] = {}
        done, more = as_completed(), True
        while more or given:
            while more and len(given) < _AHEAD * max(1, self._places()):
                student, task = next(tasks, ("", None))
                if task is None:
                    more = False
                elif isinstance(task, BaseException):
                    yield student, task
                else:
                    key = f"{name}-{len(student)}-{uuid.uuid4().hex}"
                    future = self._client.submit(_do, task, name, key=key)
                    given[key] = task
                    done.add(future)
            if given:
                future = next(done)
                task = given.pop(str(future.key))
                yield task.student, _outcome(task, future)

    def _places(self) -> int:
        """How many submissions can be graded at a time now: workers come and go."""
        count, end = self._places_known
        if time.monotonic() >= end:
            threads: Any = self._client.nthreads()
            count, end = sum(threads.values()), time.monotonic() + _PLACES_KNOWN
            self._places_known = count, end
        return count


def _outcome(task: Task, future: Future) -> Outcome:
    try:
        result: Any = future.result()
    except Exception as error:
        return CourseError(f"its worker failed: {fault(error)}")
    finally:
        future.release()
    return CourseError(result) if isinstance(result, str) else (task, result)


class Bench(WorkerPlugin):
    """What a worker keeps from one task to the next.

    Args:
        job: what it does with each; the lesson's material is in it.
        code: digest of the grader's code, which has to be the worker's.
        parents: where parents of warm kernels are lent; empty for its own.
        here: whether the worker is to pass over Ctrl-C.
    """

    def __init__(self, job: Job, code: str, parents: str, *, here: bool):
        self._job = job
        self._code = code
        self._address = parents
        self._here = here

    def setup(self, worker: Any) -> None:
        """Begins work on a worker.

        Raises:
            CourseError: if it has another version of the grader.
        """
        if code_digest() != self._code:
            raise CourseError(
                f"the worker at {worker.address} has another version of the grader"
            )
        if self._here:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        for name, count in ONE_THREAD.items():
            os.environ.setdefault(name, count)
        # what was imported stays: it need not be looked through again and again
        gc.collect()
        gc.freeze()
        # what judging makes is many and small, and goes without a search for cycles
        gc.set_threshold(10_000, 10, 10)
        _keep_memory()
        log = logging.getLogger("distributed.worker")
        lent = self._address
        self._parents: Source = Borrowed(lent) if lent else Parents(log)

    def teardown(self, worker: Any) -> None:
        """Ends the parent of its kernels."""
        self._parents.close()

    def do(self, task: Task) -> Any:
        """Does a task in this worker."""
        with self._parents.lent():
            return self._job(task)


def _keep_memory() -> None:
    """Has C's library keep memory that is free, up to 64 MiB in a piece.

    It gives back what NumPy's larger arrays had and asks for it anew for the next ones,
    a page at a time: a seventh of judging, which is done by a thread.
    """
    # other libraries of C have no such settings
    mallopt = getattr(LIBC, "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, 1 << 25)
        mallopt(_TRIM_THRESHOLD, 1 << 26)


def _do(task: Task, name: str) -> Any:
    """What a worker does: the result, or a line that says why there is none."""
    bench: Any = this_worker().plugins[name]
    try:
        return bench.do(task)
    except (Exception, SystemExit) as error:
        return fault(error)
