"""A learner's way through lesson 1 in JupyterLab: one browser, one kernel."""

import os
import shutil
from itertools import islice
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from grader.demo.submissions import solutions
from grader.page.front import NAME as START
from grader.page.front import front_page
from tests.browser import BROWSER, faults, lab_options, picture, serving
from tests.course import LESSON, ROOT
from tests.lessons.source import source_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no chromium here"),
]

FOLDER = ROOT / "assignments" / LESSON.name
LAB = Path("course/lab")
FILE = f"{LESSON.notebook}.ipynb"
RED = '[data-mime-type$="jupyter.stderr"], [data-mime-type$="jupyter.error"]'
FIRST, SECOND, *_ = LESSON.functions
#: milliseconds for cells to end
LONG = 180_000
#: all cells of a notebook are on its page
SETTINGS = "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A working copy of the lesson, and the page that `make lab` opens."""
    root = tmp_path_factory.mktemp("lab")
    shutil.copytree(FOLDER, root / LAB / LESSON.name)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    (root / SETTINGS).parent.mkdir(parents=True)
    (root / SETTINGS).write_text('{"windowingMode": "none"}')
    text = (ROOT / "assignments/README.md").read_text("utf-8")
    (root / LAB / START).write_text(front_page(root / LAB, text))
    return root


@pytest.fixture(scope="module")
def server(root):
    own = {
        "JUPYTER_CONFIG_PATH": str(ROOT / ".make/lab"),
        "JUPYTERLAB_SETTINGS_DIR": str(root / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(root / "workspaces"),
    }
    options = (*lab_options(), "--expose-app-in-browser")
    with serving("lab", root, os.environ | own, *options) as address:
        yield address


class Notebook:
    """The lesson, opened by a click on the first page."""

    def __init__(self, page):
        self.page = page
        page.get_by_role("link", name=LESSON.title).first.click()
        release = nbformat.read(FOLDER / FILE, as_version=4)
        code = sum(cell.cell_type == "code" for cell in release.cells)
        expect(page.locator(".jp-CodeCell .cm-content")).to_have_count(code)
        self.rest()

    def rest(self):
        """Waits until no cell runs or is to run."""
        self.page.locator(
            '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
        ).wait_for(timeout=LONG)
        self.page.wait_for_function(
            "![...document.querySelectorAll('.jp-InputPrompt')]"
            ".some(e => e.textContent.includes('*'))",
            # not in each frame: it would take a core from what is waited for
            polling=100,
            timeout=LONG,
        )

    def cell(self, text):
        """The cell that holds a text."""
        return self.page.locator(".jp-CodeCell").filter(has_text=text)

    def run(self, cell):
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        self.rest()

    def write(self, function, code):
        """Types a function into its cell and runs it."""
        cell = self.cell(f"# GRADED FUNCTION: {function}")
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code)
        self.run(cell)

    def check(self, function, most=9):
        """Runs the first checks of a function; returns what each says."""
        own = (check.id for check in LESSON.checks if check.function == function)
        checks = list(islice(own, most))
        cells = [self.cell(f'lesson.check("{check}"') for check in checks]
        for cell in cells:
            self.run(cell)
        return [cell.locator(".jp-OutputArea").inner_text() for cell in cells]

    def progress(self):
        """What the last cell of the lesson says."""
        cell = self.cell("lesson.progress()").last
        self.run(cell)
        return cell.locator(".jp-OutputArea").inner_text()

    def command(self, name, **arguments):
        self.page.evaluate(
            "([name, args]) => window.jupyterapp.commands.execute(name, args)",
            [name, arguments],
        )


@pytest.fixture(scope="module")
def code():
    return solutions(source_of(LESSON.name).solution_notebook, LESSON)


def test_a_learner_goes_through_the_lesson(root, server, new_context, code):
    page = new_context().new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{server}/lab/tree/{LAB}/{START}")
    assert "not begun" in page.locator(".jp-MarkdownViewer ul").first.inner_text()
    assert faults(page, ".jp-MarkdownViewer") == {}
    # what instructors have, and news
    assert page.locator(".jp-Launcher, .jp-toast-message").count() == 0
    assert "Nbgrader" not in page.locator("#jp-menu-panel").inner_text()
    picture(page, "learner-0-first-page")

    notebook = Notebook(page)
    picture(page, "learner-1-opened")

    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator('[data-command="runmenu:run-all"]').click()
    expect(page.locator(".jp-CodeCell .jp-InputPrompt").first).not_to_have_text("[ ]:")
    notebook.rest()
    assert page.locator(RED).count() == 0
    told = notebook.progress()
    assert "0 of 100 points so far" in told
    assert f"Next: write {FIRST}." in told
    picture(page, "learner-2-untouched")

    notebook.write(FIRST, code[FIRST].replace('padding="same"', 'padding="valid"'))
    told = notebook.check(FIRST)
    assert "✗ not yet" in "".join(told)
    page.locator(".jp-OutputArea-output table").first.scroll_into_view_if_needed()
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        notebook.command("apputils:change-theme", theme=theme)
        page.locator(f"[data-jp-theme-name='{theme}']").wait_for(state="attached")
        assert faults(page, '[data-mime-type="text/html"]:has(table)') == {}
        picture(page, f"learner-3-mistake-{theme[11:].lower()}")

    notebook.write(FIRST, code[FIRST])
    told = notebook.check(FIRST, most=1)
    assert f"30 of 100 points so far. Done: {FIRST} (30 of 30)." in told[0]
    assert f"Next: write {SECOND}." in told[0]
    # the first page has the points of now, though nothing was saved by hand
    page.get_by_role("tab", name=START).click()
    page.locator(".jp-MarkdownViewer").get_by_text(": 30 of 100").wait_for()
    page.get_by_role("tab", name=FILE).click()

    for function in LESSON.functions:
        notebook.write(function, code[function])
        told = notebook.check(function)
        assert all("✓ passed" in text for text in told), told
    assert "100 of 100 points so far" in notebook.progress()
    picture(page, "learner-4-green")

    notebook.write(FIRST, code[FIRST] + "\nreturn return")
    told = notebook.check(FIRST)
    assert not any("passed" in text for text in told), told
    assert f"Next: mend the cell of {FIRST}." in told[0]
    picture(page, "learner-5-syntax-error")
    notebook.write(FIRST, code[FIRST])
    notebook.check(FIRST, most=1)

    notebook.run(notebook.cell("model = ResNet50(input_shape=(64, 64, 3)").first)
    upload = notebook.cell("upload_image(model)")
    notebook.run(upload)
    with page.expect_file_chooser() as chooser:
        upload.locator("button.widget-upload").click()
    chooser.value.set_files(FOLDER / "images/my_image.jpg")
    expect(upload.locator("img")).to_have_count(1, timeout=LONG)
    picture(page, "learner-6-own-picture")

    page.get_by_role("button", name="Validate").click()
    told = page.locator("#validation-message")
    try:
        told.wait_for(timeout=LONG)
    finally:
        picture(page, "learner-7-validate")
    assert "validation-success" in told.get_attribute("class")
    page.locator(".jp-mod-accept").click()
    assert "100 of 100 points so far" in notebook.progress()
    picture(page, "learner-8-progress")

    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.keyboard.press("Control+s")
    assert ": 100 of 100" in (root / LAB / START).read_text("utf-8")
