"""Who grades submissions: this process, or workers elsewhere.

A crew is handed submissions one by one, and hands back what came out of each, in any
order. It knows no course: what comes out is put into one by whoever asks.
"""

import os
from collections.abc import Callable, Iterator

from grader.nbgrader.alone import grade_alone
from grader.nbgrader.task import Material, Result, Submission

#: why there is no result, or the submission and its result
Outcome = BaseException | tuple[Submission, Result]
Tasks = Iterator[tuple[str, Submission | BaseException]]
Crew = Callable[[Material, Tasks], Iterator[tuple[str, Outcome]]]

#: bytes of memory for a worker, its parent of kernels and a kernel
_MEMORY = 1_500_000_000
#: submissions for which it is worth to start one more worker
_WORTH = 4


def workers_for(submissions: int) -> int:
    """How many workers grade so many submissions here, where nobody says it.

    One a core, where there is memory and work enough.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, min(cores, memory // _MEMORY, submissions // _WORTH))


def in_this_process(material: Material, tasks: Tasks) -> Iterator[tuple[str, Outcome]]:
    """Grades one submission after the other."""
    for student, task in tasks:
        if isinstance(task, BaseException):
            yield student, task
            continue
        try:
            outcome: Outcome = (task, grade_alone(material, task))
        except (Exception, SystemExit) as error:
            outcome = error
        yield student, outcome
