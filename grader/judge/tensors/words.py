"""What differs in a net's calls, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.judge.tensors.compare import CallSlip
from grader.judge.tensors.dataflow import Flow
from grader.judge.tensors.plan import Plan, PlannedCall
from grader.judge.tensors.rows import INPUT
from grader.judge.tensors.slips import PlacedSlip
from grader.judge.words import names, shorten

_JOINED = {
    "sum": "the ReLU after the sum is missing",
    "relu of the first": "the ReLU is applied to {0} before the sum, not to the sum",
    "relu of the second": "the ReLU is applied to {1} before the sum, not to the sum",
    "relu of both": "the ReLU is applied to both paths before the sum, not to the sum",
    "relu of the first, and of the sum": "a ReLU is applied to {0} before the sum, too",
    "relu of the second, and of the sum": (
        "a ReLU is applied to {1} before the sum, too"
    ),
    "difference": "the paths are subtracted, not added",
    "relu of the difference": "the paths are subtracted, not added",
    "product": "the paths are multiplied, not added",
    "relu of the product": "the paths are multiplied, not added",
    "maximum": "the larger of the paths is taken, not their sum",
    "relu of the maximum": "the larger of the paths is taken, not their sum",
    "mean": "the mean of the paths is taken, not their sum",
    "relu of the mean": "the mean of the paths is taken, not their sum",
    "concatenation": "the paths are concatenated, not added",
    "relu of the concatenation": "the paths are concatenated, not added",
}


@dataclass(frozen=True)
class Clause:
    """A sentence that may go on another.

    Attributes:
        text: of it.
        name: whether it begins with a name, which keeps its letters.
    """

    text: str
    name: bool = False

    def begun(self) -> str:
        """The clause as a sentence of its own."""
        return self.text if self.name else self.text[0].upper() + self.text[1:]


def message(placed: PlacedSlip) -> str:
    """Says in a sentence what a slip is."""
    said = clause(placed)
    if placed.shown or not placed.situation:
        return said.begun()
    return f"{placed.situation}, {said.text}"


def others(first: PlacedSlip, group: Sequence[PlacedSlip]) -> str:
    """Goes on after the message on the first slip of a group; "" if there are no more.

    "The same" is said of those that were given and are to be given the same.
    """
    more = [one for one in group if one.slip.key != first.slip.key]
    alike = [one for one in more if _values(one) == _values(first)]
    unlike = [one for one in more if one not in alike]
    text = f" The same for {_keys(alike)}." if alike else ""
    if unlike and first.slip.kind == "source" and first.slip.found is not None:
        more = [one.slip.found == first.slip.found for one in unlike]
        are = "is" if len(unlike) == 1 else "are"
        given = "given the same" if all(more) else "given another tensor"
        text += f" {_keys(unlike)} {are} {given}, too."
    elif unlike:
        about = f"The {first.slip.about}" if first.slip.about else "It"
        text += f" {about} differs in {_keys(unlike)}, too."
    return text


def _keys(placed: Sequence[PlacedSlip]) -> str:
    return names([one.slip.key.rpartition("/")[2] for one in placed])


def _values(placed: PlacedSlip) -> tuple[object, ...]:
    """What a sentence tells of values, beside the call that it is about."""
    slip, call = placed.slip, placed.call
    if slip.kind == "argument" and call is not None:
        return call.symbols.get(slip.about, slip.asked), slip.asked, slip.found
    if slip.kind == "path":
        return slip.asked, slip.found
    if slip.kind == "source" and slip.found is not None:
        return slip.asked.how, slip.found.how
    return (slip.kind,)


def clause(placed: PlacedSlip) -> Clause:
    """Says what a slip is."""
    say = {
        "missing": _missing,
        "extra": _extra,
        "argument": _argument,
        "path": _path,
        "source": _source,
        "output": _output,
    }[placed.slip.kind]
    return say(placed)


def _missing(placed: PlacedSlip) -> Clause:
    key, function = placed.slip.key, placed.slip.found
    return Clause(f"{key} is missing: no call of {function} stands for it.", True)


def _extra(placed: PlacedSlip) -> Clause:
    name = shorten(placed.slip.key.rpartition("/")[2], 40)
    return Clause(
        f'there is a call of {placed.slip.about} (scope "{name}") more than the '
        "specification has."
    )


def _argument(placed: PlacedSlip) -> Clause:
    slip, call = placed.slip, _call(placed)
    symbol = call.symbols.get(slip.about)
    head, found = f"{slip.key}: {slip.about}", shorten(slip.found)
    if slip.about in call.callee.kept:
        # what is_training is, where it is given in the place of decay
        hint = " Give is_training by its name." if slip.found in (0, 1) else ""
        text = f"{head} is {found}, the specification asks for its default.{hint}"
        return Clause(text, True)
    if symbol == slip.about:
        here = f", here {slip.asked}" if placed.shown else ""
        return Clause(
            f"{head} is {found}: it does not get the argument {symbol} of the "
            f"function{here}.",
            True,
        )
    if not placed.shown:
        asked = symbol or slip.asked
        return Clause(f"{head} is not {asked}, as the specification asks.", True)
    asked = f"{symbol}, here {slip.asked}" if symbol else str(slip.asked)
    return Clause(f"{head} is {found}, the specification asks for {asked}.", True)


def _call(placed: PlacedSlip) -> PlannedCall:
    call = placed.call
    assert call is not None
    return call


def _path(placed: PlacedSlip) -> Clause:
    slip = placed.slip
    found, asked = str(slip.found), str(slip.asked)
    own, wanted = found.rpartition("/")[2], asked.rpartition("/")[2]
    if own == wanted:
        return Clause(
            f'{slip.key} is called within the scopes "{_outer(found)}", the '
            f'specification asks for "{_outer(asked)}".',
            True,
        )
    notes = [
        f" {note}"
        for right, wrong, note in placed.plan.net.spellings
        if own == wanted.replace(right, wrong)
    ]
    return Clause(
        f'{slip.key}: the scope is "{shorten(own, 60)}", the specification asks '
        f'for "{wanted}".{"".join(notes)}',
        True,
    )


def _outer(path: str) -> str:
    return shorten(path.rpartition("/")[0], 60)


def _source(placed: PlacedSlip) -> Clause:
    key, asked, found = placed.slip.key, placed.slip.asked, placed.slip.found
    if found is None:
        return Clause(
            f"{key} is given something other than {_after(asked)}: look at what stands "
            "before it.",
            True,
        )
    before, same = _told(asked.keys), found.keys == asked.keys
    if same and asked.how == "relu" and not found.how:
        return Clause(f"the ReLU between {before} and {key} is missing.")
    if same and not asked.how and found.how == "relu":
        return Clause(
            f"there is a ReLU between {before} and {key}, the specification has none."
        )
    if same and found.how == "squeeze all":
        return Clause(
            f"before {key} all axes of size 1 are squeezed away, that of the "
            "batch among them where there is one image."
        )
    if same and asked.how == "squeeze" and not found.how:
        return Clause(
            f"{key} is given a tensor of four axes: the two of size 1 after "
            f"{before} are not squeezed away.",
            True,
        )
    return Clause(
        f"{key} is given {_after(found)}, the specification gives it {_after(asked)}.",
        True,
    )


def _output(placed: PlacedSlip) -> Clause:
    key, asked, found = placed.slip.key, placed.slip.asked, placed.slip.found
    if found is None:
        return Clause(
            f"the {key} cannot be traced to what the calls gave: look at the lines "
            "between the last call and the return."
        )
    if len(placed.plan.outputs) > 1:
        return Clause(f"{key}: {_one_of_several(placed.slip, placed.plan)}", True)
    if len(asked.keys) == 1:
        return Clause(
            f"the output is {_after(found)}, the specification asks for "
            f"{_after(asked)}."
        )
    if len(found.keys) == 2 and len(set(found.keys)) == 1:
        text = f"{_name(found.keys[0])} is added to itself, the specification adds"
        return Clause(f"{text} {_told(asked.keys)}.", found.keys[0] != INPUT)
    if len(found.keys) == 1:
        if asked.keys[1] not in found.keys:
            shortcut = _told(asked.keys[1:])
            text = f"the shortcut ({shortcut}) is not added: the output lacks it."
            return Clause(text)
        return Clause(f"the main path ({asked.keys[0]}) is missing in the output.")
    if set(found.keys) != set(asked.keys):
        return Clause(
            f"the output is {_after(found)}, the specification adds "
            f"{_told(asked.keys)}."
        )
    words = _JOINED.get(found.how)
    if words:
        return Clause(f"at the end {words.format(*map(_name, found.keys))}.")
    return Clause(
        f"at the end there is {found.how} of the sum, the specification asks for a "
        "ReLU."
    )


def _one_of_several(slip: CallSlip, plan: Plan) -> str:
    """What is wrong with an output that has others beside it."""
    asked, found = plan.outputs[slip.key], slip.found
    result = f"{_told(asked.keys)}'s result"
    others = [n for n, flow in plan.outputs.items() if n != slip.key and flow == found]
    if others and not asked.how:
        return (
            f"found the {found.how} of {result}, the specification asks for the "
            f"result as it is. Have {slip.key} and {others[0]} changed places?"
        )
    wanted = _after(asked) if asked.how else f"{result} as it is"
    return f"found {_after(found)}, the specification asks for {wanted}."


def _after(flow: Flow) -> str:
    """What a path gives; "softmax squeeze" is done from the right to the left."""
    said, words = _told(flow.keys), {"relu": "the ReLU of {}", "squeeze": "{} squeezed"}
    squeezed = flow.how.endswith(" squeeze")
    for how in reversed(flow.how.split() if squeezed else [flow.how]):
        said = words.get(how, f"the {how} of {{}}").format(said) if how else said
    return said


def _told(keys: Sequence[object]) -> str:
    return " and ".join(map(_name, keys))


def _name(key: object) -> str:
    return "the input" if key == INPUT else str(key)


def sentence(placed: PlacedSlip) -> str:
    """The specification's sentence that a slip breaks."""
    if placed.call is not None:
        return placed.call.row.sentence
    if placed.slip.kind == "extra":
        return f"{placed.plan.net.name} makes no other calls."
    return placed.plan.net.sentence


def look(placed: PlacedSlip) -> str:
    """Says where to look."""
    if placed.slip.kind == "extra":
        return f"Look at the calls of {placed.slip.about}."
    if placed.slip.kind == "output" or placed.call is None:
        return f"Look at the last lines of {placed.plan.net.name}."
    return f"Look at the call of {placed.call.function} for {placed.call.key}."
