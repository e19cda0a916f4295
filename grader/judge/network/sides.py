"""A captured graph and its specification, as they were compared: for a picture."""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace

from grader.judge.network.difference import Difference
from grader.judge.network.graph import INPUT, Graph, Node
from grader.judge.network.match import Match
from grader.judge.network.spec import Spec
from grader.judge.picture import Box, Picture
from grader.judge.words import counted, shorten, value

#: Rows of a graph that is drawn whole, of a part of a larger one, and of those around
#: a difference.
WHOLE, MOST_ROWS, AROUND = 16, 24, 2
#: Characters of a line, marks of a box.
LONGEST, MOST_MARKS = 30, 3

#: Nodes of the specification and of the captured graph that stand beside each other.
Pair = tuple[int | None, int | None]


@dataclass(frozen=True)
class Sides:
    """What was compared.

    Attributes:
        spec: the specification.
        graph: the captured graph.
        matched: how their layers are matched.
    """

    spec: Spec
    graph: Graph
    matched: Match

    def picture(self, differences: Sequence[Difference]) -> Picture | None:
        """Draws the rows around differences; None where none of them can be drawn.

        Args:
            differences: of this specification, found under arguments that may be told.
        """
        marks = _Marks()
        for difference in differences:
            marks.add(self, difference)
        pairs = list(self._pairs())
        hidden = self._hidden(pairs, marks)
        expected = _column([p[0] for p in pairs], hidden, self._expected(marks))
        captured = _column([p[1] for p in pairs], hidden, self._captured(marks))
        lacking = {k for k, (number, _) in enumerate(pairs) if number in marks.missing}
        captured = _with_missing(captured, lacking, hidden)
        picture = Picture(tuple(expected), tuple(captured))
        return picture if picture.is_marked else None

    def _pairs(self) -> Iterator[Pair]:
        """The rows: what is matched stands beside each other."""
        named = [self.spec.graph.nodes[n].name for n in self.spec.graph.order]
        ranks = {name: k for k, name in enumerate(named) if name}
        left = list(self.graph.ordered(ranks))
        matched = set(self.matched.pairs.values())
        yield INPUT, INPUT
        for number in self.spec.graph.order:
            index = self.matched.pairs.get(number)
            if index is None:
                if number in self.matched.missing:
                    yield number, None
                continue
            while left and index in left:
                other = left.pop(0)
                if other == index:
                    break
                if other not in matched:
                    yield None, other
            yield number, index
        yield from ((None, other) for other in left if other not in matched)

    def _hidden(self, pairs: Sequence[Pair], marks: "_Marks") -> Set[int]:
        """Rows that are left out: far from each difference, or more than there is room.

        What feeds a layer whose inputs differ is shown with it.
        """
        places = {p[1]: k for k, p in enumerate(pairs) if p[1] is not None}
        marked = [
            k
            for k, (number, index) in enumerate(pairs)
            if number in marks.expected or index in marks.captured
        ]
        shown: dict[int, None] = {}
        for k in marked:
            near = range(max(k - AROUND, 0), min(k + AROUND + 1, len(pairs)))
            index = pairs[k][1]
            feeds = self.graph.nodes[index].sources if index in marks.rewired else ()
            for row in (k, *near, *(places[s] for s in feeds if s in places)):
                if len(shown) < MOST_ROWS:
                    shown[row] = None
        if len(pairs) <= WHOLE:
            return set()
        return set(range(len(pairs))) - set(shown)

    def _expected(self, marks: "_Marks") -> dict[int, Box]:
        nodes = self.spec.graph.nodes
        return {
            number: Box(self._lines(nodes[number]), marks.of(number), sources)
            for number, sources in _sources(self.spec.graph).items()
        }

    def _captured(self, marks: "_Marks") -> dict[int, Box]:
        nodes = list(self.graph.nodes)
        for number, index in self.matched.pairs.items():
            asked = self.spec.graph.nodes[number]
            if not asked.name and nodes[index].kind == asked.kind:
                # none is asked for: the one that it has got by itself says nothing
                nodes[index] = replace(nodes[index], name="")
        return {
            index: Box(
                self._lines(nodes[index]),
                marks.of(index, captured=True),
                sources,
                rewired=index in marks.rewired,
            )
            for index, sources in _sources(self.graph).items()
        }

    def _lines(self, node: Node) -> tuple[str, ...]:
        """What is written of a layer: its kind and size, and its name."""
        if node.kind == "Input":
            return ("input",)
        kind, name = self.spec.dialect.kind(node.kind) or node.kind, node.name
        if node.kind == "Block":
            kind = str(node.attrs.get("function"))
            stage, block = (node.attrs.get(key, "") for key in ("stage", "block"))
            name = f"{stage}{block}" or name
        elif node.kind == "Activation":
            kind = str(node.attrs.get("activation", kind))
        elif node.kind == "Composed":
            kind, name = name, ""
        sizes = [node.attrs.get(key) for key in ("kernel_size", "filters", "units")]
        said = [_size(size) for size in sizes if size is not None]
        lines = [" ".join([kind, ", ".join(said)]).strip(), name]
        return tuple(shorten(line, LONGEST) for line in lines if line)


@dataclass(frozen=True)
class _Marks:
    """Differences in words, by node; those of the captured graph whose edges differ."""

    expected: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    captured: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    missing: set[int] = field(default_factory=set)
    rewired: set[int] = field(default_factory=set)

    def of(self, node: int, *, captured: bool = False) -> tuple[str, ...]:
        """The words at a node."""
        found = (self.captured if captured else self.expected).get(node, [])
        words = list(dict.fromkeys(found))
        if len(words) > MOST_MARKS:
            words[MOST_MARKS - 1 :] = [f"and {len(words) - MOST_MARKS + 1} more"]
        return tuple(shorten(word, LONGEST) for word in words)

    def add(self, sides: Sides, d: Difference) -> None:
        """Marks a difference where it stands in both graphs."""
        spec, index = sides.spec, sides.matched.pairs.get(d.node)
        placed = [
            i for i in sides.matched.extra if sides.graph.nodes[i].operation == d.place
        ]
        if d.kind == "missing":
            self.expected[d.node].append("not in yours")
            self.missing.add(d.node)
        elif d.kind in ("extra", "moved"):
            word = "not asked for" if d.kind == "extra" else "in another place"
            for other in placed:
                self.captured[other].append(word)
            if d.kind == "moved":
                self.expected[d.node].append("belongs here")
        elif index is None:
            return
        elif d.kind == "attr":
            attr = spec.dialect.setting(d.attr, spec.graph.nodes[d.node].kind)
            found = f"no {attr}" if d.found is None else f"{attr}: {value(d.found)}"
            self.captured[index].append(found)
            if d.asked is not None:
                self.expected[d.node].append(f"{attr}: {value(d.asked)}")
        else:
            self.captured[index].append(_WORDS.get(d.kind, "differs"))
            if d.kind in ("wiring", "order"):
                self.rewired.add(index)


_WORDS = {
    "name": "another name",
    "kind": "another kind of layer",
    "wiring": "other inputs",
    "order": "another order of inputs",
    "shared": "a layer used twice",
    "weight": "starts from other values",
    "swapped": "swapped",
}


def _size(found: object) -> str:
    if isinstance(found, tuple) and all(type(n) is int for n in found):
        return "×".join(map(str, found))
    return shorten(found, LONGEST)


def _sources(graph: Graph) -> dict[int, tuple[int, ...]]:
    """What feeds each node on the way to the output."""
    inner = {n: tuple(dict.fromkeys(graph.nodes[n].sources)) for n in graph.order}
    return {INPUT: (), **inner}


def _column(
    nodes: Sequence[int | None], hidden: Set[int], boxes: dict[int, Box]
) -> list[Box | None]:
    """One graph's boxes by row; a run of hidden rows is one."""
    rows: dict[int, int] = {}
    column: list[Box | None] = []
    for k, node in enumerate(nodes):
        if k in hidden:
            if k - 1 not in hidden:
                run = next(n for n in range(k, len(nodes) + 1) if n not in hidden)
                count = sum(n is not None for n in nodes[k:run])
                column.append(Box((f"{counted(count, 'layer')} more",), kind="gap"))
        else:
            column.append(None if node is None else boxes[node])
        if node is not None:
            rows[node] = len(column) - 1
    feeds: dict[int, dict[int, None]] = defaultdict(dict)
    for node, row in rows.items():
        for source in boxes[node].sources:
            if source in rows and rows[source] < row:
                feeds[row][rows[source]] = None
    return [
        box and replace(box, sources=tuple(feeds[row]))
        for row, box in enumerate(column)
    ]


def _with_missing(
    column: list[Box | None], lacking: Set[int], hidden: Set[int]
) -> list[Box | None]:
    """A column that says in which rows a layer is missing."""
    place = -1
    for k in range(max(lacking, default=-1) + 1):
        place += not (k in hidden and k - 1 in hidden)
        if k in lacking and k not in hidden:
            column[place] = Box(("missing",), ("missing",), kind="missing")
    return column
