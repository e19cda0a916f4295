"""What one check found, as data."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from grader.judge.finding import Finding
from grader.judge.picture import Picture


@dataclass(frozen=True)
class Failure:
    """Why there is no capture to judge.

    Attributes:
        kind: "undefined", "syntax", "raised", "timeout", "died", "unreadable", or
            "file" where all of what was handed in is none that can be graded.
        message: a sentence for the student, or several.
        brief: the first of them without its end; the message's, if empty.
    """

    kind: str
    message: str
    brief: str = ""


@dataclass(frozen=True)
class Outcome:
    """What one check found.

    Attributes:
        check: the check's id, such as "identity_block-layers".
        title: what it looks at.
        points: points reached.
        max_points: points that can be reached.
        findings: mistakes charged to this check, dearest first.
        notes: remarks at no cost.
        explained_by: the check that a mistake is charged to which shows here, too.
        follows: the check whose report tells at length why points are lost here;
            empty where this one does.
        unwritten: whether they are lost because the function is not written yet.
        picture: the function's graph beside the specification's.
    """

    check: str
    title: str
    points: float
    max_points: float
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    explained_by: str = ""
    follows: str = ""
    unwritten: bool = False
    picture: Picture | None = None

    @property
    def passed(self) -> bool:
        """Whether no point is lost."""
        return self.points >= self.max_points

    @property
    def mark(self) -> str:
        """The outcome in a word or two."""
        if self.unwritten:
            return "not written"
        if not self.passed:
            return "not yet"
        return "nothing lost" if self.explained_by else "passed"

    @property
    def is_line(self) -> bool:
        """Whether all that is to be said is one sentence, and no table."""
        return bool(self.unwritten or (self.follows and not self.passed))

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON, without its picture.

        Claims are not in it either: they may tell hidden calls.
        """
        plain = asdict(replace(self, picture=None))
        del plain["picture"]
        for finding in plain["findings"]:
            del finding["claims"]
        return plain
