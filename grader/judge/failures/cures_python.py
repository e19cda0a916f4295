"""Exceptions of Python itself."""

import re

from grader.judge.failures.cure import Cure


def _unset(match: re.Match[str], line: str) -> str:
    """What a method looks for on its own object."""
    if not re.search(rf"\bself\.{match[1]}\b", line):
        return ""
    return f"uses `self.{match[1]}`, which __init__ does not set"


CURES = (
    Cure(
        "AttributeError",
        r"object has no attribute '(\w+)'",
        _unset,
        "Is it misspelt?",
        quoted=False,
    ),
    Cure("UnboundLocalError", r"", "uses a variable before it has a value"),
    Cure(
        "NameError",
        r"",
        "uses a name that is not defined",
        "Is it imported, or misspelt?",
    ),
    Cure(
        "ValueError",
        r"(too many|not enough) values to unpack",
        "takes a list apart into another number of names than it has entries",
    ),
    Cure(
        "TypeError",
        r"can only concatenate str|must be str, not int",
        "joins text and a number: write str(number), as in 'res' + str(stage)",
    ),
    Cure(
        "TypeError",
        r"'(\w+)' object is not callable",
        "puts brackets after something that is not a function: is an operator or a "
        "comma missing before them?",
    ),
    Cure("RecursionError", r"", "calls itself without end", quoted=False),
    Cure(
        "TypeError",
        r"missing (\d+|a) required|unexpected keyword|positional arguments? but|"
        r"too many positional|multiple values for",
        "makes a call with the wrong arguments",
    ),
    Cure(
        r"SystemExit|KeyboardInterrupt",
        r"",
        "ends the program while it should build layers",
    ),
)
