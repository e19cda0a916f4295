"""A class in a run folder of its own; the kernel is left out where it may be."""

import copy
import json
import os
import shutil
import stat
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_markdown_cell, new_output, new_raw_cell
from nbgrader.converters import Autograde

from grader.cli.autograde import command
from grader.lessons import get_lesson
from grader.nbgrader import execute
from grader.nbgrader.grading import classroom, records
from grader.nbgrader.grading.course import CourseError
from grader.nbgrader.grading.other_names import misnamed_folders
from grader.nbgrader.ground import find_root
from grader.nbgrader.kernels.graded import refuse
from grader.nbgrader.secret import challenge_seed, course_secret
from grader.nbgrader.standing import standings
from grader.report import Failure
from tests.course import full_marks, open_course

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]

ROOT = Path(__file__).parents[1]
LESSON = get_lesson("01_residual_networks")
STEPS = ("autograded", "feedback")


@pytest.fixture(autouse=True)
def no_kernel(monkeypatch):
    monkeypatch.setattr(execute, "grade", full_marks)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    open_course(folder).generate_assignment(LESSON)
    return folder


@pytest.fixture
def course(released, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(released, folder)
    return open_course(folder)


def hand_in(course, student, change=lambda notebook: None):
    notebook = nbformat.read(course.release_path(LESSON), as_version=4)
    change(notebook)
    folder = course.path(course.submitted, student, LESSON.name)
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / f"{LESSON.notebook}.ipynb")
    return folder


def grade_all(course):
    students = classroom.ungraded(course, LESSON, course.students(LESSON))
    return list(classroom.grade_class(course, LESSON, students))


def graded_notebook(course, student):
    folder = course.path(course.autograded, student, LESSON.name)
    return nbformat.read(folder / f"{LESSON.notebook}.ipynb", as_version=4)


def totals(course):
    return {s.student: s.total for s in standings(course, LESSON)}


def test_marks_and_reports_reach_their_places(course):
    hand_in(course, "ada")
    (result,) = grade_all(course)
    assert (result.points, result.problems) == (100, ())
    assert totals(course) == {"ada": 100}
    outputs = {
        cell.metadata.nbgrader.grade_id: cell.outputs
        for cell in graded_notebook(course, "ada").cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    assert set(outputs) == {check.id for check in LESSON.checks}
    assert all(set(o[0].data) == {"text/html", "text/plain"} for o in outputs.values())


def test_an_unchanged_submission_is_graded_once(course):
    hand_in(course, "ada")
    assert len(grade_all(course)) == 1
    assert grade_all(course) == []
    hand_in(course, "ada", lambda nb: nb.cells.append(new_markdown_cell("more")))
    assert len(grade_all(course)) == 1


def test_pages_of_students_are_left_out_and_the_lessons_figures_are_not(course):
    folder = hand_in(course, "ada")
    (folder / "notes.html").write_text("<script>run()</script>")
    grade_all(course)
    course.generate_assignment(LESSON)
    course.generate_feedback(LESSON)
    places = [course.release_path(LESSON).parent]
    places += [course.folder / step / "ada" / LESSON.name for step in STEPS]
    for place in places:
        assert len(list((place / "figures").glob("*.svg"))) == 5
        assert not (place / "notes.html").exists()


def test_a_regrade_starts_from_nothing(course, monkeypatch):
    hand_in(course, "ada")
    grade_all(course)
    broken = Failure("died", "It died.")
    nothing = lambda nb, lesson, seed, *rest: refuse(lesson, seed, broken)  # noqa: E731
    monkeypatch.setattr(execute, "grade", nothing)
    result = classroom.grade_one(course, LESSON, "ada")
    assert totals(course) == {"ada": 0}
    assert result.problems == ("It died.",)


def test_a_file_without_a_whole_cell_gets_0_and_a_page_that_says_so(course):
    folder = hand_in(course, "ada")
    path = folder / f"{LESSON.notebook}.ipynb"
    path.write_text(path.read_text()[:400])
    hand_in(course, "ben")
    torn, fine = grade_all(course)
    assert "JSON" in torn.problems[0]
    assert fine.points == 100
    assert totals(course) == {"ada": 0, "ben": 100}
    assert grade_all(course) == []
    course.generate_feedback(LESSON)
    page = course.folder / "feedback/ada" / LESSON.name / f"{LESSON.notebook}.html"
    assert "its JSON is broken" in page.read_text()


def test_a_torn_file_is_graded_as_far_as_it_goes(course):
    folder = hand_in(course, "ada")
    path = folder / f"{LESSON.notebook}.ipynb"
    text = path.read_text()
    path.write_text(text[: text.index("def ResNet50")])
    (result,) = grade_all(course)
    assert result.points == 100, "the stand-in for grading gives all"
    assert "breaks off" in result.repairs[0]
    assert "missing (test cells were put back): ResNet50" in result.repairs[1]
    (standing,) = standings(course, LESSON)
    assert standing.repairs == result.repairs
    first = graded_notebook(course, "ada").cells[0]
    assert all(line in first.source for line in result.repairs)


def test_what_is_sound_needs_no_mending(course):
    hand_in(course, "ada")
    (result,) = grade_all(course)
    assert result.repairs == ()
    assert "Mended" not in graded_notebook(course, "ada").cells[0].source


def test_names_that_are_no_text_stop_nobody(course):
    """A folder, and a second notebook, that another system named in its own bytes."""
    hand_in(course, "ada")
    folder = hand_in(course, os.fsdecode(b"M\xfcller"))
    own = course.path(course.submitted, "ada", LESSON.name)
    shutil.copy(folder / f"{LESSON.notebook}.ipynb", own / os.fsdecode(b"L\xf6.ipynb"))
    named, fine = sorted(grade_all(course), key=lambda result: result.graded)
    assert fine.points == 100
    assert "not UTF-8: rename" in named.problems[0]
    assert totals(course) == {"ada": 100}


def test_a_notebook_in_another_place_is_told(course):
    hand_in(course, "ada")
    folder = course.path(course.submitted, "ada", LESSON.name)
    folder.rename(folder.parent / "Lesson 1")
    assert misnamed_folders(course.root / course.submitted, LESSON) == {
        "ada": "Lesson 1"
    }
    folder = hand_in(course, "ben")
    (folder / "inner").mkdir()
    name = f"{LESSON.notebook}.ipynb"
    (folder / name).rename(folder / "inner" / name)
    (result,) = grade_all(course)
    assert result.points == 100
    assert f"'inner/{name}' was graded in its place" in result.repairs[0]
    (folder / "inner" / name).rename(folder / os.fsdecode(b"L\xf6 (1).ipynb"))
    (folder / "inner").rmdir()
    (result,) = grade_all(course)
    assert result.points == 100
    assert "(1).ipynb' was graded in its place" in result.repairs[0]


@pytest.mark.parametrize("name", ["[a]*", "ada\n100 points", "<b>", "\x1b[2J"])
def test_a_name_that_would_be_taken_for_something_else(course, name):
    """By its name, nbgrader would grade ada's notebook in its place, or stop."""
    for student in (name, "ada"):
        hand_in(course, student)
    named, fine = sorted(grade_all(course), key=lambda result: result.graded)
    assert "rename the folder" in named.problems[0]
    assert (fine.student, fine.points) == ("ada", 100)
    with pytest.raises(CourseError):
        course.autograde(LESSON, name)
    assert totals(course) == {"ada": 100}


def test_nbgrader_goes_by_such_names(course):
    """All of a class at once, as `nbgrader autograde` does it."""
    for student in ("[a]*", "aaa\n1", "<b>", "ada", "zoe"):
        hand_in(course, student)
    with pytest.raises(CourseError, match="rename the folder"):
        course._start(Autograde, LESSON, "*")
    assert totals(course) == {"ada": 100, "zoe": 100}


@pytest.mark.parametrize("student", ["../x", "..", "../submitted/ada", "/etc"])
def test_a_student_who_is_a_path(course, student):
    """What lies there is a submission all the same."""
    hand_in(course, "ada")
    hand_in(course, "../x")
    before = {p: p.stat().st_mtime_ns for p in course.folder.rglob("*.ipynb")}
    variables = {"GRADER_RUN_FOLDER": str(course.folder)}
    ran = CliRunner().invoke(command, ["--student", student], env=variables)
    assert ran.exit_code == 1
    assert "has handed in nothing" in ran.output
    (result,) = classroom.grade_class(course, LESSON, [student])
    assert not result.graded
    assert "cannot be a path" in result.problems[0]
    with pytest.raises(CourseError):
        course.autograde(LESSON, student)
    after = {p: p.stat().st_mtime_ns for p in course.folder.rglob("*.ipynb")}
    assert before == after
    assert totals(course) == {}


def is_test(cell):
    return "check(" in cell.source and "-" in cell.metadata.get("nbgrader", {}).get(
        "grade_id", ""
    )


def change_a_test(notebook):
    next(c for c in notebook.cells if is_test(c)).source = "10"


def strip(notebook):
    for cell in notebook.cells:
        cell.metadata = {}


def double(notebook):
    again = copy.deepcopy(notebook.cells)
    for cell in again:
        cell.id = f"again-{cell.id}"[:64]
    notebook.cells += again


def keep_a_copy_as_text(notebook):
    index, cell = next(
        (i, c)
        for i, c in enumerate(notebook.cells)
        if c.metadata.get("nbgrader", {}).get("grade_id") == "identity_block"
    )
    old = new_raw_cell("def identity_block(X):\n    return X", metadata=cell.metadata)
    notebook.cells.insert(index + 1, old)


def turn_round(notebook):
    notebook.cells.reverse()


def flip_a_flag(notebook):
    cell = next(c for c in notebook.cells if is_test(c))
    cell.metadata.nbgrader.points = 1000


def delete_tests(notebook):
    notebook.cells = [c for c in notebook.cells if not is_test(c)]


def make_text(notebook):
    for index, cell in enumerate(notebook.cells):
        if is_test(cell):
            cell = new_markdown_cell(cell.source, metadata=cell.metadata)
            notebook.cells[index] = cell


def write_code(notebook):
    cell = next(c for c in notebook.cells if is_test(c))
    cell.source += "#" * 200_000


def forge_what_was_mended(notebook):
    notebook.metadata["repaired"] = ["<script>run()</script>"]
    delete_tests(notebook)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (change_a_test, ["had been changed; those of the release"]),
        (strip, ["had lost their grading metadata"]),
        (double, ["more than one of these cells"]),
        (keep_a_copy_as_text, ["more than one of these cells"]),
        (turn_round, ["stood before the function"]),
        (flip_a_flag, ["metadata of these cells had been changed"]),
        (delete_tests, ["were missing"]),
        (make_text, ["had been changed; those of the release"]),
        (write_code, ["had been changed", "characters"]),
        (forge_what_was_mended, ["were missing"]),
    ],
)
def test_what_was_mended_is_told_and_mended(course, change, told):
    hand_in(course, "ada", change)
    (result,) = grade_all(course)
    assert len(result.repairs) == len(told)
    for line, part in zip(result.repairs, told, strict=True):
        assert part in line
    release = nbformat.read(course.release_path(LESSON), as_version=4)
    graded = graded_notebook(course, "ada")
    wanted = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in release.cells
        if is_test(cell)
    }
    found = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in graded.cells
        if is_test(cell) and cell.cell_type == "code"
    }
    assert found == wanted
    own = [
        cell
        for cell in graded.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "identity_block"
    ]
    assert [cell.cell_type for cell in own] == ["code"]
    assert "return X\n" not in own[0].source
    assert "<script>" not in graded.cells[0].source


def test_a_folder_with_the_notebooks_name_gets_0(course):
    folder = hand_in(course, "ada")
    (folder / f"{LESSON.notebook}.ipynb").unlink()
    (folder / f"{LESSON.notebook}.ipynb").mkdir()
    (result,) = grade_all(course)
    assert result.problems == (f"{LESSON.notebook}.ipynb is a folder, not a file.",)
    assert totals(course) == {"ada": 0}


def test_a_folder_without_the_notebook_gets_0(course):
    folder = hand_in(course, "ada")
    (folder / f"{LESSON.notebook}.ipynb").rename(folder / "other.py")
    (result,) = grade_all(course)
    assert f"There is no {LESSON.notebook}.ipynb" in result.problems[0]
    assert totals(course) == {"ada": 0}


def test_a_fault_of_the_course_is_no_mark(course, monkeypatch):
    hand_in(course, "ada")
    hand_in(course, "ben")
    grade_alone = classroom.grade_alone

    def failing(material, submission):
        if submission.student == "ada":
            raise OSError("disk full")
        return grade_alone(material, submission)

    monkeypatch.setattr(classroom, "grade_alone", failing)
    ada, ben = grade_all(course)
    assert ada.problems[0].startswith("not graded: OSError: disk full (")
    assert ben.points == 100
    assert classroom.ungraded(course, LESSON, ["ada", "ben"]) == ["ada"]


def test_ctrl_c_leaves_the_submission_for_the_next_run(course, monkeypatch):
    hand_in(course, "ada")
    hand_in(course, "ben")
    started = []

    def interrupted(*args):
        started.append(1)
        if len(started) == 2:
            raise KeyboardInterrupt
        return full_marks(*args)

    monkeypatch.setattr(execute, "grade", interrupted)
    with pytest.raises(KeyboardInterrupt):
        grade_all(course)
    assert classroom.ungraded(course, LESSON, ["ada", "ben"]) == ["ben"]
    assert [result.student for result in grade_all(course)] == ["ben"]
    assert totals(course) == {"ada": 100, "ben": 100}


def test_deleted_doubled_and_spoiled_test_cells_cost_nothing(course):
    def spoil(notebook):
        tests = [
            cell
            for cell in notebook.cells
            if cell.metadata.get("nbgrader", {}).get("grade")
        ]
        for cell in tests[:2]:
            notebook.cells.remove(cell)
        notebook.cells.append(nbformat.from_dict({**tests[5], "id": "another"}))
        tests[6].metadata.nbgrader = {"grade_id": tests[6].metadata.nbgrader.grade_id}
        tests[7].metadata.nbgrader.grade_id = "of_another_lesson"
        tests[8].metadata.nbgrader.points = 1000
        tests[9].metadata.nbgrader = "nothing"

    hand_in(course, "ada", spoil)
    assert grade_all(course)[0].points == 100
    assert totals(course) == {"ada": 100}
    found = [
        cell.metadata.nbgrader.get("grade_id")
        for cell in graded_notebook(course, "ada").cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]
    assert sorted(found) == sorted(check.id for check in LESSON.checks)


def test_a_mark_by_hand_stays_and_asks_for_review(course):
    hand_in(course, "ada")
    grade_all(course)
    check = LESSON.checks[0]

    def row(gradebook):
        return gradebook.find_grade(check.id, LESSON.notebook, LESSON.name, "ada")

    with course.gradebook() as gradebook:
        row(gradebook).manual_score = 1.5
        gradebook.db.commit()
    classroom.grade_one(course, LESSON, "ada")
    with course.gradebook() as gradebook:
        grade = row(gradebook)
        assert (grade.manual_score, grade.auto_score) == (1.5, check.points)
        assert grade.needs_manual_grade
    assert totals(course) == {"ada": 100 - check.points + 1.5}


def test_what_students_wrote_is_made_harmless_and_their_outputs_go(course):
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)> 1 < 2"

    def spoil(notebook):
        notebook.cells.append(new_markdown_cell(attack))
        data = {"text/html": "<script>alert(1)</script>"}
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = [new_output("display_data", data=data)]

    hand_in(course, "ada", spoil)
    grade_all(course)
    notebook = graded_notebook(course, "ada")
    assert "alert(1)</script>" not in json.dumps(notebook)
    assert "onerror" not in notebook.cells[-1].source
    release = nbformat.read(course.release_path(LESSON), as_version=4)
    own = [c.source for c in release.cells if c.cell_type == "markdown"]
    assert own == [c.source for c in notebook.cells if c.cell_type == "markdown"][:-1]
    course.generate_feedback(LESSON)
    page = course.folder / "feedback/ada" / LESSON.name / f"{LESSON.notebook}.html"
    text = page.read_text()
    assert "<script>alert" not in text
    assert "onerror=alert" not in text
    assert "identity_block-layers</strong>" in text


def test_the_secret_is_kept_for_the_owner_and_seeds_differ(tmp_path, monkeypatch):
    secret = course_secret(tmp_path)
    assert secret == course_secret(tmp_path)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    places = [("a", "b", "c"), ("a", "b", "d"), ("a", "x", "c"), ("x", "b", "c")]
    assert len({challenge_seed(secret, *place) for place in places}) == 4
    monkeypatch.setenv("GRADER_COURSE_SECRET", "given")
    assert course_secret(tmp_path) == b"given"


def test_a_half_written_record_is_none(course):
    hand_in(course, "ada")
    grade_all(course)
    place = course.place(LESSON, "ada")
    place.record.write_text(place.record.read_text()[:50])
    assert records.read(place) is None
    assert classroom.ungraded(course, LESSON, ["ada"]) == ["ada"]


def test_outside_of_a_checkout_the_command_says_so(tmp_path, monkeypatch):
    with pytest.raises(CourseError, match=r"nbgrader_config\.py"):
        find_root(tmp_path)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(command)
    assert result.exit_code == 1
    assert "nbgrader_config.py" in result.output


def test_the_command_grades_and_then_skips(course, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("GRADER_RUN_FOLDER", str(course.folder))
    monkeypatch.setattr("grader.cli.autograde.prepare", lambda course, lesson: None)
    assert "Nothing was handed in" in CliRunner().invoke(command).output
    hand_in(course, "ada")
    hand_in(course, "ben")
    run = CliRunner().invoke
    assert "1 graded, 0 as they were" in run(command, ["01", "--student", "ben"]).output
    assert "1 graded, 1 as they were" in run(command).output
    assert "2 graded, 0 as they were" in run(command, ["--force"]).output
    assert run(command, ["--student", "carl", "01"]).exit_code == 1
    assert run(command, ["99"]).exit_code == 2
