"""What functions build whose tables are others, as captures: no TensorFlow."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from grader.judge.network.depths import Depths
from grader.judge.network.dialect import KERAS
from grader.judge.network.graph import Graph
from grader.judge.network.rows import Row, Table
from grader.judge.network.specify import spec_of
from grader.judge.network.weights_for import NotComputable
from grader.lessons import get_lesson
from tests.lessons.outcome import Outcome
from tests.own_lessons.paper import captured

#: That of the networks of several depths that is changed.
DEPTH = 50


def table_of(name: str, function: str) -> Table:
    """What a function is to build."""
    judge = get_lesson(name).judges[function].__self__
    return judge.tables[DEPTH] if isinstance(judge, Depths) else judge.table


def content(graph: Graph) -> list[tuple[Any, ...]]:
    """What a graph builds, whatever the numbers of its nodes are."""
    places = {index: place for place, index in enumerate((0, *graph.order))}
    nodes = (graph.nodes[index] for index in graph.order)
    return [(node.kind, node.name, node.attrs, [places[source] for source in node.sources]) for node in nodes]


def judged(name: str, function: str, table: Table, seed: str = "built") -> Outcome | None:
    """Judges a function that builds what another table asks for.

    Args:
        name: the lesson's folder.
        function: which.
        table: what it builds.
        seed: of the challenge.

    Returns:
        The reports; None if it cannot be built.
    """
    lesson = get_lesson(name)
    challenge = lesson.challenge(function, seed)
    judge = lesson.judges[function].__self__
    specs = []
    for call in challenge["calls"]:
        arguments, built = call["arguments"], table
        if isinstance(judge, Depths) and arguments["depth"] != DEPTH:
            built = judge.tables[arguments["depth"]]
        dialect = getattr(judge, "dialect", KERAS)
        specs.append(spec_of(built, arguments, dialect, channels=call["input_shape"][-1]))
    try:
        capture = captured(function, challenge, specs)
    except NotComputable:
        return None
    return Outcome(lesson.judge(function, challenge, capture))


def with_row(table: Table, key: str, **changes: Any) -> Table:
    """A table with a row that is another."""
    rows = (replace(row, **changes) if row.key == key else row for row in table.rows)
    return replace(table, rows=tuple(rows))


def with_counts(table: Table, changes: Mapping[int, int]) -> Table:
    """A network with other numbers of blocks.

    Args:
        table: of a network.
        changes: how many blocks more, or fewer, a stage has; the last ones.
    """
    blocks: dict[int, list[Row]] = defaultdict(list)
    for row in table.rows:
        if row.calls:
            blocks[int(row.key[0])].append(row)
    for stage, change in changes.items():
        rows = blocks[stage]
        more = (_one_more(rows[-1], number) for number in range(1, change + 1))
        blocks[stage] = rows[:change] if change < 0 else [*rows, *more]
    return replace(table, rows=tuple(_with(table, blocks)))


def _with(table: Table, blocks: Mapping[int, list[Row]]) -> Iterator[Row]:
    for row in table.rows:
        if not row.calls:
            yield row
        elif row.key.endswith(".0"):
            yield from blocks[int(row.key[0])]


def _one_more(row: Row, number: int) -> Row:
    """The block after the last one of a stage, named as it would be."""
    settings = dict(row.settings)
    if len(str(settings.get("block", ""))) == 1:
        settings["block"] = chr(ord(settings["block"]) + number)
    path, dot, last = row.name.rpartition(".")
    name = f"{path}.{int(last) + number}" if dot else row.name
    return replace(row, key=f"{row.key} {number}", name=name, settings=settings)
