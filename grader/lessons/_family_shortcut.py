"""Challenge and judge of `shortcut`: option A by its numbers, B and C by layers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.challenge import call_input
from grader.judge.calls import paired_calls
from grader.judge.failures.explain import Explanation, explain
from grader.judge.finding import Finding
from grader.judge.general import Tried, limited
from grader.judge.network import wording
from grader.judge.network.dialect import KERAS
from grader.judge.network.examine import Trial, examine
from grader.judge.network.graph import Graph
from grader.judge.network.reading import read_graph
from grader.judge.network.slips import group_by_slip
from grader.judge.network.specify import spec_of
from grader.judge.sample import close, read_sample
from grader.judge.strict import CaptureError
from grader.judge.verdict import Verdict, nothing
from grader.lessons.family import POLICY, SHORTCUT, changes
from grader.lessons.ranges import Call, OneOf, TwoOf, call

POINTS = {"A": 7, "B": 5, "C": 3}
#: Channels, filters and stride of the calls whose arguments a report may tell.
_CASES = {
    "both": (3, 5, 2),
    "channels": (3, 5, 1),
    "stride": (4, 4, 2),
    "same": (4, 4, 1),
}
_TOLD = {"A": _CASES, "B": _CASES, "C": {n: _CASES[n] for n in ("both", "same")}}
_SENTENCES = {
    "zeros": "Option A, where dimensions change: pixels 0, s, 2s, ... of rows and "
    "columns, with zeros as the channels that are new.",
    "projection": "Where option B or C projects, there is a convolution of 1×1 with "
    "stride s and a batch normalisation.",
    "same": "Where dimensions stay, options A and B give X as it is.",
}
_PRICES = {"zeros": 5, "some zeros": 3, "same": 3, "missing": 3, "layers": 3}
_SIDES = TwoOf(5, 7, 8, 9, 10)
_LOOK = "Look at the lines of option {option}."


@dataclass(frozen=True)
class Problem:
    """What is wrong with one call; two of one key are the same slip."""

    key: tuple
    layer: str
    sentence: str
    message: str
    price: float


@dataclass(frozen=True)
class Seen:
    """One call: its option, its case, whether there was work to do, what is wrong."""

    option: str
    case: str
    work: bool
    problems: tuple[Problem, ...] = ()
    failed: Explanation | None = None


def calls() -> Iterator[Call]:
    """Calls of each option, where dimensions change and where they stay."""
    for option, cases in _TOLD.items():
        for case, (channels, filters, s) in cases.items():
            yield call(
                f"{option}_{case}", 4, 6, channels, filters=filters, s=s, option=option
            )
        yield call(f"{option}_other", _SIDES, OneOf(6, 7, 8), filters=OneOf(9, 11, 13),
                   s=2 if option == "C" else OneOf(3, 4), option=option)  # fmt: skip


def judge(challenge: Mapping[str, Any], capture: Mapping[str, Any]) -> Verdict:
    """Judges `shortcut`.

    Args:
        challenge: what was asked.
        capture: of each call.
    """
    pairs = paired_calls(challenge, capture)
    seen = [_see(call, captured, challenge["seed"]) for call, captured in pairs]
    if all(s.failed for s in seen) or not any(s.work and not s.problems for s in seen):
        first = next(s for s in seen if s.problems)
        failed = [s.failed for s in seen if s.failed]
        if len(failed) == len(seen):
            # The same for each call: which arguments it was is of no interest
            return nothing("shortcut", failed[0].message, failed[0].look)
        message = f"No option does its work yet. {first.problems[0].message}"
        return nothing("shortcut", message, _LOOK.format(option=first.option))
    findings = [f for option in POINTS for f in _findings(option, seen)]
    unique: dict[str, Finding] = {}
    for finding in findings:
        unique.setdefault(finding.message, finding)
    ordered = sorted(unique.values(), key=lambda f: -f.price)
    works = any(not s.problems for s in seen if s.case != "other")
    tried = [Tried(True, works)]
    tried += [Tried(False, not s.problems) for s in seen if s.case == "other"]
    most, told = limited("shortcut", ordered, tried, check="")
    return Verdict(1.0, told, (), most)


def _findings(option: str, seen: Sequence[Seen]) -> list[Finding]:
    """The findings of one option; what B has shown is not charged to C again."""
    own = [s for s in seen if s.option == option]
    known = {p.key for s in seen if s.option < option for p in s.problems}
    right = any(s.work and not s.problems for s in own)
    problems: dict[tuple, Problem] = {}
    for s in own:
        for problem in s.problems:
            if problem.key not in known:
                problems.setdefault(problem.key, problem)
    found = [
        Finding(
            f"shortcut-{option}",
            p.price,
            p.layer if p.layer.startswith("the ") else f"option {option}",
            p.sentence,
            p.message,
            _LOOK.format(option=option),
        )
        for p in problems.values()
    ]
    slips = [p for p in problems.values() if p.key[0] == "layers"]
    left = float(POINTS[option])
    for number, finding in enumerate(found):
        # Nothing that the option is for works: it has nothing left
        lost = number == 0 and not right and not slips
        price = left if lost else min(finding.price, left)
        found[number] = replace(finding, price=price)
        left -= price
    return found


def _see(call: Mapping[str, Any], captured: Mapping[str, Any], seed: str) -> Seen:
    option, case = call["arguments"]["option"], call["id"].partition("_")[2]
    filters, s = call["arguments"]["filters"], call["arguments"]["s"]
    channels = call["input_shape"][-1]
    work = option == "C" or changes(channels, filters, s)
    told = _told(call) if case != "other" else "Called with other arguments,"
    if captured.get("status") != "captured":
        shown = case != "other"
        failed = explain("shortcut", captured, returns="a tensor", told=shown)
        message = f"{told}: {failed.message}".replace(",:", ":")
        problem = Problem(("failed", failed.reason), failed.look, "", message, 3)
        return Seen(option, case, work, (problem,), failed)
    if option == "A" or not work:
        problems = _by_numbers(call, captured, seed, told, work)
    else:
        problems = _by_layers(call, captured, seed, told, case)
    return Seen(option, case, work, tuple(problems))


def _told(call: Mapping[str, Any]) -> str:
    arguments, channels = call["arguments"], call["input_shape"][-1]
    return (
        f"For X with {channels} channels, filters={arguments['filters']}, "
        f"s={arguments['s']} and option={arguments['option']!r}"
    )


def _by_numbers(
    call: Mapping[str, Any],
    captured: Mapping[str, Any],
    seed: str,
    told: str,
    work: bool,
) -> list[Problem]:
    """Judges a call whose result is a function of X alone: zeros, or X itself."""
    graph = read_graph(captured.get("graph"))
    x = call_input(seed, call["id"], call["batch"], call["input_shape"])
    filters, s = call["arguments"]["filters"], call["arguments"]["s"]
    wanted = with_zeros(x, filters, s)
    kind = "zeros" if work else "same"
    case = call["id"].partition("_")[2]
    price = _PRICES["zeros"] if case == "both" else _PRICES["some zeros"]
    price = price if work else _PRICES["same"]
    names = ("challenge", "training")
    outputs = [read_sample(captured.get(name)).whole for name in names]
    if _parameters(graph):
        if work:
            text = "has parameters: option A is to have nothing that could be learned"
        else:
            text = "has layers with weights, where X is to stay as it is"
        message = f"{told.rstrip(',')}, the result {text}."
        return [Problem((kind, "weights"), "", _SENTENCES[kind], message, price)]
    if all(close(array, wanted, 1e-6) for array in outputs):
        return []
    why = _why(x, outputs[0], wanted, filters, s)
    message = f"{told} {why}." if told.endswith(",") else f"{told}, {why}."
    return [Problem((kind, why), "", _SENTENCES[kind], message, price)]


def _parameters(graph: Graph) -> int:
    behind = [graph.nodes[index] for index in graph.order]
    return sum(v.size for node in behind for v in node.variables.values())


def with_zeros(x: np.ndarray, filters: int, s: int) -> np.ndarray:
    """What option A gives: each s-th pixel, zeros behind the channels."""
    kept = x[:, ::s, ::s]
    more = max(filters - x.shape[-1], 0)
    return np.pad(kept, [(0, 0), (0, 0), (0, 0), (0, more)])


def _why(
    x: np.ndarray, found: np.ndarray, wanted: np.ndarray, filters: int, s: int
) -> str:
    """Says how the numbers of option A are wrong."""
    if found.shape == x.shape and close(found, x, 1e-6):
        return "the result is X unchanged"
    if found.ndim != 4:
        return "the result does not have the four axes of an image"
    if found.shape[1:3] != wanted.shape[1:3]:
        return (
            f"the result has {found.shape[1]}×{found.shape[2]} pixels, not "
            f"{wanted.shape[1]}×{wanted.shape[2]}: look at the stride and the padding"
        )
    if found.shape[-1] != wanted.shape[-1]:
        return f"the result has {found.shape[-1]} channels, not {wanted.shape[-1]}"
    n = x.shape[-1]
    kept, more = wanted[..., :n], filters - n
    at = [(0, 0)] * 3
    for text, other in (
        ("the zeros stand before the channels of X, not behind them",
         np.pad(kept, [*at, (more, 0)])),
        ("zeros stand on both sides of the channels of X, not only behind them",
         np.pad(kept, [*at, (more // 2, more - more // 2)])),
    ):  # fmt: skip
        if close(found, other, 1e-6):
            return text
    if not close(found[..., :n], kept, 1e-6):
        return "the first channels are not pixels 0, s, 2s, ... of those of X"
    return "the channels that are new are not zero"


def _by_layers(
    call: Mapping[str, Any],
    captured: Mapping[str, Any],
    seed: str,
    told: str,
    case: str,
) -> list[Problem]:
    """Judges a call that is to project, by its convolution and normalisation."""
    shape = tuple(call["input_shape"])
    spec = spec_of(SHORTCUT, call["arguments"], KERAS, policy=POLICY)
    sizes = [(4, 4, shape[-1]), (7, 6, shape[-1])]
    trial = Trial(call["id"], spec, shape, call["batch"], sizes)
    graph = read_graph(captured.get("graph"))
    sentence = _SENTENCES["projection"]
    if not _parameters(graph):
        message = f"{told.rstrip(',')}, there is no projection."
        return [Problem(("missing",), "", sentence, message, _PRICES["missing"])]
    seen = examine(trial, captured, seed)
    if seen.failure is not None:
        raise CaptureError("a call with outputs and a failure")
    problems = []
    for group in group_by_slip(spec, seen.differences, plan=False):
        d = group[0]
        line = spec.lines[d.node]
        text = wording.sentence(spec, group, shown=case != "other")
        problems.append(
            Problem(
                ("layers", *spec.key_of(d)),
                line.label,
                line.sentence,
                text,
                _PRICES["layers"],
            )
        )
    if not problems and seen.unexplained:
        problems.append(
            Problem(("unexplained",), "", sentence, seen.unexplained, _PRICES["layers"])
        )
    return problems
