"""Judges a function whose argument `option` chooses what it builds.

What holds weights is judged by its layers; what is a function of X alone, by its
numbers. Calls are named after option and case, such as "B_same"; in the case "other"
a report tells no arguments.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.challenge import call_input
from grader.judge.claim import Claim
from grader.judge.failures.explain import Explanation, explain
from grader.judge.finding import Finding
from grader.judge.general import Tried, limited
from grader.judge.network import wording
from grader.judge.network.by_numbers import Numbers
from grader.judge.network.calls import network_calls
from grader.judge.network.claims import claims
from grader.judge.network.dialect import KERAS
from grader.judge.network.examine import examine
from grader.judge.network.graph import Graph
from grader.judge.network.policy import Policy
from grader.judge.network.reading import read_graph
from grader.judge.network.rows import Table
from grader.judge.network.slips import group_by_slip
from grader.judge.network.specify import spec_of
from grader.judge.network.trial import Trial
from grader.judge.sample import close, read_sample
from grader.judge.strict import CaptureError
from grader.judge.verdict import Verdict, failed_call, nothing

#: Of any slip, but for numbers that are wrong in the main case.
_PRICE, _MAIN_PRICE, _MAIN = 3, 5, "both"
_UNTOLD = "other"
#: X comes back where there is something to do: what options decide together.
_UNCHANGED = ("unchanged",)
_SIZES = ((4, 4), (7, 6))


@dataclass(frozen=True)
class Option:
    """One value of the argument.

    Attributes:
        points: that it is worth.
        numbers: whether it is judged by them alone.
        always: whether it has something to do wherever it is called.
    """

    points: int
    numbers: bool = False
    always: bool = False


@dataclass(frozen=True)
class _Problem:
    """What is wrong with one call; two of one key are the same slip."""

    key: tuple
    sentence: str
    message: str
    price: float = _PRICE
    layer: str = ""
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class _Judged:
    """One call: its option, its case, whether there was work to do, what is wrong."""

    option: str
    case: str
    work: bool
    problems: tuple[_Problem, ...] = ()
    failed: Explanation | None = None


@dataclass(frozen=True)
class Options:
    """A function whose argument `option` chooses what it builds.

    Attributes:
        table: what it builds where it builds layers.
        policy: how these are judged.
        options: by value.
        changes: from the input's channels, filters and stride to whether there is
            anything to do; where there is not, X is to come back.
        numbers: what an option gives that is judged by its numbers.
        layers: the sentence on those that are judged by layers.
        same: the sentence on calls with nothing to do.
    """

    table: Table
    policy: Policy
    options: Mapping[str, Option]
    changes: Callable[[int, int, int], bool]
    numbers: Numbers
    layers: str
    same: str

    @property
    def charges(self) -> frozenset[str]:
        """The last parts of the ids of checks that mistakes are charged to."""
        return frozenset(self.options)

    def judge(
        self, challenge: Mapping[str, Any], capture: Mapping[str, Any]
    ) -> Verdict:
        """Judges a capture.

        Args:
            challenge: that it was made under.
            capture: of each call.

        Raises:
            CaptureError: if the capture is not of the right form.
        """
        function = challenge["function"]
        pairs = network_calls(challenge, capture)
        seen = [self._judge_call(function, *pair, challenge["seed"]) for pair in pairs]
        failed = [s.failed for s in seen if s.failed]
        if len(failed) == len(seen):
            return failed_call(function, failed[0])
        if not any(s.work and not s.problems for s in seen):
            first = next(s for s in seen if s.problems)
            brief = "No option does its work yet"
            message = f"{brief}. {first.problems[0].message}"
            return nothing(function, message, _look(first.option), brief)
        unique: dict[str, Finding] = {}
        for option in self.options:
            for finding in self._findings(function, option, seen):
                unique.setdefault(finding.message, finding)
        ordered = sorted(unique.values(), key=lambda f: -f.price)
        works = any(not s.problems for s in seen if s.case != _UNTOLD)
        others = (s for s in seen if s.case == _UNTOLD)
        tried = [Tried(True, works), *(Tried(False, not s.problems) for s in others)]
        most, told = limited(function, ordered, tried, check="")
        return Verdict(1.0, told, (), most)

    def _findings(
        self, function: str, option: str, seen: Sequence[_Judged]
    ) -> list[Finding]:
        """The findings of one option; what others have shown is not charged again."""
        own = [s for s in seen if s.option == option]
        known = {p.key for s in seen if s.option < option for p in s.problems}
        right = any(s.work and not s.problems for s in own)
        alike = [o for o in self.options if o != option and _alike(seen, option, o)]
        if not right or not any(o < option for o in alike):
            known.discard(_UNCHANGED)
        problems: dict[tuple, _Problem] = {}
        for case, p in ((judged.case, p) for judged in own for p in judged.problems):
            # under other sizes, in other words
            again = p.key[0] == "numbers" in {key[0] for key in problems}
            if p.key not in known and not (again and case == _UNTOLD):
                problems.setdefault(p.key, p)
        slips = any(p.layer for p in problems.values())
        left, found = float(self.options[option].points), []
        for number, p in enumerate(problems.values()):
            # Nothing that the option is for works: it has nothing left
            lost = number == 0 and not right and not slips
            price = left if lost else min(p.price, left)
            left -= price
            layer, check = p.layer or f"option {option}", f"{function}-{option}"
            look, message, said = _look(option), p.message, list(p.claims)
            if p.key == _UNCHANGED and right:
                later = [o for o in alike if o > option]
                message += "".join(f" The same for option {o}." for o in later)
                look = _look(" and ".join((option, *later)))
                every = (q for s in seen if s.option in later for q in s.problems)
                said += [c for q in every if q.key == p.key for c in q.claims]
            found.append(
                Finding(check, price, layer, p.sentence, message, look, tuple(said))
            )
        return found

    def _judge_call(
        self,
        function: str,
        call: Mapping[str, Any],
        captured: Mapping[str, Any],
        seed: str,
    ) -> _Judged:
        arguments, channels = call["arguments"], call["input_shape"][-1]
        option, case = call["id"].split("_", 1)
        filters, s = arguments["filters"], arguments["s"]
        work = self.options[option].always or self.changes(channels, filters, s)
        told = "Called with other arguments"
        if case != _UNTOLD:
            told = (
                f"For X with {channels} channels, filters={filters}, s={s} and "
                f"option={option!r}"
            )
        if captured.get("status") != "captured":
            shown = case != _UNTOLD
            failed = explain(function, captured, returns="a tensor", told=shown)
            message = f"{told}: {failed.message}"
            problem = _Problem(("failed", failed.reason), "", message)
            return _Judged(option, case, work, (problem,), failed)
        if self.options[option].numbers or not work:
            problems = self._by_numbers(call, captured, seed, told, work)
        else:
            problems = self._by_layers(call, captured, seed, told, case)
        return _Judged(option, case, work, tuple(problems))

    def _by_numbers(
        self,
        call: Mapping[str, Any],
        captured: Mapping[str, Any],
        seed: str,
        told: str,
        work: bool,
    ) -> list[_Problem]:
        """Judges a call whose result is a function of X alone."""
        graph = read_graph(captured.get("graph"))
        x = call_input(seed, call["id"], call["batch"], call["input_shape"])
        asked = call["arguments"]
        filters, s = asked["filters"], asked["s"]
        kind, sentence, price = "same", self.same, _PRICE
        if work:
            kind, sentence = "numbers", self.numbers.sentence
            price = _MAIN_PRICE if call["id"].endswith(f"_{_MAIN}") else _PRICE
        names = ("challenge", "training")
        outputs = [read_sample(captured.get(name)).whole for name in names]
        if _parameters(graph):
            text = "has layers with weights, where X is to stay as it is"
            if work:
                text = self.numbers.with_weights
            said = (_claim(call, "weights"),)
            message = f"{told}, the result {text}."
            return [_Problem((kind, "weights"), sentence, message, price, claims=said)]
        wanted = self.numbers.gives(x, filters, s)
        if all(close(array, wanted, 1e-6) for array in outputs):
            return []
        why = self.numbers.why(x, outputs[0], filters, s)
        said = (_claim(call, why),)
        message = f"{told}, {why}."
        key = _UNCHANGED if outputs[0].shape == x.shape and close(outputs[0], x) else ()
        return [_Problem(key or (kind, why), sentence, message, price, claims=said)]

    def _by_layers(
        self,
        call: Mapping[str, Any],
        captured: Mapping[str, Any],
        seed: str,
        told: str,
        case: str,
    ) -> list[_Problem]:
        """Judges a call that is to build layers."""
        spec = spec_of(self.table, call["arguments"], KERAS, policy=self.policy)
        if not _parameters(read_graph(captured.get("graph"))):
            said = (_claim(call, "projection"),)
            message = f"{told}, there is no projection."
            x = call_input(seed, call["id"], call["batch"], call["input_shape"])
            own = read_sample(captured.get("challenge"))
            key = _UNCHANGED if own.is_of(x) else ("missing",)
            return [_Problem(key, self.layers, message, claims=said)]
        seen = examine(Trial.of(call, spec, _SIZES), captured, seed)
        if seen.failure is not None:
            raise CaptureError("a call with outputs and a failure")
        problems = []
        for group in group_by_slip(spec, seen.differences, plan=False):
            line = spec.lines[group[0].node]
            shown = case != _UNTOLD
            text = wording.sentence(spec, group, shown=shown)
            said = claims(seen, group if shown else group[:1], told=shown)
            key = ("layers", *spec.key_of(group[0]))
            problem = _Problem(key, line.sentence, text, claims=said)
            problems.append(replace(problem, layer=line.label))
        if not problems and seen.unexplained:
            problems = [_Problem(("unexplained",), self.layers, seen.unexplained)]
        return problems


def _alike(seen: Sequence[_Judged], *options: str) -> bool:
    """Whether options give X back in the same cases, and do their work in others."""
    every = [[s for s in seen if s.option == option] for option in options]
    cases = [
        {s.case for s in own if any(p.key == _UNCHANGED for p in s.problems)}
        - {_UNTOLD}
        for own in every
    ]
    works = all(any(s.work and not s.problems for s in own) for own in every)
    return works and cases[0] == cases[1] != set()


def _claim(call: Mapping[str, Any], about: str) -> Claim:
    option = call["arguments"]["option"]
    return Claim("numbers", call["id"], f"option {option}", about=about)


def _look(option: str) -> str:
    several = "s" if " " in option else ""
    return f"Look at the lines of option{several} {option}."


def _parameters(graph: Graph) -> int:
    behind = [graph.nodes[index] for index in graph.order]
    return sum(v.size for node in behind for v in node.variables.values())
