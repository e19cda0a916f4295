"""A run of `nbgrader autograde`, or of formgrader's button."""

from pathlib import Path

from nbgrader.converters.base import NbGraderException

from grader.lessons import LESSONS
from grader.nbgrader.gradebook.late import renew_penalties
from grader.nbgrader.grading.converter import Grading
from grader.nbgrader.grading.lock import Busy, only_run
from grader.nbgrader.notebook.place import run_folder
from grader.sandbox.warm import warm_kernels


class OwnRun(Grading):
    """Grading as a run of nbgrader's own: beside no other run of grading."""

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
