"""Right networks that call none of the named blocks, graded as a class is."""

import os
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from traitlets.config import Config

from grader.cli import main
from grader.lessons import get_lesson
from grader.nbgrader.grading import classroom
from grader.nbgrader.grading.course import Course
from grader.nbgrader.standing import standings
from grader.sandbox.probe import probe
from tests.lessons.residual_networks.equivalents import CASES
from tests.lessons.source import source_of

ROOT = Path(__file__).resolve().parents[1]
FIRST, LAST = "01_residual_networks", "05_almost_a_resnet"
STUDENTS = {
    "dan": "networks-blocks inside",
    "eva": "networks-inlined",
}
#: What the cases use beside the imports of the notebook.
IMPORTS = "from keras.layers import ReLU\n\n"
TORCH = "torch network: a block inside"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(probe().problem), reason=f"no sandbox: {probe().problem}"),
]


def hand_in(course, lesson, student, cells):
    """The solution's notebook, with other cells in some places."""
    source = source_of(lesson.name)
    notebook = nbformat.read(source.solution_notebook, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = cells.get(name, cell.source)
    folder = course.path(course.submitted, student, lesson.name)
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{lesson.notebook}.ipynb")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    release = {"CourseDirectory": {"release_directory": str(folder / "release")}}
    course = Course(ROOT, str(folder), Config(release))
    lesson = get_lesson(FIRST)
    course.generate_assignment(lesson)
    for student, case in STUDENTS.items():
        hand_in(course, lesson, student, {"ResNet50": IMPORTS + CASES[case]})
    return course


def totals(course, name):
    return {s.student: s.total for s in standings(course, get_lesson(name))}


def test_each_gets_all_points(course):
    variables = {"GRADER_RUN_FOLDER": str(course.folder)}
    done = CliRunner().invoke(main, ["autograde", FIRST], env=variables)
    assert done.exit_code == 0, done.output
    assert totals(course, FIRST) == dict.fromkeys(STUDENTS, 100)


def test_plain_nbgrader_gives_the_same(course, commands):
    shutil.rmtree(course.path(course.autograded, "dan", FIRST))
    done = subprocess.run(
        [commands / "nbgrader", "autograde", FIRST, "--student", "dan", "--force"],
        cwd=ROOT,
        env=os.environ | {"GRADER_RUN_FOLDER": str(course.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert totals(course, FIRST)["dan"] == 100


def test_the_largest_capture_comes_through_the_sandbox(course):
    """Of all lessons, a network in PyTorch has the most initial weights."""
    lesson = get_lesson(LAST)
    if package := lesson.lacking():
        pytest.skip(f"{package} is not installed")
    course.generate_assignment(lesson)
    case = source_of(LAST).part("equivalents").CASES[TORCH]
    hand_in(course, lesson, "fay", {"ResNet50Torch": case})
    (result,) = classroom.grade_class(course, lesson, ["fay"])
    assert (result.points, result.problems) == (100, ())
