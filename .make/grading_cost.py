"""Seconds to grade a submission of each lesson, in the sandbox and without.

python .make/grading_cost.py [ROUNDS]

Grades the finished notebook of each sample class, in turns, so that whatever else the
machine does falls on both. Prints the median of each and their ratio.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from grader.demo.run import set_up
from grader.demo.students import students_of
from grader.lessons import LESSONS, Lesson
from grader.nbgrader.grading.classroom import grade_one
from grader.nbgrader.grading.course import Course

ROOT = Path(__file__).resolve().parents[1]


def main(rounds: int) -> None:
    for name, lesson in LESSONS.items():
        with tempfile.TemporaryDirectory() as folder:
            # the first of each class hands in the solution
            finished = students_of(name)[:1]
            course = set_up(ROOT, Path(folder), 60, {name: finished})
            inside, outside = measure(course, lesson, finished[0].name, rounds)
        print(
            f"{name}: in the sandbox {inside:.2f} s, without {outside:.2f} s a "
            f"submission, ratio {inside / outside:.3f} (median of {rounds}, in turns)"
        )


def measure(
    course: Course, lesson: Lesson, student: str, rounds: int
) -> tuple[float, float]:
    """Seconds to grade a submission, in the sandbox and without."""
    seconds: dict[bool, list[float]] = {False: [], True: []}
    for number in range(rounds + 1):
        for unsafe in (False, True):
            course.config.CaptureAndJudge.unsafe_no_sandbox = unsafe
            start = time.perf_counter()
            result = grade_one(course, lesson, student)
            if result.points != 100:
                raise SystemExit(f"{result}")
            if number:  # the first of each warms the disk's cache
                seconds[unsafe].append(time.perf_counter() - start)
    inside, outside = (statistics.median(seconds[key]) for key in (False, True))
    return inside, outside


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
