"""The record of a graded submission: its reports as JSON, in the run folder.

It tells a later run that this submission is done, and `grader report` what to say.
"""

import json
from dataclasses import asdict
from typing import Any

from grader.nbgrader.grading.task import Submission
from grader.nbgrader.kernels.graded import Graded
from grader.nbgrader.notebook.place import Place


def text(submission: Submission, lesson: str, graded: Graded) -> str:
    """The record of a submission to a lesson, as JSON."""
    record = {
        "student": submission.student,
        "lesson": lesson,
        "submission": submission.digest,
        "questions": graded.questions,
        "sandbox": graded.sandbox,
        "repairs": list(graded.repairs),
        "failures": {name: asdict(f) for name, f in graded.failures.items()},
        "reports": [report.to_dict() for report in graded.reports.values()],
    }
    return json.dumps(record, ensure_ascii=False)


def write(place: Place, record: bytes) -> None:
    """Writes a submission's record; a reader sees all of it or none."""
    place.record.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.record.with_suffix(".part")
    unfinished.write_bytes(record)
    unfinished.replace(place.record)


def read(place: Place) -> dict[str, Any] | None:
    """Reads a submission's record; None where there is none."""
    try:
        record = json.loads(place.record.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def remove(place: Place) -> None:
    """Forgets a record: its submission is to be graded."""
    place.record.unlink(missing_ok=True)
