"""One submission in, one result out.

`grade_alone` needs nothing but its arguments, and leaves nothing behind. nbgrader's
steps want folders and a gradebook: they get some of their own, which are gone
afterwards. No mark is saved here; see `grading`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.exporter import Exporter, ResourcesDict
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from grader import escape
from grader.lessons import Lesson, get_lesson
from grader.nbgrader.execute import KEY, write_reports
from grader.nbgrader.faults import CourseError, Ungradable
from grader.nbgrader.grading import records
from grader.nbgrader.grading.task import Material, Result, Submission
from grader.nbgrader.ground import gradebook_url
from grader.nbgrader.handed_in.choice import choose
from grader.nbgrader.handed_in.salvage import LONGEST, REPAIRED, salvage
from grader.nbgrader.kernels.answers import unanswered
from grader.nbgrader.kernels.extras import demand_extra
from grader.nbgrader.kernels.graded import Graded, refuse
from grader.nbgrader.marks import Marks
from grader.nbgrader.notebook.place import Place
from grader.nbgrader.notebook.questions import Questions
from grader.nbgrader.notebook.released import APART, released_of
from grader.report import Failure
from grader.sandbox.away import folder_for_now

_SUBMITTED, _AUTOGRADED = "run/submitted", "run/autograded"


def grade_alone(material: Material, submission: Submission) -> Result:
    """Grades a submission.

    Raises:
        CourseError: if the machine or the course is why there is no mark. Whatever else
            is raised is a fault, too: what students hand in raises nothing.
    """
    lesson = get_lesson(material.lesson)
    demand_extra(lesson)
    with folder_for_now() as folder:
        config = _set_up(material, submission, folder.resolve())
        apart = {
            "seeds": submission.seeds,
            "hidden": tuple(map(Path, material.private)),
            "known": released_of(material.gradebook, lesson.name, lesson.notebook),
        }
        place = Place.at(
            CourseDirectory(config=config),
            submission.student,
            lesson.name,
            lesson.notebook,
        )
        place = replace(place, **apart)
        refused = False
        try:
            if submission.refused:
                raise Ungradable(submission.refused)
            notebook, graded, marks = _grade(material, submission, place, config, apart)
        except Ungradable as error:
            refused = True
            reason = submission.lacking or str(error)
            notebook, graded = _refuse(material, place, lesson, reason)
            marks = Marks.of(graded)
    record = records.text(submission, lesson.name, graded).encode()
    return Result(notebook, graded, marks, record, refused)


def _set_up(material: Material, submission: Submission, root: Path) -> Config:
    """Writes what the steps read, and says where it lies."""
    student, lesson = submission.student, get_lesson(material.lesson)
    gradebook = root / "gradebook.db"
    settings = {name: dict(own) for name, own in material.settings.items()}
    settings["CourseDirectory"] = settings.get("CourseDirectory", {}) | {
        "root": str(root),
        "source_directory": "source",
        "release_directory": "release",
        "submitted_directory": _SUBMITTED,
        "autograded_directory": _AUTOGRADED,
        "directory_structure": "{nbgrader_step}/{student_id}/{assignment_id}",
        "db_url": gradebook_url(gradebook),
    }
    # nbgrader's converters use the steps that they name, and no others
    settings["Exporter"] = {"default_preprocessors": []}
    own = f"{lesson.notebook}.ipynb"
    theirs = {n: b for n, b in submission.files.items() if not n.endswith(".ipynb")}
    gradebook.write_bytes(material.gradebook)
    _write(root / "source" / "." / lesson.name, material.source)
    _write(root / _SUBMITTED / student / lesson.name, submission.files)
    _write(root / _AUTOGRADED / student / lesson.name, theirs | material.given)
    if material.release:
        _write(root / "release" / "." / lesson.name, {own: material.release})
    return Config(settings)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _grade(
    material: Material,
    submission: Submission,
    place: Place,
    config: Config,
    apart: Mapping[str, Any],
) -> tuple[str, Graded, Marks]:
    """Takes what can be read of a notebook through the steps of grading."""
    lesson = get_lesson(material.lesson)
    own = place.submitted / f"{place.notebook}.ipynb"
    choice = choose(place.submitted, lesson, place.released.sources)
    if choice.path is None and not own.exists():
        raise Ungradable(choice.told or f"There is no {own.name}.")
    with (choice.path or own).open("rb") as file:
        notebook, told = salvage(file.read(LONGEST + 1))
    said = [choice.told] if choice.told else []
    resources: dict[str, Any] = {
        "nbgrader": {
            "student": place.student,
            "assignment": place.lesson,
            "notebook": place.notebook,
            "db_url": place.db_url,
        },
        "metadata": {"name": place.notebook, "path": str(place.autograded)},
        APART: apart,
    }
    once = {REPAIRED: [*said, *told, *submission.left_out]}
    steps = (*material.sanitizing, *material.grading)
    notebook, found = _take(notebook, steps, config, resources | once)
    if KEY not in found:
        raise CourseError("nothing was judged: no grading step did so")
    graded = found[KEY]
    # without one more look whether it is a notebook
    text = nbformat.v4.writes(notebook) + "\n"
    return text, graded, Marks.of(graded, notebook)


def _take(
    notebook: nbformat.NotebookNode,
    steps: Sequence[Any],
    config: Config,
    resources: dict[str, Any],
) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
    """Takes a notebook through steps, as nbgrader's converters do.

    They copy it before each time, and look after each whether it is a notebook still;
    this one is nobody else's, and is looked at in the end.
    """
    exporter = Exporter(config=config)
    for step in steps:
        exporter.register_preprocessor(step)
    taken: Any = ResourcesDict()
    taken |= resources | {"output_extension": exporter.file_extension}
    for step in exporter._preprocessors:
        notebook, taken = step(notebook, taken)
    nbformat.validate(notebook, relax_add_props=True)
    return notebook, taken


def _refuse(
    material: Material, place: Place, lesson: Lesson, reason: str
) -> tuple[str, Graded]:
    """Gives 0 and says why, on a fresh copy of the release's notebook."""
    if not material.release:
        raise CourseError(f"{lesson.name} was not released: there is no page to write")
    graded = refuse(lesson, place.seed, Failure("file", reason))
    questions = Questions.of(place, lesson)
    graded = graded.with_answers(unanswered(questions, reason))
    notebook = nbformat.reads(material.release.decode(), as_version=4)
    write_reports(notebook, lesson, graded, place)
    note = f"**This submission could not be graded.** {escape.markdown(reason)}"
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(note))
    return nbformat.writes(notebook) + "\n", graded
