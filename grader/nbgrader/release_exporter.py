"""What nbgrader makes before it generates an assignment: the place to refuse one."""

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.converters.base import NbGraderException

from grader.lessons import LESSONS, get_lesson
from grader.nbgrader.notebook.rules import broken_rules


class ReleaseExporter(NotebookExporter):
    """Writes student versions of lessons that can be graded as they are.

    It stops before anything is written or removed.

    Raises:
        NbGraderException: if a lesson breaks a rule of the course; the log tells each.
    """

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        assignments = getattr(self.parent, "assignments", None) or {}
        told = [line for folder in assignments for line in _broken(Path(folder))]
        if not told:
            return
        for line in told:
            self.log.error("%s", line)
        raise NbGraderException(" ".join(told))


def _broken(folder: Path) -> list[str]:
    """What is wrong in a source folder, if it is a lesson's."""
    if folder.name not in LESSONS:
        return []
    lesson = get_lesson(folder.name)
    path = folder / f"{lesson.notebook}.ipynb"
    if not path.is_file():
        return [f"{lesson.name}: there is no {path.name}, the notebook of this lesson."]
    notebook = nbformat.read(path, as_version=4)
    return broken_rules(notebook, lesson)
