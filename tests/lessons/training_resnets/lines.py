"""The solution line by line, each under a name, and changed one line at a time."""

import functools

from tests.lessons.edit import EVERY, edit
from tests.lessons.source import source_of

LESSON = "02_training_resnets"
BLOCKS = ("identity_block", "convolutional_block")
_COMPONENTS = ("first", "second", "third")


@functools.cache
def lines(function: str) -> tuple[str, ...]:
    """A function's statements without comments, one a line."""
    return tuple(source_of(LESSON).solution(function).splitlines())


@functools.cache
def places(function: str) -> dict[str, int]:
    """Which line is which: "conv second", "norm shortcut", "add", "relu final"."""
    found: dict[str, int] = {}
    part = -1
    for number, line in enumerate(lines(function)):
        text = line.strip()
        shortcut = text.startswith("X_shortcut = ") and "(" in text
        if "Conv2D(" in text:
            part += not shortcut
            found["conv shortcut" if shortcut else f"conv {_COMPONENTS[part]}"] = number
        elif "BatchNormalization(" in text:
            found["norm shortcut" if shortcut else f"norm {_COMPONENTS[part]}"] = number
        elif "Add()" in text:
            found["add"] = number
        elif text.startswith("X = Activation"):
            name = "final" if "add" in found else _COMPONENTS[part]
            found[f"relu {name}"] = number
        elif text.startswith("X_shortcut = X"):
            found["kept"] = number
        elif text.startswith("def "):
            found["def"] = number
        elif "= filters" in text:
            found["unpacked"] = number
        elif text.startswith("return"):
            found["return"] = number
    return found


def edited(function: str, place: str, old: str, new: str) -> str:
    """The function with `old` replaced in one line; it must be there."""
    changed = list(lines(function))
    number = places(function)[place]
    changed[number] = edit(changed[number], old, new, EVERY)
    return "\n".join(changed)


def replaced(function: str, old: str, new: str) -> str:
    """The function with `old` replaced wherever it stands."""
    return edit("\n".join(lines(function)), old, new, EVERY)


def deleted(function: str, *which: str) -> str:
    """The function without some lines."""
    gone = {places(function)[place] for place in which}
    kept = (line for number, line in enumerate(lines(function)) if number not in gone)
    return "\n".join(kept)


def inserted(function: str, after: str, text: str) -> str:
    """The function with a line more."""
    changed = list(lines(function))
    changed.insert(places(function)[after] + 1, f"    {text}")
    return "\n".join(changed)


def moved(function: str, place: str, after: str) -> str:
    """The function with one line standing after another."""
    changed = list(lines(function))
    line = changed[places(function)[place]]
    target = changed[places(function)[after]]
    index = places(function)[place]
    del changed[index]
    at = places(function)[after]
    at -= index < at
    assert changed[at] == target
    changed.insert(at + 1, line)
    return "\n".join(changed)
