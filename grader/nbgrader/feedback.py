"""Feedback: pages for a class, and the way back to each student."""

import glob
import shutil
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

from grader import escape
from grader.nbgrader.execute import MENDED
from grader.nbgrader.handed_in.beside import (
    EXCHANGE,
    Bounds,
    is_notebook,
    is_plain,
    look,
)
from grader.nbgrader.handed_in.taken import list_quickly
from grader.nbgrader.notebook.place import lesson_of
from grader.nbgrader.pages.feedback_page import (
    NAME,
    TEMPLATES,
    complete,
    feedback_page,
    figures_of,
)
from grader.nbgrader.pages.page_parts import PageParts

#: under which a template finds what a page says
KEY = "resnet_course_feedback"
#: names of a student's own that a page is put under
MOST_NAMES = 20
SECRET, TIME = "submission_secret.txt", "timestamp.txt"


class _Compiled(BytecodeCache):
    """Templates compiled in this process: each page has an exporter of its own."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class FeedbackExporter(HTMLExporter):
    """Writes feedback pages, beside the files that were handed in.

    That of a lesson stands alone: figures and styles are in it, and it fetches nothing.
    """

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        list_quickly()

    def from_notebook_node(
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Writes the page of a notebook."""
        lesson = lesson_of(resources or {})
        course: Any = getattr(self.parent, "coursedir", None)
        if lesson is None or course is None:
            return super().from_notebook_node(nb, resources, **kw)
        if self.template_name != NAME:
            self._use_own_template()
        student = resources["nbgrader"]["student"]
        resources[KEY] = feedback_page(course, lesson, student)
        if nb.cells and nb.cells[0].source.startswith(MENDED):
            nb.cells = nb.cells[1:]  # it stands on top
        release = course.format_path(course.release_directory, ".", lesson.name)
        return self._page(nb, resources, dict(figures_of(Path(release))), **kw)

    def _page(
        self,
        nb: NotebookNode,
        resources: dict[str, Any],
        figures: dict[str, str],
        **kw: Any,
    ) -> tuple[str, dict[str, Any]]:
        """As nbconvert does it, but for a look at each tag, which `complete` has."""
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer", language.get("name", None))
        resources = self._init_resources(resources)
        widgets = WidgetsDataTypeFilter(
            notebook_metadata=self._nb_metadata, parent=self, resources=resources
        )
        code = Highlight2HTML(pygments_lexer=lexer, parent=self)
        parts = PageParts(self, code, figures)
        self.register_filter("highlight_code", parts.highlight)
        self.register_filter("markdown2html", parts.markdown)
        self.register_filter("filter_data_type", widgets)
        self.environment.bytecode_cache = _COMPILED
        page, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kw)
        return parts.put_into(complete(page, figures)), resources

    def _use_own_template(self) -> None:
        self.extra_template_basedirs = [str(TEMPLATES)]
        self.template_name = NAME
        # nbconvert looks for the places of templates once
        self.template_paths = self._template_paths()
        self.exclude_anchor_links = True
        self.register_filter("plain", lambda text: escape.html(str(text)))


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Returns each page that has somewhere to go.

    The exchange finds a page by the secret that came with its submission. One that came
    another way has none: its page is named, and the others are returned.
    """

    def copy_files(self) -> None:
        """Releases one student's pages after the other."""
        everybody, kept = self.src_path, []
        folders = sorted(map(Path, glob.glob(everybody)))  # noqa: PTH207
        folders = [folder for folder in folders if any(folder.glob("*.html"))]
        if not folders:
            course: Any = self.coursedir
            lesson = escape.log(course.assignment_id)
            self.fail(
                f"There are no feedback pages of {lesson}: write them with "
                f"`nbgrader generate_feedback {lesson}` first"
            )
        for folder in folders:
            if not _is_small(folder / SECRET):
                kept.append(folder)
                continue
            _write_time(folder / TIME)
            self.src_path = glob.escape(str(folder))
            try:
                super().copy_files()
                self._release_under_own_names(folder)
            except (OSError, ValueError) as error:
                student = escape.log(folder.parent.name)
                self.log.error("%s: not released: %s", student, escape.log(str(error)))
        self.src_path = everybody
        for folder in kept:
            self.log.warning(
                "%s was not handed in through the exchange (no %s). The feedback is %s",
                escape.log(folder.parent.name),
                SECRET,
                escape.log(str(folder)),
            )

    def _release_under_own_names(self, folder: Path) -> None:
        """Puts a sole page where the student looks for it.

        A student fetches what bears the names of the notebooks that were handed in.
        """
        pages = list(folder.glob("*.html"))
        course: Any = self.coursedir
        handed_in = course.format_path(
            course.submitted_directory, folder.parent.name, folder.name
        )
        found = look(Path(handed_in), Bounds.of(course)).files
        own = [Path(name) for name in found if is_notebook(name) and "/" not in name]
        if len(pages) != 1:
            return
        secret = (folder / SECRET).read_text("utf-8")
        for name in own[:MOST_NAMES]:
            if name.stem != pages[0].stem:
                key = notebook_hash(secret=secret, notebook_id=name.stem)
                page = Path(self.dest_path, f"{key}.html")
                unfinished = page.with_suffix(".part")
                shutil.copy(pages[0], unfinished)
                unfinished.replace(page)


def _write_time(path: Path) -> None:
    """Sees to it that there is a line in the file, which nbgrader logs as it is."""
    text = path.read_bytes().decode("utf-8", "replace") if _is_small(path) else ""
    shown = escape.log(text.split("\n")[0])
    if shown != text or not path.exists():
        path.unlink(missing_ok=True)
        path.write_text(shown, "utf-8")


def _is_small(path: Path) -> bool:
    fits = is_plain(path, path.parent)
    return fits and path.stat().st_size <= EXCHANGE[path.name]
