"""The page that `make lab` opens: lessons, points so far, where to go on."""

import json
from pathlib import Path

import pytest

from grader.lessons import NAMES, get_lesson
from grader.page.front import NAME, after_save, front_page, record

ROOT = Path(__file__).parents[1]
LESSONS = [get_lesson(name) for name in NAMES[:2]]
PAGE = (ROOT / "assignments/README.md").read_text("utf-8")


def save(folder, lesson, shares):
    """Saves a notebook: of each function a share of its points, as checked last."""
    cells = [{"cell_type": "markdown", "source": "# A"}]
    for function, share in zip(lesson.functions, shares, strict=False):
        # the check that was run last says what counts, wherever it stands
        for reached, at in ((most(lesson, function) * share, 2), (0.5, 1)):
            kept = record(function, reached, at)
            shown = {"output_type": "display_data", "data": {}, "metadata": kept}
            other = {"output_type": "stream", "text": ""}
            cells.append({"cell_type": "code", "outputs": [other, shown]})
    write(folder, lesson, json.dumps({"cells": cells}))


def most(lesson, function):
    return sum(check.points for check in lesson.checks if check.function == function)


def write(folder, lesson, text):
    place = folder / lesson.name
    place.mkdir(exist_ok=True)
    (place / f"{lesson.notebook}.ipynb").write_text(text)


def told(folder):
    """Where to begin, and how far each lesson is."""
    _, _, start, _, *rows = front_page(folder, PAGE).splitlines()
    return start, [row.partition("): ")[2] for row in rows[: rows.index("")]]


@pytest.mark.parametrize(
    ("shares", "start", "so_far"),
    [
        (((), ()), "Start here: 0", ["not begun", "not begun"]),
        (((0,), ()), "Go on here: 0", ["0 of 100", "not begun"]),
        (((1, 1), ()), "Go on here: 0", ["{} of 100", "not begun"]),
        (((1,) * 20, ()), "Go on here: 1", ["100 of 100", "not begun"]),
        (((), (1,)), "Go on here: 1", ["not begun", "{} of 100"]),
        (((9,) * 20, (1,) * 20), "Every point", ["100 of 100"] * 2),
    ],
)
def test_points_and_where_to_go_on(shares, start, so_far, tmp_path):
    for lesson, own in zip(LESSONS, shares, strict=True):
        save(tmp_path, lesson, own)
    first, states = told(tmp_path)
    word, _, number = start.partition(": ")
    assert word in first
    if number:
        lesson = LESSONS[int(number)]
        assert f"({lesson.name}/{lesson.notebook}.ipynb)" in first
    sums = [
        sum(most(lesson, function) for function in lesson.functions[: len(own)])
        for lesson, own in zip(LESSONS, shares, strict=True)
    ]
    expected = [text.format(n) for text, n in zip(so_far, sums, strict=True)]
    assert states == expected


@pytest.mark.parametrize(
    "output",
    ['"x"', "{}", '{"metadata": {"resnet_course": 1}}']
    + [
        f'{{"metadata": {{"resnet_course": {{"function": {name}, "at": {at}, '
        f'"points": {value}}}}}}}'
        for name, at, value in (
            *((f'"{LESSONS[0].functions[0]}"', 1, v) for v in ('"5"', "NaN", "-3")),
            (f'"{LESSONS[0].functions[0]}"', "null", 1),
            ('"other"', 1, 1),
            ("[]", 1, 1),
        )
    ],
)
def test_a_file_is_read_whatever_is_in_it(output, tmp_path):
    lesson = LESSONS[0]
    cell = f'{{"cell_type": "code", "outputs": [{output}]}}'
    for text in (f'{{"cells": [{cell}, 1]}}', output, "{", '{"cells": 1}'):
        write(tmp_path, lesson, text)
        assert told(tmp_path)[1] == ["not begun"]


def test_the_sections_for_learners_follow(tmp_path):
    page = front_page(tmp_path, PAGE)
    assert page.endswith(PAGE.partition("\n## ")[2])
    assert "\n## How a lesson works\n" in page


def test_a_lesson_that_is_saved_renews_the_page(tmp_path):
    """JupyterLab's server calls it after each save, whatever was saved."""
    lesson, page = LESSONS[0], tmp_path / NAME
    for saved in (f"{lesson.name}/{lesson.notebook}.ipynb", "x/y.ipynb", NAME, "/"):
        after_save(os_path=str(tmp_path / saved), model={}, contents_manager=None)
        assert not page.exists()
    save(tmp_path, lesson, ())
    page.write_text(front_page(tmp_path, PAGE), "utf-8")
    assert ": not begun" in page.read_text("utf-8")
    save(tmp_path, lesson, (1,) * 20)
    after_save(os_path=str(tmp_path / lesson.name / "utils.py"))
    assert page.read_text("utf-8") == front_page(tmp_path, PAGE)
    assert ": 100 of 100" in page.read_text("utf-8")
    page.write_bytes(b"\xff")
    after_save(os_path=str(tmp_path / lesson.name / "utils.py"))
