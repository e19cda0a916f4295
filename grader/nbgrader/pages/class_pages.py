"""Feedback pages of a class: who gets one, and where it is put.

A page that was made from what is there now, and is as it was made, is not made again.
"""

import contextlib
import functools
import glob
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback

from grader.lessons import Lesson
from grader.nbgrader.faults import CourseError, fault
from grader.nbgrader.gradebook import copies
from grader.nbgrader.grading.code import code_digest
from grader.nbgrader.grading.course import Course
from grader.nbgrader.grading.crew import Crew, in_this_process, tasks_of
from grader.nbgrader.grading.material import settings_of
from grader.nbgrader.handed_in.student_names import demand_name
from grader.nbgrader.notebook.place import Place
from grader.nbgrader.pages.page_alone import PageMaterial, PageTask, convert, page_alone

#: settings of nbgrader's converter that are for where the pages are put
_HOOKS = ("pre_convert_hook", "post_convert_hook")
#: packages whose version changes what a page looks like
_PACKAGES = ("nbgrader", "nbconvert", "beautifulsoup4")


@dataclass(frozen=True)
class Page:
    """How a page went.

    Attributes:
        page: its path; empty where there is none.
        problems: why, a line each.
    """

    student: str
    lesson: str
    page: str
    problems: tuple[str, ...] = ()

    @property
    def written(self) -> bool:
        """Whether it was written."""
        return not self.problems


class Pages:
    """The pages of a lesson.

    Args:
        course: the course.
        lesson: the lesson.

    Attributes:
        material: what they are made with.
    """

    def __init__(self, course: Course, lesson: Lesson):
        self._course, self._lesson = course, lesson
        # nbgrader's own is made anew for each student
        converter: Any = GenerateFeedback(
            coursedir=course.directory, config=course.config, log=course.log
        )
        self._converter = converter
        settings = settings_of(course.config)
        own = settings.get("GenerateFeedback", {})
        settings["GenerateFeedback"] = {k: own[k] for k in own if k not in _HOOKS}
        folder = course.release_path(lesson).parent
        release = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix != ".ipynb"
        }
        self.material = PageMaterial(lesson.name, release, settings)
        directory = course.directory
        with Gradebook(directory.db_url, directory.course_id) as gradebook:
            self._released = copies.released(gradebook)
            self._rows = copies.handed_in(gradebook, lesson.name)

    @functools.cached_property
    def _common(self) -> str:
        """A digest of what all pages are made from."""
        release = {n: _digest(c) for n, c in self.material.release.items()}
        packages = [version(name) for name in _PACKAGES]
        parts = [code_digest(), packages, release, self.material.settings]
        return _digest(_json([*parts, _digest(self._released)]))

    def task(self, student: str) -> PageTask:
        """What a student's page is made from.

        Raises:
            CourseError: if there is nothing to make one from.
        """
        demand_name(student)
        place = self._course.place(self._lesson, student)
        notebook = place.autograded / f"{place.notebook}.ipynb"
        if student not in self._rows or not notebook.is_file():
            raise CourseError("it has not been graded")
        rows, content = self._rows[student], notebook.read_bytes()
        record = place.record.read_bytes() if place.record.is_file() else b""
        sources = [self._common, _digest(content), _digest(record)]
        digest = _digest(_json([*sources, [rows[table] for table in rows]]))
        gradebook = copies.of_student(self._released, rows)
        return PageTask(student, content, gradebook, record, digest)

    def is_written(self, task: PageTask) -> bool:
        """Whether the page is there, and what it would be."""
        place = self._course.place(self._lesson, task.student)
        try:
            kept = json.loads(self._note(place).read_text("utf-8"))
            page = _digest(self.path(task.student).read_bytes())
        except (OSError, ValueError):
            return False
        return kept == {"made_from": task.digest, "page": page}

    def path(self, student: str) -> Path:
        """Where a student's page is put."""
        step = self._course.directory.feedback_directory
        folder = self._course.path(step, student, self._lesson.name)
        return folder / f"{self._lesson.notebook}.html"

    def put(self, task: PageTask, page: bytes) -> None:
        """Puts a page, and what goes with it, where it belongs."""
        student, lesson = task.student, self._lesson.name
        place = self._course.place(self._lesson, student)
        self._note(place).unlink(missing_ok=True)
        converter, course = self._converter, self._course.directory
        course.assignment_id, course.student_id = lesson, glob.escape(student)
        folder = Path(converter._format_source(lesson, student))
        own = str(folder / f"{place.notebook}.ipynb")
        others = glob.glob(f"{glob.escape(str(folder))}/*.ipynb")  # noqa: PTH207
        converter.notebooks = sorted({own, *others})
        converter.run_pre_convert_hook()
        converter.init_assignment(lesson, student)
        for each in converter.notebooks:
            made = page if each == own else convert(converter, each)
            path = self.path(student).with_name(f"{Path(each).stem}.html")
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, made)
        converter.set_permissions(lesson, student)
        converter.run_post_convert_hook()
        note = {"made_from": task.digest, "page": _digest(page)}
        self._note(place).parent.mkdir(parents=True, exist_ok=True)
        _write(self._note(place), _json(note))

    def _note(self, place: Place) -> Path:
        """The file that says what a page was made from."""
        return place.run_folder / "pages" / place.lesson / f"{place.student}.json"


def unwritten(
    pages: Pages, students: Sequence[str], *, force: bool = False
) -> list[str]:
    """Those whose page is not there, or would be another one."""
    found = []
    for student in students:
        with contextlib.suppress(CourseError):
            if not force and pages.is_written(pages.task(student)):
                continue
        found.append(student)
    return found


def write_pages(
    course: Course,
    lesson: Lesson,
    pages: Pages,
    students: Sequence[str],
    crew: Crew = in_this_process,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Page]:
    """Writes pages and yields how each went.

    Args:
        course: the course.
        lesson: the lesson.
        pages: of both.
        students: whose.
        crew: who makes them.
        stopped: whether to finish what is in hand, and begin no more.
    """
    todo = list(students)
    try:
        with contextlib.chdir(course.root):
            job = functools.partial(page_alone, pages.material)
            for student, outcome in crew(
                job, tasks_of(tuple(todo), pages.task, stopped)
            ):
                todo.remove(student)
                try:
                    if isinstance(outcome, BaseException):
                        raise outcome
                    pages.put(*outcome)
                    yield Page(student, lesson.name, str(pages.path(student)))
                except (Exception, SystemExit) as error:
                    course.log.exception("no page for %a", student)
                    yield _none(course, lesson, student, error)
    except (Exception, SystemExit) as error:
        # no page can be made here
        course.log.exception("no pages for %s", lesson.name)
        for student in todo:
            yield _none(course, lesson, student, error)


def _none(course: Course, lesson: Lesson, student: str, error: BaseException) -> Page:
    why = f"no page: {fault(error, course.gradebook_name)}"
    return Page(student, lesson.name, "", (why,))


def _write(path: Path, content: bytes) -> None:
    """Writes a file; a reader sees all of it or none."""
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _json(found: Any) -> bytes:
    return json.dumps(found, sort_keys=True, default=str).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
