"""What differs between two judgements of one capture."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

Report = Mapping[str, Any]
#: Parts of a finding that a person reads.
_WORDS = ("layer", "sentence", "message", "look")


@dataclass(frozen=True)
class Change:
    """One difference.

    Attributes:
        what: "marks", "prices" or "sentences".
        place: where in the reports; empty for what is grouped wherever it stands.
        old: as it was.
        new: as it is.
        example: old and new in full, where these are parts of them.
    """

    what: str
    place: str
    old: str
    new: str
    example: tuple[str, str] = ("", "")

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What the changes of many entries have in common."""
        return self.what, self.place, self.old, self.new


def changes(old: Mapping[str, Report], new: Mapping[str, Report]) -> list[Change]:
    """Lists what differs between the reports on a function.

    Args:
        old: reports by check, as plain JSON.
        new: the same, of another judge.
    """
    found = []
    for check in dict.fromkeys([*old, *new]):
        if check not in old or check not in new:
            was, now = ("there" if check in r else "not there" for r in (old, new))
            found.append(Change("marks", check, was, now))
        else:
            found += _of_check(check, old[check], new[check])
    return found


def _of_check(check: str, old: Report, new: Report) -> Iterator[Change]:
    was, now = (f"{r['points']:g} of {r['max_points']:g}" for r in (old, new))
    if was != now:
        yield Change("marks", check, was, now)
    for name in ("title", "explained_by"):
        yield from _sentence(old[name], new[name])
    yield from _lists(old["notes"], new["notes"])
    left = [f for f in old["findings"] if f not in new["findings"]]
    more = [f for f in new["findings"] if f not in old["findings"]]
    for one, other in _pairs(left, more):
        was, now = (f"{finding['price']:g}" for finding in (one, other))
        if was != now:
            example = one["message"], other["message"]
            yield Change("prices", check, was, now, example)
        for name in _WORDS:
            yield from _sentence(one[name], other[name])
    yield from _lists(
        [f["message"] for f in left[len(more) :]],
        [f["message"] for f in more[len(left) :]],
    )


def _pairs(left: list[Report], more: list[Report]) -> list[tuple[Report, Report]]:
    """Findings that stand for each other: those that say the same come first."""
    said = [f["message"] for f in more]
    left.sort(key=lambda f: said.index(f["message"]) if f["message"] in said else 99)
    again = [f["message"] for f in left]
    more.sort(key=lambda f: again.index(f["message"]) if f["message"] in again else 99)
    return list(zip(left, more, strict=False))


def _lists(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    gone = [text for text in old if text not in new]
    come = [text for text in new if text not in old]
    for one, other in zip(gone, come, strict=False):
        yield from _sentence(one, other)
    for text in gone[len(come) :]:
        yield Change("sentences", "", text, "")
    for text in come[len(gone) :]:
        yield Change("sentences", "", "", text)


def _sentence(old: str, new: str) -> Iterator[Change]:
    """The words of a sentence that changed: other sentences may share them."""
    if old == new:
        return
    before, after = old.split(), new.split()
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    parts = [(before[a:b], after[c:d]) for tag, a, b, c, d in blocks if tag != "equal"]
    one, other = (" … ".join(" ".join(part[i]) for part in parts) for i in (0, 1))
    yield Change("sentences", "", one, other, (old, new))
