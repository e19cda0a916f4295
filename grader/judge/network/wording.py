"""Says in a sentence what differs between two networks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.judge.network.behaviour import other_arguments
from grader.judge.network.counted import too_few, too_many
from grader.judge.network.difference import AFTER, Difference
from grader.judge.network.draw import OTHERS
from grader.judge.network.graph import INPUT
from grader.judge.network.spec import Line, Spec
from grader.judge.words import listed, names, shorten, value

#: Kinds of places with one slip that are told in full.
_MOST = 3
#: How labels begin that are no names.
_WORDS = ("the ", "block ", "stage ")
_AUTOMATIC = re.compile(r"[a-z][a-z0-9_]*?(_\d+)?")


def sentence(spec: Spec, group: Sequence[Difference], *, shown: bool) -> str:
    """Says what a group of like differences is.

    Args:
        spec: the specification.
        group: differences of one kind, in order; the first is named in full.
        shown: whether they show under the arguments that the lesson prints. If
            not, the arguments are not told.
    """
    if not shown:
        return _closed(other_arguments(spec, group[0]))
    alike: dict[tuple, list[Difference]] = {}
    for d in group:
        alike.setdefault(_values(d), []).append(d)
    told = [*_swap(spec, list(alike.values()))]
    most = 1 if group[0].kind == "name" else _MOST
    told += [_alike(spec, each) for each in list(alike.values())[:most]]
    left = [d for each in list(alike.values())[most:] for d in each]
    if left:
        others = "Other names" if group[0].kind == "name" else "Others"
        told.append(f"{others} differ, too: {names(_labels(spec, left))}")
    return " ".join(map(_closed, told))


def _closed(text: str) -> str:
    """A sentence with its end, and a beginning if it is one of words."""
    text = text[0].upper() + text[1:] if text.startswith(_WORDS) else text
    return text if text.endswith(("?", ".")) else text + "."


def _values(d: Difference) -> tuple:
    """What makes two differences of a slip the same in words."""
    if d.kind == "missing":
        return (d.idle,)
    return d.own if d.kind == "extra" else "", repr(d.found), repr(d.asked)


def _alike(spec: Spec, group: Sequence[Difference]) -> str:
    """Says what differences are that have the same values."""
    first = group[0]
    if spec.is_block(first) and not first.idle:
        say = too_many if first.is_block_too_many else too_few
        return say(spec, group)
    text = _first(spec, first)
    others = _labels(spec, group[1:])
    others = [label for label in others if label != spec.lines[first.node].label]
    return f"{text}. The same for {names(others)}" if others else text


def _labels(spec: Spec, group: Sequence[Difference]) -> list[str]:
    return [spec.lines[d.node].label for d in group]


def _swap(spec: Spec, alike: Sequence[Sequence[Difference]]) -> Iterator[str]:
    """Says that two values stand in each other's place, if that is so."""
    if len(alike) != 2 or alike[0][0].kind != "attr":
        return
    (one, *_), (other, *_) = alike
    if (repr(one.found), repr(one.asked)) != (repr(other.asked), repr(other.found)):
        return
    attr = spec.dialect.setting(one.attr, spec.graph.nodes[one.node].kind)
    places = " and ".join(_places(spec, group) for group in alike)
    yield f"{places} have their {attr} swapped"


def _places(spec: Spec, group: Sequence[Difference]) -> str:
    where = {spec.lines[d.node].where for d in group}
    return where.pop() if len(where) == 1 < len(group) else names(_labels(spec, group))


def look(line: Line) -> str:
    """Says where to look."""
    return f"Look at {line.article}{line.where}."


def _first(spec: Spec, d: Difference) -> str:
    line = spec.lines[d.node]
    say = {
        "attr": _attr,
        "name": _name,
        "missing": _missing,
        "extra": _extra,
        "moved": _moved,
        "swapped": _swapped,
        "kind": _kind,
        "wiring": _wiring,
        "order": _order,
        "shared": _shared,
        "weight": _weight,
    }[d.kind]
    return say(spec, line, d)


def _attr(spec: Spec, line: Line, d: Difference) -> str:
    said = spec.dialect.says.get((d.attr, repr(d.found)))
    if said:
        return line.label + said
    if d.attr == "training" and d.asked is not None:
        given = "without training" if d.found is None else f"with training={d.found}"
        return (
            f"{line.label} is called {given}; the specification passes on the "
            f"training that the function was called with, {d.asked} here"
        )
    if d.attr == "training":
        return (
            f"{line.label} is called with training={d.found}, which fixes its mode; "
            "the specification leaves the mode to the call of the model"
        )
    if d.attr == "trainable":
        return f"{line.label} has trainable=False, so that it would never learn"
    known = line.known and line.known.says(d.attr, d.found, d.asked)
    if known:
        return f"{line.label}: {known}"
    if d.attr == "activation" and d.found == "custom":
        return (
            f"{line.label}: the activation is a function whose work cannot be seen, "
            f"the specification asks for {value(d.asked)}"
        )
    if (d.attr, d.asked, d.found) == ("activation", "relu", "relu6"):
        d = replace(d, attr="max_value", asked=None, found=6)
    if d.attr in _RELU_OPTIONS and not d.asked:
        name = spec.dialect.setting(d.attr, "Activation")
        told = f" ({name})" if name else ""
        return f"{line.label} {_RELU_OPTIONS[d.attr].format(value(d.found), told)}"
    if d.attr == "function":
        return (
            f"{line.label} is built by {d.found}, the specification asks for {d.asked}"
        )
    symbol = line.symbols.get(d.attr)
    say = spec.dialect.value
    asked = f"{symbol}, here {say(d.asked)}" if symbol else say(d.asked)
    found = d.found if d.attr == "stage" else say(d.found)
    asked = str(d.asked) if d.attr == "stage" else asked
    attr = line.called.get(d.attr, d.attr)
    attr = spec.dialect.setting(attr, spec.graph.nodes[d.node].kind)
    return f"{line.label}: {attr} is {found}, the specification asks for {asked}"


#: What a ReLU does that has options: their value, and what they are called.
_RELU_OPTIONS = {
    "max_value": (
        "is cut off at {}{}, the specification asks for a ReLU without a limit"
    ),
    "negative_slope": (
        "has a slope of {}{} below 0, the specification asks for a ReLU, which is 0 "
        "there"
    ),
    "threshold": (
        "is 0 up to {}{}, the specification asks for a ReLU, which is so up to 0"
    ),
}


def _name(spec: Spec, line: Line, d: Difference) -> str:
    kinds = (spec.graph.nodes[d.node].kind, d.own.partition(" ")[0])
    found = str(d.found)
    own_words = tuple(
        re.sub(r"(?<!^)(?=[A-Z][a-z])", "_", kind).lower() for kind in kinds if kind
    )
    automatic = found.startswith(own_words) and _AUTOMATIC.fullmatch(found)
    if automatic and spec.dialect.names_itself:
        return (
            f"{line.label} has no name of its own (Keras called it {value(found)}), "
            f"the specification asks for {value(d.asked)}"
        )
    if not found and not spec.dialect.names_itself:
        return (
            f"{line.label} is no part of the module, as in a plain list: its weights "
            "are not among the module's parameters; the specification asks for the "
            f"name {value(d.asked)}"
        )
    taken = f", which a layer of the {d.twin} has already" if d.twin else ""
    return (
        f"{line.label}: the name is {value(found)}{taken}; "
        f"the specification asks for {value(d.asked)}"
    )


def _missing(spec: Spec, line: Line, d: Difference) -> str:
    if d.idle:
        return f"{line.label} is built, but what it computes never reaches the output"
    if d.asked == "Add":
        return "The addition is missing: the shortcut never reaches the main path"
    return f"{line.label} is missing"


def _extra(spec: Spec, line: Line, d: Difference) -> str:
    where = "After" if d.asked == AFTER else "Before"
    if d.hidden:
        return (
            f"{where} {line.label} there is a layer whose work cannot be seen "
            f"({shorten(d.own)}): build it from {spec.dialect.library}'s own layers"
        )
    if d.found in spec.dialect.extra:
        said = spec.dialect.extra[d.found].format(shorten(d.own))
        return f"{where} {line.label} {said}"
    if d.composed:
        return (
            f"{where} {line.label} there is what the specification does not have: "
            f"{shorten(d.own)}"
        )
    return (
        f"{where} {line.label} there is one layer more than the specification has: "
        f"{shorten(d.own)}"
    )


def _moved(spec: Spec, line: Line, d: Difference) -> str:
    return (
        f"{line.label} stands in another place: after {_told(spec, d.found)}, the "
        f"specification has it after {_told(spec, d.asked)}"
    )


def _told(spec: Spec, sources: Sequence[int]) -> str:
    labels = ["the input" if i == INPUT else spec.lines[i].label for i in sources]
    twice = [f"{n} twice" if labels.count(n) > 1 else n for n in dict.fromkeys(labels)]
    return listed(twice) if twice else "nothing"


def _swapped(spec: Spec, line: Line, d: Difference) -> str:
    return f"{line.label} and {d.found} are swapped"


def _kind(spec: Spec, line: Line, d: Difference) -> str:
    node = spec.graph.nodes[d.node]
    # of an activation its function is the kind that people think of
    asked = str(node.attrs["activation"] if node.kind == "Activation" else d.asked)
    if d.hidden:
        dialect = spec.dialect
        instead = dialect.any_layer.format(dialect.a_kind(asked))
        instead = dialect.instead.get(asked, instead)
        # of a block the function that builds it
        instead = str(node.attrs.get("function", instead))
        doer = "a layer" if d.own == line.label else shorten(d.own)
        return (
            f"{line.label} is done by {doer}, whose work cannot be seen and "
            f"so cannot be judged: use {instead}"
        )
    asked = "ReLU" if asked == "relu" else spec.dialect.kind(asked)
    found = spec.dialect.a_kind(d.found)
    found = f"done by {shorten(d.own)}" if d.composed else found
    return f"{line.label} is {found}, the specification asks for {asked}"


def _wiring(spec: Spec, line: Line, d: Difference) -> str:
    return (
        f"{line.label} takes {_told(spec, d.found)}, the specification gives it "
        f"{_told(spec, d.asked)}"
    )


def _order(spec: Spec, line: Line, d: Difference) -> str:
    return (
        f"{line.label} takes {_told(spec, d.found)} in this order, the specification "
        f"has {_told(spec, d.asked)}: the channels come out in another order"
    )


def _shared(spec: Spec, line: Line, d: Difference) -> str:
    return (
        f"{line.label} and {d.found} are one and the same layer, {shorten(d.own)}: "
        "they would share their weights, the specification asks for two"
    )


def _weight(spec: Spec, line: Line, d: Difference) -> str:
    if d.attr == "kernel" and d.found == OTHERS:
        return (
            f"{line.label}: the kernel starts from other numbers than {d.asked} draws: "
            "something changes them"
        )
    if d.attr == "kernel":
        return (
            f"{line.label}: the kernel is drawn with {shorten(d.found)}, the "
            f"specification asks for {d.asked}"
        )
    return f"{line.label}: its {d.attr} does not start at {d.asked:g}"
