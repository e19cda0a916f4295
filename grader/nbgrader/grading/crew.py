"""Who does the work on each of a class: this process, or workers elsewhere.

A crew is handed a function, and what it is to be called with, one by one: submissions
that are to be graded, or graded ones that are to get a page. It hands back what came
out of each, in any order. It knows no course: what comes out is put into one by whoever
asks.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol


class Task(Protocol):
    """What a function is called with: a value, which can be sent elsewhere."""

    @property
    def student(self) -> str:
        """Whose it is."""
        ...


#: why there is no result, or the task and its result
Outcome = BaseException | tuple[Any, Any]
Tasks = Iterator[tuple[str, Task | BaseException]]
#: from a task to its result; it can be sent elsewhere, too
Job = Callable[[Any], Any]
Crew = Callable[[Job, Tasks], Iterator[tuple[str, Outcome]]]

#: bytes of memory for a worker, its parent of kernels and a kernel
_MEMORY = 1_500_000_000
#: submissions for which it is worth to start one more worker
_WORTH = 4


def tasks_of(
    students: Iterable[str], task: Callable[[str], Task], stopped: Callable[[], bool]
) -> Tasks:
    """The task of each student, or why there is none.

    Args:
        students: whose.
        task: makes one.
        stopped: whether to make no more.
    """
    for student in students:
        if stopped():
            return
        try:
            yield student, task(student)
        except (Exception, SystemExit) as error:
            yield student, error


def workers_for(submissions: int) -> int:
    """How many workers grade so many submissions here, where nobody says it.

    One a core, where there is memory and work enough.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, min(cores, memory // _MEMORY, submissions // _WORTH))


def in_this_process(job: Job, tasks: Tasks) -> Iterator[tuple[str, Outcome]]:
    """Does one task after the other."""
    for student, task in tasks:
        if isinstance(task, BaseException):
            yield student, task
            continue
        try:
            outcome: Outcome = (task, job(task))
        except (Exception, SystemExit) as error:
            outcome = error
        yield student, outcome
