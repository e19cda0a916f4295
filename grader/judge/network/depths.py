"""Judges a function that builds a network for each of several depths, all at once.

Each depth has a call of its own; a slip that shows in several of them is charged once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.judge.claim import Claim
from grader.judge.failures.explain import Explanation, explain
from grader.judge.finding import Finding
from grader.judge.general import limited
from grader.judge.network import wording
from grader.judge.network.alike import is_plan, slips_in_plans
from grader.judge.network.calls import network_calls
from grader.judge.network.claims import claims, of_input
from grader.judge.network.dialect import KERAS
from grader.judge.network.examine import Examined, examine
from grader.judge.network.failing import because, of_given_code
from grader.judge.network.function import pools_whole_maps
from grader.judge.network.graph import Graph
from grader.judge.network.idle import read_idle
from grader.judge.network.policy import Policy
from grader.judge.network.rewrites import whole_windows
from grader.judge.network.rows import Table
from grader.judge.network.slips import flattened
from grader.judge.network.specify import spec_of
from grader.judge.network.trial import Trial
from grader.judge.network.tried import part_there, tried_calls
from grader.judge.verdict import Verdict, failed_call, nothing

#: What a depth that fails costs, and what shows only under other arguments.
_FAILED, _HIDDEN = 5, 4


@dataclass(frozen=True)
class Depths:
    """A function that builds networks of several depths.

    Attributes:
        tables: of each depth, which is an argument, the network; the call is named
            after it, such as "depth_18".
        policy: how they are judged.
        sizes: heights and widths of the images at which differences may show.
        points: the most that slips in the plan cost.
        usual: what the defaults ask for, in words.
    """

    tables: Mapping[int, Table]
    policy: Policy
    sizes: tuple[tuple[int, int], ...]
    points: float
    usual: str

    @property
    def charges(self) -> frozenset[str]:
        """The last parts of the ids of checks that mistakes are charged to."""
        return frozenset(("plan", "layers", "values"))

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
        seen = {own.trial.id: own for own in self.examine(challenge, capture)}
        public = {depth: seen.pop(f"depth_{depth}") for depth in self.tables}
        first = next(iter(public.values()))
        built = {d: s for d, s in public.items() if s.graph is not None}
        if not built:
            failed = self._failure(function, first)
            return failed_call(function, failed)
        share = max(part_there(s) for s in built.values())
        if share == 0:
            return of_given_code(function, idle=any(s.idle for s in built.values()))
        if all(s.unbound for s in built.values()):
            return nothing(
                function,
                "The outputs are not what the captured layers compute.",
                f"Look at what {function} does beside building.",
            )
        findings = [*slips_in_plans(function, built), *_around(function, built)]
        findings += self._failed(function, public)
        findings += self._others(function, public, seen, known=bool(findings))
        findings.sort(key=lambda finding: -finding.price)
        tried = tried_calls([next(iter(built.values())), *seen.values()], model=True)
        kept = self._limited(f"{function}-plan", findings)
        most, told = limited(function, kept, tried)
        return Verdict(share, told, _notes(first), most)

    def examine(
        self, challenge: Mapping[str, Any], capture: Mapping[str, Any]
    ) -> list[Examined]:
        """What each call of a capture shows.

        Args:
            challenge: that it was made under.
            capture: of each call.

        Raises:
            CaptureError: if the capture is not of the right form.
        """
        calls = network_calls(challenge, capture)
        built = [captured for _, captured in calls if "graph" in captured]
        # as large as the maps under each size of image
        rewrite = whole_windows if all(map(pools_whole_maps, built)) else None
        return [
            self._examine(call, captured, challenge["seed"], rewrite)
            for call, captured in calls
        ]

    def _examine(
        self,
        call: Mapping[str, Any],
        captured: Mapping[str, Any],
        seed: str,
        rewrite: Callable[[Graph], Graph] | None,
    ) -> Examined:
        table = self.tables[call["arguments"]["depth"]]
        spec = spec_of(table, call["arguments"], KERAS, policy=self.policy)
        return examine(Trial.of(call, spec, self.sizes), captured, seed, rewrite)

    def _limited(self, check: str, findings: Sequence[Finding]) -> list[Finding]:
        """Slips in the plan cost no more in all than the plan is worth."""
        left, kept = float(self.points), []
        for finding in findings:
            if finding.check == check:
                finding = replace(finding, price=min(finding.price, left))
                left -= finding.price
            kept.append(finding)
        return kept

    def _failed(self, function: str, public: Mapping[int, Examined]) -> list[Finding]:
        """Depths for which nothing is built: each message once."""
        found: dict[str, Finding] = {}
        for depth, seen in public.items():
            if seen.failure is None:
                continue
            failed = self._failure(function, seen)
            known = found.get(failed.clause)
            price = min(_FAILED + (known.price if known else 0), self.points)
            after = ":" if seen.causes else ","
            told = f"For depth={depth}{after} {failed.clause}"
            told = known.message if known else told
            said = (Claim("failed", seen.trial.id, f"{function}({depth})"),)
            found[failed.clause] = Finding(
                f"{function}-plan", price, f"{function}({depth})",
                "The plan has a network for each depth.", told, failed.look,
                known.claims if known else failed.claims or said,
            )  # fmt: skip
        return list(found.values())

    def _failure(self, function: str, seen: Examined) -> Explanation:
        assert seen.failure is not None
        status, details = seen.failure
        if status != "uncalled":
            failed = explain(function, details, returns="a Keras Model")
            if not seen.causes:
                return failed
            reason = because(seen, failed, failed.message, shown=True, plan=True)
            return Explanation(
                reason.message,
                reason.look,
                begins=reason.brief,
                claims=reason.claims,
            )
        blocks = {r.calls.name for t in self.tables.values() for r in t.rows if r.calls}
        called = blocks & {str(n.attrs.get("function")) for n in read_idle(details)}
        text = (
            f"{function} returns a model without a call of "
            f"{' or '.join(sorted(blocks))} in it: the plan is judged by these calls."
        )
        if called:
            text = (
                f"{function} calls {' and '.join(sorted(called))}, but what the calls "
                "compute never reaches the output."
            )
        return Explanation(
            text,
            "Look at what becomes of the blocks' results.",
            claims=(Claim("uncalled", seen.trial.id, function),),
        )

    def _others(
        self,
        function: str,
        public: Mapping[int, Examined],
        others: Mapping[str, Examined],
        *,
        known: bool,
    ) -> Iterator[Finding]:
        """What shows only under other options, sizes, classes, or defaults."""
        check = f"{function}-values"
        look = f"Look at `def {function}(...)`, and where its arguments are used."
        for name, own in {**{str(d): s for d, s in public.items()}, **others}.items():
            if own.unexplained:
                yield Finding(
                    check, _HIDDEN, function,
                    "The output is what the layers compute.", own.unexplained, look,
                    of_input(function, own),
                )  # fmt: skip
                return
            if name not in others or known or not (own.failure or own.differences):
                continue
            sentence = f"The arguments of {function} do what its docstring says."
            text = self._under_others(function, name, own)
            told = claims(own, own.differences[:1], told=name == "defaults")
            yield Finding(check, _HIDDEN, function, sentence, text, look, told)
            return

    def _under_others(self, function: str, name: str, own: Examined) -> str:
        if own.failure is not None:
            details = own.failure[1]
            failed = explain(function, details, returns="a Keras Model", told=False)
            if own.failure[0] == "uncalled":
                failed = self._failure(function, own)
            return f"Called with other arguments, {failed.clause}"
        if name == "defaults":
            spec, first = own.trial.spec, own.differences[:1]
            said = wording.sentence(spec, list(first), shown=True)
            return (
                f"Called with a depth alone, {function} builds another model than for "
                f"{self.usual}: has a default changed? {said}"
            )
        if any(d.attr == "option" for d in own.differences):
            return (
                f"Called with an option, {function} does not hand it on to its blocks."
            )
        return wording.sentence(own.trial.spec, [own.differences[0]], shown=False)


def _notes(seen: Examined) -> tuple[str, ...]:
    notes = list(seen.notes)
    for d in seen.harmless:
        text = wording.sentence(seen.trial.spec, [d], shown=True)
        notes.append(f"{text} It changes no number and costs nothing.")
    return tuple(dict.fromkeys(notes))


def _around(function: str, built: Mapping[int, Examined]) -> list[Finding]:
    """Slips in stem and head, each once for all depths."""
    found: dict[tuple, Finding] = {}
    for seen in built.values():
        spec, beside = seen.trial.spec, flattened(seen.differences)
        for d in seen.differences:
            if is_plan(spec, d) or d in beside:
                continue
            line = spec.lines[d.node]
            key = (d.kind, line.label, d.attr)
            if key in found or ("missing", line.label, "") in found:
                continue
            message = wording.sentence(spec, [d], shown=True)
            price = 3 if d.kind == "attr" else 4
            found[key] = Finding(
                f"{function}-layers", price, line.label, line.sentence, message,
                wording.look(line), claims(seen, [d]),
            )  # fmt: skip
    return list(found.values())
