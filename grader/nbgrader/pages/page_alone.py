"""One graded notebook in, one feedback page out.

`page_alone` needs nothing but its arguments, and leaves nothing behind: nbgrader's
converter gets a course of its own, with one graded notebook in it.
"""

import logging
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from grader.lessons import get_lesson
from grader.nbgrader.ground import gradebook_url
from grader.nbgrader.notebook.place import Place


@dataclass(frozen=True)
class PageMaterial:
    """What all pages of a lesson are made with.

    Attributes:
        lesson: its name.
        release: files of the student version, by name; its pictures are shown.
        settings: of the steps, by the name of their class.
    """

    lesson: str
    release: Mapping[str, bytes] = field(repr=False)
    settings: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class PageTask:
    """A graded submission.

    Attributes:
        notebook: the graded notebook.
        gradebook: an SQLite file with the lesson and this student's marks.
        record: what grading noted down; empty where it did not.
        digest: of all that the page is made from.
    """

    student: str
    notebook: bytes = field(repr=False)
    gradebook: bytes = field(repr=False)
    record: bytes = field(repr=False)
    digest: str


def page_alone(material: PageMaterial, task: PageTask) -> bytes:
    """Writes a page, as `nbgrader generate_feedback` does."""
    lesson = get_lesson(material.lesson)
    with tempfile.TemporaryDirectory(
        prefix="grader-", ignore_cleanup_errors=True
    ) as name:
        root = Path(name).resolve()
        config = _config(material, root)
        course = CourseDirectory(config=config)
        place = Place.at(course, task.student, lesson.name, lesson.notebook)
        notebook = place.autograded / f"{lesson.notebook}.ipynb"
        (root / "gradebook.db").write_bytes(task.gradebook)
        _write(notebook, task.notebook)
        if task.record:
            _write(place.record, task.record)
        for path, content in material.release.items():
            _write(root / "release" / lesson.name / path, content)
        # nbgrader tells of each late penalty as it reads it
        log = logging.Logger("grader.page", logging.ERROR)
        converter: Any = GenerateFeedback(coursedir=course, config=config, log=log)
        return convert(converter, str(notebook))


def convert(converter: Any, notebook: str) -> bytes:
    """Takes a graded notebook through the steps of nbgrader's converter."""
    exporter = converter.exporter_class(parent=converter, config=converter.config)
    for step in converter.preprocessors:
        exporter.register_preprocessor(step)
    # the exporter may ask the converter for it
    converter.exporter = exporter
    resources = converter.init_single_notebook_resources(notebook)
    page, _ = exporter.from_filename(notebook, resources=resources)
    return page.encode("utf-8")


def _config(material: PageMaterial, root: Path) -> Config:
    settings = {name: dict(own) for name, own in material.settings.items()}
    settings["CourseDirectory"] = settings.get("CourseDirectory", {}) | {
        "root": str(root),
        "release_directory": "release",
        "submitted_directory": "run/submitted",
        "autograded_directory": "run/autograded",
        "feedback_directory": "run/feedback",
        "directory_structure": "{nbgrader_step}/{student_id}/{assignment_id}",
        "db_url": gradebook_url(root / "gradebook.db"),
    }
    return Config(settings)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
