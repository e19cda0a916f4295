"""An attack's pages as a browser shows them to students and instructors."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

from nbconvert.exporters import HTMLExporter
from playwright.sync_api import Browser, sync_playwright
from traitlets.config import Config

from tests.attacks.browser import ALARM
from tests.attacks.course import Stage
from tests.browser import BROWSER, OPTIONS

#: for a page to be there
_SECONDS = 120
_CODE = re.compile(r"\s*(?:javascript|vbscript|data:text)", re.IGNORECASE)


class _Found(HTMLParser):
    """Addresses and handlers that run code."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src", "action", "formaction", "data", "srcdoc"}:
                if _CODE.match(value or "") or name == "srcdoc":
                    self.problems.append(f"<{tag} {name}={(value or '')[:60]}>")
            elif name.startswith("on") and ALARM in (value or ""):
                self.problems.append(f"<{tag} {name}>")


def feedback_page(
    stage: Stage, student: str, lesson: str, notebook: str
) -> Path | None:
    """The page that a student gets back."""
    folder = stage.run / "feedback" / student / lesson
    path = folder / notebook.replace(".ipynb", ".html")
    return path if path.exists() else None


def formgrader_page(
    stage: Stage, student: str, lesson: str, notebook: str
) -> Path | None:
    """The page that formgrader shows, by its own template and exporter's settings."""
    from nbgrader.server_extensions.formgrader import handlers

    path = stage.run / "autograded" / student / lesson / notebook
    if not path.exists():
        return None
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    names = {
        "assignment_id": lesson,
        "notebook_id": notebook,
        "submission_id": "0",
        "student": student,
        "first_name": "",
        "last_name": "",
        "base_url": "",
        "notebook_path": notebook,
        "index": 0,
        "total": 1,
    }
    shown, _ = HTMLExporter(config=config).from_filename(str(path), resources=names)
    page = stage.run.parent / "formgrader.html"
    page.write_text(shown, "utf-8")
    return page


@contextmanager
def browser() -> Iterator[Callable[[Path], list[str]]]:
    """Starts a browser; yields what opens a page in it and says what is wrong there.

    That is what ran, or would run by a click.
    """
    if BROWSER is None:
        raise RuntimeError("no chromium to open pages with: install chromium")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=BROWSER, args=[*OPTIONS])
        with started:
            yield lambda page: _problems(started, page)


def _problems(started: Browser, page: Path) -> list[str]:
    with started.new_context() as own:
        shown = own.new_page()
        # What waits to run later runs now.
        shown.clock.install()
        shown.goto(page.as_uri(), wait_until="load", timeout=_SECONDS * 1000)
        shown.clock.run_for(3000)
        title, content = shown.title(), shown.content()
    if "identity_block" not in content:
        raise RuntimeError(f"the browser shows nothing: {content[:2000]}")
    found = [f"{ALARM!r} ran"] if ALARM in title else []
    tags = _Found()
    tags.feed(content)
    return found + tags.problems
