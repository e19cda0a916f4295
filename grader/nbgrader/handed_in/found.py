"""Makes nbgrader find a lesson's notebook that bears another name.

nbgrader looks for files that end in `.ipynb` and goes by their names: where there is
none, it does not see the submission at all.
"""

import functools
import glob
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde

from grader.lessons import LESSONS
from grader.nbgrader.handed_in.choice import candidates


def find_under_other_names() -> None:
    """Makes nbgrader grade each folder in which some file may be the notebook.

    It is told the path that the notebook should have; what is read in its place
    `grader.nbgrader.handed_in.choice` says. A second call changes nothing.
    """
    find = Autograde.init_notebooks
    if getattr(find, "_by_content", False):
        return

    @functools.wraps(find)
    def init_notebooks(self: Any) -> None:
        hidden = dict(_hidden(self))
        pattern = self._format_source(
            self.coursedir.assignment_id, self.coursedir.student_id
        )
        names = f"{pattern}/{self.coursedir.notebook_id}.ipynb"
        if not hidden or _matched(names):
            find(self)
        else:
            self.assignments, self.notebooks = {}, []
        for folder, notebook in hidden.items():
            self.assignments.setdefault(folder, []).append(notebook)

    init_notebooks._by_content = True  # type: ignore[attr-defined]
    Autograde.init_notebooks = init_notebooks


def _hidden(converter: Any) -> list[tuple[str, str]]:
    """Folders that lack the notebook's name and have what may be the notebook."""
    course = converter.coursedir
    lesson = LESSONS.get(course.assignment_id)
    if lesson is None or course.notebook_id not in ("*", lesson.notebook):
        return []
    folders = _matched(converter._format_source(lesson.name, course.student_id))
    paths = [(folder, f"{folder}/{lesson.notebook}.ipynb") for folder in folders]
    return [
        (folder, notebook)
        for folder, notebook in paths
        if not Path(notebook).exists() and candidates(Path(folder))
    ]


def _matched(pattern: str) -> list[str]:
    """Paths that fit a pattern, as nbgrader finds and writes them."""
    return glob.glob(pattern)  # noqa: PTH207
