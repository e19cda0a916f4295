"""What differs from a plan, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.judge.dataflow import Flow
from grader.judge.plan import INPUT, Row, Slip
from grader.judge.words import shorten

if TYPE_CHECKING:
    from grader.lessons._tensor_nets import Seen

#: What is special in a call, by its id; nothing in the one that the lesson shows.
SITUATIONS = {
    "same": "Where the input has n_out channels already",
    "given": "Where the stride is given",
    "inference": "Where is_training is False",
    "wide": "Where h_out is not a quarter of n_out",
    "one": "Where n is 1",
    "first": "Where init_stride is given",
    "classes": "Where num_classes is given",
    "defaults": "Where only the first arguments are given",
}
OUTPUT_SENTENCES = {
    "bottleneck": "The result is the ReLU of the sum of main path and shortcut.",
    "block": "The result is that of the last bottleneck.",
    "ResNet50": "The results are the logits, and their softmax: the predictions.",
}
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


def without_consequences(function: str, seen: Sequence[Seen]) -> list[Seen]:
    """Leaves out what follows from another slip, or changes no number."""
    kept = list(seen)
    if function == "ResNet50":
        kept = _of_resnet(kept)
    counted = any(own.slip.kind in ("missing", "extra") for own in kept)
    if function == "block" and counted:
        # A bottleneck too many or too few makes another one the last.
        kept = [own for own in kept if own.slip.kind not in ("output", "source")]
    return kept


#: What gives no negative numbers: a ReLU behind it changes none.
_NOT_NEGATIVE = ("maxpool1", "block2", "block3", "block4", "block5", "avgpool5")


_EXCHANGED = {
    "logits": Flow("softmax", ("fc6",)),
    "predictions": Flow("", ("fc6",)),
}


def _needless(slip: Slip) -> bool:
    """Whether a slip is a ReLU of numbers that are not negative."""
    if (
        slip.kind != "source"
        or slip.found is None
        or slip.found.keys != slip.asked.keys
    ):
        return False
    more = (slip.asked.how, slip.found.how) in (
        ("", "relu"),
        ("squeeze", "relu squeeze"),
    )
    return more and slip.asked.keys[0] in _NOT_NEGATIVE


def _of_resnet(seen: list[Seen]) -> list[Seen]:
    flows = {o.slip.label: o.slip.found for o in seen if o.slip.kind == "source"}
    if flows.get("maxpool1") == Flow("", ("bn1",)) and flows.get("block2") == Flow(
        "relu", ("maxpool1",)
    ):
        # The largest of the ReLUs is the ReLU of the largest.
        seen = [
            o for o in seen if o.slip.kind != "source" or o.slip.label != "maxpool1"
        ]
    seen = [o for o in seen if not _needless(o.slip)]
    outputs = {o.slip.label: o.slip.found for o in seen if o.slip.kind == "output"}
    if outputs == _EXCHANGED:
        seen = [o for o in seen if o.slip.kind != "output" or o.slip.label == "logits"]
    late = Flow("squeeze", ("fc6",))
    if outputs.get("logits") == late:
        # Squeezed after fc: the same numbers.
        seen = [o for o in seen if o.slip.label not in ("logits", "fc6")
                or o.slip.kind not in ("output", "source")]  # fmt: skip
        if outputs.get("predictions") == Flow("softmax squeeze", ("fc6",)):
            seen = [o for o in seen if o.slip.label != "predictions"]
    return seen


def message(own: Seen, function: str) -> str:
    """Says in a sentence what a slip is."""
    slip, row = own.slip, own.row
    text = {
        "missing": _missing,
        "extra": _extra,
        "argument": _argument,
        "path": _path,
        "source": _source,
        "output": _output,
    }[slip.kind](slip, row, own.shown)
    if own.shown or not own.situation:
        begins = text.startswith(("the ", "at ", "there ", "between ", "before "))
        return text[0].upper() + text[1:] if begins else text
    return f"{own.situation}, {text}"


def _told(keys: Sequence[object]) -> str:
    words = ["the input" if key == INPUT else str(key) for key in keys]
    return " and ".join(words)


def _missing(slip: Slip, row: Row | None, shown: bool) -> str:
    return f"{slip.label} is missing: there is one call of {slip.found} less."


def _extra(slip: Slip, row: Row | None, shown: bool) -> str:
    name = shorten(slip.label.rpartition("/")[2], 40)
    return (
        f'there is a call of {slip.about} (scope "{name}") more than the '
        "specification has."
    )


def _argument(slip: Slip, row: Row | None, shown: bool) -> str:
    assert row is not None
    symbol = row.symbols.get(slip.about)
    found = shorten(slip.found)
    if slip.about in ("decay", "epsilon"):
        return f"{slip.label}: {slip.about} is {found}, its default is asked for."
    if symbol == slip.about:
        here = f", here {slip.asked}" if shown else ""
        return (
            f"{slip.label}: {slip.about} is {found}: it does not get the argument "
            f"{symbol} of the function{here}."
        )
    if not shown:
        asked = symbol or slip.asked
        return f"{slip.label}: {slip.about} is not {asked}, as the specification asks."
    asked = f"{symbol}, here {slip.asked}" if symbol else str(slip.asked)
    return f"{slip.label}: {slip.about} is {found}, the specification asks for {asked}."


def _path(slip: Slip, row: Row | None, shown: bool) -> str:
    found, asked = str(slip.found), str(slip.asked)
    own, wanted = found.rpartition("/")[2], asked.rpartition("/")[2]
    if own == wanted:
        return (
            f'{slip.label} is called within the scopes "{_outer(found)}", the '
            f'specification asks for "{_outer(asked)}".'
        )
    note = ""
    if own == wanted.replace("bottleneck", "bottlencek"):
        note = " The published class spells it so; the lesson does not."
    return (
        f'{slip.label}: the scope is "{shorten(own, 60)}", the specification asks '
        f'for "{wanted}".{note}'
    )


def _outer(path: str) -> str:
    return shorten(path.rpartition("/")[0], 60)


def _source(slip: Slip, row: Row | None, shown: bool) -> str:
    asked = slip.asked
    if slip.found is None:
        return (
            f"{slip.label} is given something else than "
            f"{_after(asked)}: look at what stands before it."
        )
    found = slip.found
    if found.keys != asked.keys:
        return (
            f"{slip.label} is given {_after(found)}, the specification gives it "
            f"{_after(asked)}."
        )
    if asked.how == "relu" and not found.how:
        return f"the ReLU between {_told(asked.keys)} and {slip.label} is missing."
    if not asked.how and found.how == "relu":
        return (
            f"there is a ReLU between {_told(asked.keys)} and {slip.label}, the "
            "specification has none."
        )
    if found.how == "squeeze all":
        return (
            f"before {slip.label} all axes of size 1 are squeezed away, that of the "
            "batch among them where there is one image."
        )
    if asked.how == "squeeze":
        return (
            f"{slip.label} is given a tensor of four axes: the two of size 1 after "
            "avgpool5 are not squeezed away."
        )
    return (
        f"between {_told(asked.keys)} and {slip.label} there is "
        f"{found.how or 'no activation'}, the specification asks for "
        f"{asked.how or 'no activation'} (a ReLU where it says relu)."
    )


def _after(flow: Flow) -> str:
    words = {"": "{}", "relu": "the ReLU of {}", "squeeze": "{} squeezed"}
    return words.get(flow.how, flow.how + " of {}").format(_told(flow.keys))


def _output(slip: Slip, row: Row | None, shown: bool) -> str:
    asked, found = slip.asked, slip.found
    if found is None:
        return (
            f"the {slip.label} cannot be traced to what the calls gave: look at what "
            "is done with it before it is returned."
        )
    if slip.label in ("logits", "predictions"):
        how = f"{found.how} of " if found.how else ""
        if found == _EXCHANGED["logits"]:
            return (
                "logits: found the softmax of fc6's result, asked is the result as it "
                "is. Have logits and predictions changed places?"
            )
        wanted = "the softmax of fc6's result" if asked.how else "fc6's result as it is"
        return f"{slip.label}: found {how}{_told(found.keys)}, asked is {wanted}."
    if len(asked.keys) == 1:
        wanted = _after(asked)
        return f"the output is {_after(found)}, the specification asks for {wanted}."
    if len(found.keys) == 1 or len(set(found.keys)) == 1:
        lost = [key for key in asked.keys if key not in found.keys]
        if asked.keys[1] in lost:
            shortcut = _told(asked.keys[1:])
            return f"the shortcut ({shortcut}) is not added: the output lacks it."
        return f"the main path ({asked.keys[0]}) is missing in the output."
    words = _JOINED.get(found.how)
    if set(found.keys) != set(asked.keys):
        return (
            f"the sum is that of {_told(found.keys)}, the specification adds "
            f"{_told(asked.keys)}."
        )
    if words:
        return f"at the end {words.format(*map(_name, found.keys))}."
    return (
        f"at the end there is {found.how} of the sum, the specification asks for a "
        "ReLU."
    )


def _name(key: object) -> str:
    return "the input" if key == INPUT else str(key)


def sentence(function: str, slip: Slip, row: Row | None) -> str:
    """The specification's sentence that a slip breaks."""
    if row is not None:
        return row.sentence
    if slip.kind == "extra":
        return f"{function} makes no other calls."
    return OUTPUT_SENTENCES[function]


def look(function: str, slip: Slip, row: Row | None) -> str:
    """Says where to look."""
    if slip.kind == "extra":
        return f"Look at the calls of {slip.about}."
    if slip.kind == "output" or row is None:
        return f"Look at the last lines of {function}."
    return f"Look at the call of {row.function} for {row.label}."
