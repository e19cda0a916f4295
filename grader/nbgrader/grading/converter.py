"""nbgrader's autograde, one submission after the other, each by itself.

`grader autograde` and `nbgrader autograde` both go this way: the exporter turns the
converter that nbgrader makes into one of these.
"""

import contextlib
import functools
import glob
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.writers.files import FilesWriter
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import AssignLatePenalties

from grader.escape import is_visible
from grader.lessons import LESSONS, get_lesson
from grader.nbgrader.execute import KEY
from grader.nbgrader.faults import CourseError, fault
from grader.nbgrader.gradebook.earlier import Earlier
from grader.nbgrader.gradebook.late import Steps, penalty_steps, renew_penalty
from grader.nbgrader.gradebook.ledger import Ledger
from grader.nbgrader.gradebook.marked import Marked
from grader.nbgrader.grading import records
from grader.nbgrader.grading.alone import grade_alone
from grader.nbgrader.grading.done import is_done
from grader.nbgrader.grading.material import material_of, steps, submission_of
from grader.nbgrader.grading.task import Material, Result, Submission
from grader.nbgrader.ground import gradebook_name
from grader.nbgrader.handed_in.choice import DEBRIS
from grader.nbgrader.handed_in.student_names import demand_name
from grader.nbgrader.marks import SaveMarks
from grader.nbgrader.notebook.place import Place

#: the last steps that a result has behind it, or that need no notebook
_DONE = (SaveMarks, AssignLatePenalties)


class NotGraded(NbGraderException):
    """Some submissions have no mark, for faults that are not their students'.

    Attributes:
        faults: by student, in a line.
    """

    def __init__(self, faults: Mapping[str, str]):
        super().__init__("; ".join(faults.values()))
        self.faults = faults


class Grading(Autograde):
    """Gives each submission its marks, page and record, or nothing at all.

    Only what a student's notebook is or does becomes a mark: it is read, and may be
    `Ungradable`; it runs, and its kernel tells how far. Whatever else is raised
    between a submission and its record is a fault of the course, the machine or
    nbgrader: then the gradebook says what it said before, the submission has no
    record, and the next one is graded.
    """

    coursedir: Any

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Lets submissions be collected, and results be put, while the block lasts.

        Raises:
            NbGraderException: if marks would not be what they say; see `exporter`.
        """
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = self.exporter_class(parent=self, config=self.config)
        with contextlib.chdir(self.coursedir.root), self.open_ledger():
            yield

    @contextlib.contextmanager
    def open_ledger(self) -> Iterator[None]:
        """Holds the gradebook open while the block lasts."""
        with Ledger(self.coursedir.db_url, self.coursedir.course_id) as self.ledger:
            yield

    def init_notebooks(self) -> None:
        """Finds submissions, a lesson's folders without a notebook among them."""
        try:
            super().init_notebooks()
        except NbGraderException:
            if not self._found():
                raise

    def convert_notebooks(self) -> None:
        """Grades what was found.

        Raises:
            NotGraded: if faults left submissions without a mark.
        """
        with self.open_ledger():
            faults = dict(self._grade_found())
        for student, why in faults.items():
            self.log.error("%a is not graded: %s", student, why)
        if faults:
            raise NotGraded(faults)

    def _grade_found(self) -> Iterator[tuple[str, str]]:
        """Grades what was found; students without a mark, and why, in a line."""
        for folder, notebooks in sorted(self._found().items()):
            # STUDENT/LESSON: nbgrader has not written the name anywhere yet
            student, assignment = Path(folder).parent.name, Path(folder).name
            # each is looked for in the database, and named in the log
            self.notebooks = sorted(n for n in notebooks if is_visible(Path(n).name))
            try:
                demand_name(student)
                self._grade(assignment, student)
            except (Exception, SystemExit) as error:
                self.log.error("%a is not graded.", student, exc_info=True)
                yield student, self.fault(student, error)

    @functools.cached_property
    def material(self) -> Material:
        """What the submissions of the lesson are graded with."""
        return material_of(self, get_lesson(self.coursedir.assignment_id))

    @functools.cached_property
    def penalties(self) -> Steps:
        """The steps that take off for lateness."""
        return penalty_steps(self.config)

    def collect(self, student: str) -> Submission:
        """What a student handed in for the lesson.

        Raises:
            CourseError: if it is not to be graded.
        """
        demand_name(student)
        self._demand_included(student)
        place = self._place(self.coursedir.assignment_id, student)
        # whoever is stopped from here on finds no record, and grades it again
        records.remove(place)
        self.notebooks = self._notebooks(place)
        self.coursedir.student_id = glob.escape(student)
        self.run_pre_convert_hook()
        return submission_of(place)

    def put(self, submission: Submission, result: Result) -> Marked:
        """Puts what came out of a submission into the course: all of it, or nothing.

        Returns:
            What the gradebook then says of it.
        """
        student, lesson = submission.student, self.coursedir.assignment_id
        place = self._place(lesson, student)
        self.notebooks = self._notebooks(place)
        self.coursedir.student_id = glob.escape(student)
        with self._or_undo(lesson, student):
            self._remove(lesson, student)
            released = self.ledger.enter(
                place,
                self.coursedir.get_existing_timestamp(str(place.submitted)),
                create_student=self.create_student,
            )
            self._copy_files(place)
            for notebook in self.notebooks:
                if (name := Path(notebook).stem) in released and name != place.notebook:
                    self.convert_single_notebook(notebook)
            marked = self._save(place, result)
            self.set_permissions(lesson, student)
            self.run_post_convert_hook()
            records.write(place, result.record)
        if marked is None or self.post_convert_hook:
            marked = self.ledger.marked(get_lesson(lesson), student)[student]
        return marked

    def _copy_files(self, place: Place) -> None:
        """Copies what lies beside the notebook, the lesson's own files last."""
        super(Autograde, self).init_assignment(place.lesson, place.student)
        for name, content in self.material.given.items():
            path = place.autograded / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(content)

    def _save(self, place: Place, result: Result) -> Marked | None:
        """Saves marks, takes the last steps of grading, and writes the notebook.

        Returns:
            What the gradebook then says, where that was read.
        """
        self.ledger.save(place, result.marks)
        last = [step for step in steps(self)[1] if step not in _DONE]
        if result.refused or not last:
            marked = renew_penalty(self.penalties, place, self.ledger)
            self.write_page(place, result.notebook)
            return marked
        resources: Any = self.init_single_notebook_resources(
            str(place.submitted / f"{place.notebook}.ipynb")
        )
        resources[KEY] = result.graded
        self.exporter._preprocessors = []
        for step in steps(self)[1]:
            self.exporter.register_preprocessor(step)
        notebook = nbformat.reads(result.notebook, as_version=4)
        made: Any = self.exporter.from_notebook_node(notebook, resources)
        self.write_page(place, made[0])
        return None

    def write_page(self, place: Place, notebook: str) -> None:
        """Writes a graded notebook."""
        place.autograded.mkdir(parents=True, exist_ok=True)
        (place.autograded / f"{place.notebook}.ipynb").write_text(notebook, "utf-8")

    def _found(self) -> dict[str, list[str]]:
        """The notebooks by folder; of a lesson also folders without any."""
        found, course = dict(self.assignments), self.coursedir
        if course.assignment_id in LESSONS:
            pattern = self._format_source(course.assignment_id, course.student_id)
            for folder in glob.glob(pattern):  # noqa: PTH207  nbgrader's pattern
                if Path(folder).is_dir() and Path(folder).parent.name != DEBRIS:
                    found.setdefault(folder, [])
        return found

    def _grade(self, assignment: str, student: str) -> None:
        self._demand_included(student)
        if assignment in LESSONS:
            if not is_done(self._place(assignment, student)):
                # nbgrader takes a folder that is there for a mark
                self._remove(assignment, student)
            if self.init_destination(assignment, student):
                self.grade(student)
        elif self.init_destination(assignment, student):
            with self._or_undo(assignment, student):
                self._convert(assignment, student)

    def grade(self, student: str) -> None:
        """Grades a submission to the lesson anew, in this process."""
        submission = self.collect(student)
        self.put(submission, grade_alone(self.material, submission))

    def fault(self, student: str, error: BaseException) -> str:
        """Says in a line why a submission has no new mark."""
        course, kept = self.coursedir, ""
        with contextlib.suppress(Exception):
            if self.ledger.earlier(course.assignment_id, student).is_marked:
                kept = "; its earlier mark stays"
        return f"{fault(error, gradebook_name(course.db_url))}{kept}"

    @contextlib.contextmanager
    def _or_undo(self, assignment: str, student: str) -> Iterator[None]:
        """Where the block fails, the gradebook says what it said before."""
        earlier = self.ledger.earlier(assignment, student)
        try:
            yield
        except BaseException:
            self._undo(earlier)
            raise

    def _demand_included(self, student: str) -> None:
        if student in self.coursedir.student_id_exclude.split(","):
            raise CourseError(
                "the configuration excludes this student "
                "(CourseDirectory.student_id_exclude)"
            )

    def _place(self, assignment: str, student: str) -> Place:
        notebook = LESSONS[assignment].notebook
        return Place.at(self.coursedir, student, assignment, notebook)

    def _notebooks(self, place: Place) -> list[str]:
        """The notebooks of a submission: the lesson's own, be it there or not."""
        folder = self._format_source(place.lesson, place.student)
        pattern = f"{glob.escape(folder)}/{self.coursedir.notebook_id}.ipynb"
        found = {p for p in glob.glob(pattern) if is_visible(Path(p).name)}  # noqa: PTH207
        return sorted({*found, f"{folder}/{place.notebook}.ipynb"})

    def _convert(self, assignment: str, student: str) -> None:
        """What nbgrader does with a submission."""
        self.run_pre_convert_hook()
        self.init_assignment(assignment, student)
        for notebook in self.notebooks:
            self.convert_single_notebook(notebook)
        self.set_permissions(assignment, student)
        self.run_post_convert_hook()

    def _undo(self, earlier: Earlier) -> None:
        """Takes back what was begun, as far as the machine lets it."""
        try:
            self._remove(earlier.assignment, earlier.student)
            self.ledger.put_back(earlier)
        except Exception:
            self.log.exception("what was begun could not be taken back")

    def _remove(self, assignment: str, student: str) -> None:
        """Removes a graded submission, or those of its notebooks that are graded."""
        folder = Path(self._format_dest(assignment, student))
        if self.coursedir.notebook_id == "*":
            shutil.rmtree(folder, ignore_errors=True)
        for notebook in self.notebooks:
            (folder / Path(notebook).name).unlink(missing_ok=True)
