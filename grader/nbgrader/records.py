"""The record of a graded submission: its reports as JSON, in the run folder.

It tells a later run that this submission is done, and `grader report` what to say.
"""

import json
from dataclasses import asdict
from typing import Any

from grader.nbgrader.graded import Graded
from grader.nbgrader.place import Place


def write(place: Place, graded: Graded) -> None:
    """Writes a submission's record; a reader sees all of it or none."""
    record = {
        "student": place.student,
        "lesson": place.lesson,
        "submission": place.digest(),
        "questions": graded.questions,
        "sandbox": graded.sandbox,
        "repairs": list(graded.repairs),
        "failures": {name: asdict(f) for name, f in graded.failures.items()},
        "reports": [report.to_dict() for report in graded.reports.values()],
    }
    place.record.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.record.with_suffix(".part")
    unfinished.write_text(json.dumps(record, indent=1, ensure_ascii=False), "utf-8")
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
