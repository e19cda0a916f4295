"""A course on residual networks, and the grader that marks it.

`lesson("01_residual_networks")` gives the checks of a lesson to its notebook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.practice import Practice

__version__ = "0.1.0"
__all__ = ["lesson"]


def lesson(name: str) -> Practice:
    """Returns the checks of a lesson, for use in its notebook.

    Args:
        name: the lesson's folder, such as "01_residual_networks".
    """
    from grader.practice import Practice

    return Practice(name)
