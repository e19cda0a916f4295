"""Students without a name in formgrader's lists: it would write "None, None"."""

from typing import Any

from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI

#: in place of a first name
NO_NAME = "no name"
_NAMES = "first_name", "last_name"
_STUDENT, _STUDENTS = NbGraderAPI.get_student, NbGraderAPI.get_students
_SUBMISSION, _SUBMISSIONS = NbGraderAPI.get_submission, NbGraderAPI.get_submissions
_UPDATE = Gradebook.update_or_create_student


def show_ids() -> None:
    """Makes the lists show a student's id where the gradebook has no name.

    A form in the list of students stores what it shows: stand-ins that nobody has
    changed there are stored as what they stand for.
    """
    api: Any = NbGraderAPI
    api.get_student = _one(_STUDENT, "id")
    api.get_students = _all(_STUDENTS, "id")
    api.get_submission = _one(_SUBMISSION, "student")
    api.get_submissions = _all(_SUBMISSIONS, "student")
    gradebook: Any = Gradebook
    gradebook.update_or_create_student = _update_or_create_student


def _one(read: Any, key: str) -> Any:
    def get(self: NbGraderAPI, *which: Any, **known: Any) -> dict[str, Any] | None:
        found = read(self, *which, **known)
        return None if found is None else _named(found, found[key])

    return get


def _all(read: Any, key: str) -> Any:
    def get(self: NbGraderAPI, *which: Any) -> list[dict[str, Any]]:
        return [_named(found, found[key]) for found in read(self, *which)]

    return get


def _named(shown: dict[str, Any], student: str) -> dict[str, Any]:
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
