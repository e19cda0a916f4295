"""What was handed in under another name than the lesson's."""

import difflib
import itertools
import re
from pathlib import Path

from grader.lessons import LESSONS, Lesson
from grader.nbgrader.handed_in.choice import DEBRIS, candidates, shown
from grader.nbgrader.handed_in.salvage import NoNotebook, salvage
from grader.nbgrader.notebook.place import Place

#: entries of a student's folder that are looked at
MOST = 1_000


def misnamed_file(place: Place) -> str:
    """Says that what was handed in lacks the notebook; empty if it is there."""
    folder, name = place.submitted, f"{place.notebook}.ipynb"
    if (folder / name).exists():
        return ""
    if not folder.exists() or not any(folder.iterdir()):
        return f"The folder {place.lesson} is empty: there is no {name}."
    lacking = f"There is no {name} in the folder {place.lesson}"
    notebooks = [f"'{shown(path, folder)}'" for path in candidates(folder)]
    if len(notebooks) > 1:
        listed = f"{', '.join(notebooks[:-1])} and {notebooks[-1]}"
        return f"{lacking}; there are {listed}: keep one of them as {name}."
    if notebooks:
        why = _no_notebook(candidates(folder)[0])
        return f"{lacking}; there is {notebooks[0]}. {why}".rstrip()
    return f"{lacking}: add it."


def _no_notebook(path: Path) -> str:
    """Why a file is no notebook; empty where it is one."""
    try:
        salvage(path.read_bytes())
    except NoNotebook as error:
        return str(error)
    return ""


def misnamed_folders(submitted: Path, lesson: Lesson) -> dict[str, str]:
    """What stands, for each such student, in place of the lesson's folder.

    Args:
        submitted: the folder with the students' folders.
        lesson: what they were to hand in.
    """
    found = {}
    for folder in sorted(submitted.glob("*/")):
        if folder.name.startswith((".", DEBRIS)) or (folder / lesson.name).is_dir():
            continue
        inside = sorted(itertools.islice(folder.iterdir(), MOST))
        near = [path.name for path in inside if _is_like(path, lesson)]
        if near:
            found[folder.name] = near[0]
    return found


def _is_like(path: Path, lesson: Lesson) -> bool:
    name, notebook = path.name, f"{lesson.notebook}.ipynb"
    if name in LESSONS:
        return False
    if name == notebook or (path / notebook).exists():
        return True
    matcher = difflib.SequenceMatcher(None, _plain(name), _plain(lesson.name))
    return matcher.ratio() > 0.8


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
