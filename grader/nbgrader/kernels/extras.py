"""Packages that only some lessons need: without them nothing of a lesson is graded."""

import functools
import subprocess
import sys

from grader.install import how_to_get_torch
from grader.lessons import Lesson
from grader.nbgrader.faults import MachineFault


class MissingExtra(MachineFault):
    """A lesson's functions need a package that is not installed here."""


def demand_extra(lesson: Lesson) -> None:
    """Sees to it that a lesson can be graded as a whole.

    Raises:
        MissingExtra: if it cannot; names what is missing, and how to have it.
    """
    lacking = lesson.lacking()
    for package in dict.fromkeys(lesson.needs.values()):
        why = "is not installed" if package == lacking else _problem(package)
        if not why:
            continue
        functions = " and ".join(f for f, p in lesson.needs.items() if p == package)
        raise MissingExtra(
            f"{lesson.name} cannot be graded here: {functions} need {package}, which "
            f"{why}. To grade it, {how_to_get_torch()}"
        )


@functools.cache
def _problem(package: str) -> str:
    """What is wrong with a package that is installed; empty if it can be loaded.

    In another process: a broken library may end the one that loads it. Students whose
    functions met it would all get 0.
    """
    done = subprocess.run(
        [sys.executable, "-c", f"import {package}"],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
    )
    if not done.returncode:
        return ""
    said = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
    return f"cannot be loaded ({said[-1]})"
