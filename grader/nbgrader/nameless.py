"""Students without a name in formgrader's list of a lesson's submissions."""

from typing import Any

from nbgrader.apps.api import NbGraderAPI

#: in place of a first name
NO_NAME = "no name"
_ONE, _ALL = NbGraderAPI.get_submission, NbGraderAPI.get_submissions


def show_ids() -> None:
    """Makes the list show a student's id where the gradebook has no name.

    Its page would write "None, None". That on which names are edited stays as it is:
    what it shows is stored.
    """
    api: Any = NbGraderAPI
    api.get_submission = _get_submission
    api.get_submissions = _get_submissions


def _get_submission(self: NbGraderAPI, *where: Any, **known: Any) -> Any:
    found = _ONE(self, *where, **known)
    return None if found is None else _named(found)


def _get_submissions(self: NbGraderAPI, assignment: str) -> list[dict[str, Any]]:
    return [_named(found) for found in _ALL(self, assignment)]


def _named(submission: dict[str, Any]) -> dict[str, Any]:
    first, last = (submission.get(f"{name}_name") for name in ("first", "last"))
    if not first and not last:
        first, last = NO_NAME, submission["student"]
    return submission | {"first_name": first or "", "last_name": last or ""}
