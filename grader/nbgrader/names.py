"""What was handed in under another name than the lesson's."""

import difflib
import re

from grader.lessons import LESSONS, Lesson
from grader.nbgrader.course import Course


def misnamed_file(course: Course, lesson: Lesson, student: str) -> str:
    """Says that a student's folder lacks the notebook; empty if it is there."""
    folder = course.path(course.submitted, student, lesson.name)
    name = f"{lesson.notebook}.ipynb"
    if (folder / name).exists():
        return ""
    place = folder.relative_to(course.root) if course.root in folder.parents else folder
    found = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    if not found:
        return f"The folder {place} is empty: there is no {name}."
    notebooks = [f"'{other}'" for other in found if other.endswith(".ipynb")]
    if not notebooks:
        return f"There is no {name} in {place}: add it and grade again."
    return (
        f"There is no {name} in {place}; there is {', '.join(notebooks)}: "
        "rename it and grade again."
    )


def misnamed_folders(course: Course, lesson: Lesson) -> dict[str, str]:
    """What stands, for each such student, in place of the lesson's folder."""
    found = {}
    for folder in sorted((course.root / course.submitted).glob("*/")):
        if folder.name.startswith(".") or (folder / lesson.name).is_dir():
            continue
        inside = [path.name for path in sorted(folder.iterdir())]
        near = [name for name in inside if _is_like(name, lesson)]
        if near:
            found[folder.name] = near[0]
    return found


def _is_like(name: str, lesson: Lesson) -> bool:
    if name in LESSONS:
        return False
    if name == f"{lesson.notebook}.ipynb":
        return True
    matcher = difflib.SequenceMatcher(None, _plain(name), _plain(lesson.name))
    return matcher.ratio() > 0.8


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
