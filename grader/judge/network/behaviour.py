"""Says what differs only under other arguments than those that a lesson shows."""

from grader.judge.network.difference import Difference
from grader.judge.network.spec import Line, Spec
from grader.judge.words import shorten

_ATTRIBUTES = {
    "filters": "number of filters",
    "kernel_size": "kernel_size (its window)",
    "strides": "stride (strides)",
    "units": "number of units",
}
_BEHAVIOUR = {
    "name": "its name does not follow the arguments",
    "attr": "its {attr} does not follow the arguments",
    "missing": "it is missing",
    "extra": "there is one layer more before it",
    "moved": "it stands in another place",
    "swapped": "it stands in another place",
    "kind": "it is another kind of layer",
    "wiring": "it takes its input from elsewhere",
    "order": "it takes its inputs in another order",
    "shared": "it shares its weights with another layer",
    "weight": "its {attr} starts from other values",
}


def other_arguments(spec: Spec, d: Difference) -> str:
    """Never tells the hidden arguments, nor what they would give."""
    line = spec.lines[d.node]
    said = spec.dialect.setting(d.attr, spec.graph.nodes[d.node].kind)
    attr = said if said != d.attr else _ATTRIBUTES.get(d.attr, d.attr)
    about = _BEHAVIOUR[d.kind].format(attr=attr)
    if d.kind == "kind" and not (d.hidden or d.composed):
        about = f"it is {spec.dialect.a_kind(str(d.found))}"
    if spec.is_block(d):
        about = f"it has one block too {'few' if d.kind == 'missing' else 'many'}"
    elif d.kind == "extra" and d.found == "Block":
        about = "a call before it builds what does not belong there"
    if d.kind == "weight" and isinstance(d.found, str) and "seed" in d.found:
        about += f", drawn with {shorten(d.found)}"
    return (
        f"Called with other arguments than those shown, {_general(line)}: {about}. "
        "Is a number or a name written down where an argument belongs, or has a "
        "default changed?"
    )


def _general(line: Line) -> str:
    """The layer, without names that hold hidden arguments."""
    return line.role or line.where
