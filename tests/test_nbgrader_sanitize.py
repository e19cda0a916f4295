import copy
import json
import sys
import time

import nbformat.v4
import pytest
from nbconvert.filters import Highlight2HTML, markdown2html
from nbformat.v4 import new_code_cell, new_markdown_cell

from grader.nbgrader.faults import MachineFault
from grader.nbgrader.pages.rendering import Renderer, renderable
from grader.nbgrader.pages.trial_rendering import ALL
from grader.nbgrader.sanitize import SanitizeText

pytestmark = pytest.mark.slow

SECONDS = 0.3
HOSTILE = [
    "<script>run()</script>",
    "<scr<script>ipt>run()</script>",
    "<img src=x onerror=run()>",
    "<svg onload=run()>",
    "<iframe srcdoc='<script>run()</script>'></iframe>",
    "<a href='javascript:run()'>x</a>",
    "[x](javascript:run())",
    "[x](JaVaScRiPt&colon;run())",
    "[x](java&#115;cript&amp;#58;run())",
    r"[x](javascript\:run())",
    "[x](<java\tscript:run()>)",
    "[x]: javascript:run()\n\n[x]",
    "<javascript:run()>",
    "![x](data:text/html,run())",
    "[x](vbscript:run())",
]
ORDINARY = [
    "# A heading\n\nwith *words*, `code` and [a link](https://example.org)",
    "| a | b |\n| --- | --- |\n| 1 | 2 |",
    "the data: 1,080 images",
    "$\\alpha + \\beta$",
    '<span class="x">text</span><br>',
]
#: kinds of cells, and pieces of which a long row holds up a renderer
SLOW = [
    ("markdown", "\\\\("),
    ("markdown", "\\\\["),
    ("markdown", "\\begin{a}"),
    ("markdown", "```ipython3\n" + "a." * 20_000 + "\n```\n"),
    ("code", "a."),
    ("code", "0.0."),
    ("code", "**"),
    ("code", "."),
]
LONG = [
    ("markdown", "# Notes\n\n" + "- *list* of `words`, $x^2$ and <b>more</b>\n" * 90),
    ("code", "def f(x):\n" + "    x = x.a.b(1.5, 'text')[0]  # words\n" * 900),
    ("code", f"picture = '{'iVBORw0KGgo' * 9_000}'"),
]
MAKE = {"markdown": new_markdown_cell, "code": new_code_cell}


def clean(*cells):
    """Cells as SanitizeText lets them through; a process renders all of one call."""
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    names = {"nbgrader": {"assignment": "any", "notebook": "any"}}
    sanitize = SanitizeText(rendering_timeout=SECONDS)
    return sanitize.preprocess(notebook, names)[0].cells


@pytest.fixture(scope="module")
def cleaned():
    texts = [*HOSTILE, *ORDINARY]
    cells = clean(*map(new_markdown_cell, texts))
    return {text: cell.source for text, cell in zip(texts, cells, strict=True)}


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_runs(cleaned, text):
    shown = markdown2html(cleaned[text]).lower()
    for word in ("<script", "<iframe", "<svg", "onerror", "onload", "script:", "data:"):
        assert word not in shown


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_stays(cleaned, text):
    assert cleaned[text] == text


def rendered(cells):
    """Seconds of a processor that it takes to render cells."""
    highlight = Highlight2HTML()
    started = time.process_time()
    for cell in cells:
        (highlight if cell.cell_type == "code" else markdown2html)(cell.source)
    return time.process_time() - started


def test_what_is_let_through_is_rendered_in_good_time():
    size = {"markdown": 50_000, "code": 100_000}
    slow = [MAKE[kind]((piece * size[kind])[: size[kind]]) for kind, piece in SLOW]
    long = [MAKE[kind](text) for kind, text in LONG]
    cells = clean(*slow, *copy.deepcopy(long))
    assert cells[-len(long) :] == long
    assert [cell.source for cell in cells[:1]] == [
        "(50,000 characters that take too long to show)"
    ]
    assert sum("too long to show" in cell.source for cell in cells) >= 5
    assert rendered(cells) < 3 * ALL * SECONDS


def test_an_ordinary_cell_stays_beside_any_number_of_slow_ones():
    slow = [new_markdown_cell("\\\\(" * 16_000) for _ in range(8)]
    code = new_code_cell("def f(x):\n    return x")
    text = new_markdown_cell("what I thought")
    cells = clean(*slow, code, text)
    assert [cell.source for cell in cells[-2:]] == [code.source, text.source]
    assert {cell.source for cell in cells[:8]} == {
        "(48,000 characters that take too long to show)"
    }


def test_without_a_process_there_is_no_verdict(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/gone/python")
    with pytest.raises(MachineFault, match="gone"):
        renderable([("code", "x = 1")], 1)


def test_a_renderer_serves_until_it_ends_and_then_another_does():
    renderer, request = Renderer(sys.executable), json.dumps([1, [["code", "x = 1"]]])
    try:
        assert renderer.ask(request) == renderer.ask(request)
        pid = renderer._process.pid
        renderer._process.kill()
        renderer._process.wait()
        assert renderer.ask(request) == ["ready", "True", "end"]
        assert renderer._process.pid != pid
    finally:
        renderer.close()
