"""Questions that an instructor added: released, answered, graded by either command."""

import csv
import json
import re
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output
from nbgrader.api import Gradebook

from grader.demo.submissions import solutions
from grader.nbgrader.grading.classroom import ungraded
from grader.nbgrader.grading.course import Course
from grader.nbgrader.standing import standings
from tests.questions import (
    BY_HAND,
    LESSON,
    NOTEBOOK,
    ROOT,
    TESTS,
    add_questions,
    answer,
    cell_of,
    checkout,
    command,
    hand_in,
    id_of,
)

pytestmark = pytest.mark.slow


def blank(notebook):
    """As it was released."""


def right(notebook):
    answer("return x * x")(notebook)
    code = solutions(ROOT / "solutions" / LESSON.name / NOTEBOOK, LESSON)
    for name, source in code.items():
        cell_of(notebook, name).source = source
    cell_of(notebook, "why").source = "Because."


def reordered(notebook):
    """The instructor's cells deleted, stripped, doubled, above what they test."""
    answer("return x * x")(notebook)
    cells = notebook.cells
    cells.remove(cell_of(notebook, "given"))
    cells.remove(cell_of(notebook, "square-test"))
    cells.remove(cell_of(notebook, "why"))
    partial = cell_of(notebook, "square-partial")
    cells.remove(partial)
    cells.insert(0, partial)
    cells.append(new_code_cell(partial.source))


def forger(notebook):
    """Wrong, and says that it is right, in as many ways as come cheap."""
    answer(
        "return x + x",
        before="print(4.0)\nip = get_ipython()\n"
        "ip.showtraceback = lambda *args, **kwargs: None\n",
    )(notebook)
    for test in TESTS:
        cell = cell_of(notebook, test)
        cell.source = "4.0"
        cell.metadata.tags = ["skip-execution"]
        cell.outputs = [new_output("execute_result", data={"text/plain": "4.0"})]
    cell_of(notebook, "square-partial").metadata.nbgrader.points = 1000


#: what is handed in, and the points of the lesson's checks and of the test cells
CLASS = {
    "blank": (blank, 0, {}),
    "lost": (blank, 0, {}),
    "right": (right, 100, TESTS),
    "hidden": (answer("return x * abs(x)"), 0, {"square-partial": 4}),
    "reordered": (reordered, 0, {"square-test": 2, "square-partial": 4}),
    "forger": (forger, 0, {"square-partial": 2}),
    "killer": (
        answer("return __import__('os')._exit(0) if x < 0 else x * x"),
        0,
        {"square-partial": 4},
    ),
}


@pytest.fixture(scope="module")
def released(tmp_path_factory, commands):
    folder = checkout(tmp_path_factory.mktemp("questions"), add_questions)
    code, told = command(
        commands, folder, "nbgrader", "generate_assignment", LESSON.name
    )
    assert code == 0, told
    return folder


@pytest.fixture(scope="module")
def graded(released, commands):
    for student, (change, *_) in CLASS.items():
        hand_in(released, student, change)
    lost = released / "course" / "submitted" / "lost" / LESSON.name / NOTEBOOK
    lost.write_text("nothing")
    code, told = command(commands, released, "grader", "autograde")
    assert code == 0, told
    return released, told


def rows(folder):
    """The gradebook's marks: points by student and cell, and what waits by hand."""
    found, waiting = {}, set()
    with Gradebook(f"sqlite:///{folder / 'course' / 'gradebook.db'}") as gradebook:
        for student in CLASS:
            notebook = gradebook.find_submission_notebook(
                LESSON.notebook, LESSON.name, student
            )
            found[student] = {grade.name: grade.score for grade in notebook.grades}
            waiting |= {
                (student, g.name) for g in notebook.grades if g.needs_manual_grade
            }
    return found, waiting


def expected():
    checks = {check.id: check.points for check in LESSON.checks}
    for student, (_, lesson, tests) in CLASS.items():
        own = {check: points if lesson else 0 for check, points in checks.items()}
        yield student, {**own, **{t: tests.get(t, 0) for t in TESTS}, "why": 0}


def totals():
    return {student: sum(points.values()) for student, points in expected()}


def test_marks_in_the_gradebook(graded):
    folder, _ = graded
    found, waiting = rows(folder)
    assert found == dict(expected())
    assert waiting == {("right", "why")}


def test_totals_agree_in_lines_report_and_csv(graded, commands):
    folder, told = graded
    for student, total in totals().items():
        if student == "lost":
            continue
        assert re.search(rf"^  {student}: {total} points\b", told, re.MULTILINE)
    assert "  right: 107 points (to be graded by hand: why)" in told
    code, report = command(commands, folder, "grader", "report")
    assert code == 0
    most = 100 + sum(TESTS.values()) + sum(BY_HAND.values())
    assert f"/{most}" in report
    for student, total in totals().items():
        assert re.search(rf"^ +{student} .*\b{total}\b", report, re.MULTILINE)
    with (folder / "course" / "grades.csv").open() as file:
        scores = {
            r["student_id"]: (r["score"], r["max_score"]) for r in csv.DictReader(file)
        }
    assert scores == {s: (f"{t:.1f}", f"{most:.1f}") for s, t in totals().items()}


def test_what_is_said_of_each(graded, commands):
    folder, _ = graded
    told = {
        standing.student: {r.check: r for r in standing.reports}
        for standing in standings(Course(folder), LESSON)
    }

    def finding(student, test):
        return told[student][test].findings[0].message

    assert finding("hidden", "square-test") == (
        "square-test failed: AssertionError: negative numbers, too "
        '(line 3: assert square(-2) == 4, "negative numbers, too")'
    )
    assert "square-test was stopped" in finding("killer", "square-test")
    assert finding("forger", "square-test") == "square-test failed: AssertionError"
    assert "2 of 4 points, partial credit" in finding("forger", "square-partial")
    assert "square-test was not graded: " in finding("lost", "square-test")
    _, report = command(commands, folder, "grader", "report", "--student", "right")
    assert "to be graded by hand: why" in " ".join(report.split())


def test_the_graded_notebook_shows_the_reports_and_nothing_else(graded):
    folder, _ = graded
    for student in CLASS:
        path = folder / "course" / "autograded" / student / LESSON.name / NOTEBOOK
        notebook = nbformat.read(path, as_version=4)
        assert [id_of(c) for c in notebook.cells].count("square-partial") == 1
        for cell in notebook.cells:
            if id_of(cell) in TESTS:
                (output,) = cell.outputs
                assert output.data["text/plain"].startswith(f"{id_of(cell)}: ")
                assert "4.0" not in json.dumps(output)
            elif cell.cell_type == "code" and not id_of(cell):
                assert cell.outputs == []


def test_plain_nbgrader_gives_the_same(graded, commands):
    folder, _ = graded
    before = rows(folder)
    for student in ("forger", "reordered"):
        code, told = command(
            commands,
            folder,
            "nbgrader",
            "autograde",
            LESSON.name,
            "--student",
            student,
            "--force",
        )
        assert code == 0, told
    assert rows(folder) == before


def test_marks_of_other_tests_are_not_done(graded):
    course = Course(graded[0])
    assert ungraded(course, LESSON, course.students(LESSON)) == []
    for more in ("\nassert square(1) == 1", ""):
        with course.gradebook() as gradebook:
            row: Any = gradebook.find_source_cell(
                "square-test", LESSON.notebook, LESSON.name
            )
            row.source = row.source.removesuffix("\nassert square(1) == 1") + more
            gradebook.db.commit()
        left = ungraded(course, LESSON, course.students(LESSON))
        assert left == (sorted(CLASS) if more else [])


def test_a_mark_by_hand_counts(graded, commands):
    folder, _ = graded
    with Gradebook(f"sqlite:///{folder / 'course' / 'gradebook.db'}") as gradebook:
        row: Any = gradebook.find_grade("why", LESSON.notebook, LESSON.name, "right")
        row.manual_score, row.needs_manual_grade = 2.5, False
        gradebook.db.commit()
    _, report = command(commands, folder, "grader", "report")
    assert re.search(r"^ +right .*\b109\.5\b", report, re.MULTILINE)


@pytest.mark.parametrize(
    ("body", "told"),
    [("x * abs(x)", "Success!"), ("x", "FAILED ON 2 CELL(S)")],
)
def test_validate_runs_the_tests_that_students_see(
    released, tmp_path, body, told, commands
):
    path = released / "assignments" / LESSON.name / NOTEBOOK
    notebook = nbformat.read(path, as_version=4)
    answer(f"return {body}")(notebook)
    kept = ("given", "square", "square-test", "square-partial")
    notebook.cells = [cell for cell in notebook.cells if id_of(cell) in kept]
    nbformat.write(notebook, tmp_path / NOTEBOOK)
    code, shown = command(
        commands, released, "nbgrader", "validate", str(tmp_path / NOTEBOOK)
    )
    assert code == 0
    assert told in shown
