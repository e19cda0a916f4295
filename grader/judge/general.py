"""Functions that work for the arguments that the lesson shows, and for no others.

Each slip of a function that does its work costs its own price. One that does it only
for what the lesson prints is worth half: with any other arguments it raises, stops at
the code that was given, or builds the example once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.judge.finding import Finding

#: The most that is left of the points of such a function.
MOST = 0.5
_SENTENCE = "The function does its work for other arguments than those shown, too."


@dataclass(frozen=True)
class Tried:
    """How one call of a function went.

    Attributes:
        shown: whether the lesson shows its arguments.
        works: whether the function does its work there, though not without a slip.
    """

    shown: bool
    works: bool


def limited(
    function: str,
    findings: Sequence[Finding],
    tried: Sequence[Tried],
    *,
    check: str = "values",
) -> tuple[float, tuple[Finding, ...]]:
    """Leaves at most half of the points to a function that works only as shown.

    Args:
        function: its name.
        findings: its slips, dearest first.
        tried: how its calls went; the first is one that the lesson shows.
        check: last part of the check that tells of it; empty for the first.

    Returns:
        The most that is left of its points, and what is found.
    """
    others = [call for call in tried if not call.shown]
    if not others or any(call.works for call in others) or not tried[0].works:
        return 1.0, tuple(findings)
    message = (
        f"{function} works only as the lesson shows it: with other arguments it does "
        "not do its work, so at most half of its points are left."
    )
    look = f"Look at what {function} does with its arguments."
    told = Finding(f"{function}-{check}", 0, function, _SENTENCE, message, look)
    return MOST, (told, *findings)
