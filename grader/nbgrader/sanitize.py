"""HTML that students wrote, made harmless before an instructor's browser shows it.

Runs before the reports are written: they are the course's own HTML, escaped by
their renderer, and stay as they are. Code cells lose their outputs at the same
time, so what is left to clean is text.
"""

import functools
import html
import re
from pathlib import Path
from typing import Any

import nbformat
from bleach import ALLOWED_TAGS
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Any as AnyTrait
from traitlets import Bool, Float, List, Unicode

from grader.nbgrader.handed_in.mended import SHOWN
from grader.nbgrader.handed_in.salvage import REPAIRED
from grader.nbgrader.pages.rendering import renderable

_TAGS = sorted(
    {*ALLOWED_TAGS, "p", "br", "div", "span", "pre", "img", "h1", "h2", "h3"}
    | {"table", "thead", "tbody", "tr", "th", "td"}
)

#: Characters and tags of a text, and of all texts of a notebook: cleaning takes its
#: time, most of all where tags are nested.
LONGEST = 50_000
MOST_TAGS = 2_000
ALL = 10

# Addresses that run code. Markdown writes them without HTML, decodes entities in them
# and drops a backslash before the colon; browsers skip white space in them. Attachments
# are removed: a page that looks for one would not be shown at all.
_RUNNING = re.compile(
    "("
    + "|".join(r"\s*".join(word) for word in ("javascript", "vbscript"))
    + r"|data(?=\s*\\?:\s*\w+/)|attachment)\s*\\?:",
    re.IGNORECASE,
)


class SanitizeText(NbGraderPreprocessor, SanitizeHTML):
    """Cleans Markdown and raw cells that are not the lesson's own.

    What is let through is rendered in good time, code cells as well.
    """

    tags = List(Unicode(), _TAGS, help="HTML tags that stay.").tag(config=True)
    attributes = AnyTrait(
        {"*": ["class", "title"], "a": ["href"], "img": ["src", "alt"]},
        help="HTML attributes that stay.",
    ).tag(config=True)
    strip = Bool(True, help="Whether other tags go, not only their effect.").tag(
        config=True
    )

    rendering_timeout = Float(
        1.0, help="Seconds of a processor that one cell may take to be shown."
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Cleans the texts; the words of the release itself need no cleaning.

        Of a text that is longer than anybody reads only the length is told.
        """
        own = self._release_texts(resources["nbgrader"])
        characters, tags = ALL * LONGEST, ALL * MOST_TAGS
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = []
            elif cell.source not in own:
                cell.pop("attachments", None)
                length, opened = len(cell.source), cell.source.count("<")
                characters, tags = characters - length, tags - opened
                if length > LONGEST or opened > MOST_TAGS or min(characters, tags) < 0:
                    cell.source = f"(A text of {length:,} characters.)"
                    continue
                cell.source = self.sanitize_html_tags(_without_code(cell.source))
        cells = [cell for cell in nb.cells if cell.source not in own]
        told = _leave_out_slow(cells, self.rendering_timeout)
        if told and REPAIRED in nb.metadata:
            nb.metadata[REPAIRED] = [*nb.metadata[REPAIRED], *told]
        return nb, resources

    def _release_texts(self, names: dict[str, str]) -> frozenset[str]:
        course = CourseDirectory(config=self.config)
        folder = course.format_path(course.release_directory, ".", names["assignment"])
        path = Path(folder, f"{names['notebook']}.ipynb")
        if not path.exists():
            return frozenset()
        return _texts(path.read_text("utf-8"))


@functools.lru_cache(maxsize=8)
def _texts(release: str) -> frozenset[str]:
    """The texts of a release's cells: the same for a whole class."""
    return frozenset(c.source for c in nbformat.reads(release, as_version=4).cells)


def _leave_out_slow(cells: list[NotebookNode], seconds: float) -> list[str]:
    """Leaves out the text of cells that would hold up who renders them; says so."""
    texts = [(cell.cell_type, cell.source) for cell in cells]
    lengths = []
    for cell, fits in zip(cells, renderable(texts, seconds), strict=True):
        if not fits:
            lengths.append(f"{len(cell.source):,}")
            text = f"{lengths[-1]} characters that take too long to show"
            cell.source = f"# {text}" if cell.cell_type == "code" else f"({text})"
    if not lengths:
        return []
    more = f" and {len(lengths) - SHOWN} more" if len(lengths) > SHOWN else ""
    told = ", ".join(lengths[:SHOWN]) + more
    return [f"Cells that take too long to show were left out, by length: {told}."]


def _without_code(text: str) -> str:
    """Takes the colon from addresses that run code; other texts stay as they are."""
    plain = html.unescape(html.unescape(text))
    return _RUNNING.sub(r"\1 ", plain) if _RUNNING.search(plain) else text
