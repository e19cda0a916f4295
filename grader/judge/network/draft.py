"""A draft of a table: the rows of a captured solution, to start from.

Numbers stand where the capture has numbers. Where the same function was called twice, a
number that is an argument in both calls becomes that argument.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.judge.network.draft_words import kind_of, labels_of, name_of
from grader.judge.network.graph import INPUT, Graph, Node
from grader.judge.network.kinds import (
    ACTIVATIONS,
    KINDS,
    USUAL_SETTINGS,
    options,
)

_FACTORS = (1, 2, 3, 4, 6, 8)
#: What tables call the channels of the input.
_CHANNELS = "channels"
#: How many signs a line has at most.
_WIDE = 88
_HEAD = (
    "from grader.judge.network.rows import Argument, Of, Part, Row, Table",
    "",
    'PART = Part("main path")',
)

Arguments = Sequence[Mapping[str, Any]]


def draft(
    name: str,
    arguments: Arguments,
    graphs: Sequence[Graph],
    channels: Sequence[int] = (),
) -> str:
    """The source text of a table.

    Args:
        name: of the function.
        arguments: of each call.
        graphs: what it built there, in normal form.
        channels: of the input, in each call.
    """
    first = graphs[0]
    orders = [graph.order for graph in graphs]
    alike = all(len(order) == len(orders[0]) for order in orders)
    flat = [_flat(each) for each in arguments]
    for each, count in zip(
        flat, channels if len({*channels}) > 1 else (), strict=False
    ):
        each.setdefault(_CHANNELS, count)
    flat = flat if alike else flat[:1]
    keys, labels = _keys(first), labels_of(first)
    rows = []
    last = INPUT
    for place, index in enumerate(orders[0]):
        nodes = [first.nodes[index]]
        if alike:
            orders_ = zip(graphs, orders, strict=True)
            nodes = [graph.nodes[order[place]] for graph, order in orders_]
        rows += _row(keys, labels[index], index, nodes, flat, last)
        last = index
    lines = [
        *(_remarks(arguments) if alike else ()),
        *_HEAD,
        f"{name.upper()} = Table(",
        f'    "{name}",',
        "    (",
        *(f"        {_argument(n, v)}," for n, v in arguments[0].items()),
        "    ),",
        "    (",
        *(f"        {line}" for line in rows),
        "    ),",
        ")  # fmt: skip",
    ]
    if not alike:
        counts = " and ".join(str(len(order)) for order in orders)
        lines.insert(0, f"# The calls build {counts} layers: the rows are the first's.")
    missing = {n.kind for n in map(first.nodes.__getitem__, first.order)} - {*KINDS}
    if missing:
        told = ", ".join(sorted(missing))
        lines.insert(0, f"# No rows of the kind {told}: such layers cannot be judged.")
        lines.insert(1, f"# The kinds of rows are {', '.join(KINDS)}.")
    return "\n".join(lines) + "\n"


def _remarks(arguments: Arguments) -> Iterator[str]:
    """What the calls cannot show."""
    if len(arguments) == 1:
        yield "# One call: all numbers are its own. A second shows which are arguments."
        return
    for name, value in arguments[0].items():
        alike = all(each.get(name) == value for each in arguments)
        if alike and name != _CHANNELS:
            yield f"# {name} is {_code(value)} in each call: no row here follows it."


def _argument(name: str, value: Any) -> str:
    kinds = {bool: "flag", int: "whole", str: "text"}
    if isinstance(value, list | tuple):
        parts = tuple(f"{name}{n}" for n in range(1, len(value) + 1))
        return f'Argument("{name}", "widths", parts={_code(parts)})'
    return f'Argument("{name}", "{kinds.get(type(value), "whole")}")'


def _flat(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments, and the parts of those that are lists."""
    found: dict[str, Any] = {}
    for name, value in arguments.items():
        if isinstance(value, list | tuple):
            found |= {f"{name}{n}": part for n, part in enumerate(value, start=1)}
        else:
            found[name] = value
    return found


def _keys(graph: Graph) -> dict[int, str]:
    """A key for each node: its kind, and the number of that kind."""
    counts: dict[str, int] = {}
    keys = {INPUT: "input"}
    for index in graph.order:
        kind = kind_of(graph.nodes[index]).lower().removesuffix("2d")
        counts[kind] = counts.get(kind, 0) + 1
        keys[index] = f"{kind}{counts[kind]}"
    return keys


def _row(
    keys: Mapping[int, str],
    label: str,
    index: int,
    nodes: Sequence[Node],
    arguments: Arguments,
    last: int,
) -> Iterator[str]:
    """A row as source text, and after it what does not follow from one argument."""
    node, kind = nodes[0], kind_of(nodes[0])
    parts = [f'"{keys[index]}"', f'"{kind}"', "PART"]
    settings, doubts = {}, []
    for name, values in _values(nodes).items():
        settings[name], doubt = _text(values, arguments)
        doubts += [f"{name}: {doubt}"] if doubt else []
    if settings:
        written = ", ".join(f'"{name}": {value}' for name, value in settings.items())
        parts.append(f"{{{written}}}")
    if node.sources != (last,):
        after = tuple(keys[source] for source in node.sources)
        parts.append(f"after={_code(after)}")
    name = name_of(nodes, arguments)
    parts.append(f'name="{name}"' if name else f'label="{label}"')
    numbers = [f"{n:g}" for n in node.inputs if not isinstance(n, int)]
    if kind not in KINDS:
        doubts.insert(0, f"there are no rows of the kind {kind}")
    elif numbers:
        doubts.insert(0, f"no row takes a number, such as {numbers[0]}")
    remark = f"  # {'; '.join(doubts)}" if doubts else ""
    line = f"Row({', '.join(parts)}),"
    if len(line) + 8 > _WIDE:
        yield f"Row({', '.join(parts[:3])},"
        line = f"    {', '.join(parts[3:])}),"
        if len(line) + 8 > _WIDE:
            yield from (f"    {part}," for part in parts[3:-1])
            line = f"    {parts[-1]}),"
    yield line + remark


def _values(nodes: Sequence[Node]) -> dict[str, list[Any]]:
    """What is not usual of the kind, in each call."""
    node, usual = nodes[0], USUAL_SETTINGS.get(nodes[0].kind, nodes[0].attrs)
    if node.kind == "Activation":
        function = node.attrs.get("activation")
        first = {} if kind_of(node) in ACTIVATIONS else {"activation": None}
        usual = {**first, **options(function)}
    found = {}
    for name, value in usual.items():
        values = [_number(each.attrs.get(name, value)) for each in nodes]
        if name == "strides" and "pool_size" in node.attrs:
            windows = [_number(each.attrs["pool_size"]) for each in nodes]
            value = None if values != windows else values[0]
        if values[0] != value or _varies(values):
            found[name] = values
    return found


def _varies(values: Sequence[Any]) -> bool:
    return any(value != values[0] for value in values)


def _number(value: Any) -> Any:
    """One number for a window, or a padding, that has the same twice."""
    while isinstance(value, tuple) and len(value) > 1 and len(set(value)) == 1:
        value = value[0]
    return value


def _code(value: Any) -> str:
    """A value as Python's formatter writes it."""
    return repr(value).replace("'", '"')


def _text(values: Sequence[Any], arguments: Arguments) -> tuple[str, str]:
    """What gives the value in each call, or the first value, and what is not sure."""
    found = [
        text
        for text, numbers in _candidates(arguments)
        if numbers == list(values) and all(type(n) is int for n in values)
    ]
    if not _varies(values):
        return _code(values[0]), ""
    if not found:
        return _code(values[0]), " and ".join(map(_code, values))
    others = [f'Of("{text}")' for text in found[1:4]]
    return f'Of("{found[0]}")', f"or is it {' or '.join(others)}?" if others else ""


def _candidates(arguments: Arguments) -> Iterator[tuple[str, list[int]]]:
    """Arguments, and what is made of one or two of them, with the value of each call.

    What is a number times one of them comes before what is made of two.
    """
    names = [n for n in arguments[0] if all(type(a.get(n)) is int for a in arguments)]
    numbers = {name: [each[name] for each in arguments] for name in names}
    for factor in _FACTORS:
        for name, each in numbers.items():
            text = name if factor == 1 else f"{factor} * {name}"
            yield text, [factor * n for n in each]
    for name, each in numbers.items():
        for divisor in (2, 4):
            yield f"{name} // {divisor}", [n // divisor for n in each]
        for other, those in numbers.items():
            pairs = list(zip(each, those, strict=True))
            if other > name:
                yield f"{name} * {other}", [a * b for a, b in pairs]
            if other != name and 0 not in those:
                yield f"{name} // {other}", [a // b for a, b in pairs]
