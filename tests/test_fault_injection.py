"""A fault at each step between a submission and its mark, and what comes of it.

ada's submission meets the fault, ben's does not. No mark, no record and no page may
come of it; a line names it, the command ends with 1, ben is graded. Once it is mended,
the next run grades ada's alone.
"""

import shutil
import sqlite3
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.cli import autograde as command
from grader.cli import main
from grader.lessons import get_lesson
from grader.nbgrader import execute
from grader.nbgrader.grading import alone, converter, records
from grader.nbgrader.grading.course import Course
from grader.nbgrader.kernels import channel, graded
from grader.nbgrader.kernels.kernel import Kernel
from grader.nbgrader.repair import RepairMetadata
from grader.nbgrader.sanitize import SanitizeText
from grader.nbgrader.standing import standings
from tests.course import full_marks, open_course

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]

ROOT = Path(__file__).parents[1]
LESSON = get_lesson("01_residual_networks")
FILE = f"{LESSON.notebook}.ipynb"
NAME = "the fault of this test"


class Slip(Exception):
    """What is raised by a step that has a fault."""


def slip(*arguments, **options):
    raise Slip(NAME)


def for_ada(step):
    """A method of nbgrader's steps that fails for ada."""

    def preprocess(self, notebook, resources, *rest):
        if resources["nbgrader"]["student"] == "ada":
            slip()
        return step(self, notebook, resources, *rest)

    return preprocess


def first_time(function):
    """Fails at its first call, which is ada's."""
    calls = []

    def failing(*arguments, **options):
        calls.append(arguments)
        return (slip if len(calls) == 1 else function)(*arguments, **options)

    return failing


class OwnStep(NbGraderPreprocessor):
    """A step that an instructor wrote."""

    preprocess = for_ada(lambda self, notebook, resources: (notebook, resources))


class Penalty(LateSubmissionPlugin):
    """A plugin for late penalties, with a slip in it."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        if student_id == "ada":
            slip()
        return 1.0


class Steps:
    """Sets faults, and mends them."""

    def __init__(self, course, monkeypatch):
        self.course = course
        self.patch = monkeypatch

    def set_method(self, step):
        self.patch.setattr(step, "preprocess", for_ada(step.preprocess))

    def set_function(self, module, name):
        self.patch.setattr(module, name, first_time(getattr(module, name)))

    def add_step(self, place):
        steps = list(self.course.config.Autograde.autograde_preprocessors)
        steps.insert(place, OwnStep)
        self.course.config.Autograde.autograde_preprocessors = steps

    def set_penalty(self):
        self.course.config.AssignLatePenalties.plugin_class = Penalty
        with self.course.gradebook() as gradebook:
            gradebook.update_or_create_assignment(LESSON.name, duedate="2020-01-01")
        for student in ("ada", "ben"):
            folder = self.course.path(self.course.submitted, student, LESSON.name)
            (folder / "timestamp.txt").write_text("2020-01-02 00:00:00 UTC")

    def fill_gradebook(self):
        with sqlite3.connect(self.course.gradebook_path) as database:
            database.execute(
                f"""create trigger full before update on grade when (
                    select student_id from submitted_assignment a
                    join submitted_notebook n on n.assignment_id = a.id
                    where n.id = new.notebook_id) = 'ada'
                begin select raise(abort, '{NAME}'); end"""
            )
        database.close()

    def block(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(NAME)

    def mend(self):
        self.patch.undo()
        config = Course(ROOT, str(self.course.folder)).config
        self.course.config.Autograde = config.Autograde
        self.course.config.AssignLatePenalties = config.AssignLatePenalties
        with sqlite3.connect(self.course.gradebook_path) as database:
            database.execute("drop trigger if exists full")
        database.close()
        for path in (
            self.course.folder / "reports" / LESSON.name / "ada.json.part",
            self.course.folder / "autograded" / "ada",
        ):
            if path.is_file():
                path.unlink()


FAULTS = {
    "the choice of a file": lambda s: s.set_function(alone, "choose"),
    "reading the file": lambda s: s.set_function(alone, "salvage"),
    "mending": lambda s: s.set_method(RepairMetadata),
    "sanitising": lambda s: s.set_method(SanitizeText),
    "an instructor's step before the kernel": lambda s: s.add_step(1),
    "kernel, capture and channel": lambda s: s.set_function(execute, "grade"),
    "the report": lambda s: s.set_function(execute, "write_reports"),
    "an instructor's step after the kernel": lambda s: s.add_step(3),
    "marks": lambda s: s.set_function(converter.Ledger, "save"),
    "the gradebook": Steps.fill_gradebook,
    "the late penalty": Steps.set_penalty,
    "an instructor's step after the marks": lambda s: s.add_step(6),
    "the folder of the graded": lambda s: s.block(s.course.folder / "autograded/ada"),
    "the page": lambda s: s.set_function(converter.Grading, "write_page"),
    "permissions": lambda s: s.set_function(converter.Grading, "set_permissions"),
    "the record": lambda s: s.set_function(records, "write"),
}


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    open_course(folder).generate_assignment(LESSON)
    return folder


@pytest.fixture
def course(released, tmp_path, monkeypatch):
    folder = tmp_path / "run"
    shutil.copytree(released, folder)
    course = open_course(folder)
    for student in ("ada", "ben"):
        hand_in(course, student)
    monkeypatch.setattr(command, "open_course", lambda settings: course)
    monkeypatch.setattr(command, "prepare", lambda course, lesson: None)
    return course


@pytest.fixture
def steps(course):
    with pytest.MonkeyPatch.context() as patch:
        yield Steps(course, patch)


@pytest.fixture
def no_kernel(monkeypatch):
    monkeypatch.setattr(execute, "grade", full_marks)


def hand_in(course, student, notebook=None):
    folder = course.path(course.submitted, student, LESSON.name)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(notebook or course.release_path(LESSON), folder / FILE)


def run(*arguments):
    result = CliRunner().invoke(main, ["autograde", LESSON.name, *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def totals(course):
    return {s.student: s.total for s in standings(course, LESSON)}


def rows(course):
    """All that the gradebook says of students."""
    tables = ("student", "submitted_assignment", "submitted_notebook", "grade")
    with sqlite3.connect(course.gradebook_path) as database:
        found = {
            table: sorted(database.execute(f"select * from {table}"), key=str)
            for table in (*tables, "comment")
        }
    database.close()
    return found


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_no_mark(course, steps, name):
    FAULTS[name](steps)
    code, output = run()
    assert code == 1
    assert "1 graded, 1 not graded, 0 as they were" in output
    (line,) = [line for line in output.splitlines() if "ada: not graded: " in line]
    assert NAME in line or str(course.folder) in line
    assert set(totals(course)) == {"ben"}
    assert "'ada'" not in str(rows(course))
    assert not (course.folder / "autograded/ada" / LESSON.name).exists()
    assert records.read(course.place(LESSON, "ada")) is None
    steps.mend()
    steps.patch.setattr(execute, "grade", full_marks)
    code, output = run()
    assert code == 0, output
    assert "1 graded, 1 as they were" in output
    assert totals(course)["ada"] == 100


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize("name", ["the report", "the late penalty", "the record"])
def test_an_earlier_mark_stays_until_the_fault_is_mended(course, steps, name):
    run()
    before = rows(course)
    FAULTS[name](steps)
    given = rows(course)
    assert given["grade"] == before["grade"]
    code, output = run("--student", "ada", "--force")
    assert code == 1
    assert NAME in output
    assert "its earlier mark stays" in output
    assert rows(course) == given
    steps.mend()
    steps.patch.setattr(execute, "grade", full_marks)
    code, output = run("--student", "ada")
    assert code == 0
    assert "1 graded, 0 as they were" in output


def test_faults_around_the_kernel_are_no_marks(course, steps):
    """One after the other, with real kernels; ben's notebook needs none."""
    hand_in(course, "ada", ROOT / "solutions" / LESSON.name / FILE)
    path = course.path(course.submitted, "ben", LESSON.name) / FILE
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = "def ("
    nbformat.write(notebook, path)
    counts = ["1 graded, 1 not graded, 0 as they were"]
    counts += 3 * ["0 graded, 1 not graded, 1 as they were"]
    places = [(Kernel, "__enter__"), (Kernel, "run")]
    places += [(channel, "parse"), (graded.Lesson, "judge")]
    for (where, name), count in zip(places, counts, strict=True):
        kept = getattr(where, name)

        def failing(self, *rest, kept=kept, judging=where is graded.Lesson):
            # ben's functions are judged, too: none of them was captured
            if judging and type(rest[-1]) is not dict:
                return kept(self, *rest)
            return slip()

        with steps.patch.context() as patch:
            patch.setattr(where, name, failing)
            code, output = run()
        assert code == 1
        assert count in output
        assert "ada: not graded: " in output
        assert NAME in output
        assert totals(course) == {"ben": 0}
    assert "1 graded, 1 as they were" in run()[1]
    assert totals(course) == {"ada": 100, "ben": 0}
