"""What the sandbox costs: seconds a submission, with and without.

python .make/sandbox_cost.py [ROUNDS]

Grades the finished notebook of the sample class, in turns, so that whatever else the
machine does falls on both. Prints the median of each and their ratio.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from grader.demo.run import set_up
from grader.demo.students import STUDENTS
from grader.nbgrader.classroom import grade_one

ROOT = Path(__file__).resolve().parents[1]


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        course, lesson = set_up(ROOT, Path(folder), 60, STUDENTS[:1])
        (student,) = course.students(lesson)
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
    print(f"in the sandbox {inside:.2f} s, without {outside:.2f} s a submission")
    print(f"ratio {inside / outside:.3f} (median of {rounds}, in turns)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
