"""Lessons of one's own with Keras and nbgrader: solutions, other versions, faults."""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from grader.cli.draft import command as draft
from grader.keras_network import function_of
from grader.lessons import LESSONS as COURSE
from grader.nbgrader.kernels.submission import read
from grader.report import CheckFailed
from tests.lessons.outcome import challenge_text, judge_through_channel
from tests.own_lessons import installed
from tests.own_lessons.dense_block import dense_block
from tests.own_lessons.golden import Case
from tests.own_lessons.versions import VERSIONS
from tests.own_lessons.vgg import vgg

pytestmark = pytest.mark.slow

LESSONS = (dense_block.LESSON, vgg.LESSON)
FUNCTIONS = [(lesson, name) for lesson in LESSONS for name in lesson.functions]
CASES = [
    Case(dense_block.LESSON, dense_block.DENSE_BLOCK),
    Case(vgg.LESSON, vgg.CONV_STAGE),
    Case(vgg.LESSON, vgg.CLASSIFIER),
    Case(vgg.LESSON, vgg.VGG),
]
#: What each student of the class hands in instead of the solution of a function, and
#: the check that is charged.
WRONG = {
    "swapped": (
        "dense_block",
        "Concatenate()([X, Y])",
        "Concatenate()([Y, X])",
        "wiring",
    ),
    "strides": (
        "conv_stage",
        "MaxPooling2D((2, 2)",
        "MaxPooling2D((2, 2), strides=1",
        "layers",
    ),
    "stages": ("VGG", "filters=32", "filters=64", "plan"),
}


def judge(lesson, function, names):
    challenge = challenge_text(lesson, function, "own")
    return judge_through_channel(lesson, function, challenge, names)


def solution(lesson, change=lambda source: source):
    """What the cells of a notebook define, without its checks."""
    names = {}
    for cell in installed.notebook(lesson.notebook).cells:
        source = cell.source
        if cell.cell_type == "code" and "lesson.check(" not in source:
            exec(change(source), names)
    return names


@pytest.mark.parametrize(("lesson", "function"), FUNCTIONS)
def test_the_solution_has_all_points(lesson, function):
    outcome = judge(lesson, function, solution(lesson))
    assert (outcome.lost, outcome.notes) == (0, [])


@pytest.mark.parametrize(("lesson", "function"), FUNCTIONS)
def test_another_right_version_has_all_points(lesson, function):
    names = solution(lesson)
    exec(VERSIONS[function], names)
    outcome = judge(lesson, function, names)
    assert (outcome.lost, outcome.findings) == (0, [])


def test_learners_check_what_they_wrote(tmp_path, monkeypatch, capsys):
    installed.install(tmp_path, *LESSONS)
    # as outside a notebook, whatever another test has begun
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    COURSE.renew()
    try:
        names = solution(dense_block.LESSON)
        names["lesson"].check("dense_block-wiring", names["dense_block"])
        wrong = solution(
            dense_block.LESSON, lambda source: source.replace("[X, Y]", "[Y, X]")
        )
        with pytest.raises(CheckFailed, match="in another order"):
            wrong["lesson"].check("dense_block-wiring", wrong["dense_block"])
    finally:
        COURSE.renew()
        sys.modules.pop("dense_block", None)
    assert "passed, 40 of 40 points" in capsys.readouterr().out


def built(case, table):
    """A function that builds a table, and those that it calls."""
    blocks = {row.calls.name for row in case.table.rows if row.kind == "Block"}
    known = {
        name: function_of(each) for name, each in vgg.BLOCKS.items() if name in blocks
    }
    return {table.name: function_of(table, model=bool(blocks), blocks=known), **known}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_keras_gives_what_the_captures_without_it_say(case):
    right = judge(case.lesson, case.name, built(case, case.table))
    assert (right.lost, right.notes) == (0, [])
    for fault in list(case.faults())[::6]:
        outcome = case.judged(fault.table)
        if outcome is None:
            continue
        found = judge(case.lesson, case.name, built(case, fault.table))
        if fault.change != "twice":  # Keras refuses a model with one name twice
            assert found.points == outcome.points, fault.id


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A checkout with both lessons, and the environment of its commands."""
    packages = tmp_path_factory.mktemp("packages")
    installed.install(packages, *LESSONS)
    folder = installed.checkout(tmp_path_factory.mktemp("course"), *LESSONS)
    environment = {k: v for k, v in os.environ.items() if k != "GRADER_RUN_FOLDER"}
    paths = [str(packages), *filter(None, [environment.get("PYTHONPATH")])]
    return folder, {**environment, "PYTHONPATH": os.pathsep.join(paths)}


def run(course, *arguments):
    folder, environment = course
    done = subprocess.run(
        [sys.executable, "-m", "grader", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def released(course):
    told = run(course, "release", "--no-kit")
    assert all(lesson.name in told for lesson in LESSONS)
    return course


def path(course, step, lesson):
    return course[0] / step / lesson.name / f"{lesson.notebook}.ipynb"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.notebook)
def test_the_student_version_has_no_solution(released, lesson):
    notebook = nbformat.read(path(released, "assignments", lesson), as_version=4)
    own_cells = read(notebook, lesson)[1]
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for function in lesson.functions:
        source = cells[own_cells[function]].source
        assert "raise NotImplementedError()" in source
        assert "SOLUTION" not in source


def hand_in(course, student, lesson, change):
    """Hands in the student version, with the solutions changed in some way."""
    notebook = nbformat.read(path(course, "assignments", lesson), as_version=4)
    answers = {
        cell.metadata["nbgrader"]["grade_id"]: cell.source
        for cell in installed.notebook(lesson.notebook).cells
        if "nbgrader" in cell.metadata
    }
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in lesson.functions:
            cell.source = change(answers[name])
    folder = course[0] / "course" / "submitted" / student / lesson.name
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{lesson.notebook}.ipynb")


@pytest.fixture(scope="module")
def graded(released):
    for lesson in LESSONS:
        hand_in(released, "right", lesson, lambda source: source)
        for student, (function, old, new, _) in WRONG.items():
            if function in lesson.functions:
                hand_in(
                    released, student, lesson, lambda s, o=old, n=new: s.replace(o, n)
                )
    run(released, "autograde")
    return released


def marks(course, lesson, student):
    database = course[0] / "course" / "gradebook.db"
    with Gradebook(f"sqlite:///{database}") as gradebook:
        notebook = gradebook.find_submission_notebook(
            lesson.notebook, lesson.name, student
        )
        return {grade.name: grade.score for grade in notebook.grades}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.notebook)
def test_nbgrader_gives_the_solution_all_points(graded, lesson):
    assert marks(graded, lesson, "right") == {c.id: c.points for c in lesson.checks}


@pytest.mark.parametrize("student", WRONG)
def test_nbgrader_charges_a_fault_to_its_check(graded, student):
    function, *_, check = WRONG[student]
    lesson = next(each for each in LESSONS if function in each.functions)
    found = marks(graded, lesson, student)
    whole = {c.id: c.points for c in lesson.checks}
    assert found[f"{function}-{check}"] < whole[f"{function}-{check}"]
    others = {k for k in whole if not k.startswith(f"{function}-")}
    assert {k: found[k] for k in others} == {k: whole[k] for k in others}


def test_the_report_says_what_was_found(graded):
    told = run(graded, "report", dense_block.LESSON.name, "--student", "swapped")
    flat = " ".join(re.sub(r"[│|]", " ", told).split())
    assert "the channels come out in another order" in flat


def test_a_draft_of_a_notebook_has_its_arguments(course):
    notebook = str(path(course, "solutions", dense_block.LESSON))
    calls = ("--call", "growth=2, layers=1", "--call", "growth=5, layers=1")
    done = CliRunner().invoke(draft, [notebook, "dense_block", *calls])
    assert done.exit_code == 0, done.output
    assert 'after=("input", "conv2"), label="the concatenation"' in done.output
    assert "# layers is 1 in each call: no row here follows it." in done.output
    assert '{"filters": Of("4 * growth"), "kernel_size": 1}' in done.output


def test_a_draft_of_what_is_not_there_says_so(course):
    notebook = str(path(course, "solutions", dense_block.LESSON))
    done = CliRunner().invoke(draft, [notebook, "dense_blok", "--call", "growth=2"])
    assert done.exit_code == 1
    assert "dense_blok" in done.output
    assert json.dumps("Traceback") not in done.output
