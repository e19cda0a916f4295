"""Hostile and broken submissions, and the class that has to survive them.

`python -m tests.attacks` hands all of them in as one class and grades it in four
ways; `python -m tests.attacks --table` also gives them to plain nbgrader.
"""

from tests.attacks import (
    browser,
    channels,
    lasting,
    marks,
    names,
    notebooks,
    parents,
    processes,
    reading,
    writing,
)
from tests.attacks.attack import Attack

ATTACKS: tuple[Attack, ...] = (
    *marks.ATTACKS,
    *reading.ATTACKS,
    *writing.ATTACKS,
    *processes.ATTACKS,
    *channels.ATTACKS,
    *lasting.ATTACKS,
    *parents.ATTACKS,
    *notebooks.ATTACKS,
    *browser.ATTACKS,
    *names.ATTACKS,
)
