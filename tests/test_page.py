"""What the page of a running notebook says: a real shell, judgements made by hand."""

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from IPython.core.interactiveshell import InteractiveShell

from grader.executed import Executed
from grader.judge.finding import Finding
from grader.judge.verdict import Verdict, not_written
from grader.lessons import NAMES, get_lesson
from grader.page import page as page_module
from grader.page.outline import Outline
from grader.page.page import Page
from grader.practice import EXECUTION, _page
from grader.report import CheckFailed, CheckNotRun
from grader.report.charge import reports
from tests.own_lessons.vgg import vgg

ROOT = Path(__file__).parents[1]
LESSONS = (*map(get_lesson, NAMES), vgg.LESSON)
LESSON = LESSONS[0]
FIRST, SECOND, THIRD = LESSON.functions
STUB = "def {}():\n    raise NotImplementedError()"
GOOD = "def {}():\n    return helper()\ndef helper():\n    return 1"


class Notebook:
    """A shell, the page around it, and what is shown there and is not a report."""

    def __init__(self, lesson):
        self.lesson, self.shown, self.errors = lesson, [], []
        self.shell = InteractiveShell()
        self.shell.user_ns.update(check=self.check, __name__="__main__")
        self.page = Page(self.shell, Executed.of(self.shell), lesson)
        # what a notebook draws red
        self.shell._showtraceback = lambda *rest: self.errors.append(rest[0].__name__)

    def display(self, bundle, raw, metadata=None):
        self.shown.append(bundle["text/plain"])

    def check(self, function, verdict=None):
        """What `lesson.check` does, without a capture."""
        name = function.__name__
        checks = [c for c in self.lesson.checks if c.function == name]
        verdict = verdict or not_written(name, f"{name} is not written yet.")
        found = reports(checks, verdict)
        self.page.note(name, function, found)
        for report in found.values():
            self.page.show(report)
        raise CheckFailed(list(found.values())[-1], shown=True)

    def run(self, *cells):
        self.shown.clear()
        self.errors.clear()
        results = [self.shell.run_cell(cell, store_history=True) for cell in cells]
        return [result.success for result in results]

    def row(self, function):
        rows = {row.function: row for row in self.page.progress().rows}
        return rows[function].points, rows[function].state


@pytest.fixture
def notebook(request, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    made = Notebook(getattr(request, "param", LESSON))
    monkeypatch.setattr(page_module, "display", made.display)
    return made


@pytest.mark.parametrize("notebook", LESSONS, indirect=True, ids=lambda x: x.name)
def test_an_untouched_lesson_has_nothing_red(notebook):
    """Each cell that waits for an exercise fails, and says why in a line."""
    name, *_, last = notebook.lesson.functions
    stubs = [STUB.format(function) for function in notebook.lesson.functions]
    assert all(notebook.run(*stubs))
    cells = (
        f"model, other = {last}(), 1",
        "for layer in model:\n    total = layer",
        "print(total)",
        f"check({name})",
    )
    assert not any(notebook.run(*cells))
    assert notebook.errors == []
    asked, after, later, *told = notebook.shown
    assert asked == f"This cell needs {last}, which is not written yet."
    assert after.startswith(
        f"This cell needs model, but the cell that makes it needs {last}"
    )
    assert later.startswith("This cell needs total, but")
    assert all(f"{name} is not written yet." in text for text in told)
    notebook.page.show_progress()
    assert f"Next: write {name}." in notebook.shown[-1]


def test_what_is_wrong_in_another_way_is_shown_as_ever(notebook):
    cells = (
        "1 / 0",
        "no_such_name",
        "model = [][0]",
        "x = y = no_such_name",
        "raise NotImplementedError",
    )
    assert not any(notebook.run(*cells))
    kinds = ["ZeroDivisionError", "NameError", "IndexError", "NameError"]
    assert notebook.errors == [*kinds, "NotImplementedError"]
    assert notebook.shown == []
    notebook.run("model")
    assert notebook.errors == []
    assert notebook.shown == [
        "This cell needs model, but the cell that makes it ended with an IndexError."
    ]
    notebook.run("model = 1", "del model", "model")
    assert notebook.errors == ["NameError"]


def test_a_function_whose_cell_is_broken_is_told_where_it_is_needed(notebook):
    notebook.run(FIRST)
    assert notebook.shown == [
        f"This cell needs {FIRST}, which is not defined: run its cell first."
    ]
    notebook.run(f"def {FIRST}(:\n    pass", f"check({FIRST})")
    assert notebook.errors == ["SyntaxError"]
    assert notebook.shown == [
        f"This cell needs {FIRST}, which is not defined: "
        "its cell ended with a SyntaxError."
    ]


def test_what_cannot_run_is_a_line(notebook):
    notebook.shell.user_ns["missing"] = CheckNotRun("It did not run.", "Install it.")
    notebook.run("raise missing")
    assert (notebook.errors, notebook.shown) == ([], ["It did not run. Install it."])


def passed(notebook, function):
    notebook.shell.user_ns["good"] = Verdict(1.0, ())
    notebook.run(GOOD.format(function), f"check({function}, good)")


@pytest.mark.parametrize(
    ("cell", "counts"),
    [
        ("x = 1", True),
        ("def other():\n    return 2", True),
        (GOOD.format(FIRST), True),
        (STUB.format(FIRST), False),
        ("def helper():\n    return 2", False),
        (f"def {FIRST}(:\n    pass", False),
        (f"del {FIRST}", False),
    ],
)
def test_what_counts_is_what_is_still_there(notebook, cell, counts):
    passed(notebook, FIRST)
    assert notebook.row(FIRST) == (30, "done")
    notebook.run(cell)
    points, state = notebook.row(FIRST)
    assert (points, state == "done") == ((30, True) if counts else (0, False))
    passed(notebook, FIRST)
    assert notebook.row(FIRST) == (30, "done")


def test_a_report_tells_how_far_the_lesson_is(notebook):
    """Cells that are run again, as they are, change nothing: `helper` is the same."""
    passed(notebook, FIRST)
    mistake = Finding(f"{SECOND}-wiring", 20, "sum", "", "It is wrong.", "Line 3")
    notebook.shell.user_ns["bad"] = Verdict(1.0, (mistake,))
    notebook.run(GOOD.format(SECOND), f"check({SECOND}, bad)")
    told = " ".join(notebook.shown)
    line = (
        f"40 of 100 points so far. Done: {FIRST} (30 of 30). "
        f"Left: {SECOND} (10 of 30), {THIRD}. Next: mend {SECOND}."
    )
    # in each report but in the line that follows from another
    assert (len(notebook.shown), told.count(line)) == (4, 3)
    assert "Follows from" in notebook.shown[0]
    assert line not in notebook.shown[0]
    assert notebook.row(SECOND) == (10, f"see {SECOND}-wiring")
    for function in (SECOND, THIRD):
        passed(notebook, function)
    progress = notebook.page.progress()
    assert (progress.points, progress.left) == (100, ())
    assert progress.follows[0] == LESSONS[1].title


def test_another_page_of_the_same_shell_knows_the_same(notebook):
    passed(notebook, FIRST)
    again = Page(notebook.shell, Executed.of(notebook.shell), LESSON)
    assert again.progress().points == 30


@pytest.mark.parametrize("lesson", LESSONS[:-1], ids=lambda x: x.name)
def test_each_function_has_a_link_to_its_heading(lesson, monkeypatch):
    source = page_module.__file__.partition("grader/page")[0]
    folder = os.path.join(source, "assignments", lesson.name)  # noqa: PTH118
    monkeypatch.chdir(folder)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    outline = Outline.of(lesson.notebook)
    links = [outline.link(function) for function in lesson.functions]
    assert all(len(link) > 3 and " " not in link for link in links)
    # avg_pool and max_pool of lesson 3 stand in one section
    assert len(set(links)) >= len(links) - 1


@pytest.mark.parametrize("text", ["", "[]", '{"cells": 1}', '{"cells": [1, {}]}', "{"])
def test_a_file_that_is_no_notebook_has_no_links(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.ipynb").write_text(text)
    assert Outline.of("x").link("f") == ""


def test_the_notebook_is_the_one_that_was_opened(tmp_path, monkeypatch):
    cell = {
        "cell_type": "code",
        "source": "",
        "metadata": {"nbgrader": {"grade_id": "f"}},
    }
    head = {"cell_type": "markdown", "source": ["# A\n", "## 2 The `f` of it\n", "#x"]}
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps({"cells": [head, cell]}))
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    assert Outline.of("other").link("f") == "#2-The-f-of-it"


@pytest.mark.parametrize("name", [LESSON.name, "99_no_such_lesson"])
@pytest.mark.parametrize("execution", ["autograde", "validate", ""])
def test_there_is_a_page_where_somebody_looks_at_it(name, execution, monkeypatch):
    shell = InteractiveShell()
    shell.kernel = SimpleNamespace()
    monkeypatch.delenv(EXECUTION, raising=False)
    if execution:
        monkeypatch.setenv(EXECUTION, execution)
    found = _page(name, shell, Executed.of(shell))
    assert (found is not None) == (not execution and name == LESSON.name)


@pytest.mark.parametrize("lesson", LESSONS[:-1], ids=lambda x: x.name)
def test_what_is_saved_tells_what_is_to_be_written(lesson, monkeypatch, tmp_path):
    """No check and no cell of a function needs to have run."""
    released = ROOT / "assignments" / lesson.name / f"{lesson.notebook}.ipynb"
    (tmp_path / released.name).write_text(released.read_text("utf-8"), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    page = Notebook(lesson).page
    assert {row.state for row in page.progress().rows} == {"not written yet"}
    assert {row.todo for row in page.progress().rows} == {
        f"write {function}" for function in lesson.functions
    }
    written = released.read_text("utf-8").replace("raise NotImpl", "x = NotImpl")
    (tmp_path / released.name).write_text(written, "utf-8")
    assert {row.todo for row in page.progress().rows} == {
        f"run the cell of {function} and its checks" for function in lesson.functions
    }


@pytest.mark.parametrize(
    ("left", "state", "todo"),
    [
        ("raise NotImplementedError()", "not written yet", f"write {FIRST}"),
        ("pass", "not written yet", f"write {FIRST}"),
        ("return 1", "not written yet", f"write {FIRST}"),
        ("x = 1\n return x", "not checked yet", f"run the checks of {FIRST}"),
    ],
)
@pytest.mark.parametrize("head", ["", "class {}:\n "])
def test_what_was_run_tells_what_is_to_be_written(notebook, head, left, state, todo):
    name = "method" if head else FIRST
    left = left.replace("\n", "\n ") if head else left
    body = f"{head.format(FIRST)}def {name}():\n{' ' * bool(head)} # YOUR CODE HERE\n"
    assert notebook.run(f"{body}{' ' * bool(head)} {left}") == [True]
    rows = {
        row.function: (row.state, row.todo) for row in notebook.page.progress().rows
    }
    assert rows[FIRST] == (state, todo)
    assert rows[SECOND] == ("not checked yet", f"run the checks of {SECOND}")
