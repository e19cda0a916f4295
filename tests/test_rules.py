"""What an instructor may change in a lesson, and what generating refuses."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from grader.lessons import NAMES, get_lesson
from grader.nbgrader.grading.course import Course
from grader.nbgrader.notebook.rules import broken_rules
from tests.questions import (
    LESSON,
    NOTEBOOK,
    ROOT,
    add_questions,
    autograder_tests,
    cell_of,
    checkout,
    command,
)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]

LAYERS = "identity_block-layers"


def instructor_version(lesson=LESSON):
    path = ROOT / "solutions" / lesson.name / f"{lesson.notebook}.ipynb"
    return nbformat.read(path, as_version=4)


@pytest.mark.parametrize("name", NAMES)
def test_the_lessons_keep_the_rules(name):
    lesson = get_lesson(name)
    assert broken_rules(instructor_version(lesson), lesson) == []


def test_questions_of_ones_own_keep_the_rules():
    notebook = instructor_version()
    add_questions(notebook)
    notebook.cells.append(
        autograder_tests("mine", "%matplotlib inline\nawait f()\n1.0", 1)
    )
    notebook.cells.append(autograder_tests("made", "### AUTOTEST square(2)", 1))
    assert broken_rules(notebook, LESSON) == []


def adding(source, tags=()):
    def change(notebook):
        cell = autograder_tests("mine", source, 2)
        cell.metadata.tags = list(tags)
        notebook.cells.append(cell)

    return change


def removing(grade_id):
    return lambda notebook: notebook.cells.remove(cell_of(notebook, grade_id))


def setting(cell, **values):
    def change(notebook):
        cell_of(notebook, cell).metadata.nbgrader.update(values)

    return change


def writing(grade_id, more):
    def change(notebook):
        cell_of(notebook, grade_id).source += more

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (removing(LAYERS), [f"{LAYERS}: this check of the lesson has no test cell"]),
        (setting(LAYERS, points=9), [f"{LAYERS}: its cell has 9 points, the check 8"]),
        (
            setting(LAYERS, grade=False),
            [f"{LAYERS}: the cell of this check is not a test"],
        ),
        (
            setting(LAYERS, grade_id="renamed"),
            [
                f"{LAYERS}: this check of the lesson has no test cell",
                "renamed: a test cell of your own cannot call lesson.check",
            ],
        ),
        (
            writing(LAYERS, "\nassert 1 == 2"),
            [f'{LAYERS}: the cell of this check has to be lesson.check("{LAYERS}", '],
        ),
        (writing(LAYERS, "  # by the way"), []),
        (
            removing("identity_block"),
            ["identity_block: the lesson grades this function"],
        ),
        (
            setting("ResNet50", grade_id="other"),
            ["ResNet50: the lesson grades this function"],
        ),
        (setting("ResNet50", grade=True, points=5), []),
        (
            adding("assert True", ["skip-execution"]),
            ["mine: a test cell must not have"],
        ),
        (adding("assert ("), ["mine: the test cell is not valid Python, line 1"]),
        (adding("assert '\0'"), ["mine: the test cell is not valid Python"]),
        (adding("# later"), ["mine: the test cell has nothing to run"]),
        (
            adding(f"lesson.check('{LAYERS}', identity_block)"),
            ["mine: a test cell of your own cannot call lesson.check"],
        ),
    ],
)
def test_what_breaks_a_rule_is_told(change, told):
    notebook = instructor_version()
    change(notebook)
    found = broken_rules(notebook, LESSON)
    assert len(found) == len(told)
    for line, start in zip(found, told, strict=True):
        assert line.startswith(start)


def test_generating_fails_with_a_sentence_and_removes_nothing(tmp_path, commands):
    folder = checkout(tmp_path, setting(LAYERS, points=9))
    release = folder / "assignments" / LESSON.name / "kept.txt"
    release.parent.mkdir(parents=True)
    release.write_text("as it was")
    told = f"{LAYERS}: its cell has 9 points, the check 8"
    for arguments in (
        ("nbgrader", "generate_assignment", LESSON.name, "--force"),
        ("grader", "release", "--no-kit"),
    ):
        code, output = command(commands, folder, *arguments)
        assert code == 1
        assert told in output
        assert "Traceback" not in output
        assert release.exists()


def test_a_lesson_without_its_notebook_is_not_generated(tmp_path, commands):
    folder = checkout(tmp_path, add_questions)
    path = folder / "solutions" / LESSON.name / NOTEBOOK
    path.rename(path.with_name("mine.ipynb"))
    code, output = command(commands, folder, "grader", "release", "--no-kit")
    assert code == 1
    assert f"there is no {NOTEBOOK}" in output


def test_a_question_that_was_changed_is_released_again(tmp_path):
    folder = checkout(tmp_path, add_questions)
    course = Course(folder)
    assert not course.knows(LESSON)
    course.generate_assignment(LESSON)
    assert course.knows(LESSON)
    path = folder / "solutions" / LESSON.name / NOTEBOOK
    notebook = nbformat.read(path, as_version=4)
    for change in (
        setting("square-test", points=3),
        writing("square-test", "\nassert square(1) == 1"),
        writing("given", "  # a limit"),
        setting("why", points=4),
        adding("assert square(5) == 25"),
        removing("square-partial"),
    ):
        change(notebook)
        nbformat.write(notebook, path)
        assert not course.knows(LESSON)
        course.generate_assignment(LESSON)
        assert course.knows(LESSON)
    notebook.cells.append(new_code_cell("what is not graded"))
    writing("square", "# a better solution")(notebook)
    nbformat.write(notebook, path)
    assert course.knows(LESSON)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student("ada")
        gradebook.update_or_create_submission(LESSON.name, "ada")
        gradebook.db.commit()
    removing("why")(notebook)
    nbformat.write(notebook, path)
    assert course.knows(LESSON), "nbgrader lets nobody remove cells any more"
