"""What nbgrader makes before the first submission: the place to stop before it."""

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters.base import NbGraderException

from grader.nbgrader.execute import CaptureAndJudge
from grader.nbgrader.links import demand_plain, leave_out_links
from grader.nbgrader.repair import keep_known
from grader.sandbox.probe import NoSandbox, demand


class GradingExporter(NotebookExporter):
    """Writes graded notebooks, where submissions can be run in a sandbox.

    Raises:
        NbGraderException: if they cannot, and the instructor has not said that they
            may run without.
    """

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        leave_out_links()
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

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Takes a notebook through the steps of grading."""
        for cell in nb.cells:
            keep_known(cell)
        return super().from_notebook_node(nb, resources, **kw)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Reads a notebook that is a file of the student's own.

        Raises:
            LinkedSubmission: if it is a link, or lies behind one.
        """
        demand_plain(Path(filename))
        return super().from_filename(filename, resources, **kw)
