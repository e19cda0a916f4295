"""Blocks that are wrong under some arguments only."""

import contextlib
import functools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from unittest import mock

from grader.judge.calls import paired_calls
from grader.judge.network import decide, examine
from grader.judge.network import function as of_network
from grader.judge.network.dialect import KERAS
from grader.judge.network.examine import Examined
from grader.judge.network.faults import Fault, faults
from grader.judge.network.function import Network
from grader.judge.network.graph import Graph
from grader.judge.network.rows import Table
from grader.judge.network.specify import spec_of
from grader.lessons import NAMES, get_lesson
from grader.lessons.paper_networks import STAGES_50
from tests.conditional.case import Case, Values, is_value

_FIRST = [stage.filters[0] for stage in STAGES_50]
#: Under what a function may be wrong, by words.
CONDITIONS: Mapping[str, Callable[[Values], bool]] = {
    "f == 3": is_value("f", 3),
    **{f"stage {s.number}": is_value("stage", s.number) for s in STAGES_50},
    **{f"block {letter}": is_value("block", letter) for letter in "abcdef"},
    **{f"s == {n}": is_value("s", n) for n in (1, 2)},
    **{f"stride == {n}": is_value("stride", n) for n in (1, 2)},
    **{f"training {mode}": is_value("training", mode) for mode in (True, False)},
    **{f"project {flag}": is_value("project", flag) for flag in (True, False)},
    **{f"option {letter}": is_value("option", letter) for letter in "ABC"},
    **{f"F1 == {filters}": is_value("F1", filters) for filters in _FIRST},
    **{f"filters == {filters}": is_value("filters", filters) for filters in _FIRST},
    "F1 > F2": lambda values: "F1" in values and values["F1"] > values["F2"],
    "F1 < F2": lambda values: "F1" in values and values["F1"] < values["F2"],
    "F1 == F2": lambda values: "F1" in values and values["F1"] == values["F2"],
    "F2 > F3": lambda values: "F2" in values and values["F2"] > values["F3"],
}
#: Those that a network need not meet.
_RELATIONS = ("F1 > F2", "F1 < F2", "F2 > F3")
#: Faults that change a number under any arguments: a row's key, and what is wrong.
_FAULTS = (
    ("first.conv", "use_bias=False"),
    ("first.relu", "tanh"),
    ("second.norm", "left out"),
    ("second.relu", "left out"),
    ("third.norm", "axis=2"),
    ("third.conv", "after first.relu"),
    ("shortcut.conv", "use_bias=False"),
    ("sum", "Concatenate"),
    ("end", "left out"),
)


@dataclass
class Captures:
    """What calls show, each looked at once: calls of many challenges are the same.

    The graphs of tables are judged as they are, with the outputs that follow from
    them: nothing is computed.
    """

    graphs: dict[tuple, Graph] = field(default_factory=dict)
    examined: dict[tuple, Examined] = field(default_factory=dict)

    def lost(
        self,
        lesson: str,
        function: str,
        holds: Callable[[Values], bool],
        wrong: Table,
        seed: str,
    ) -> float:
        """The points that a student loses who builds another table now and then."""
        right, calls = network_of(lesson, function).table, []
        challenge = _challenge(lesson, function, seed)
        for call in challenge["calls"]:
            table = wrong if holds(values_of(right, call)) else right
            calls.append({"id": call["id"], "status": "captured", "table": table})
        with self._judged():
            captured = {"status": "captured", "calls": calls}
            reports = get_lesson(lesson).judge(function, challenge, captured)
        return sum(report.max_points - report.points for report in reports.values())

    @contextlib.contextmanager
    def _judged(self) -> Iterator[None]:
        original = Network._examine
        none = examine._Outputs()

        def examined(
            network: Network, call: Any, captured: Any, seed: str, before: Any
        ) -> Examined:
            key = (id(network), *_key(captured["table"], call), bool(before))
            if not call.get("outputs", True):
                known = examine._known(before)
                key = (*key, frozenset(known.items()), examine._was_proven(before))
            if key not in self.examined:
                graph = self._graph(network, call, captured["table"])
                own = {**captured, "graph": graph}
                self.examined[key] = original(network, call, own, seed, before)
            return self.examined[key]

        def calls_of(captured: Any, helper: str) -> bool:
            table = captured["table"]
            return bool(helper) and any(row.kind == "Block" for row in table.rows)

        with (
            mock.patch.object(Network, "_examine", examined),
            mock.patch.object(of_network, "network_calls", paired_calls),
            mock.patch.object(of_network, "calls_of", calls_of),
            mock.patch.object(examine, "read_graph", lambda graph: graph),
            mock.patch.object(examine, "_outputs", return_value=none),
            mock.patch.object(decide, "_published", return_value=True),
        ):
            yield

    def _graph(self, network: Network, call: Any, table: Table) -> Graph:
        key = _key(table, call)
        if key not in self.graphs:
            shape = call["input_shape"]
            graph = spec_of(
                table, call["arguments"], KERAS, channels=shape[-1],
                policy=network.policy,
            ).graph  # fmt: skip
            attrs = {"dtype": "float32"}
            start = replace(graph.nodes[0], shape=(None, *shape), attrs=attrs)
            self.graphs[key] = replace(graph, nodes=(start, *graph.nodes[1:]))
        return self.graphs[key]


def _key(table: Table, call: Mapping[str, Any]) -> tuple:
    return id(table), json.dumps([call["arguments"], call["input_shape"]])


@functools.lru_cache(maxsize=1000)
def _challenge(lesson: str, function: str, seed: str) -> dict[str, Any]:
    return get_lesson(lesson).challenge(function, seed)


def network_of(lesson: str, function: str) -> Network:
    """What a block is judged by."""
    return get_lesson(lesson).judges[function].__self__


def values_of(table: Table, call: Mapping[str, Any]) -> Values:
    """The arguments of a call by name, defaults included."""
    return table.bind({**call["arguments"], "channels": call["input_shape"][-1]})


def functions() -> Iterator[tuple[str, str]]:
    """The blocks of all lessons."""
    for name in NAMES:
        for function, judge in get_lesson(name).judges.items():
            network = getattr(judge, "__self__", None)
            if isinstance(network, Network) and not network.blocks:
                yield name, function


def cases() -> Iterator[Case]:
    """Each condition that an argument of a block can meet, with some of its faults."""
    captures = Captures()
    for name, function in functions():
        table = network_of(name, function).table
        calls = get_lesson(name).challenge(function, "0")["calls"]
        chosen = [
            fault
            for fault in faults(table, calls[0]["arguments"])
            if (fault.key, fault.change) in _FAULTS
        ]
        for condition, holds in CONDITIONS.items():
            usual = calls
            if condition not in _RELATIONS:
                usual = [c for c in calls if not c["id"].startswith("other")]
            if any(holds(values_of(table, call)) for call in usual):
                for fault in chosen:
                    yield _case(captures, name, function, condition, fault)


def _case(
    captures: Captures, lesson: str, function: str, condition: str, fault: Fault
) -> Case:
    def lost(seed: str) -> float:
        holds = CONDITIONS[condition]
        return captures.lost(lesson, function, holds, fault.table, seed)

    words = f"{fault.key}/{fault.change}"
    return Case(lesson, function, words, condition, lost)
