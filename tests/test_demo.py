"""The sample class, graded once by real nbgrader in real kernels."""

import csv
import re
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from grader.cli.demo import command
from grader.demo.run import set_up
from grader.demo.students import STUDENTS, Edit, Student
from grader.demo.submissions import EditError, edited, solutions
from grader.lessons import get_lesson
from grader.nbgrader.course import Course
from grader.nbgrader.standing import standings

ROOT = Path(__file__).parents[1]
LESSON = get_lesson("01_residual_networks")
FULL = {"identity_block": 30, "convolutional_block": 30, "ResNet50": 40}

#: what each student is to lose at least and at most, by function
LOSSES = {
    "ada_finished": {},
    "ben_own_style": {},
    "cleo_untouched": {name: (points, points) for name, points in FULL.items()},
    "dan_one_block": {"convolutional_block": (30, 30), "ResNet50": (40, 40)},
    "eva_unnamed_pool": {"ResNet50": (1, 5)},
    "finn_old_text": {"ResNet50": (5, 12)},
    "gwen_stride_1": {"ResNet50": (8, 15)},
    "hugo_no_shortcut": {"identity_block": (15, 30)},
    "ivy_early_relu": {"identity_block": (3, 8)},
    "jon_stage_names": {"ResNet50": (3, 8)},
    "kim_concatenates": {"identity_block": (15, 30), "convolutional_block": (15, 30)},
    "leo_syntax_error": {"convolutional_block": (30, 30)},
    "mia_endless_loop": {"ResNet50": (40, 40)},
    "nils_torn_file": {"ResNet50": (40, 40)},
}
#: a part of what each is told
WORDS = {
    "cleo_untouched": "not written yet",
    "eva_unnamed_pool": "avg_pool",
    "finn_old_text": "older text",
    "gwen_stride_1": "s is 1",
    "hugo_no_shortcut": "shortcut",
    "ivy_early_relu": "ReLU",
    "jon_stage_names": "stage",
    "kim_concatenates": "Concatenate",
    "leo_syntax_error": "line ",
    "mia_endless_loop": "endless loop",
    "nils_torn_file": "not defined",
}


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
def class_standings(demo):
    return {s.student: s for s in standings(demo[1], LESSON)}


def feedback(course, student):
    path = course.folder / "feedback" / student / LESSON.name
    return (path / f"{LESSON.notebook}.html").read_text("utf-8")


pytestmark = pytest.mark.slow


@pytest.mark.parametrize("student", [student.name for student in STUDENTS])
def test_each_mistake_has_its_price(class_standings, student):
    found = class_standings[student]
    for function, full in FULL.items():
        least, most = LOSSES[student].get(function, (0, 0))
        assert least <= full - found.points[function] <= most, found.reports
    assert found.total == pytest.approx(sum(found.points.values()))


@pytest.mark.parametrize("student", list(WORDS))
def test_each_is_told_why(demo, class_standings, student):
    assert WORDS[student] in class_standings[student].first_finding
    assert WORDS[student] in re.sub(r"&#39;", "'", feedback(demo[1], student))


def test_the_command_shows_marks_and_paths(demo):
    output, course = demo
    for student in STUDENTS:
        assert student.name in output
    for path in ("gradebook.db", "grades.csv", "feedback"):
        assert str(course.folder / path) in output


def test_the_csv_has_the_totals(demo, class_standings):
    with (demo[1].folder / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {name: float(row["score"]) for name, row in rows.items()} == {
        name: standing.total for name, standing in class_standings.items()
    }


def test_feedback_keeps_what_is_hidden(demo):
    course = demo[1]
    secret = (course.folder / "secret").read_text()
    for student in STUDENTS:
        page = feedback(course, student.name)
        place = course.place(LESSON, student.name)
        assert secret not in page
        assert str(ROOT) not in page
        for function in LESSON.functions:
            seed = place.seed(function)
            assert seed not in page
            for call in LESSON.challenge(function, seed)["calls"][1:]:
                hidden = call["arguments"].get("filters")
                assert hidden is None or str(hidden) not in page


def test_feedback_shows_no_walls_of_numbers(demo):
    number = r"-?\d+\.\d{3,}"
    wall = re.compile(rf"{number}([,\s]+{number}){{12}}")
    for student in STUDENTS:
        text = re.sub(r"<style.*?</style>|<svg.*?</svg>|<script.*?</script>", "",
                      feedback(demo[1], student.name), flags=re.DOTALL)  # fmt: skip
        assert not wall.search(text)


def test_graded_notebooks_hold_the_reports_and_nothing_else(demo):
    course = demo[1]
    folder = course.path(course.autograded, "ada_finished", LESSON.name)
    notebook = nbformat.read(folder / f"{LESSON.notebook}.ipynb", as_version=4)
    checks = {check.id for check in LESSON.checks}
    for cell in notebook.cells:
        if cell.get("outputs"):
            assert cell.metadata.nbgrader.grade_id in checks


def test_the_class_is_the_same_each_time(tmp_path):
    texts = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        course, _ = set_up(ROOT, folder, 20)
        files = sorted((folder / "submitted").rglob("*.ipynb"))
        texts.append([file.read_bytes() for file in files])
        assert len(files) == len(STUDENTS)
        assert course.folder == folder
    assert texts[0] == texts[1]


def test_the_order_of_students_is_by_name():
    names = [student.name for student in STUDENTS]
    assert names == sorted(names)
    assert set(names) == set(LOSSES)


def test_an_edit_that_does_not_fit_is_an_error():
    source = ROOT / "solutions" / LESSON.name / f"{LESSON.notebook}.ipynb"
    code = solutions(source, LESSON)
    assert set(code) == set(LESSON.functions)
    stranger = Student("x", (Edit("ResNet50", "no such text", ""),))
    with pytest.raises(EditError, match="no such text"):
        edited(code, stranger)
