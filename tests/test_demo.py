"""The sample classes, graded once by real nbgrader in real kernels."""

import csv
import re
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from grader.cli.demo import command
from grader.demo.run import set_up
from grader.demo.students import Edit, Student, students_of
from grader.demo.submissions import EditError, edited, solutions
from grader.lessons import LESSONS, NAMES
from grader.nbgrader.grading.course import Course
from grader.nbgrader.standing import standings
from tests.lessons.source import source_of

ROOT = Path(__file__).parents[1]
FIRST = "01_residual_networks"
LOSSES = {name: source_of(name).part("demo").LOSSES for name in NAMES}
WORDS = {name: source_of(name).part("demo").WORDS for name in NAMES}
#: the command leaves out the lessons for which a package is missing here
CLASSES = {name: students_of(name) for name in NAMES if not LESSONS[name].lacking()}
HANDED_IN = [(name, s.name) for name, own in CLASSES.items() for s in own]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The command's output and the course that it left."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("run")
        patch.setenv("GRADER_RUN_FOLDER", str(folder))
        patch.chdir(ROOT)
        result = CliRunner().invoke(command, ["--timeout", "20"])
        assert result.exit_code == 0, result.output
        return result.output, Course(ROOT, str(folder / "demo"))


@pytest.fixture(scope="module")
def marks(demo):
    return {
        (name, standing.student): standing
        for name in NAMES
        for standing in standings(demo[1], LESSONS[name])
    }


def feedback(course, name, student):
    path = course.folder / "feedback" / student / name
    return (path / f"{LESSONS[name].notebook}.html").read_text("utf-8")


pytestmark = pytest.mark.slow


each = pytest.mark.parametrize(("name", "student"), HANDED_IN)


@each
def test_each_mistake_has_its_price(marks, name, student):
    found = marks[name, student]
    for function in LESSONS[name].functions:
        checks = [c for c in LESSONS[name].checks if c.function == function]
        full = sum(check.points for check in checks)
        least, most = LOSSES[name][student].get(function, (0, 0))
        assert least <= full - found.points[function] <= most, found.reports
    assert found.total == pytest.approx(sum(found.points.values()))


@each
def test_each_is_told_why(demo, marks, name, student):
    words = WORDS[name].get(student, "")
    assert words in marks[name, student].first_finding
    assert words in re.sub(r"&#39;", "'", feedback(demo[1], name, student))


def test_the_command_shows_marks_and_paths(demo):
    output, course = demo
    for name, student in HANDED_IN:
        assert name in output
        assert student in output
    for path in ("gradebook.db", "grades.csv", "feedback"):
        assert str(course.folder / path) in output


def test_the_csv_has_the_totals(demo, marks):
    with (demo[1].folder / "grades.csv").open() as file:
        rows = {(r["assignment"], r["student_id"]): r for r in csv.DictReader(file)}
    handed_in = {place: float(rows[place]["score"]) for place in HANDED_IN}
    assert handed_in == {place: standing.total for place, standing in marks.items()}


@each
def test_feedback_keeps_what_is_hidden(demo, name, student):
    course, lesson = demo[1], LESSONS[name]
    page = feedback(course, name, student)
    assert (course.folder / "secret").read_text() not in page
    assert str(ROOT) not in page
    place = course.place(lesson, student)
    told = (ROOT / "solutions" / name / f"{lesson.notebook}.ipynb").read_text("utf-8")
    for function in lesson.functions:
        seed = place.seed(function)
        assert seed not in page
        for call in lesson.challenge(function, seed)["calls"][1:]:
            hidden = call.get("arguments", {}).get("filters")
            if str(hidden) in told:
                continue  # the network's own, which the lesson's text has
            # A single number is on each page, in its styles if nowhere else
            assert not isinstance(hidden, list) or str(hidden) not in page


@each
def test_feedback_shows_no_walls_of_numbers(demo, name, student):
    number = r"-?\d+\.\d{3,}"
    wall = re.compile(rf"{number}([,\s]+{number}){{12}}")
    text = re.sub(r"<style.*?</style>|<svg.*?</svg>|<script.*?</script>", "",
                  feedback(demo[1], name, student), flags=re.DOTALL)  # fmt: skip
    assert not wall.search(text)


@each
def test_graded_notebooks_hold_the_reports_and_nothing_else(demo, name, student):
    course, lesson = demo[1], LESSONS[name]
    folder = course.path(course.autograded, student, name)
    notebook = nbformat.read(folder / f"{lesson.notebook}.ipynb", as_version=4)
    checks = {check.id for check in lesson.checks}
    for cell in notebook.cells:
        if cell.get("outputs"):
            assert cell.metadata.nbgrader.grade_id in checks


def test_the_class_is_the_same_each_time(tmp_path):
    texts = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        course = set_up(ROOT, folder, 20, {FIRST: CLASSES[FIRST]})
        files = sorted((folder / "submitted").rglob("*.ipynb"))
        texts.append([file.read_bytes() for file in files])
        assert len(files) == len(CLASSES[FIRST])
        assert course.folder == folder
    assert texts[0] == texts[1]


@pytest.mark.parametrize("name", CLASSES)
def test_the_order_of_students_is_by_name(name):
    names = [student.name for student in CLASSES[name]]
    assert names == sorted(names)
    assert set(names) == set(LOSSES[name])


def test_an_edit_that_does_not_fit_is_an_error():
    lesson = LESSONS[FIRST]
    code = solutions(source_of(FIRST).solution_notebook, lesson)
    assert set(code) == set(lesson.functions)
    stranger = Student("x", (Edit("ResNet50", "no such text", ""),))
    with pytest.raises(EditError, match="no such text"):
        edited(code, stranger)
