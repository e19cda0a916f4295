"""All attacks as one class, graded by `grader autograde`; some by the other tool.

All is graded once, at the same time; then one test for each attack looks at what it
did. `python -m tests.attacks` grades all of them in all four ways.
"""

import os
import shutil

import pytest

from tests.attacks import ATTACKS
from tests.attacks.browser import ALARM
from tests.attacks.harness import outcomes_of, shown
from tests.attacks.pages import BROWSER, browser

CHOSEN = [attack for attack in ATTACKS if attack.chosen]
#: each differs in one thing from how all are graded
OTHERS = ("user-nbgrader", "root-grader")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("bwrap"), reason="no bubblewrap here"),
]


@pytest.fixture(scope="module")
def graded():
    """What came of each way's class."""
    ways = [way for way in OTHERS if os.geteuid() == 0 or way.startswith("user")]
    classes = {"user-grader": ATTACKS} | dict.fromkeys(ways, CHOSEN)
    return outcomes_of({w: [a.name for a in own] for w, own in classes.items()})


def _parameters(attacks):
    return [pytest.param(attack, id=attack.name) for attack in attacks]


def _ways(*ways):
    root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be root")
    return [pytest.param(w, marks=[root] if w[:4] == "root" else []) for w in ways]


def test_there_are_enough_attacks_and_no_two_of_one_name():
    assert len(ATTACKS) >= 40
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert len({attack.folder for attack in ATTACKS}) == len(ATTACKS)
    assert len(CHOSEN) >= 10
    assert all(attack.tries[-1] not in ".!" for attack in ATTACKS)


def _look(attack):
    if shown(attack) and BROWSER is None:
        pytest.skip("no chromium here to open its pages with")


@pytest.mark.parametrize("attack", _parameters(ATTACKS))
def test_attack_holds(attack, graded):
    _look(attack)
    assert graded["user-grader"]["attacks"][attack.name]["found"] == []


@pytest.mark.parametrize("way", _ways(*OTHERS))
@pytest.mark.parametrize("attack", _parameters(CHOSEN))
def test_chosen_attack_holds_in_every_way(attack, way, graded):
    _look(attack)
    assert graded[way]["attacks"][attack.name]["found"] == []


@pytest.mark.parametrize("way", _ways("user-grader", *OTHERS))
def test_the_class_is_as_if_there_were_no_attacks(way, graded):
    result = graded[way]
    assert result["class"] == [], result["output"]


@pytest.mark.skipif(BROWSER is None, reason="no chromium here")
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>nothing</p>", 0),
        (f"<img src=x onerror=\"document.title='{ALARM}'\">", 2),
        (f"<script>setTimeout(() => document.title = '{ALARM}', 2000)</script>", 1),
        ("<a href='javascript:alert(1)'>x</a>", 1),
    ],
)
def test_the_browser_sees_what_runs(body, expected, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(f"<title>x</title><p>identity_block</p>{body}")
    with browser() as problems:
        assert len(problems(page)) == expected
