"""The golden law for a lesson of tables: each fault of a row costs points.

Faults are judged by what Keras would give for them, written with NumPy.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.challenge import challenge_weight
from grader.judge.network.dialect import KERAS
from grader.judge.network.equivalence import same_numbers
from grader.judge.network.faults import Fault, faults
from grader.judge.network.rows import Table
from grader.judge.network.spec import Spec
from grader.judge.network.specify import spec_of
from grader.judge.network.weights_for import NotComputable
from grader.lessons import Lesson
from tests.lessons.outcome import Outcome
from tests.own_lessons.paper import captured


@dataclass(frozen=True, eq=False)
class Case:
    """A graded function of a lesson of one's own.

    Attributes:
        lesson: the lesson.
        table: what the function is to build.
        seed: of the challenge.
    """

    lesson: Lesson
    table: Table
    seed: str = "own"

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def challenge(self) -> dict[str, Any]:
        return self.lesson.challenge(self.name, self.seed)

    def faults(self) -> Iterator[Fault]:
        shown = self.challenge["calls"][0]
        channels = shown["input_shape"][-1]
        yield from faults(self.table, shown["arguments"], channels)

    def specs(self, table: Table) -> list[Spec]:
        """What a table asks for in each call."""
        return [
            spec_of(table, c["arguments"], KERAS, channels=c["input_shape"][-1])
            for c in self.challenge["calls"]
        ]

    def judged(self, table: Table) -> Outcome | None:
        """The marks for what a table asks for; None if it cannot be built."""
        try:
            capture = captured(self.name, self.challenge, self.specs(table))
        except NotComputable:
            return None
        return Outcome(self.lesson.judge(self.name, self.challenge, capture))

    def named(self, fault: Fault, outcome: Outcome) -> bool:
        """Whether the first finding names a layer that the fault changes.

        That is one that is another, not there or fed in another way; or the one that
        it takes its input from. Of rounds any will do.
        """
        words: set[str] = set()
        pairs = zip(self.specs(self.table), self.specs(fault.table), strict=True)
        for asked, wrong in pairs:
            near = {
                _row(spec, key)
                for spec in (asked, wrong)
                for key in _near(asked, wrong)
                if key in spec.by_key
            }
            for key, number in asked.by_key.items():
                rounds = fault.row.kind == "Repeat" and key.startswith(f"{fault.key}.")
                if rounds or _row(asked, key) in near:
                    line = asked.lines[number]
                    words |= {line.label, line.role, line.where} - {""}
        first = outcome.first.lower()
        return any(word.lower() in first for word in words)

    def harmless(self, fault: Fault) -> bool:
        """Whether a fault changes no number in any call, weights being each row's."""
        specs = zip(self.specs(self.table), self.specs(fault.table), strict=True)
        return all(
            same_numbers(
                asked.graph,
                wrong.graph,
                [tuple(call["input_shape"])],
                (_by_key(asked), _by_key(wrong)),
            )
            for call, (asked, wrong) in zip(self.challenge["calls"], specs, strict=True)
        )


def _contents(spec: Spec) -> Mapping[str, tuple]:
    """What each layer is and what it takes, by its key."""
    found = {}
    for number in spec.graph.order:
        node = spec.graph.nodes[number]
        sources = tuple(spec.keys[source] for source in node.sources)
        found[spec.keys[number]] = (node.kind, node.attrs, node.name, sources)
    return found


def _near(asked: Spec, wrong: Spec) -> set[str]:
    """Keys of what two specifications do not have alike, and of what comes before."""
    before, after = _contents(asked), _contents(wrong)
    changed = {k for k in {*before, *after} if before.get(k) != after.get(k)}
    sources = {
        s for each in (before, after) for k in changed if k in each for s in each[k][-1]
    }
    return changed | sources


def _row(spec: Spec, key: str) -> str:
    """A layer's row, whichever round it is in."""
    return spec.lines[spec.by_key[key]].alike or key


def _by_key(spec: Spec):
    def draw(node, role, shape):
        return challenge_weight("harmless", spec.keys[node.operation], role, shape)

    return draw
