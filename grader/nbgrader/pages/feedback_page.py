"""What a feedback page of a lesson says on top, and the figures that it holds."""

import base64
import functools
import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from pygments.formatters import HtmlFormatter

from grader.lessons import Lesson
from grader.nbgrader.gradebook.marked import Comment, Mark, full_name, read_marks
from grader.nbgrader.grading import records
from grader.nbgrader.notebook.place import Place
from grader.report import points

#: the folder of the page's template
TEMPLATES = Path(__file__).parent / "templates"
NAME = "resnet_feedback"
#: bytes of a figure, and of all of a lesson's
LARGEST, ALL = 500_000, 1_000_000


@dataclass(frozen=True)
class CellMark:
    """The mark of a graded cell, as the page shows it.

    Attributes:
        cell: the cell's id.
        points: what counts.
        most: what there was to reach.
        finding: the first thing that was found, or the check that tells it; empty
            where nothing was.
        judged: what grading gave, where somebody gave another mark; else empty.
        lost: whether it has not all of its points.
    """

    cell: str
    points: str
    most: str
    finding: str
    judged: str
    lost: bool


@dataclass(frozen=True)
class FeedbackPage:
    """What stands on top of a page, and beside each graded cell."""

    student: str
    title: str
    total: str
    most: str
    late: str
    marks: Mapping[str, CellMark]
    waits: tuple[str, ...]
    comments: tuple[Comment, ...]
    repairs: tuple[str, ...]
    style: str

    @property
    def lost(self) -> list[CellMark]:
        """The marks that are not full, in the order of the notebook."""
        return [m for m in self.marks.values() if m.lost and m.cell not in self.waits]


def feedback_page(
    course: CourseDirectory, lesson: Lesson, student: str
) -> FeedbackPage:
    """Reads what a student's page says, from the gradebook and the record."""
    place = Place.at(course, student, lesson.name, lesson.notebook)
    with Gradebook(course.db_url) as gradebook:
        marked = read_marks(gradebook, lesson, student)[student]
    record = records.read(place) or {}
    reports = {report["check"]: report for report in record.get("reports", ())}
    order = [check.id for check in lesson.checks if check.id in marked.marks]
    cells = dict.fromkeys([*order, *sorted(marked.marks)])
    name = full_name(marked.first_name, marked.last_name)
    return FeedbackPage(
        f"{name} ({student})" if name else student,
        lesson.title,
        points(max(0.0, marked.score - marked.late)),
        points(marked.most),
        points(marked.late) if marked.late else "",
        {cell: _cell_mark(cell, marked.marks[cell], reports) for cell in cells},
        tuple(sorted(i for i, mark in marked.marks.items() if mark.waits)),
        marked.comments,
        tuple(record.get("repairs", ())),
        _style(),
    )


def _cell_mark(
    cell: str, mark: Mark, reports: Mapping[str, Mapping[str, Any]]
) -> CellMark:
    report = reports.get(cell, {})
    findings = [finding["message"] for finding in report.get("findings", ())]
    # one cause is told once, as in the reports
    if report.get("follows") and not report.get("unwritten"):
        findings = [f"Follows from {report['follows']}."]
    return CellMark(
        cell,
        points(mark.points),
        points(mark.most),
        findings[0] if findings else "",
        points(mark.judged) if mark.is_changed and mark.judged is not None else "",
        mark.points < mark.most,
    )


@functools.cache
def _style() -> str:
    light, dark = (
        HtmlFormatter(style=style).get_style_defs(".highlight")
        for style in ("default", "github-dark")
    )
    page = (TEMPLATES / NAME / "page.css").read_text("utf-8")
    schemes = (("light", light), ("dark", dark))
    colours = (f"@media (prefers-color-scheme: {n}) {{\n{c}\n}}" for n, c in schemes)
    return "\n".join([*colours, page])


def complete(page: str, figures: Mapping[str, str]) -> str:
    """Puts the release's figures into a page, and leaves no other address in it.

    What a student's text names is looked up among the release's files, never opened.
    What may be wider than a page can be reached by keyboard. Heads of tables are those
    in which something stands: a table in Markdown has a row of them, empty or not.

    Args:
        page: HTML, or a part of it that closes its tags.
        figures: see `figures_of`.
    """
    soup = BeautifulSoup(page, "html.parser")
    for image in soup.find_all("img"):
        image.attrs.setdefault("alt", "no description")
        source = str(image.get("src", ""))
        if source in figures:
            image["src"] = figures[source]
        elif not source.startswith("data:image/"):
            text = str(image["alt"]) or "no description"
            image.replace_with(f"(A picture that is not in this page: {text})")
    for head in soup.find_all("thead"):
        if not head.get_text(strip=True):
            head.decompose()
    for head in soup.find_all("th"):
        if not head.get_text(strip=True):
            head.name = "td"
    for wide in soup.select("pre, div.output_area"):
        wide["tabindex"] = "0"
    return str(soup)


def figures_of(folder: Path) -> Iterator[tuple[str, str]]:
    """The pictures of a release as addresses that hold them, by their path in it."""
    room = ALL
    for path in sorted(folder.rglob("*")):
        kind = mimetypes.guess_type(path.name)[0] or ""
        if not kind.startswith("image/") or path.is_symlink() or not path.is_file():
            continue
        size = path.stat().st_size
        if size > min(LARGEST, room):
            continue
        room -= size
        data = base64.b64encode(path.read_bytes()).decode("ascii")
        yield path.relative_to(folder).as_posix(), f"data:{kind};base64,{data}"
