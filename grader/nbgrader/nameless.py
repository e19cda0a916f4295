"""What formgrader writes "None" for otherwise: names and times that are not known."""

from collections.abc import Callable
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI

#: in place of a first name
NO_NAME = "no name"
_NAMES = "first_name", "last_name"
_TIMES = "timestamp", "display_timestamp", "duedate", "display_duedate"
_ASSIGNMENT, _ASSIGNMENTS = NbGraderAPI.get_assignment, NbGraderAPI.get_assignments
_STUDENT, _STUDENTS = NbGraderAPI.get_student, NbGraderAPI.get_students
_SUBMISSION, _SUBMISSIONS = NbGraderAPI.get_submission, NbGraderAPI.get_submissions
_UPDATE = Gradebook.update_or_create_student

_Shown = dict[str, Any]


def show_ids() -> None:
    """Makes the lists show a student's id where the gradebook has no name.

    A form in the list of students stores what it shows: stand-ins that nobody has
    changed there are stored as what they stand for. Where no time is known, none is
    shown.
    """
    api: Any = NbGraderAPI
    api.get_assignment = _one(_ASSIGNMENT, _timed)
    api.get_assignments = _get_assignments
    api.get_student = _one(_STUDENT, lambda shown: _named(shown, shown["id"]))
    api.get_students = _all(_STUDENTS, lambda shown: _named(shown, shown["id"]))
    api.get_submission = _one(_SUBMISSION, _submission)
    api.get_submissions = _all(_SUBMISSIONS, _submission)
    gradebook: Any = Gradebook
    gradebook.update_or_create_student = _update_or_create_student


def _one(read: Any, show: Callable[[_Shown], _Shown]) -> Any:
    def get(self: NbGraderAPI, *which: Any, **known: Any) -> _Shown | None:
        found = read(self, *which, **known)
        return None if found is None else show(found)

    return get


def _all(read: Any, show: Callable[[_Shown], _Shown]) -> Any:
    def get(self: NbGraderAPI, *which: Any) -> list[_Shown]:
        return [show(found) for found in read(self, *which)]

    return get


def _get_assignments(self: NbGraderAPI) -> list[_Shown]:
    """By due date; those without one come last."""
    return sorted(_ASSIGNMENTS(self), key=lambda shown: not shown["duedate"])


def _submission(shown: _Shown) -> _Shown:
    return _timed(_named(shown, shown["student"]))


def _timed(shown: _Shown) -> _Shown:
    return shown | {key: shown[key] or "" for key in _TIMES if key in shown}


def _named(shown: _Shown, student: str) -> _Shown:
    names = {name: shown.get(name) or "" for name in _NAMES}
    if not any(names.values()):
        names = dict(zip(_NAMES, (NO_NAME, student), strict=True))
    # submissions have no address
    address = {"email": shown["email"] or ""} if "email" in shown else {}
    return shown | names | address


def _update_or_create_student(self: Gradebook, student_id: str, **given: Any) -> Any:
    if tuple(given.get(name) for name in _NAMES) == (NO_NAME, student_id):
        given |= dict.fromkeys(_NAMES)
    return _UPDATE(self, student_id, **given)
