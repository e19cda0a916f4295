"""Which file is graded, and as which lesson's; the kernel is left out."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from traitlets.config import Config

from grader.lessons import NAMES, get_lesson
from grader.nbgrader import execute
from grader.nbgrader.grading import classroom
from grader.nbgrader.grading.course import Course
from grader.nbgrader.handed_in.salvage import REPAIRED
from grader.nbgrader.kernels.graded import Graded
from grader.nbgrader.kernels.submission import read
from grader.nbgrader.repair import RepairMetadata
from grader.nbgrader.standing import standings
from grader.report import Report
from tests.course import released_course

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]

ROOT = Path(__file__).parents[1]
LESSON = get_lesson("01_residual_networks")
NAME = f"{LESSON.notebook}.ipynb"


def notebook_of(lesson, folder="solutions"):
    return (ROOT / folder / lesson / f"{get_lesson(lesson).notebook}.ipynb").read_text()


BLANK = notebook_of(LESSON.name, "assignments")
DONE = notebook_of(LESSON.name)
OTHER = DONE.replace("return X", "return X ** 2")
SECOND = notebook_of("02_training_resnets", "assignments")
PAGE = (
    '\n\n<!DOCTYPE html>\n<html lang="en"><link href="https://github.githubassets.com">'
)
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
IMPORTED = re.sub(r'"(def|class) \w+\(', '"from helper import (', BLANK)
LACKING = f"There is no {NAME}"


def graded_by_text(notebook, lesson, seed_of, *rest):
    """Full marks for each function whose cells hold more than the release's stub."""
    sliced, _, _ = read(notebook, lesson)
    last = {name: step.text for step in sliced.steps for name in step.binds}
    written = {
        name: name in last and "raise NotImplementedError" not in last[name]
        for name in lesson.functions
    }
    points = {c.id: c.points if written[c.function] else 0 for c in lesson.checks}
    reports = {
        c.id: Report(c.id, c.title, points[c.id], c.points) for c in lesson.checks
    }
    return Graded(reports, {})


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    return released_course(folder)


def hand_in(course, student, files):
    folder = course.path(course.submitted, student, LESSON.name)
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8", newline="")
    return folder


#: What is handed in; the points; the one line that tells of it.
CASES = {
    "under its name": ({NAME: DONE}, 100, ""),
    "untouched": ({NAME: BLANK}, 0, ""),
    "untouched, from Windows": ({NAME: BLANK.replace("\\n", "\\r\\n")}, 0, ""),
    "a finished copy": (
        {NAME: BLANK, "residual_networks-Copy1.ipynb": DONE},
        100,
        f"{NAME} is as it was released: 'residual_networks-Copy1.ipynb' was graded in "
        "its place.",
    ),
    "a finished copy beside a page": (
        {NAME: PAGE, "residual_networks (1).ipynb": DONE},
        100,
        f"{NAME} cannot be read: 'residual_networks (1).ipynb' was graded in its "
        "place.",
    ),
    "a second download": (
        {"residual_networks (1).ipynb": DONE},
        100,
        f"{LACKING}: 'residual_networks (1).ipynb' was graded in its place.",
    ),
    "a text": (
        {f"{NAME}.txt": DONE, "requirements.txt": "keras\n"},
        100,
        f"{LACKING}: '{NAME}.txt' was graded in its place.",
    ),
    "JSON": (
        {"residual_networks.json": DONE, "keras.json": "{}"},
        100,
        f"{LACKING}: 'residual_networks.json' was graded in its place.",
    ),
    "capitals": (
        {"Residual_Networks.IPYNB": DONE},
        100,
        f"{LACKING}: 'Residual_Networks.IPYNB' was graded in its place.",
    ),
    "one level too deep": (
        {f"lesson/{NAME}": DONE, "requirements.txt": "keras\n"},
        100,
        f"{LACKING}: 'lesson/{NAME}' was graded in its place.",
    ),
    "another one deeper": (
        {NAME: DONE, f"old/{NAME}": OTHER, f"old/deep/{NAME}": BLANK},
        100,
        "",
    ),
    "the same twice": (
        {"a.ipynb": DONE, "b.ipynb": DONE, "c.ipynb": BLANK},
        100,
        f"{LACKING}: 'a.ipynb' was graded in its place.",
    ),
    "two finished copies": (
        {NAME: BLANK, "a.ipynb": DONE, "b.ipynb": OTHER},
        0,
        f"{NAME} is as it was released, and there is work in 'a.ipynb' and 'b.ipynb', "
        f"which differ: keep one of them as {NAME}.",
    ),
    "two finished ones alone": (
        {"a.ipynb": DONE, "b.ipynb": OTHER},
        0,
        f"{LACKING} in the folder {LESSON.name}; there are 'a.ipynb' and 'b.ipynb': "
        f"keep one of them as {NAME}.",
    ),
    "other work beside it": (
        {NAME: DONE, "draft.ipynb": OTHER, "same.ipynb": DONE},
        100,
        f"Beside {NAME} there is other work in 'draft.ipynb': it was not read.",
    ),
    "its functions imported, beside a draft": (
        {NAME: IMPORTED, "helper.py": "", "draft.ipynb": DONE},
        0,
        f"Beside {NAME} there is other work in 'draft.ipynb': it was not read.",
    ),
    "a page of GitHub": (
        {NAME: PAGE},
        0,
        "The file is a web page of GitHub, not the notebook: download it there with "
        "the 'raw' button.",
    ),
    "a pointer": (
        {NAME: POINTER},
        0,
        "The file is a Git LFS pointer, not the notebook: run 'git lfs pull' and hand "
        "in the file that it names.",
    ),
    "a page under another name": (
        {f"{NAME}.txt": PAGE},
        0,
        f"{LACKING} in the folder {LESSON.name}; there is '{NAME}.txt'. The file is a "
        "web page of GitHub, not the notebook: download it there with the 'raw' "
        "button.",
    ),
    "what macOS puts into archives": (
        {NAME: DONE, f"__MACOSX/._{NAME}": "\0\5\26\7", f"._{NAME}": "\0\5\26\7"},
        100,
        "",
    ),
    "another lesson's, under this name": (
        {NAME: SECOND},
        0,
        "This is lesson 2's notebook (training_resnets), handed in as lesson 1.",
    ),
    "another lesson's, under its own": (
        {"training_resnets.ipynb": SECOND},
        0,
        "This is lesson 2's notebook (training_resnets), handed in as lesson 1.",
    ),
}


@pytest.fixture(scope="module")
def graded(course):
    """All cases, graded as a class."""
    for number, (files, _, _) in enumerate(CASES.values()):
        hand_in(course, f"s{number:02}", files)
    hand_in(course, "__MACOSX", {f"._{NAME}": "\0\5\26\7"})
    before = {p: p.read_bytes() for p in course.folder.glob("submitted/**/*.*")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "grade", graded_by_text)
        students = course.students(LESSON)
        results = list(classroom.grade_class(course, LESSON, students))
    after = {p: p.read_bytes() for p in course.folder.glob("submitted/**/*.*")}
    assert before == after
    return dict(zip(CASES, results, strict=True))


@pytest.mark.parametrize("case", CASES)
def test_what_is_graded_is_told(graded, case):
    _, points, told = CASES[case]
    result = graded[case]
    assert result.points == points
    assert [*result.problems, *result.repairs] == ([told] if told else [])


def test_plain_nbgrader_finds_the_same_files(graded, course, monkeypatch):
    monkeypatch.setattr(execute, "grade", graded_by_text)
    course.directory.assignment_id, course.directory.student_id = LESSON.name, "*"
    converter = Autograde(
        coursedir=course.directory, config=course.config, log=course.log, force=True
    )
    converter.start()
    with Gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        scores = {
            submission.student.id: submission.score
            for submission in gradebook.assignment_submissions(LESSON.name)
        }
    assert scores == {
        f"s{number:02}": points for number, (_, points, _) in enumerate(CASES.values())
    }


def test_another_lessons_notebook_is_told_once_in_the_report(graded, course):
    number = list(CASES).index("another lesson's, under this name")
    standing = standings(course, LESSON)[number]
    messages = [f.message for report in standing.reports for f in report.findings]
    first, *others = messages
    assert first.startswith("This is lesson 2's notebook")
    assert set(others) == {"Nothing of the notebook was graded."}
    assert standing.first_finding == first
    folder = course.path(course.autograded, standing.student, LESSON.name)
    page = nbformat.read(folder / NAME, as_version=4)
    assert "could not be graded" in page.cells[0].source
    assert "This is lesson 2" in page.cells[0].source


@pytest.mark.parametrize("own", NAMES)
@pytest.mark.parametrize("strip", ["nothing", "metadata", "the lesson's name"])
def test_each_lessons_notebook_is_known_by_what_is_left_of_it(own, strip):
    from grader.nbgrader.handed_in.whose import other_lesson

    notebook = nbformat.reads(notebook_of(own), as_version=4)
    for cell in notebook.cells:
        if strip == "metadata":
            cell.metadata = {}
        elif cell.cell_type == "code" and strip != "nothing":
            cell.source = cell.source.replace(f'"{own}"', '"lesson"')
    for name in NAMES:
        said = other_lesson(notebook, get_lesson(name), ROOT / "solutions")
        told = f"This is lesson {int(own[:2])}'s notebook ({get_lesson(own).notebook})"
        assert said.startswith(told) if name != own else said == ""


def test_a_cell_of_another_lesson_makes_no_other_notebook():
    from grader.nbgrader.handed_in.whose import other_lesson

    notebook = nbformat.reads(DONE, as_version=4)
    theirs = nbformat.reads(SECOND, as_version=4)
    notebook.cells += [c for c in theirs.cells if c.cell_type == "code"]
    assert other_lesson(notebook, LESSON, ROOT / "solutions") == ""


def finished_elsewhere(place):
    """The release with the solution's functions in cells of their own."""
    notebook = nbformat.reads(BLANK, as_version=4)
    done = nbformat.reads(DONE, as_version=4)
    own = [
        new_code_cell(cell.source)
        for cell in done.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") in LESSON.functions
    ]
    cells = notebook.cells
    notebook.cells = [*own, *cells] if place == "above" else [*cells, *own]
    return notebook


@pytest.mark.parametrize("place", ["above", "below"])
def test_functions_in_other_cells_count_where_their_own_are_untouched(
    course, monkeypatch, place
):
    monkeypatch.setattr(execute, "grade", graded_by_text)
    text = nbformat.writes(finished_elsewhere(place))
    hand_in(course, place, {NAME: text})
    result = classroom.grade_one(course, LESSON, place)
    assert result.points == 100
    assert result.repairs == (
        "The cells of these functions were as they were released; the functions were "
        "taken from other cells: ResNet50, convolutional_block, identity_block.",
    )


def test_hidden_tests_are_no_change(tmp_path):
    """The source and the gradebook have them, students' copies do not."""
    source = tmp_path / "source" / LESSON.name
    shutil.copytree(ROOT / "solutions" / LESSON.name, source)
    notebook = nbformat.reads(DONE, as_version=4)
    hidden = "assert 1\n### BEGIN HIDDEN TESTS\nassert 2\n### END HIDDEN TESTS"
    mark = {"grade": True, "grade_id": "own", "locked": True, "points": 1}
    mark |= {"schema_version": 3, "solution": False, "task": False}
    notebook.cells.append(new_code_cell(hidden, metadata={"nbgrader": mark}))
    nbformat.write(notebook, source / NAME)
    folders = {"source_directory": str(source.parent)}
    folders["release_directory"] = str(tmp_path / "release")
    course = Course(ROOT, str(tmp_path), Config({"CourseDirectory": folders}))
    course.generate_assignment(LESSON)
    names = {"db_url": course.directory.db_url, "assignment": LESSON.name}
    names |= {"notebook": LESSON.notebook, "student": "ada"}

    def repaired(old, new):
        text = course.release_path(LESSON).read_text("utf-8")
        assert "HIDDEN" not in text
        assert old in text
        released = nbformat.reads(text.replace(old, new), as_version=4)
        step = RepairMetadata(config=course.config)
        step.preprocess(released, {"nbgrader": names, REPAIRED: []})
        return released.metadata[REPAIRED]

    assert repaired("assert 1", "assert 1") == []
    assert repaired("assert 1", "assert 1\\r\\n") == []
    told = "These test cells had been changed; those of the release were used: own."
    assert repaired("assert 1", "assert 0") == [told]


def test_the_nbgrader_command_does_too(tmp_path, commands):
    """Whose only student has no file that nbgrader would look at."""
    environment = {**os.environ, "GRADER_RUN_FOLDER": str(tmp_path)}
    release = f"--CourseDirectory.release_directory={tmp_path / 'release'}"

    def nbgrader(*arguments):
        command = [str(commands / "nbgrader"), *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True
        )

    assert nbgrader("generate_assignment", LESSON.name, release).returncode == 0
    folder = tmp_path / "submitted" / "ada" / LESSON.name
    folder.mkdir(parents=True)
    (folder / "training_resnets.ipynb.txt").write_text(SECOND, "utf-8")
    done = nbgrader("autograde", LESSON.name)
    assert done.returncode == 0, done.stderr
    graded = (tmp_path / "autograded" / "ada" / LESSON.name / NAME).read_text("utf-8")
    assert "This is lesson 2's notebook (training_resnets)" in graded
