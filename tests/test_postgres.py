"""A gradebook in PostgreSQL says what one in a file says."""

import shutil

import pytest

from grader.lessons import get_lesson
from grader.nbgrader import execute
from grader.nbgrader.faults import MachineFault
from grader.nbgrader.grading import records
from grader.nbgrader.grading.classroom import forget, grade_class, ungraded
from tests import postgres
from tests.course import full_marks, open_course

LESSON = get_lesson("01_residual_networks")
FILE = f"{LESSON.notebook}.ipynb"
STUDENTS = ("ada", "ben", "cleo")

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]


def open_at(folder, url=""):
    names = {"db_url": url} if url else {}
    names["release_directory"] = str(folder / "release")
    return open_course(folder, CourseDirectory=names)


def hand_in(course):
    """Two notebooks, and a file that cannot be read."""
    for student in STUDENTS:
        place = course.path(course.submitted, student, LESSON.name)
        place.mkdir(parents=True)
        shutil.copy(course.release_path(LESSON), place)
        (place / "timestamp.txt").write_text("2020-01-02 00:00:00 UTC")
    (place / FILE).write_bytes(b"\xff\x00 no notebook")


def term(course, monkeypatch):
    """Graded, by hand too, handed in again, regraded, and a grading that fails."""
    course.generate_assignment(LESSON)
    hand_in(course)
    told = list(grade_class(course, LESSON, STUDENTS))
    with course.gradebook() as gradebook:
        check = LESSON.checks[0].id
        grade = gradebook.find_grade(check, LESSON.notebook, LESSON.name, "ada")
        grade.manual_score, grade.extra_credit = 1.5, 0.25
        gradebook.update_or_create_student("ben", last_name="Bär", first_name="Ben")
        gradebook.db.commit()
    place = course.path(course.submitted, "ben", LESSON.name)
    (place / "timestamp.txt").write_text("2020-01-03 00:00:00 UTC")
    assert ungraded(course, LESSON, STUDENTS) == ["ben"]
    forget(course, LESSON, STUDENTS)
    told += grade_class(course, LESSON, STUDENTS)
    with monkeypatch.context() as patch:
        patch.setattr(records, "write", lambda *rest: 1 / 0)
        told += grade_class(course, LESSON, ["ada"])
    assert "its earlier mark stays" in told[-1].problems[0]
    return told, course.export().read_bytes()


@pytest.mark.skipif(postgres.programs() is None, reason=postgres.LACKING)
def test_marks_are_the_same_as_in_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(execute, "grade", full_marks)
    found = term(open_at(tmp_path / "file"), monkeypatch)
    with postgres.server() as url:
        assert term(open_at(tmp_path / "server", url), monkeypatch) == found
    lines = found[1].decode().splitlines()
    assert sum(line.startswith(LESSON.name) for line in lines) == len(STUDENTS)
    assert not (tmp_path / "server" / "gradebook.db").exists()


def test_a_server_that_is_away_is_named_without_its_password(tmp_path):
    url = f"postgresql+psycopg://grader:{postgres.PASSWORD}@/book?host={tmp_path}"
    course = open_at(tmp_path / "run", url)
    with pytest.raises(MachineFault) as caught, course.gradebook():
        pass
    assert "postgresql+psycopg://grader:***@/book" in str(caught.value)
    course.log.error("%s", caught.value, exc_info=caught.value)
    assert postgres.PASSWORD not in (course.folder / "logs/nbgrader.log").read_text()
