"""`grader feedback`: the pages of `nbgrader generate_feedback`, by many, once each."""

import json
import shutil
import signal

import pytest
from click.testing import CliRunner

from grader.cli import feedback, main
from grader.nbgrader import execute
from grader.nbgrader.pages.class_pages import Pages, unwritten
from tests.course import LESSON, full_marks, open_course

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]

GRADED = ("ada", "ben")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """ada and ben were graded, and cleo was not."""
    course = open_course(tmp_path_factory.mktemp("course"))
    course.generate_assignment(LESSON)
    for student in (*GRADED, "cleo"):
        place = course.path(course.submitted, student, LESSON.name)
        place.mkdir(parents=True)
        shutil.copy(course.release_path(LESSON), place)
        (place / "notes.txt").write_text(student)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "grade", full_marks)
        for student in GRADED:
            course.autograde(LESSON, student)
    return course


@pytest.fixture
def course(graded, tmp_path, monkeypatch):
    folder = tmp_path / "run"
    shutil.copytree(graded.folder, folder)
    course = open_course(folder)
    monkeypatch.setattr(feedback, "open_course", lambda: course)
    return course


def run(*arguments):
    result = CliRunner().invoke(main, ["feedback", "01", *arguments, "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    told = [json.loads(line) for line in result.stdout.splitlines()]
    pages = {each["student"]: each for each in told if each["kind"] == "page"}
    counts = told[-1]
    assert counts.pop("kind") == "run"
    return result.exit_code, pages, tuple(counts.values())


def written(course):
    folder = course.folder / "feedback"
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def mark_by_hand(course):
    with course.gradebook() as gradebook:
        where = LESSON.checks[0].id, LESSON.notebook, LESSON.name, "ben"
        gradebook.find_grade(*where).manual_score = 1.5
        gradebook.db.commit()


def lose_the_page(course):
    Pages(course, LESSON).path("ben").unlink()


def change_the_page(course):
    Pages(course, LESSON).path("ben").write_text("another")


def test_pages_are_nbgraders_by_many_too(course):
    assert run("--workers=2", *(f"--student={s}" for s in GRADED))[::2] == (
        0,
        (2, 0, 0),
    )
    found = written(course)
    assert {".html", ".txt"} <= {path.suffix for path in found}
    shutil.rmtree(course.folder / "feedback")
    course.generate_feedback(LESSON)
    assert written(course) == found
    assert run("--student=ada")[::2] == (0, (0, 0, 1))


@pytest.mark.parametrize("change", [mark_by_hand, lose_the_page, change_the_page])
def test_what_is_up_to_date_is_not_written_again(course, change):
    """Another mark, and a page that is gone or another one, are; nothing else is."""
    code, pages, counts = run()
    assert (code, counts) == (1, (2, 1, 0))
    assert pages["cleo"]["problems"] == ["no page: it has not been graded"]
    assert run()[1:] == ({"cleo": pages["cleo"]}, (0, 1, 2))
    change(course)
    assert {s for s, page in run()[1].items() if page["page"]} == {"ben"}
    assert unwritten(Pages(course, LESSON), GRADED) == []
    assert unwritten(Pages(course, LESSON), GRADED, force=True) == list(GRADED)


@pytest.mark.parametrize(("times", "done"), [(1, ["ada"]), (2, [])])
def test_ctrl_c_stops_and_the_next_run_goes_on(course, monkeypatch, times, done):
    """Once it finishes what is in hand; twice it stops at once."""
    put = Pages.put

    def interrupted(self, task, result):
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)
        put(self, task, result)

    with monkeypatch.context() as patch:
        patch.setattr(Pages, "put", interrupted)
        result = CliRunner().invoke(main, ["feedback", "01", "--workers=1"])
    assert result.exit_code == 130
    assert "`grader feedback` goes on where this was" in result.output
    left = [student for student in GRADED if student not in done]
    assert unwritten(Pages(course, LESSON), GRADED) == left
    assert {s for s, page in run()[1].items() if page["page"]} == set(left)
