"""Other people's texts in every medium: they are shown, and do nothing."""

import ast
import csv
import html.parser
import io
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from nbconvert.filters import markdown2html
from rich.console import Console
from rich.text import Text

from grader import escape
from grader.cli import LazyGroup, main
from grader.cli._class import line_of
from grader.cli._marks import marks_table
from grader.lessons import get_lesson
from grader.nbgrader.grading.classroom import Result
from grader.nbgrader.grading.log import log_file
from grader.nbgrader.standing import Standing
from grader.report import Finding, Report
from tests.hostile import HOSTILE

ROOT = Path(__file__).parents[1]
LESSON = get_lesson("01_residual_networks")
EACH = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())


class Page(html.parser.HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, *(name for name, _ in attrs)))

    def handle_data(self, data):
        self.text += data


def squeezed(text):
    return " ".join(text.split())


@EACH
def test_a_line_is_one_line_and_keeps_what_can_be_seen(text):
    shown = escape.line(text)
    assert len(shown.splitlines()) == 1
    assert shown.isprintable()
    assert len(shown) == len(text)
    letters = [c for c in text if c.isprintable()]
    assert [c for c in shown if c in letters] != [] or not letters
    shown.encode()


def test_letters_of_all_scripts_stay():
    for text in ("Jörg Żółć", "ن\u200cی", "👩\u200d🔬", "王小明", "O'Brien-Smith, A."):
        assert escape.line(text) == text


@EACH
def test_html_is_text_in_an_element_and_in_an_attribute(text):
    page = Page(f"<p title='{escape.html(text)}' id=\"{escape.html(text)}\">")
    assert page.tags == [("p", "title", "id")]
    page = Page(f"<p>{escape.html(text)}</p>")
    assert page.tags == [("p",)]
    assert page.text == escape.line(text)


@EACH
def test_a_report_shows_it_as_text(text):
    finding = Finding("a-b", 1, text, text, text, text)
    page = Page(Report("a-b", text, 1, 2, (finding,), (text,), text).to_html())
    assert {tag[0] for tag in page.tags} <= {
        *("div", "strong", "span", "code"),
        *("table", "caption", "thead", "tbody", "tr", "th", "td"),
    }
    names = {name for tag in page.tags for name in tag[1:]}
    assert names == {"class", "data-head", "scope", "style"}
    assert page.text.count(escape.line(text)) >= 6


@EACH
@pytest.mark.parametrize("before", ["", "- ", "**A note.** ", "- a\n- ", "# "])
def test_markdown_is_text_and_no_formula(text, before):
    page = Page(markdown2html(before + escape.markdown(text) + "\n\nend"))
    inside = [tag for tag in page.tags if tag[0] not in {"p", "li", "ul", "strong"}]
    assert [tag for tag in inside if tag[0] not in {"h1", "a"}] == [("span", "class")]
    assert squeezed(escape.line(text)) in squeezed(page.text)


@EACH
def test_a_terminal_shows_it_on_one_line(text):
    out = io.StringIO()
    console = Console(
        file=out, force_terminal=True, width=400, color_system="truecolor"
    )
    console.print(Text(escape.terminal(text)), soft_wrap=True)
    shown = out.getvalue()
    assert shown == escape.line(text) + "\n"
    assert escape.terminal_lines(f"one\n{text}").splitlines()[0] == "one"


@EACH
def test_a_field_of_a_csv_is_one_field_and_no_formula(text):
    out = io.StringIO()
    csv.writer(out).writerows([[escape.csv(text), 1.5]] * 2)
    rows = list(csv.reader(io.StringIO(out.getvalue())))
    assert rows == [[escape.csv(text), "1.5"]] * 2
    assert rows[0][0].lstrip()[:1] not in {"=", "+", "-", "@"}
    out.getvalue().encode()


@EACH
def test_a_log_has_one_record(text, tmp_path):
    log, _ = log_file(tmp_path)
    log.error("cannot grade %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("of %s", text)
    lines = (tmp_path / "logs" / "nbgrader.log").read_text("utf-8").splitlines()
    records = [line for line in lines if not line.startswith("    ")]
    assert len(records) == 2
    assert all(line.isprintable() for line in lines)


def test_nothing_else_escapes():
    """One function a medium, in one module."""
    found = []
    for path in (ROOT / "grader").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names]
                module = getattr(node, "module", None)
                if "markupsafe" in (module, *names) or "html" in (module, *names):
                    found.append(path.relative_to(ROOT).as_posix())
    # SanitizeText reads entities: it looks for addresses that are written with them
    assert sorted(found) == ["grader/escape.py", "grader/nbgrader/sanitize.py"]


def on_terminal(shown):
    out = io.StringIO()
    Console(file=out, width=200, markup=False, emoji=False).print(shown, soft_wrap=True)
    return out.getvalue()


@EACH
def test_no_name_or_message_adds_a_line_to_what_is_told_of_a_class(text):
    for problems, repairs in (((text, text), ()), ((), (text, text))):
        result = Result(text, LESSON.name, 1.0, problems, repairs)
        shown = on_terminal(line_of(result))
        assert len(shown.splitlines()) == 1
        assert shown[:-1].isprintable()
        assert shown.startswith(f"  {escape.line(text)}: ")


def test_no_name_adds_a_row_to_the_table_of_marks():
    points = dict.fromkeys(LESSON.functions, 1.0)
    finding = Finding("a-b", 1, "layer", "", "nothing", "")
    report = Report("a-b", "", 1, 2, (finding,))
    count = range(len(HOSTILE))
    plain = [Standing(f"s{n}", points, 1.0, 100.0, (report,)) for n in count]
    hostile = [
        replace(standing, student=text)
        for standing, text in zip(plain, HOSTILE.values(), strict=True)
    ]
    lines, plain_lines = (
        on_terminal(marks_table(LESSON, each, 200)).splitlines()
        for each in (hostile, plain)
    )
    assert len(lines) == len(plain_lines)
    for line, text in zip(lines[-len(HOSTILE) - 1 : -1], HOSTILE.values(), strict=True):
        assert escape.line(text).strip() in line


@EACH
def test_an_error_of_the_command_line_is_shown_as_text(text, monkeypatch):
    @click.command
    def command():
        raise click.ClickException(f"there is {text}")

    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: command)
    shown = CliRunner().invoke(main, ["doctor"]).stderr
    assert all(line.isprintable() for line in shown.split("\n"))
    assert "\x1b" not in shown
