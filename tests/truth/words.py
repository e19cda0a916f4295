"""Whether a sentence has the values of its claims, and no others."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.judge.claim import Claim
from grader.judge.finding import Finding

Calls = Mapping[str, Mapping[str, Any]]
_SAME = re.compile(r"The same (?:for|in) (.*?)\.(?= |$)")
_MORE = re.compile(r" and (\d+) more$")
_LINE = re.compile(r"\b[Ll]ine (\d+) of its cell(?:: (.*)|\.)$", re.DOTALL)
_ERROR = re.compile(r"\b([A-Z]\w*(?:Error|Exception))\b")
_HERE = re.compile(r"asks for ([^:;]+), here (\([^()]*\)|[^\s.,:;]+)")


def problems(finding: Finding, arguments: Mapping[str, Any]) -> Iterator[str]:
    """What a sentence says beside its claims.

    Args:
        finding: with claims.
        arguments: of the call that it is about.
    """
    claims = finding.claims
    if not claims or not claims[0].told:
        return
    yield from _same(finding.message, claims)
    yield from _here(finding.message, arguments)


def _same(message: str, claims: Sequence[Claim]) -> Iterator[str]:
    """Whether "the same" is said of what has the same values."""
    for match in _SAME.finditer(message):
        listed, before = match[1], message[: match.start()].lower()
        # of what was named last
        first = max(claims, key=lambda c: before.rfind(c.layer.lower()))
        others = [c for c in claims if (c.call, c.layer) != (first.call, first.layer)]
        labels, more = listed, 0
        if found := _MORE.search(listed):
            labels, more = listed[: found.start()], int(found[1])
        named = labels.split(", ")
        alike = [c for c in others if _value(c) == _value(first)]
        for name in named:
            there = [c for c in others if _is_called(c, name)]
            if not there:
                yield f"there is no claim on {name}"
            if not any(c in alike for c in there):
                yield f"{name} is not the same"
        if more > len({(c.call, c.layer) for c in alike}) - len(named):
            yield f"there are not {more} more"


def _is_called(claim: Claim, name: str) -> bool:
    """Whether a sentence calls a claim's layer so; stages and depths are many."""
    if claim.layer.rpartition("/")[2] == name or claim.layer.startswith(f"{name},"):
        return True
    return claim.call == f"depth_{name.removesuffix(' layers')}"


def _value(claim: Claim) -> Any:
    """What is the same where "the same" is said."""
    if claim.kind == "name":
        return claim.kind  # each is to have a name of its own
    if claim.kind == "call source" and claim.captured is not None:
        return claim.kind, claim.expected[0], claim.captured[0]
    if claim.kind in ("attr", "kind", "weight", "call argument", "call path"):
        return claim.kind, claim.about, claim.expected, claim.captured
    return claim.kind, claim.captured if claim.kind == "extra" else ""


def _here(message: str, arguments: Mapping[str, Any]) -> Iterator[str]:
    """A symbol is worth what the sentence says that it is here."""
    for symbol, here in _HERE.findall(message):
        values = dict(arguments)
        filters = values.get("filters")
        if isinstance(filters, list):
            values |= {f"F{n}": size for n, size in enumerate(filters, start=1)}
        try:
            worth = eval(symbol, {"__builtins__": {}}, values)
        except (NameError, SyntaxError):
            continue
        if here not in (str(worth), repr(worth)):
            yield f"{symbol} is {worth}"


def failure_problems(finding: Finding, own: Calls) -> Iterator[str]:
    """What a sentence on a call that fails says beside what was captured.

    Args:
        finding: that points to a line.
        own: what was captured, by the ids of calls.
    """
    found = _LINE.search(finding.look)
    if not found:
        return
    errors = [call["error"] for call in own.values() if "error" in call]
    lines = [e["line"] for e in errors if e.get("line")]
    source = (found[2] or "").removesuffix("…").strip()
    if not any(
        str(line["number"]) == found[1] and source in " ".join(line["source"].split())
        for line in lines
    ):
        yield "there is no such line"
    named = _ERROR.search(finding.message)
    if named and named[1] not in {error["type"] for error in errors}:
        yield f"no call raises {named[1]}"


def whole_problems(
    finding: Finding, asked: Sequence[Mapping[str, Any]], own: Calls, right: Calls
) -> Iterator[str]:
    """What a sentence on a function as a whole says beside what was captured.

    Args:
        finding: without claims.
        asked: the challenge's calls; the first is the one that is shown.
        own: what was captured, by the ids of calls.
        right: the same of the solution.
    """
    if "works only as the lesson shows it" not in finding.message:
        return
    shown = asked[0].get("arguments"), asked[0].get("input_shape")
    others = [c for c in asked if (c.get("arguments"), c.get("input_shape")) != shown]
    hidden = [c["id"] for c in others if c.get("arguments") and not _is_depth(c)]
    for name in hidden:
        outputs, same = (
            [calls[name].get(key) for key in ("challenge", "value", "runs")]
            for calls in (own, right)
        )
        if any(outputs) and outputs == same:
            yield f"it works in the call {name}, too"


def _is_depth(call: Mapping[str, Any]) -> bool:
    """Whether it is one of the depths that a lesson's text asks for."""
    return str(call["id"]).startswith("depth_")
