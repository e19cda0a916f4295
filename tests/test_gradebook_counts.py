"""What counts is what the gradebook says: marks that are lost, dates that are moved."""

import csv
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbgrader.converters import Autograde
from nbgrader.plugins import LateSubmissionPlugin

from grader.cli import autograde, main, report
from grader.lessons import get_lesson
from grader.nbgrader import execute
from grader.nbgrader.export import QuotedCsv
from grader.nbgrader.gradebook import late
from grader.nbgrader.standing import standings
from tests.course import full_marks, open_course

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]

ROOT = Path(__file__).parents[1]
LESSON = get_lesson("01_residual_networks")
FILE = f"{LESSON.notebook}.ipynb"


class Tenth(LateSubmissionPlugin):
    """Takes off a tenth of the points."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 10


class Slip(LateSubmissionPlugin):
    """Cannot say."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        raise ZeroDivisionError("by nothing")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """ada and ben were graded; both came on 2 January."""
    folder = tmp_path_factory.mktemp("course")
    course = open_with(folder)
    course.generate_assignment(LESSON)
    for student in ("ada", "ben"):
        place = course.path(course.submitted, student, LESSON.name)
        place.mkdir(parents=True)
        shutil.copy(course.release_path(LESSON), place)
        (place / "timestamp.txt").write_text("2020-01-02 00:00:00 UTC")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "grade", full_marks)
        for student in ("ada", "ben"):
            course.autograde(LESSON, student)
    return folder


def open_with(folder, plugin=Tenth):
    return open_course(folder, AssignLatePenalties={"plugin_class": plugin})


@pytest.fixture
def course(graded, tmp_path, monkeypatch):
    folder = tmp_path / "run"
    shutil.copytree(graded, folder)
    course = open_with(folder)
    monkeypatch.setattr(execute, "grade", full_marks)
    monkeypatch.setattr(autograde, "open_course", lambda settings: course)
    monkeypatch.setattr(report, "open_course", lambda: course)
    return course


def run(*arguments):
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def totals(course):
    return {s.student: s.total for s in standings(course, LESSON)}


def exported(course):
    with (course.folder / "grades.csv").open() as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def formgraders(course):
    """What formgrader shows: the gradebook's scores less its penalties."""
    with course.gradebook() as gradebook:
        rows = gradebook.assignment_submissions(LESSON.name)
        return {r.student_id: r.score - r.late_submission_penalty for r in rows}


def execute_sql(course, *statements):
    with sqlite3.connect(course.gradebook_path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


def lose_the_gradebook(course):
    course.gradebook_path.unlink()
    return 2


def lose_a_student(course):
    with course.gradebook() as gradebook:
        gradebook.remove_student("ada")
    return 1


def lose_a_submission(course):
    with course.gradebook() as gradebook:
        gradebook.remove_submission(LESSON.name, "ada")
    return 1


def lose_a_mark(course):
    execute_sql(
        course,
        "update grade set auto_score = null where id = (select min(id) from grade)",
    )
    return 1


def lose_all_marks(course):
    execute_sql(course, "delete from grade")
    return 2


def change_a_mark(course):
    execute_sql(
        course, "update grade set auto_score = 0 where id = (select min(id) from grade)"
    )
    return 1


def lose_the_graded(course):
    shutil.rmtree(course.folder / "autograded")
    return 2


def lose_the_records(course):
    shutil.rmtree(course.folder / "reports")
    return 2


@pytest.mark.parametrize(
    "lose",
    [
        lose_the_gradebook,
        lose_a_student,
        lose_a_submission,
        lose_a_mark,
        lose_all_marks,
        change_a_mark,
        lose_the_graded,
        lose_the_records,
    ],
)
def test_what_lost_its_marks_is_graded_again(course, lose):
    lost = lose(course)
    code, output = run("autograde", LESSON.name)
    assert code == 0, output
    assert f"{lost} graded, {2 - lost} as they were" in output
    assert totals(course) == {"ada": 100, "ben": 100}
    assert run("report", LESSON.name)[0] == 0
    assert exported(course) == totals(course) == formgraders(course)
    assert "0 graded, 2 as they were" in run("autograde", LESSON.name)[1]


def due(course, date):
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LESSON.name, duedate=date)


def test_nbgrader_grades_again_what_lost_its_marks(course):
    """All of a class at once, as `nbgrader autograde` does it, without --force."""
    lose_a_student(course)
    course.directory.assignment_id, course.directory.student_id = LESSON.name, "*"
    Autograde(coursedir=course.directory, config=course.config, log=course.log).start()
    assert totals(course) == {"ada": 100, "ben": 100}


@pytest.mark.parametrize("command", ["report", "autograde"])
def test_a_due_date_that_is_set_later_counts_everywhere(course, command, monkeypatch):
    def refuse(*arguments):
        raise AssertionError("a notebook is graded again")

    monkeypatch.setattr(execute, "grade", refuse)
    for date, points in (("2020-01-01", 90), ("2020-01-03", 100), (None, 100)):
        due(course, date)
        code, output = run(command, LESSON.name)
        assert code == 0, output
        assert formgraders(course) == {"ada": points, "ben": points}
        code, output = run("report", LESSON.name)
        assert totals(course) == exported(course) == formgraders(course)
        assert f" {points} " in output
        assert (" -10 " in output) == (points == 90)


def test_an_extension_counts_as_well(course):
    due(course, "2020-01-01")
    with course.gradebook() as gradebook:
        gradebook.grant_extension(LESSON.name, "ben", days=2)
    run("report", LESSON.name)
    assert totals(course) == exported(course) == {"ada": 90, "ben": 100}


def test_the_line_of_a_late_submission_gives_what_counts(course):
    due(course, "2020-01-01")
    output = run("autograde", LESSON.name, "--force")[1]
    assert "ada: 90 points, 10 of 100 taken off for lateness" in output


def test_nbgraders_export_counts_lateness(course):
    due(course, "2020-01-01")
    with course.gradebook() as gradebook:
        path = str(course.folder / "grades.csv")
        plugin = QuotedCsv(config=course.config, to=path)
        plugin._renew_penalties(course.directory)
        plugin.export(gradebook)
    assert exported(course) == {"ada": 90, "ben": 90}


@pytest.mark.parametrize("command", ["report", "autograde"])
def test_a_penalty_that_cannot_be_computed_is_told(course, command):
    due(course, "2020-01-01")
    run("report")
    course.config.AssignLatePenalties.plugin_class = Slip
    code, output = run(command, LESSON.name)
    assert code == 1
    assert "ada: late penalty not computed: ZeroDivisionError: by nothing" in output
    assert totals(course) == {"ada": 90, "ben": 90}


def test_a_course_without_penalties_keeps_those_that_are_there(course):
    due(course, "2020-01-01")
    run("report")
    steps = [
        s for s in course.config.Autograde.autograde_preprocessors if "Late" not in s
    ]
    course.config.Autograde.autograde_preprocessors = steps
    due(course, None)
    assert late.penalty_steps(course.config) == ()
    run("report")
    assert totals(course) == {"ada": 90, "ben": 90}


TIMES = [
    "",
    "soon",
    "\0",
    "99999999999999999999999999",
    "2020-01-02 00:00:00 9999999999999999999999",
    "0001-01-01 00:00:00 +2359",
    "1e99999999",
    "2020-01-02T00:00:00+99:99",
    "(" * 199,
    "x" * 100_000,
]


def test_a_time_that_cannot_be_read_costs_nothing_and_is_told(course):
    due(course, "2020-01-01")
    path = course.path(course.submitted, "ada", LESSON.name) / "timestamp.txt"
    for text in TIMES:
        with course.gradebook() as gradebook:
            gradebook.remove_student("ada")
        path.write_text(text)
        code, output = run("autograde", LESSON.name, "--student", "ada")
        assert code == 0, output
        assert "ada: 100 points" in output
        assert "The submission time could not be read from timestamp.txt" in output
    assert totals(course)["ada"] == 100
