"""Reports and progress where they are read: in light, in the dark, aloud, as text."""

import html.parser
import re
from pathlib import Path
from xml.etree import ElementTree

import jupyterlab
import pytest

from grader.judge.verdict import Verdict, not_written
from grader.page.progress import Progress, Row
from grader.page.rendering import bundle, remark, with_line
from grader.report import CheckFailed, Finding, Report
from grader.report.charge import Check, reports

THEMES = Path(jupyterlab.__file__).parent / "themes/@jupyterlab"
#: of JupyterLab: the text's colour, its opacity, the grounds of cells and rows
LIGHT = "#000000", 0.87, ("#ffffff", "#f5f5f5", "#eeeeee", "#e1f5fe")
DARK = "#ffffff", 1.0, ("#111111", "#212121", "#424242")
TOLD = {
    "light": (
        "font-color1:rgba(0,0,0,.87)",
        "color0:white",
        "grey-200,#eee",
        "#e1f5fe",
    ),
    "dark": ("font-color1:#fff", "color0:#111", "grey-900,#212121", "#424242"),
}
LINK = "#2.1-The-block"
ROWS = (
    Row("first", 30, 30, "done", "", LINK),
    Row("second", 2.5, 30, "see second-layers", "mend second", LINK),
    Row("third", 0, 40, "not written yet", "write third"),
)
FOLLOWING = "Another lesson", "../02/other.ipynb"
MISTAKE = Finding("second-layers", 4, "conv", "`F2` filters", "conv has 4.", "Line 3")
WHOLE = Finding("second-layers", 9, "second", "", "second is wrong.", "")
TABLE = Report("second-layers", "layers", 0, 8, (MISTAKE, WHOLE), ("A note.",))
REPORTS = (
    TABLE,
    Report("second-layers", "layers", 0, 9, (WHOLE,)),
    Report("second-wiring", "wiring", 1, 15, (MISTAKE,), follows="second-layers"),
    Report("third-plan", "plan", 0, 40, (WHOLE,), unwritten=True),
    Report("second-values", "values", 4, 4, explained_by="second-layers"),
    Report("first-layers", "layers", 8, 8),
)


def shown():
    progress = Progress(ROWS, FOLLOWING)
    told = [report._repr_mimebundle_() for report in REPORTS]
    told += [with_line(each, progress) for each in told]
    progresses = (progress, Progress(ROWS[:1], FOLLOWING), Progress(ROWS[:1]))
    return [*told, *map(bundle, progresses), remark("A remark.")]


SHOWN = pytest.mark.parametrize("bundle", shown(), ids=lambda b: b["text/plain"][:30])


class Texts(html.parser.HTMLParser):
    """Each text with its colour, its ground and how much of it covers the ground."""

    def __init__(self, source):
        super().__init__()
        self.stack, self.texts = [(None, None, 1.0)], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        colour, ground, opacity = self.stack[-1]
        style = dict(attrs).get("style") or ""
        if found := re.search(r"(?<![-\w])color: (#\w+)", style):
            colour = found[1]
        if found := re.search(r"background: (#\w+)", style):
            ground = found[1]
        if found := re.search(r"opacity: ([\d.]+)", style):
            opacity *= float(found[1])
        self.stack.append((colour, ground, opacity))

    def handle_endtag(self, tag):
        self.stack.pop()

    def handle_data(self, data):
        if data.strip():
            self.texts.append((data.strip(), *self.stack[-1]))


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(over, under, share):
    """What is seen of a colour that covers another in part."""
    pairs = [[int(c[n : n + 2], 16) for c in (over, under)] for n in (1, 3, 5)]
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


@pytest.mark.parametrize("theme", TOLD)
def test_the_colours_are_those_of_jupyterlab(theme):
    text = (THEMES / f"theme-{theme}-extension/index.css").read_text("utf-8")
    assert [part for part in TOLD[theme] if part not in text] == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@SHOWN
def test_each_text_has_contrast(bundle, theme):
    usual, covers, grounds = theme
    for text, colour, own, opacity in Texts(bundle["text/html"]).texts:
        for page in grounds:
            ground = own or page
            seen = colour or mixed(usual, ground, covers)
            assert contrast(mixed(seen, ground, opacity), ground) >= 4.5, text


@SHOWN
def test_a_table_has_heads_a_caption_and_no_empty_column(bundle):
    page = ElementTree.fromstring(f"<page>{bundle['text/html']}</page>")
    for table in page.iter("table"):
        assert table.findtext("caption")
        heads = [head.text for head in table.iterfind("thead/tr/th")]
        rows = [list(row) for row in table.iterfind("tbody/tr")]
        assert {len(row) for row in rows} == {len(heads)}
        for column in zip(*rows, strict=True):
            assert any("".join(cell.itertext()).strip() for cell in column)
    assert all(head.get("scope") in ("col", "row") for head in page.iter("th"))
    for link in page.iter("a"):
        assert link.get("href") in (LINK, FOLLOWING[1])


@SHOWN
def test_what_is_seen_stands_in_the_text_too(bundle):
    """All words but those of the heads, which name columns."""
    page = ElementTree.fromstring(f"<page>{bundle['text/html']}</page>")
    for parent in list(page.iter()):
        for child in list(parent):
            if child.tag in ("thead", "caption"):
                parent.remove(child)
    words = set(re.findall(r"\w[\w-]*\w", " ".join(page.itertext()).lower()))
    assert words - {"note"} <= set(
        re.findall(r"\w[\w-]*\w", bundle["text/plain"].lower())
    )


def test_columns_are_those_in_which_something_stands():
    heads = re.compile(r'<th scope="col"[^>]*>([^<]*)<')
    every = ["Part", "Found", "The specification", "Where", "Points"]
    assert heads.findall(REPORTS[0].to_html()) == every
    assert heads.findall(REPORTS[1].to_html()) == ["Found", "Points"]


def test_what_a_check_cannot_pay_is_told():
    told = "the other 5 are taken from the other checks"
    assert told in " ".join(TABLE.to_text().split())
    assert told in TABLE.to_html()
    assert "taken from" not in REPORTS[1].to_text()


@pytest.mark.parametrize(("report", "quiet"), [(r, r.is_line) for r in REPORTS[:4]])
def test_a_failed_check_adds_a_line_to_its_report_or_nothing(report, quiet):
    failed = CheckFailed(report, shown=True)
    assert failed.quiet == quiet
    (line,) = failed._render_traceback_()
    assert line.startswith(f"{report.check}: ")
    # where nobody sees the report it is the traceback, as for the Validate button
    alone = CheckFailed(report)
    assert not alone.quiet
    assert str(alone) == report.to_text() == "\n".join(alone._render_traceback_())


CHECKS = tuple(Check(f"f-{part}", "f", 10, part) for part in ("a", "b", "values"))


def charged(verdict):
    return list(reports(CHECKS, verdict).values())


def test_a_cause_that_checks_share_is_told_once():
    dear = Finding("f-b", 15, "conv", "", "It is wrong.", "Line 3")
    first, second, third = charged(Verdict(1.0, (dear,)))
    assert (first.follows, second.follows, third.follows) == ("f-b", "", "")
    assert (first.is_line, second.is_line) == (True, False)
    assert "Follows from f-b: It is wrong." in first.to_text()
    assert third.explained_by == "f-b"
    first, *others = charged(Verdict(0.0, (dear,), brief="f raises"))
    assert first.follows == ""
    assert {other.follows for other in others} == {"f-a"}
    assert all("Follows from f-a: f raises." in o.to_text() for o in others)


def test_values_that_are_right_are_not_said_to_be_wrong():
    name = Finding("f-a", 3, "conv", "", "Its name is another.", "Line 3")
    _, _, values = charged(Verdict(1.0, (name,), numbers=False))
    assert (values.explained_by, values.mark) == ("", "passed")
    whole = Finding("f-", 3, "f", "", "An argument is missing.", "Line 1")
    assert charged(Verdict(1.0, (whole,)))[2].explained_by == "f-a"


def test_what_is_not_written_is_a_sentence():
    for report in charged(not_written("f", "f has no layers.")):
        assert report.is_line
        assert report.mark == "not written"
        assert "<table" not in report.to_html()
