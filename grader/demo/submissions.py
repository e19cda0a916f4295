"""Writes the notebooks that the sample class hands in."""

from collections.abc import Mapping
from pathlib import Path

import nbformat

from grader.demo.students import Student
from grader.lessons import Lesson


class EditError(Exception):
    """An edit does not fit the solution as it is now."""


def solutions(source: Path, lesson: Lesson) -> dict[str, str]:
    """Reads the instructor version's code of each graded function."""
    found = {}
    for cell in nbformat.read(source, as_version=4).cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in lesson.functions:
            lines = cell.source.splitlines(keepends=True)
            found[name] = "".join(line for line in lines if "### " not in line)
    return found


def edited(code: Mapping[str, str], student: Student) -> dict[str, str]:
    """Returns a student's code for each function that they worked on.

    Raises:
        EditError: if the text of an edit does not occur.
    """
    own = dict(code)
    for edit in student.edits:
        if edit.old not in own[edit.function]:
            raise EditError(f"{student.name}: no {edit.old!r} in {edit.function}")
        own[edit.function] = own[edit.function].replace(edit.old, edit.new)
    return {name: text for name, text in own.items() if name not in student.untouched}


def hand_in(
    student: Student, code: Mapping[str, str], release: Path, folder: Path
) -> None:
    """Writes a student's notebook: the release with their code in its cells.

    Args:
        student: who.
        code: the solution of each function.
        release: notebook as students get it.
        folder: what is handed in.
    """
    notebook = nbformat.read(release, as_version=4)
    own = edited(code, student)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = own.get(name, cell.source)
    text = nbformat.writes(notebook)
    folder.mkdir(parents=True)
    path = folder / release.name
    path.write_text(text[: len(text) // 2] if student.torn else text, "utf-8")
