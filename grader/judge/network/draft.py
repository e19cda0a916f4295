"""A draft of a table: the rows of a captured solution, to start from.

Numbers stand where the capture has numbers. Where the same function was called twice, a
number that is an argument in both calls becomes that argument.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from grader.judge.network.graph import INPUT, Graph, Node
from grader.judge.network.specify import USUAL_SETTINGS

#: What activations are called as rows.
_ACTIVATIONS = {"relu": "ReLU", "softmax": "Softmax"}
_FACTORS = (1, 2, 4)
_OWN_NAMES = ("re_lu", "softmax", "add", "concatenate", "relu", "activation=")

_HEAD = (
    "from grader.judge.network.rows import Argument, Of, Part, Row, Table",
    "",
    'PART = Part("main path")',
)

Arguments = Sequence[Mapping[str, Any]]


def draft(name: str, arguments: Arguments, graphs: Sequence[Graph]) -> str:
    """The source text of a table.

    Args:
        name: of the function.
        arguments: of each call.
        graphs: what it built there, in normal form.
    """
    first = graphs[0]
    orders = [graph.order for graph in graphs]
    alike = all(len(order) == len(orders[0]) for order in orders)
    flat = [_flat(each) for each in arguments] if alike else [_flat(arguments[0])]
    keys = _keys(first)
    rows = []
    last = INPUT
    for place, index in enumerate(orders[0]):
        nodes = [first.nodes[index]]
        if alike:
            orders_ = zip(graphs, orders, strict=True)
            nodes = [graph.nodes[order[place]] for graph, order in orders_]
        rows.append(_row(keys, index, nodes, flat, last))
        last = index
    lines = [
        *_HEAD,
        f"{name.upper()} = Table(",
        f'    "{name}",',
        "    (",
        *(f"        {_argument(n, v)}," for n, v in arguments[0].items()),
        "    ),",
        "    (",
        *(f"        {row},{'  # ' if doubts else ''}{doubts}" for row, doubts in rows),
        "    ),",
        ")",
    ]
    if not alike:
        counts = " and ".join(str(len(order)) for order in orders)
        lines.insert(0, f"# The calls build {counts} layers: the rows are the first's.")
    return "\n".join(lines) + "\n"


def _argument(name: str, value: Any) -> str:
    kinds = {bool: "flag", int: "whole", str: "text"}
    if isinstance(value, list | tuple):
        parts = tuple(f"{name}{n}" for n in range(1, len(value) + 1))
        return f'Argument("{name}", "widths", parts={parts})'
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
        kind = _kind(graph.nodes[index]).lower().removesuffix("2d")
        counts[kind] = counts.get(kind, 0) + 1
        keys[index] = f"{kind}{counts[kind]}"
    return keys


def _kind(node: Node) -> str:
    if node.kind == "Activation":
        return _ACTIVATIONS.get(str(node.attrs.get("activation")), node.kind)
    return node.kind


def _row(
    keys: Mapping[int, str],
    index: int,
    nodes: Sequence[Node],
    arguments: Arguments,
    last: int,
) -> tuple[str, str]:
    """A row as source text, and what of it does not follow from one argument."""
    node, kind = nodes[0], _kind(nodes[0])
    parts = [f'"{keys[index]}"', f'"{kind}"', "PART"]
    values = _values(nodes) if kind == node.kind else {}
    settings = {name: _text(each, arguments) for name, each in values.items()}
    if settings:
        written = ", ".join(f'"{name}": {value}' for name, value in settings.items())
        parts.append(f"{{{written}}}")
    if node.sources != (last,):
        after = ", ".join(f'"{keys[source]}"' for source in node.sources)
        parts.append(f"after=({after},)")
    name = _name(nodes, arguments)
    parts.append(f'name="{name}"' if name else f'label="the {keys[index]}"')
    doubts = [
        f"{name}: {' and '.join(map(repr, each))}"
        for name, each in values.items()
        if _varies(each) and "Of(" not in settings[name]
    ]
    options = sorted(node.attrs.keys() - {"activation"})
    if node.kind == "Activation" and options:
        doubts.insert(0, f"no row of an activation has {' or '.join(options)}")
    if node.kind not in USUAL_SETTINGS:
        doubts.insert(0, f"there are no rows of the kind {kind}")
    return f"Row({', '.join(parts)})", "; ".join(doubts)


def _values(nodes: Sequence[Node]) -> dict[str, list[Any]]:
    """What is not usual of the kind, in each call."""
    found = {}
    for name, usual in USUAL_SETTINGS.get(nodes[0].kind, nodes[0].attrs).items():
        values = [_number(node.attrs.get(name)) for node in nodes]
        if values[0] != usual or _varies(values):
            found[name] = values
    return found


def _varies(values: Sequence[Any]) -> bool:
    return any(value != values[0] for value in values)


def _number(value: Any) -> Any:
    """One number for a window, or a padding, that has the same twice."""
    while isinstance(value, tuple) and len(set(value)) == 1:
        value = value[0]
    return value


def _text(values: Sequence[Any], arguments: Arguments) -> str:
    """An argument that has the value in each call, or the value."""
    if _varies(values):
        for name in arguments[0]:
            for factor in _FACTORS:
                given = [a[name] for a in arguments]
                if any(type(n) is not int for n in given):
                    continue
                if [factor * n for n in given] == list(values):
                    text = name if factor == 1 else f"{factor} * {name}"
                    return f'Of("{text}")'
    return repr(values[0])


def _name(nodes: Sequence[Node], arguments: Arguments) -> str:
    """A layer's name, with arguments in braces; "" for one that Keras made."""
    names = [node.name for node in nodes]
    words = re.sub(r"(?<!^)(?=[A-Z][a-z])", "_", nodes[0].kind).lower()
    stem = re.sub(r"_\d+$", "", names[0])
    if stem in (words, *_OWN_NAMES) or names[0].startswith(_OWN_NAMES[-1]):
        return ""
    return _template(names, arguments) or names[0]


def _template(names: Sequence[str], arguments: Arguments) -> str | None:
    """A text that gives each name with the arguments of its call.

    What all names have in common stays as it is; None if there is no such text.
    """
    if not any(names):
        return ""
    if all(names) and len({name[0] for name in names}) == 1:
        rest = _template([name[1:] for name in names], arguments)
        if rest is not None:
            return names[0][0] + rest
    for argument in arguments[0]:
        given = [str(each[argument]) for each in arguments]
        pairs = list(zip(names, given, strict=True))
        if all(text and name.startswith(text) for name, text in pairs):
            rest = _template([n[len(text) :] for n, text in pairs], arguments)
            if rest is not None:
                return f"{{{argument}}}{rest}"
    return None
