"""Judges a diagnosis: which faults of the published network were found.

The answer is a list of pairs (place, fault) from two closed lists. A fault that is not
told costs its price; told at another place, or as another fault at its place, it
counts as not told, and nothing more. A fault that is not there costs `INVENTED`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.judge.finding import Finding
from grader.judge.strict import CaptureError
from grader.judge.verdict import Verdict, nothing
from grader.judge.wording import shorten

_PARTS = ("first", "second", "third", "shortcut", "merge", "end")
BLOCKS = ("identity_block", "convolutional_block")
PLACES = (
    *(f"{block}.{part}" for block in BLOCKS for part in _PARTS),
    "stem",
    *(f"{stage}{letter}" for stage, n in ((2, 3), (3, 4), (4, 6), (5, 3))
      for letter in "abcdef"[:n]),
    "pooling",
    "dense",
    "all layers",
)  # fmt: skip
FAULTS = (
    "concatenates",
    "extra ReLU",
    "missing ReLU",
    "no batch normalisation",
    "no projection",
    "no bias",
    "filters",
    "kernel size",
    "stride",
    "padding",
    "activation",
    "unnamed",
)
INVENTED = 2.0
_MOST_INVENTED = 10
_LONGEST = 400


@dataclass(frozen=True)
class Fault:
    """A fault of the published network.

    Attributes:
        place: of `PLACES`.
        fault: of `FAULTS`.
        price: points that it is worth.
        tool: what shows it.
    """

    place: str
    fault: str
    price: float
    tool: str

    @property
    def check(self) -> str:
        """The check that it is charged to."""
        return _check(self.place)

    @property
    def region(self) -> str:
        """Where it is, no closer than that."""
        block = self.place.partition(".")[0]
        if block in BLOCKS:
            return block
        return (
            "one of the calls of the blocks" if self.place[0].isdigit() else "network"
        )


_LOOK_MERGE = "Compare the shapes before and after the merge in the layer table."
_LOOK_RELU = "Look at what reaches the merge: which values can it have (section 2.3)?"
_LOOK_COUNT = "Compare the parameters of blocks of one stage in the layer table."
_LOOK_NAMES = "Read the first column of the layer table."

TRUTH = (
    Fault("identity_block.third", "extra ReLU", 3, _LOOK_RELU),
    Fault("identity_block.merge", "concatenates", 3, _LOOK_MERGE),
    Fault("convolutional_block.third", "extra ReLU", 3, _LOOK_RELU),
    Fault("convolutional_block.merge", "concatenates", 3, _LOOK_MERGE),
    *(Fault(f"4{letter}", "filters", 1, _LOOK_COUNT) for letter in "bcdef"),
    Fault("all layers", "unnamed", 3, _LOOK_NAMES),
)

#: True at each single place, too: told there, such a fault is not invented.
_EVERYWHERE = {fault.fault for fault in TRUTH if fault.place == "all layers"}

Pair = tuple[str, str]


def judge(challenge: Mapping[str, Any], capture: Mapping[str, Any]) -> Verdict:
    """Judges the answer of `diagnose`."""
    calls = capture.get("calls")
    if not isinstance(calls, list) or len(calls) != 1 or type(calls[0]) is not dict:
        raise CaptureError("there is not one call in it")
    call = calls[0]
    if call.get("status") != "captured":
        return _failed(call)
    told, unreadable = _read(call.get("answer"))
    if not told and not unreadable:
        text = "diagnose returns an empty list: no fault is told."
        return nothing("diagnose", text, _LOOK_COUNT)
    findings = [*_findings(told), *_unread(unreadable)]
    findings.sort(key=lambda finding: -finding.price)
    if all((f.place, f.fault) not in told for f in TRUTH):
        first = findings[0]
        return nothing("diagnose", f"{first.message} No fault is told right.", "")
    return Verdict(1.0, tuple(findings))


def _failed(call: Mapping[str, Any]) -> Verdict:
    from grader.judge.mistakes import explain, explain_return

    error = call.get("error")
    if call.get("status") == "raised" and isinstance(error, Mapping):
        message, look = explain("diagnose", error)
        return nothing("diagnose", message, look)
    asked = "a list of pairs (place, fault)"
    message = explain_return("diagnose", str(call.get("type")), asked)
    return nothing("diagnose", message, "The last line of diagnose.")


def _plain(text: Any) -> Any:
    return " ".join(text.lower().split()) if isinstance(text, str) else text


_KNOWN_PLACES = {_plain(place): place for place in PLACES}
_KNOWN_FAULTS = {_plain(fault): fault for fault in FAULTS}


def _read(answer: Any) -> tuple[list[Pair], list[str]]:
    """Returns the pairs that can be read, each once, and the rest in words.

    A dictionary from places to faults comes as pairs, too; for one place there may
    be a list of faults.
    """
    if type(answer) is not list or len(answer) > _LONGEST:
        raise CaptureError("the answer is not a list of pairs")
    told: dict[Pair, None] = {}
    unreadable: dict[str, None] = {}
    for item in answer:
        if type(item) is not list or len(item) != 2:
            unreadable[f"{shorten(item)} is no pair (place, fault)."] = None
            continue
        place, faults = item
        for fault in faults if type(faults) is list else [faults]:
            where, what = _known(_KNOWN_PLACES, place), _known(_KNOWN_FAULTS, fault)
            if where and what:
                told[where, what] = None
                continue
            name, text = ("place", place) if not where else ("fault", fault)
            text = f"{shorten(text)!r} is no {name} of the list in the specification."
            unreadable[text] = None
    return list(told), list(unreadable)


def _known(table: Mapping[str, str], text: Any) -> str | None:
    return table.get(_plain(text)) if isinstance(text, str) else None


def _findings(told: list[Pair]) -> list[Finding]:
    missing = [fault for fault in TRUTH if (fault.place, fault.fault) not in told]
    truth = {(fault.place, fault.fault) for fault in TRUTH}
    wrong = [pair for pair in told if pair not in truth]
    found = []
    silent = []
    for fault in missing:
        near = _nearest(fault, wrong)
        if near is None:
            silent.append(fault)
            continue
        wrong.remove(near)
        found.append(_misjudged(fault, near))
    found += _not_told(silent)
    again = [pair for pair in wrong if pair[1] in _EVERYWHERE]
    found += [_told_again(pair) for pair in again[:_MOST_INVENTED]]
    invented = [pair for pair in wrong if pair not in again]
    found += [_invented(pair) for pair in invented[:_MOST_INVENTED]]
    return found


def _nearest(fault: Fault, wrong: list[Pair]) -> Pair | None:
    """A wrong pair that means this fault: at its place, or beside it."""
    for pair in wrong:
        if pair[0] == fault.place:
            return pair
    for place, what in wrong:
        beside = what in _EVERYWHERE or _region(place) == _region(fault.place)
        if what == fault.fault and beside:
            return place, what
    return None


def _region(place: str) -> str:
    return place.partition(".")[0] if "." in place else place[0]


def _misjudged(fault: Fault, pair: Pair) -> Finding:
    place, what = pair
    if place == fault.place:
        message = f"({place!r}, {what!r}): something is wrong there, but not this."
    else:
        message = (
            f"({place!r}, {what!r}): there is such a fault near by, but not at this "
            "place."
        )
    return Finding(fault.check, fault.price, place, _SENTENCE, message, fault.tool)


_SENTENCE = "Each fault is told once, with its place."


def _not_told(faults: list[Fault]) -> list[Finding]:
    """One finding for what a single tool shows in one region."""
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.check, fault.region, fault.tool), []).append(fault)
    found = []
    for (check, region, tool), group in groups.items():
        count = "A fault is" if len(group) == 1 else f"{len(group)} faults are"
        where = f"of {region}" if region != "network" else "of the network as a whole"
        message = f"{count} not told {where}."
        price = sum(fault.price for fault in group)
        found.append(Finding(check, price, region, _SENTENCE, message, tool))
    return found


def _told_again(pair: Pair) -> Finding:
    place, what = pair
    message = f"({place!r}, {what!r}): this holds for all layers, not only there."
    return Finding(_check(place), 0, place, _SENTENCE, message, "The list of places.")


def _invented(pair: Pair) -> Finding:
    place, what = pair
    message = f"({place!r}, {what!r}): there is no such fault."
    sentence = (
        "Nothing is told that is right, or that changes no number at 224x224, names "
        "excepted."
    )
    look = "Compare the place with lesson 1's network, or with the paper's table 1."
    return Finding(_check(place), INVENTED, place, sentence, message, look)


def _check(place: str) -> str:
    return f"diagnose-{'blocks' if '.' in place else 'network'}"


def _unread(texts: list[str]) -> list[Finding]:
    sentence = "Places and faults are spelt as in the two lists."
    look = "Copy places and faults from the lists above the exercise."
    return [
        Finding("diagnose-blocks", 0, "diagnose", sentence, text, look)
        for text in texts[:5]
    ]
