"""The steps of grading without which a lesson's marks would be wrong."""

from typing import Any

from nbgrader.preprocessors import AssignLatePenalties
from traitlets.utils.importstring import import_item

from grader.nbgrader.execute import CaptureAndJudge
from grader.nbgrader.faults import CourseError
from grader.nbgrader.marks import SaveMarks
from grader.nbgrader.repair import RepairMetadata
from grader.nbgrader.sanitize import SanitizeText

#: by nbgrader's list of steps, in the order in which they have to run
_NEEDED = {
    "sanitize_preprocessors": (RepairMetadata,),
    "autograde_preprocessors": (SanitizeText, CaptureAndJudge, SaveMarks),
}


class MissingStep(CourseError):
    """The settings leave out a step of grading."""


def demand_steps(converter: Any) -> None:
    """Refuses settings under which a lesson would be marked without being graded.

    Such are `--no-execute`, or a list of steps on the command line.

    Args:
        converter: nbgrader's, with its lists of steps.

    Raises:
        MissingStep: a step is not in its list, is disabled or is out of order.
    """
    for name, needed in _NEEDED.items():
        steps = [
            import_item(s) if isinstance(s, str) else s
            for s in getattr(converter, name)
        ]
        for kind in needed:
            if not _places(steps, kind):
                raise MissingStep(
                    f"nothing was graded: Autograde.{name} lacks {_path(kind)}, "
                    "without which marks would be wrong"
                )
            if not kind(parent=converter).enabled:
                raise MissingStep(_disabled(kind))
        places = [_places(steps, kind)[0] for kind in needed]
        places += _places(steps, AssignLatePenalties)
        if places != sorted(places):
            order = ", ".join(map(_path, (*needed, AssignLatePenalties)))
            raise MissingStep(
                f"nothing was graded: Autograde.{name} is to have this order: {order}"
            )


def _places(steps: list[Any], kind: type) -> list[int]:
    """Where steps of a kind are among others; a step may be a plain function."""
    return [
        place
        for place, step in enumerate(steps)
        if isinstance(step, type) and issubclass(step, kind)
    ]


def _disabled(kind: type) -> str:
    if kind is CaptureAndJudge:
        return (
            "nothing was graded: the lessons' marks come from running the graded "
            "functions, so --no-execute (Execute.enabled = False) cannot be used here; "
            "marks are as they were"
        )
    return f"nothing was graded: {_path(kind)} is disabled; marks are as they were"


def _path(kind: type) -> str:
    return f"{kind.__module__}.{kind.__name__}"
