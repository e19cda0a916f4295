import nbformat.v4
import pytest
from nbconvert.filters import markdown2html

from grader.nbgrader.sanitize import SanitizeText


def clean(text):
    cell = nbformat.v4.new_markdown_cell(text)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    names = {"nbgrader": {"assignment": "any", "notebook": "any"}}
    return SanitizeText().preprocess(notebook, names)[0].cells[0].source


@pytest.mark.parametrize(
    "text",
    [
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
    ],
)
def test_nothing_runs(text):
    shown = markdown2html(clean(text)).lower()
    for word in ("<script", "<iframe", "<svg", "onerror", "onload", "script:", "data:"):
        assert word not in shown


@pytest.mark.parametrize(
    "text",
    [
        "# A heading\n\nwith *words*, `code` and [a link](https://example.org)",
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
        "the data: 1,080 images",
        "$\\alpha + \\beta$",
        '<span class="x">text</span><br>',
    ],
)
def test_ordinary_text_stays(text):
    assert clean(text) == text
