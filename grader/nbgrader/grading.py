"""nbgrader's autograde, one submission after the other, each by itself.

`grader autograde` and `nbgrader autograde` both go this way: the exporter turns the
converter that nbgrader makes into one of these.
"""

import glob
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException

from grader.escape import is_visible
from grader.lessons import LESSONS
from grader.nbgrader import records
from grader.nbgrader.choice import DEBRIS
from grader.nbgrader.done import is_done
from grader.nbgrader.earlier import Earlier
from grader.nbgrader.execute import KEY
from grader.nbgrader.faults import CourseError, Ungradable, fault
from grader.nbgrader.graded import Graded
from grader.nbgrader.late import renew_penalties
from grader.nbgrader.lock import Busy, only_run
from grader.nbgrader.names import misnamed_file
from grader.nbgrader.place import Place, run_folder
from grader.nbgrader.refusal import refuse_submission
from grader.nbgrader.student_names import demand_name
from grader.sandbox.warm import warm_kernels


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
        faults: dict[str, str] = {}
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
                faults[student] = fault(error, self.coursedir.db_url)
        for student, why in faults.items():
            self.log.error("%a is not graded: %s", student, why)
        if faults:
            raise NotGraded(faults)

    def write_single_notebook(self, output: str, resources: Any) -> None:
        """Writes a notebook, and keeps the reports that it was graded with."""
        super().write_single_notebook(output, resources)
        self._graded = resources.get(KEY, self._graded)

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
        course = self.coursedir
        if student in course.student_id_exclude.split(","):
            raise CourseError(
                "the configuration excludes this student "
                "(CourseDirectory.student_id_exclude)"
            )
        place = None
        if assignment in LESSONS:
            place = Place.at(course, student, assignment, LESSONS[assignment].notebook)
            if not is_done(place):
                # nbgrader takes a folder that is there for a mark
                self._remove(assignment, student)
        if not self.init_destination(assignment, student):
            return
        if place:
            records.remove(place)
        earlier = Earlier.of(course.db_url, assignment, student)
        try:
            if place:
                records.write(place, self._judge_lesson(place))
            else:
                self._convert(assignment, student)
        except (Exception, SystemExit) as error:
            self._undo(earlier)
            kept = "; its earlier mark stays" if earlier.is_marked else ""
            raise CourseError(f"{fault(error, course.db_url)}{kept}") from error
        except BaseException:
            self._undo(earlier)
            raise

    def _judge_lesson(self, place: Place) -> Graded:
        self._graded: Graded | None = None
        try:
            if not self.notebooks:
                raise Ungradable(misnamed_file(place))
            self._convert(place.lesson, place.student)
        except Ungradable as error:
            self._remove(place.lesson, place.student)
            reason = misnamed_file(place) or str(error)
            return refuse_submission(self.coursedir, self.config, place, reason)
        if self._graded is None:
            raise CourseError("nothing was judged: no grading step did so")
        return self._graded

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
            earlier.put_back()
        except Exception:
            self.log.exception("what was begun could not be taken back")

    def _remove(self, assignment: str, student: str) -> None:
        """Removes a graded submission, or those of its notebooks that are graded."""
        folder = Path(self._format_dest(assignment, student))
        if self.coursedir.notebook_id == "*":
            shutil.rmtree(folder, ignore_errors=True)
        for notebook in self.notebooks:
            (folder / Path(notebook).name).unlink(missing_ok=True)


class OwnRun(Grading):
    """The same, as a run of nbgrader's own: beside no other run of grading."""

    def convert_notebooks(self) -> None:
        """Grades what was found.

        Raises:
            NbGraderException: if another run is grading, or some have no mark.
        """
        app = type(self.parent).__name__
        command = "nbgrader autograde" if app == "AutogradeApp" else "formgrader"
        try:
            with (
                only_run(run_folder(self.coursedir), command),
                warm_kernels(self.log),
            ):
                try:
                    super().convert_notebooks()
                finally:
                    self._renew_penalties()
        except Busy as error:
            self.log.error("%s.", error)
            raise NbGraderException(str(error)) from error

    def _renew_penalties(self) -> None:
        """Marks of before count as the due date of today says, too."""
        if lesson := LESSONS.get(self.coursedir.assignment_id):
            late = renew_penalties(self.coursedir, self.config, lesson)
            for student, why in late.items():
                self.log.error("%a: late penalty not computed: %s", student, why)

    def _found(self) -> dict[str, list[str]]:
        """As nbgrader's documentation has it, who is excluded is passed over."""
        excluded = self.coursedir.student_id_exclude.split(",")
        found = super()._found()
        for folder in list(found):
            if (student := Path(folder).parent.name) in excluded:
                self.log.warning("%a is not graded: it is excluded.", student)
                del found[folder]
        return found
