"""Feedback pages in a zip that a platform takes back, a student each."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from grader.lessons import Lesson
from grader.nbgrader.grading.course import Course
from grader.nbgrader.handed_in import handed_out
from grader.platform import moodle
from grader.platform.entry import Entry
from grader.platform.known import downloaded
from grader.platform.roster import as_file


def write_pages(
    course: Course,
    lesson: Lesson,
    platform: str,
    entries: Mapping[str, Entry],
    target: Path,
) -> list[str]:
    """Writes the zip.

    Moodle takes it as "multiple feedback files in a zip" and knows participants by
    their numbers, Canvas as the submissions of an assignment once more and knows them
    by the names that its own zip gave to files.

    Args:
        course: the course, with its feedback pages.
        lesson: the lesson.
        platform: the name of the platform.
        entries: whose pages, and where they are in the platform's list.
        target: the zip.

    Returns:
        Those for whom there is no page, or no name that the platform would know.
    """
    names = handed_out.recall(downloaded(course, lesson))
    lost = []
    unfinished = target.with_name(f"{target.name}.part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, entry in sorted(entries.items()):
            if platform == moodle.PLATFORM:
                who = as_file(entry.name) or "Participant"
                place = f"{who}_{entry.number}_assignfeedback_file_/"
            else:
                place = handed_out.canvas_prefix(names.get(student, ""))
            page = course.folder / "feedback" / student / lesson.name
            page /= f"{lesson.notebook}.html"
            if place and page.is_file():
                archive.write(page, f"{place}{page.name}")
            else:
                lost.append(student)
    unfinished.replace(target)
    return lost
