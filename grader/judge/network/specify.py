"""From a table of rows to what a function is to build under some arguments."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.judge.network.dialect import KERAS, Dialect
from grader.judge.network.draw import GLOROT, Draw
from grader.judge.network.extent import width_after
from grader.judge.network.graph import INPUT, Graph, Node
from grader.judge.network.kinds import attrs_of
from grader.judge.network.place import OUTSIDE, Place
from grader.judge.network.policy import USUAL, Policy
from grader.judge.network.rows import Of, Row, Table
from grader.judge.network.spec import Inside, Line, Spec
from grader.judge.strict import CaptureError

#: More rounds than any network has: a recorded call may ask for what it likes.
MAX_ROUNDS = 1000


def spec_of(
    table: Table,
    arguments: Mapping[str, Any],
    dialect: Dialect,
    *,
    channels: int = 0,
    policy: Policy = USUAL,
    opened: bool = False,
) -> Spec:
    """What a function is to build.

    Args:
        table: the function's.
        arguments: of the call.
        dialect: how its layers are spoken of.
        channels: of the input.
        policy: how it is judged.
        opened: whether blocks are opened into their layers; otherwise each is a node.
    """
    return _spec(table, table.bind(arguments, channels), dialect, policy, opened=opened)


def _spec(
    table: Table,
    values: Mapping[str, Any],
    dialect: Dialect,
    policy: Policy,
    *,
    opened: bool = False,
) -> Spec:
    writer = _Writer(dialect, policy, opened)
    graph = writer.graph(table, values)
    lines, keys = tuple(writer.lines), tuple(writer.keys)
    return Spec(graph, lines, keys, writer.draws, policy, dialect)


@dataclass
class _Writer:
    """Writes the layers of a table."""

    dialect: Dialect
    policy: Policy
    opened: bool
    nodes: list[Node] = field(default_factory=lambda: [Node("Input")])
    lines: list[Line] = field(
        default_factory=lambda: [Line("the input", "the input", "", given=True)]
    )
    keys: list[str] = field(default_factory=lambda: ["input"])
    draws: dict[int, Draw] = field(default_factory=dict)
    blocks: int = 0
    told: bool = True
    #: of each node's output; 0 where no row asks for them
    channels: list[int] = field(default_factory=list)

    def graph(self, table: Table, values: Mapping[str, Any]) -> Graph:
        """The graph of a table."""
        self.channels.append(values["channels"])
        output = self.add(table, values)
        return Graph(tuple(self.nodes), output)

    def add(
        self,
        table: Table,
        values: Mapping[str, Any],
        source: int = INPUT,
        place: Place = OUTSIDE,
    ) -> int:
        """Adds a table's layers after a node; returns the number of the last one."""
        places, last = {"input": source}, source
        for row in table.rows:
            if row.when and not values[row.when]:
                continue
            inputs = [
                next(places[key] for key in keys if key in places)
                for keys in row.sources
            ] or [last]
            settings = {
                name: value.value(values) if isinstance(value, Of) else value
                for name, value in row.settings.items()
            }
            if row.calls and row.times is not None:
                last = self._rounds(row, values, settings, inputs[0], place)
            elif row.calls and self.opened:
                name = row.name.format(**values)
                inner = row.calls.bind(settings, self.channels[inputs[0]])
                inner |= {"path": f"{name}." if name else ""}
                weight = row.part.weight
                inside = Place(
                    f"{row.key}.",
                    row.inside,
                    weight,
                    row.given,
                    known=row.known,
                    block=self._block(row, settings),
                )
                last = self.add(row.calls, inner, inputs[0], inside)
            else:
                last = self._layer(table, row, values, settings, tuple(inputs), place)
            places[row.key] = last
        return last

    def _block(self, row: Row, settings: Mapping[str, Any]) -> Inside:
        """What is said of a block that is written out, as a whole."""
        assert row.calls is not None
        call = Node("Block", attrs=row.calls.record(settings, 0))
        label, called = row.label or row.name, self.dialect.block(call)
        return Inside(f"{row.key}.", row.part.words, label, called)

    def _rounds(
        self,
        row: Row,
        values: Mapping[str, Any],
        settings: Mapping[str, Any],
        last: int,
        place: Place,
    ) -> int:
        """Adds the rounds of a table; returns the number of the last layer."""
        assert row.calls is not None
        assert row.times is not None
        times = row.times.value(values) if isinstance(row.times, Of) else row.times
        if times > MAX_ROUNDS:
            raise ValueError(f"{row.key}: {times} rounds are too many")
        for number in range(1, times + 1):
            inner = row.calls.bind(settings, self.channels[last]) | {"number": number}
            where = row.inside.format(**inner)
            where = f"{place.where}, {where}" if place.where else where
            key = f"{place.key}{row.key}.{number}."
            weight = place.weight or row.part.weight
            inside = Place(
                key,
                where,
                weight,
                place.given or row.given,
                known=place.known or row.known,
                round=key,
                alike=f"{place.alike}{row.key}.",
            )
            last = self.add(row.calls, inner, last, inside)
        return last

    def _layer(
        self,
        table: Table,
        row: Row,
        values: Mapping[str, Any],
        settings: Mapping[str, Any],
        inputs: tuple[int, ...],
        place: Place,
    ) -> int:
        number = len(self.nodes)
        name = row.name.format(**values)
        if row.calls:
            kind, attrs = "Block", row.calls.record(settings, self.blocks)
            self.blocks += 1
        else:
            kind, attrs = attrs_of(row.kind, settings)
        mode = values[row.mode] if row.mode else None
        node = Node(kind, name, attrs, inputs, operation=number, training=mode)
        self.nodes.append(node)
        taken = [self.channels[source] for source in inputs]
        self.channels.append(width_after(kind, attrs, taken))
        self.keys.append(place.key + row.key)
        if self.told:
            self.lines.append(self._line(table, row, values, name, place))
        draw = draw_of(values[row.draw]) if row.draw else GLOROT
        if draw != GLOROT:
            self.draws[number] = draw
        return number

    def _line(
        self,
        table: Table,
        row: Row,
        values: Mapping[str, Any],
        name: str,
        place: Place,
    ) -> Line:
        where, inside = row.part.words, bool(place.where)
        article = "" if inside else row.part.article
        label = row.label.format(**values) or name
        if inside:
            where = f"{place.where}, {where}"
            if row.label and row.label == label:
                label = f"{label} of {place.where}"
        return Line(
            label,
            where,
            _sentence(self.dialect, row, table, self.policy.seeded),
            place.given if inside else row.given,
            _role(row, label, f"{article}{where}", values["number"]),
            row.part.branch,
            row.symbols,
            place.weight or row.part.weight,
            article,
            known=place.known or row.known,
            round=place.round,
            alike=place.alike and place.alike + row.key,
            inside=place.block,
            called=row.calls.recorded if row.calls else {},
        )


def _role(row: Row, label: str, where: str, number: Any) -> str:
    """How to name a layer without its arguments; its label, where that has none."""
    if row.role or "{" in (row.label or row.name):
        return row.role.format(where=where, number=number)
    return label


@functools.lru_cache(maxsize=1024)
def _sentence(dialect: Dialect, row: Row, table: Table, seeded: bool) -> str:
    """What a row asks for under all arguments."""
    return dialect.sentence(row, table, seeded=seeded)


def draw_of(asked: Any) -> Draw:
    """How kernels start.

    Args:
        asked: an initializer as a challenge writes it, or the name of a default.
    """
    if isinstance(asked, str):
        return Draw(asked)
    return Draw(asked["kind"], value=asked.get("value", 0.0))


def of_call(call: Node, tables: Mapping[str, Table], channels: int = 0) -> Graph:
    """What a recorded call of a block builds.

    Args:
        call: the node that stands for it.
        tables: the blocks, by name.
        channels: of what it takes.

    Raises:
        CaptureError: if it is no call of one of them.
    """
    try:
        table = tables[call.attrs["function"]]
        values = table.bind(table.arguments_of(call.attrs), channels)
        values["path"] = f"{call.name}." if call.name else ""
        return _Writer(KERAS, USUAL, opened=False, told=False).graph(table, values)
    except (KeyError, TypeError, ValueError) as error:
        raise CaptureError(f"{call.label} is no call of a block") from error
