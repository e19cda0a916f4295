"""What a class gets wrong most often."""

from collections import Counter
from collections.abc import Sequence

from grader.lessons import Lesson
from grader.nbgrader.grading import records
from grader.nbgrader.grading.course import Course

MOST = 10


def commonest(
    course: Course, lesson: Lesson, students: Sequence[str]
) -> list[tuple[str, int]]:
    """The commonest findings of a lesson, and how many students have each."""
    counts: Counter[str] = Counter()
    for student in students:
        record = records.read(course.place(lesson, student)) or {}
        findings = [f for r in record.get("reports", ()) for f in r["findings"]]
        # one without a place to look at only points to another
        counts.update({" ".join(f["message"].split()) for f in findings if f["look"]})
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:MOST]
