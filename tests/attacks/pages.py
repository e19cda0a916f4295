"""An attack's pages as a browser shows them to students and instructors."""

import html
import re
import shutil
import subprocess
import tempfile
from html.parser import HTMLParser
from pathlib import Path

from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

from tests.attacks.browser import ALARM
from tests.attacks.course import Stage

BROWSER = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
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


def problems(page: Path) -> list[str]:
    """Opens a page in a browser and says what ran, or would run by a click."""
    if BROWSER is None:
        raise RuntimeError("no chromium to open pages with: install chromium")
    with tempfile.TemporaryDirectory(prefix="browser-") as profile:
        done = subprocess.run(
            [
                BROWSER,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                f"--user-data-dir={profile}",
                "--virtual-time-budget=3000",
                "--dump-dom",
                page.as_uri(),
            ],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=120,
        )
    shown = done.stdout
    if "identity_block" not in shown:
        raise RuntimeError(f"the browser shows nothing: {done.stderr[-2000:]}")
    title = html.unescape("".join(re.findall(r"<title>(.*?)</title>", shown, re.S)))
    found = [f"{ALARM!r} ran"] if ALARM in title else []
    tags = _Found()
    tags.feed(shown)
    return found + tags.problems
