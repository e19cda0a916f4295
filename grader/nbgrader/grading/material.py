"""From a course's folders to what grading of one submission is handed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from grader.lessons import Lesson, get_lesson
from grader.nbgrader.faults import Ungradable
from grader.nbgrader.gradebook import copies
from grader.nbgrader.grading.other_names import misnamed_file
from grader.nbgrader.grading.task import Material, Submission
from grader.nbgrader.handed_in.beside import is_notebook, is_plain
from grader.nbgrader.handed_in.choice import readable
from grader.nbgrader.handed_in.salvage import LONGEST
from grader.nbgrader.handed_in.taken import demand_plain, left_out_of, takeable
from grader.nbgrader.marks import SaveMarks
from grader.nbgrader.notebook.place import Place


def material_of(converter: Autograde, lesson: Lesson) -> Material:
    """What the submissions of a lesson are graded with in a course.

    Args:
        converter: nbgrader's, with its folders and settings.
        lesson: the lesson.
    """
    course: Any = converter.coursedir
    place = Place.at(course, ".", lesson.name, lesson.notebook)
    folder = course.format_path(course.release_directory, ".", lesson.name)
    release = Path(folder, f"{lesson.notebook}.ipynb")
    theirs = converter.exclude_overwriting.get(lesson.name, [])
    with Gradebook(place.db_url, course.course_id) as released:
        gradebook = copies.released(released)
    return Material(
        lesson.name,
        {n: (place.source / n).read_bytes() for n in _below(place.source)},
        release.read_bytes() if release.is_file() else b"",
        gradebook,
        settings_of(converter.config),
        tuple(converter.sanitize_preprocessors),
        steps(converter)[0],
        frozenset(theirs),
        tuple(map(str, place.private)),
    )


def steps(converter: Autograde) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The steps of grading that need no gradebook, and those from `SaveMarks` on."""
    found = [
        import_item(step) if isinstance(step, str) else step
        for step in converter.autograde_preprocessors
    ]
    first = next(
        i
        for i, s in enumerate(found)
        if isinstance(s, type) and issubclass(s, SaveMarks)
    )
    return tuple(found[:first]), tuple(found[first:])


def submission_of(place: Place) -> Submission:
    """What a student handed in, as far as it is taken."""
    lesson = get_lesson(place.lesson)
    own = place.submitted / f"{place.notebook}.ipynb"
    seeds = {name: place.seed(name) for name in lesson.functions}
    lacking, refused, names = misnamed_file(place), "", set[str]()
    try:
        demand_plain(own)
        names = {
            name
            for name in takeable(place.submitted, place.bounds)
            if not is_notebook(name)
        }
        read = [own, *readable(place.submitted, own.name)]
        names |= {path.relative_to(place.submitted).as_posix() for path in read}
    except Ungradable as error:
        refused = str(error)
    files = {}
    for name in sorted(names):
        path = place.submitted / name
        if is_plain(path, place.submitted):
            with path.open("rb") as file:
                files[name] = file.read(LONGEST + 1)
    return Submission(
        place.student,
        files,
        seeds,
        place.digest(),
        tuple(left_out_of(own)),
        lacking,
        refused,
    )


def settings_of(config: Config) -> dict[str, dict[str, Any]]:
    """A course's settings, but for its converters' and for where its gradebook is."""
    found = {n: dict(own) for n, own in config.items() if _is_of_step(n)}
    # it may hold a password
    found.get("CourseDirectory", {}).pop("db_url", None)
    return found


def _is_of_step(name: str) -> bool:
    """Whether a step may have settings under this name; converters may hold hooks."""
    return name not in ("Autograde", "NbGrader")


def _below(folder: Path) -> Iterator[str]:
    """Names of an instructor version's files."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder).as_posix()
