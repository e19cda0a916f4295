"""What nbgrader makes before the first submission: the place to stop before it."""

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters.base import NbGraderException

from grader.nbgrader.execute import CaptureAndJudge
from grader.nbgrader.place import lesson_of
from grader.nbgrader.salvage import REPAIRED, salvage
from grader.nbgrader.taken import (
    UnfitName,
    demand_name,
    demand_plain,
    is_text,
    take_plain_files,
)
from grader.sandbox.probe import NoSandbox, demand


class GradingExporter(NotebookExporter):
    """Writes graded notebooks, where submissions can be run in a sandbox.

    Raises:
        NbGraderException: if they cannot, and the instructor has not said that they
            may run without; or if the student that was named is a path.
    """

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        take_plain_files()
        for notebooks in getattr(self.parent, "assignments", {}).values():
            # nbgrader looks for each of them in its database
            notebooks[:] = [path for path in notebooks if is_text(Path(path).name)]
        course = getattr(self.parent, "coursedir", None)
        try:
            # nbgrader would remove what lies at that path, to write there
            demand_name(course.student_id if course else "*")
        except UnfitName as error:
            self.log.error("%s", error)
            raise NbGraderException(str(error)) from error
        if CaptureAndJudge(parent=self).unsafe_no_sandbox:
            self.log.warning("Student code runs with your rights: no sandbox.")
            return
        try:
            demand()
        except NoSandbox as error:
            self.log.error(
                "%s, or go on at your own risk with "
                "--CaptureAndJudge.unsafe_no_sandbox=True.",
                error,
            )
            raise NbGraderException(str(error)) from error

    def from_file(
        self, file_stream: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Takes what can be read of a lesson's notebook through the steps of grading.

        Raises:
            NoNotebook: if nothing can be read.
        """
        if resources is None or lesson_of(resources) is None:
            return super().from_file(file_stream, resources, **kw)
        notebook, resources[REPAIRED] = salvage(file_stream.buffer.read())
        return self.from_notebook_node(notebook, resources, **kw)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Reads a notebook that is a file of the student's own.

        Raises:
            LinkedSubmission: if it is a link, or lies behind one.
        """
        demand_plain(Path(filename))
        return super().from_filename(filename, resources, **kw)
