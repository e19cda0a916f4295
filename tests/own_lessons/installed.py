"""A lesson of one's own as pip installs it, and its notebook in a checkout."""

import shutil
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from grader.lessons import GROUP, Lesson
from tests.course import ROOT

HERE = Path(__file__).parent


def notebook(name: str) -> NotebookNode:
    """The notebook with solutions of an example, from its text."""
    text = (HERE / name / f"{name}.pct.py").read_text("utf-8")
    found = jupytext.reads(text, fmt="py:percent")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    found.metadata = NotebookNode(kernelspec=kernel)
    return found


def install(folder: Path, *lessons: Lesson) -> None:
    """Puts lessons into a folder, and the file that says that they are installed.

    Args:
        folder: to be on the path of Python.
        lessons: each is that of an example.
    """
    entries = [f"[{GROUP}]"]
    for lesson in lessons:
        name = lesson.notebook
        shutil.copy(HERE / name / f"{name}.py", folder)
        entries.append(f"{lesson.name} = {name}:LESSON")
    about = folder / "own_lessons-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: own_lessons\n")
    (about / "entry_points.txt").write_text("\n".join([*entries, ""]))


def checkout(folder: Path, *lessons: Lesson) -> Path:
    """Makes a checkout that has these lessons alone."""
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for lesson in lessons:
        place = folder / "solutions" / lesson.name
        place.mkdir(parents=True)
        source = notebook(lesson.notebook)
        nbformat.write(source, place / f"{lesson.notebook}.ipynb")
    return folder
