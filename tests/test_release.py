from pathlib import Path

import nbformat
import pytest
from traitlets.config import Config

from grader.demo.submissions import solutions
from grader.lessons import NAMES, get_lesson
from grader.nbgrader.grading.course import Course

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
lessons = pytest.mark.parametrize("lesson", [*map(get_lesson, NAMES)], ids=NAMES)


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """The student versions, made anew elsewhere."""
    folder = tmp_path_factory.mktemp("release")
    settings = {"CourseDirectory": {"release_directory": str(folder / "assignments")}}
    course = Course(ROOT, str(folder / "course"), Config(settings))
    for lesson in course.lessons():
        course.generate_assignment(lesson)
    return folder / "assignments"


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }


def test_assignments_are_as_solutions_make_them(release):
    made, kept = contents(release), contents(ROOT / "assignments")
    own = ("resnet50.png", ".weights.h5", ".pyc")
    kept = {name: data for name, data in kept.items() if not name.endswith(own)}
    del kept["README.md"]  # the learners' page, which is written by hand
    assert sorted(made) == sorted(kept), "run `make release`"
    stale = [name for name in made if made[name] != kept[name]]
    assert not stale, "run `make release`"


@lessons
def test_no_twin_and_no_solution_is_released(release, lesson):
    names = [path.name for path in (release / lesson.name).rglob("*")]
    assert not [name for name in names if "pct" in name or name.endswith(".toml")]
    source = ROOT / "solutions" / lesson.name / f"{lesson.notebook}.ipynb"
    path = release / lesson.name / f"{lesson.notebook}.ipynb"
    text = path.read_text("utf-8")
    assert "SOLUTION" not in text
    given = nbformat.read(path, as_version=4)
    own = {
        c.metadata.get("nbgrader", {}).get("grade_id"): c.source for c in given.cells
    }
    for name, code in solutions(source, lesson).items():
        assert own[name] != code
        assert "YOUR CODE HERE" in own[name]


@lessons
def test_points_and_ids_are_those_of_the_checks(release, lesson):
    path = release / lesson.name / f"{lesson.notebook}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    found = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
        for cell in cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    assert found == {check.id: check.points for check in lesson.checks}
    assert not any(cell.get("outputs") for cell in cells)
