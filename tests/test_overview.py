"""A class at a glance, from marks that are made up: no gradebook, no kernel."""

import ast
import re
from dataclasses import replace
from datetime import datetime

import pytest
from click.testing import CliRunner
from rich.console import Console

from grader.cli import main
from grader.cli._course import nearest
from grader.cli._marks import marks_table
from grader.lessons import NAMES, get_lesson
from grader.nbgrader.gradebook.marked import Mark
from grader.nbgrader.standing import Standing
from grader.overview.alike import groups
from grader.overview.chart import Bar, bars
from grader.overview.forms import forms
from grader.overview.hand_ins import _count
from grader.overview.summary import duration, summarise
from grader.report import Finding, Report
from tests.hostile import HOSTILE

LESSON = get_lesson(NAMES[0])
CODE = """
def block(X, f):
    '''A block.'''
    kept = X  # the shortcut
    for number in range(3):
        X = Conv2D(f, (number, number), padding="same")(X)
    if f > 7:
        return Add()([X, kept])
    return X
"""
RENAMED = """
def block(inp, width):
    s = inp
    for i in range(3):
        inp = Conv2D(width, (i, i), padding="same")(inp)   # mine

    if width > 7:
        return Add()([inp, s])
    return inp
"""


def standing(lesson, student="ada", lost=(), message="", look="here", **changes):
    """One who has lost all of some checks, and is told the same of each."""
    reports, marks = [], {}
    for check in lesson.checks:
        price = check.points if check.id in lost else 0
        findings = (
            (Finding(check.id, price, "a layer", "A sentence.", message, look),)
            if price
            else ()
        )
        reached = check.points - price
        reports.append(Report(check.id, "", reached, check.points, findings))
        marks[check.id] = Mark(reached, check.points, reached)
    points = {
        name: sum(marks[c.id].points for c in lesson.checks if c.function == name)
        for name in lesson.functions
    }
    total = sum(points.values())
    made = Standing(student, points, total, lesson.points, tuple(reports), marks=marks)
    return replace(made, **changes)


def test_names_comments_and_docstrings_do_not_count():
    assert forms([CODE]) == forms([RENAMED])
    assert forms([CODE.replace("range(3)", "range(4)")]) != forms([CODE])


def test_what_others_give_keeps_its_name():
    assert any("Conv2D" in form for form in forms([CODE]))
    assert not any("kept" in form for form in forms([CODE]))
    assert any(form.startswith("def block(") for form in forms([CODE], {"block"}))


@pytest.mark.parametrize(
    "source",
    ["def f(:", "x = " + "(" * 5000, "\0", "%matplotlib inline", "x=1\n" * 20000],
)
def test_what_cannot_be_read_has_no_forms(source):
    assert forms([source]) == frozenset()


def a_class(copies, students=30):
    """Students with a common way of writing; some have odd lines in common."""
    common = {f"common {n}" for n in range(8)}
    own = {
        f"s{n:02}": frozenset(common | {f"own {n} {i}" for i in range(4)})
        for n in range(students)
    }
    odd = {f"odd {n}" for n in range(8)}
    return {**own, **{name: frozenset(common | odd | {name}) for name in copies}}


def test_few_with_the_same_odd_lines_are_a_group():
    (found,) = groups(a_class(["s01", "s02", "s17"]))
    assert found.students == ("s01", "s02", "s17")
    assert all(line.startswith("odd") for line in found.lines[:6])
    assert found.others == 0


@pytest.mark.parametrize("students", [0, 1, 2, 30])
def test_a_common_way_of_writing_is_no_group(students):
    assert groups(a_class([], students)) == []
    assert groups(dict.fromkeys("abcdefgh", frozenset(map(str, range(20))))) == []


def test_a_class_adds_up():
    first, second = LESSON.checks[0], LESSON.checks[-1]
    whole = [check.id for check in LESSON.checks]
    marks = [
        standing(LESSON, "ada"),
        standing(LESSON, "ben", [first.id], "x is 1"),
        standing(LESSON, "cleo", [first.id, second.id], "x is 2", repairs=("Mended.",)),
        standing(LESSON, "dan", whole, "nothing", seconds_late=90000, late=5.0),
    ]
    found = summarise(LESSON, marks)
    totals = sorted(each.total for each in marks)
    assert found.mean == pytest.approx(sum(totals) / 4)
    assert found.median == pytest.approx((totals[1] + totals[2]) / 2)
    assert sum(found.bars) == 4
    assert (found.bars[0], found.bars[-1]) == (1, 2 if first.points < 10 else 1)
    rows = {row.id: row for row in found.checks}
    assert (rows[first.id].failed, rows[second.id].failed) == (3, 2)
    assert found.common[0].students == ("ben", "cleo", "dan")
    assert (found.common[0].sentence, found.common[0].message) == (
        "A sentence.",
        "x is 1",
    )
    kinds = {name: [r.kind for r in those] for name, those in found.reasons.items()}
    assert kinds == {"cleo": ["mended"], "dan": ["late"]}
    assert "1 day after the due date: 5 points" in found.reasons["dan"][0].text


@pytest.mark.parametrize(("unwritten", "kind"), [(1, "not written"), (0, "not judged")])
def test_who_has_nothing_to_judge_may_need_help(unwritten, kind):
    """It is said once a function, and all that it lost counts as one finding."""
    function = LESSON.functions[0]
    own = [check for check in LESSON.checks if check.function == function]
    reports = [
        Report(
            check.id,
            "",
            0.0,
            check.points,
            (Finding(f"{function}-", check.points, function, "", f"No {n}.", ""),),
            follows=own[0].id if n else "",
            unwritten=bool(unwritten),
        )
        for n, check in enumerate(own)
    ]
    made = replace(standing(LESSON), reports=tuple(reports))
    found = summarise(LESSON, [made])
    assert [(r.kind, r.text) for r in found.reasons["ada"]] == [(kind, "No 0.")]
    (common,) = found.common
    assert (common.message, common.lost) == ("No 0.", sum(c.points for c in own))


def test_nobody_adds_up_too():
    found = summarise(LESSON, [])
    assert (found.mean, found.median, sum(found.bars), found.common) == (0, 0, 0, ())


def test_times_in_words():
    told = [duration(each) for each in (5, 60, 7200, 86400 * 3)]
    assert told == ["less than a minute", "1 minute", "2 hours", "3 days"]


def test_handed_in_once_more_is_told_apart():
    days = [datetime(2026, 11, day, 12) for day in (1, 2, 3)]
    found = _count([("ada", days[0]), ("ada", days[2]), ("ben", days[2])])
    assert [(d.first, d.again) for d in found.days] == [(1, 0), (1, 1)]
    assert found.often == {1: 1, 2: 1}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_chart_holds_text_only(text):
    drawn = bars(text, text, text, [Bar(text, 1, 2)])
    plain = bars("a", "b", "c", [Bar("d", 1, 2)])
    tag = re.compile(r"<[^>]*>")
    assert len(tag.findall(drawn)) == len(tag.findall(plain))
    assert 'role="img"' in drawn


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [80, 200])
def test_the_table_of_marks_can_be_read(name, width):
    """Findings are never cut to a few characters a line."""
    lesson = get_lesson(name)
    message = "the shortcut never reaches the main path " * 2
    lost = [check.id for check in lesson.checks]
    marks = [standing(lesson, f"student_{n}", lost, message) for n in range(3)]
    console = Console(width=width, record=True, markup=False)
    with console.capture() as shown:
        console.print(marks_table(lesson, marks, console.width))
    lines = shown.get().splitlines()
    assert max(map(len, lines)) <= width
    assert sum("shortcut" in line for line in lines) >= 3
    assert sum(bool(line.strip()) for line in lines) <= 6 + 3 * 10
    assert "3 students: mean 0, median 0 of 100" in shown.get()


def test_a_typing_error_is_answered_with_the_nearest():
    known = ["Ada_finished", "ben_own_style", "cleo", "benno"]
    assert nearest("ada_finishd", known) == "did you mean Ada_finished?"
    assert nearest("BEN", known) == "did you mean benno or ben_own_style?"
    assert nearest("zzz", known) == ""
    ran = CliRunner().invoke(main, ["reprot"])
    assert ran.exit_code == 2
    assert "No such command 'reprot'. Did you mean 'report'?" in ran.output
    assert "Did you mean" not in CliRunner().invoke(main, ["qqqq"]).output


def test_a_form_is_python_again():
    for form in forms([CODE]):
        head = form if not form.endswith(":") else f"{form} pass"
        ast.parse(head)
