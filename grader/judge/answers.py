"""Functions that answer with a list: which faults something has, and where.

An answer is a list of pairs (place, fault) from two closed lists. A fault that is not
told costs its price; told at another place, or as another fault at its place, it
counts as not told, and nothing more. A fault that is not there costs a price, too.

The right answer is known by digests alone, to learners and to the autograder alike:
who reads the lesson's code does not read it there. There are so few pairs that all of
them can be tried; that takes a program of one's own, not a glance.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.judge.claim import Claim
from grader.judge.failures.explain import explain
from grader.judge.finding import Finding
from grader.judge.strict import CaptureError
from grader.judge.verdict import Verdict, failed_call, not_written, nothing
from grader.judge.words import shorten

_MOST_SHOWN = 10
_LONGEST = 400
_SENTENCE = "Each fault is named once, with its place."
_SPELLING = "Places and faults are spelt as in the two lists."

Pair = tuple[str, str]


@dataclass(frozen=True)
class Region:
    """Where a fault is, as closely as a report says it.

    Attributes:
        check: part of the function's checks that its faults are charged to.
        name: for tables.
        words: the same within a sentence.
    """

    check: str
    name: str
    words: str


@dataclass(frozen=True)
class Area:
    """Places so near each other that a fault told at one may mean another's.

    Attributes:
        name: what its digests are made with; empty for the place that is all others.
        region: what it is part of.
        places: their names, as in an answer.
    """

    name: str
    region: Region
    places: tuple[str, ...]


@dataclass(frozen=True)
class Secret:
    """A fault that is there.

    Attributes:
        pair: digest of place and fault.
        place: digest of the place.
        near: digest of its area and the fault.
        region: where it is, as closely as a report says it.
        price: points that it is worth.
        look: what shows it.
    """

    pair: str
    place: str
    near: str
    region: Region
    price: float
    look: str


@dataclass(frozen=True)
class AnswerKey:
    """The two lists that an answer is made of, and the right one in digests.

    Attributes:
        function: the one that answers.
        salt: of the digests.
        areas: all places there are.
        faults: all that can be said of a place.
        secrets: the faults that are there.
        start: where to look before anything is found.
        invented: what it costs to tell of a fault that is not there.
        sentence: the sentence that this breaks.
        look: where to look then.
    """

    function: str
    salt: str
    areas: tuple[Area, ...]
    faults: tuple[str, ...]
    secrets: tuple[Secret, ...]
    start: str
    invented: float
    sentence: str
    look: str

    def area(self, place: str) -> Area:
        """The area of a place."""
        return next(area for area in self.areas if place in area.places)

    def pair(self, place: str, fault: str) -> str:
        """Digest of a fault at its place."""
        return self._digest("pair", place, fault)

    def place(self, place: str) -> str:
        """Digest of a place that has a fault."""
        return self._digest("place", place)

    def near(self, area: str, fault: str) -> str:
        """Digest of a fault somewhere in an area."""
        return self._digest("near", area, fault)

    def is_everywhere(self, fault: str) -> bool:
        """Whether a fault is at all places."""
        return self.near("", fault) in {secret.near for secret in self.secrets}

    def _digest(self, *words: str) -> str:
        text = "\0".join((self.salt, *words))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def judge(
    key: AnswerKey, challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> Verdict:
    """Judges an answer.

    Args:
        key: the right answer.
        challenge: what the capture was made under.
        capture: what came out.

    Raises:
        CaptureError: if the capture cannot be read.
    """
    function = key.function
    calls = capture.get("calls")
    if not isinstance(calls, list) or len(calls) != 1 or type(calls[0]) is not dict:
        raise CaptureError("there is not one call in it")
    call = calls[0]
    if call.get("status") != "captured":
        failed = explain(function, call, returns="a list of pairs (place, fault)")
        return failed_call(function, failed)
    told, unreadable = _read(key, call.get("answer"))
    if not told and not unreadable:
        text = f"{function} returns an empty list: no fault is named."
        count = len(key.secrets)
        said = Claim("answer missing", "answer", function, expected=count)
        return not_written(function, text, key.start, claims=(said,))
    if not told:
        first = next(_unread(key, unreadable))
        more = f" The same for {len(unreadable) - 1} more." if unreadable[1:] else ""
        return nothing(function, f"{first.message}{more}", first.look)
    findings = [*_findings(key, told), *_unread(key, unreadable)]
    findings.sort(key=lambda finding: -finding.price)
    right = {key.pair(*pair) for pair in told}
    if not any(secret.pair in right for secret in key.secrets):
        first = findings[0]
        message = f"{first.message} No fault is named correctly."
        brief = "No fault is named correctly"
        return nothing(function, message, "", brief, first.claims)
    return Verdict(1.0, tuple(findings))


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _read(key: AnswerKey, answer: Any) -> tuple[list[Pair], list[str]]:
    """Returns the pairs that can be read, each once, and the rest in words.

    A dictionary from places to faults comes as pairs, too; for one place there may
    be a list of faults.
    """
    if type(answer) is not list or len(answer) > _LONGEST:
        raise CaptureError("the answer is not a list of pairs")
    places = {_plain(p): p for area in key.areas for p in area.places}
    faults = {_plain(fault): fault for fault in key.faults}
    told: dict[Pair, None] = {}
    unreadable: dict[str, None] = {}
    for item in answer:
        if type(item) is not list or len(item) != 2:
            unreadable[f"{shorten(item)} is not a pair (place, fault)."] = None
            continue
        place, several = item
        for fault in several if type(several) is list else [several]:
            where, what = _known(places, place), _known(faults, fault)
            if where and what:
                told[where, what] = None
                continue
            name, text = ("place", place) if not where else ("fault", fault)
            text = f"{shorten(text)!r} is not a {name} in the specification's list."
            unreadable[text] = None
    return list(told), list(unreadable)


def _known(table: Mapping[str, str], text: Any) -> str | None:
    return table.get(_plain(text)) if isinstance(text, str) else None


def _findings(key: AnswerKey, told: Sequence[Pair]) -> Iterator[Finding]:
    pairs = {secret.pair for secret in key.secrets}
    right = {key.pair(*pair) for pair in told} & pairs
    wrong = [pair for pair in told if key.pair(*pair) not in right]
    silent = []
    for secret in key.secrets:
        if secret.pair in right:
            continue
        near = _nearest(key, secret, wrong)
        if near is None:
            silent.append(secret)
            continue
        wrong.remove(near)
        yield _misjudged(key, secret, near)
    yield from _not_told(key, silent)
    again = [pair for pair in wrong if key.is_everywhere(pair[1])]
    for pair in again[:_MOST_SHOWN]:
        yield _told_again(key, pair)
    invented = [pair for pair in wrong if pair not in again]
    for pair in invented[:_MOST_SHOWN]:
        yield _invented(key, pair)


def _nearest(key: AnswerKey, secret: Secret, wrong: Sequence[Pair]) -> Pair | None:
    """A wrong pair that means this fault: at its place, or beside it."""
    for place, what in wrong:
        if key.place(place) == secret.place:
            return place, what
    for place, what in wrong:
        areas = (key.area(place).name, "")
        if secret.near in [key.near(area, what) for area in areas]:
            return place, what
    return None


def _misjudged(key: AnswerKey, secret: Secret, pair: Pair) -> Finding:
    place, what = pair
    if key.place(place) == secret.place:
        message = f"({place!r}, {what!r}): something is wrong there, but not this."
    else:
        message = (
            f"({place!r}, {what!r}): there is such a fault nearby, but not at this "
            "place."
        )
    check = f"{key.function}-{secret.region.check}"
    near = "" if key.place(place) == secret.place else "nearby"
    claims = (Claim("answer wrong", "answer", place, "", what, near),)
    return Finding(check, secret.price, place, _SENTENCE, message, secret.look, claims)


def _not_told(key: AnswerKey, secrets: Sequence[Secret]) -> Iterator[Finding]:
    """One finding for what a single look shows in one region."""
    groups: dict[tuple[Region, str], list[Secret]] = {}
    for secret in secrets:
        groups.setdefault((secret.region, secret.look), []).append(secret)
    for (region, look), group in groups.items():
        message = f"A fault in {region.words} is not named."
        if len(group) > 1:
            message = f"{len(group)} faults in {region.words} are not named."
        price = sum(secret.price for secret in group)
        check = f"{key.function}-{region.check}"
        claims = (Claim("answer missing", "answer", region.name, "", "", len(group)),)
        yield Finding(check, price, region.name, _SENTENCE, message, look, claims)


def _told_again(key: AnswerKey, pair: Pair) -> Finding:
    place, what = pair
    message = f"({place!r}, {what!r}): this holds for all layers, not only there."
    look = "The list of places."
    claims = (Claim("answer again", "answer", place, "", what),)
    return Finding(_check(key, place), 0, place, _SENTENCE, message, look, claims)


def _invented(key: AnswerKey, pair: Pair) -> Finding:
    place, what = pair
    message = f"({place!r}, {what!r}): there is no such fault."
    check, price = _check(key, place), key.invented
    claims = (Claim("answer invented", "answer", place, "", what),)
    return Finding(check, price, place, key.sentence, message, key.look, claims)


def _check(key: AnswerKey, place: str) -> str:
    return f"{key.function}-{key.area(place).region.check}"


def _unread(key: AnswerKey, texts: Sequence[str]) -> Iterator[Finding]:
    look = "Copy places and faults from the lists above the exercise."
    check = f"{key.function}-{key.areas[0].region.check}"
    yield from (Finding(check, 0, key.function, _SPELLING, t, look) for t in texts[:5])
