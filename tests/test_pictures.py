"""Two graphs side by side: all single faults of lesson 1, and hostile names."""

import functools
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from grader.judge.network.align import align
from grader.judge.network.compare import compare
from grader.judge.network.dialect import KERAS
from grader.judge.network.faults import faults
from grader.judge.network.sides import AROUND, LONGEST, MOST_ROWS, Sides
from grader.judge.network.specify import spec_of
from grader.judge.picture import Box, Picture
from grader.judge.words import value
from grader.lessons.residual_networks import BLOCKS, RESNET50
from grader.report import Report

SHOWN = {"f": 2, "filters": [2, 4, 6], "stage": 1, "block": "a"}
#: tables, arguments, whether blocks are written out, of how many faults one is drawn
WHOLE = [(table, SHOWN, False, 3) for table in BLOCKS.values()]
DEEP = [(RESNET50, {}, False, 12), (RESNET50, {}, True, 150)]
NASTY = 'x"/><script>alert(1)</script>&#60;b> URL="javascript:x" \\N {a|<b>c}'
TAGS = {"details", "summary", "div", "svg", "path", "rect", "text"}
ATTRIBUTES = {
    *("class", "style", "role", "aria-label", "width", "height", "viewBox", "fill"),
    *("stroke", "font-family", "font-size", "font-weight", "d", "x", "y", "rx"),
    *("stroke-width", "stroke-dasharray"),
}
#: characters of a report with a picture: many are on a page of feedback
LARGEST = 20_000


def compared(spec, graph):
    sides = Sides(spec, graph, align(spec, graph))
    differences = compare(spec, graph, sides.matched)
    return sides.picture(differences), differences


@functools.cache
def pictures(deep):
    """Of faults: their ids, pictures, and the differences that are drawn."""
    found = []
    for table, arguments, opened, every in DEEP if deep else WHOLE:
        build = functools.partial(spec_of, arguments=arguments, dialect=KERAS)
        spec = build(table, channels=6, opened=opened)
        for fault in list(faults(table, arguments))[::every]:
            graph = build(fault.table, channels=6, opened=opened).graph
            picture, differences = compared(spec, graph)
            if differences:
                found.append((fault.id, picture, differences))
    assert len(found) > 10
    return found


def drawn(picture):
    """The elements of a report's picture, and how long the report is."""
    page = Report("a-b", "", 0, 1, picture=picture).to_html()
    (details,) = ElementTree.fromstring(page).iter("details")
    return list(details.iter()), len(page)


def boxes(picture):
    return list(filter(None, (*picture.expected, *picture.captured)))


both = pytest.mark.parametrize("deep", [False, True], ids=["blocks", "networks"])


@both
def test_each_fault_is_marked_in_words(deep):
    for name, picture, differences in pictures(deep):
        assert picture, name
        marks = [mark for box in boxes(picture) for mark in box.marks]
        first = differences[0]
        wanted = {
            "attr": f": {value(first.found)}",
            "missing": "not in yours",
            "extra": "not asked for",
            "name": "another name",
            "kind": "another kind of layer",
            "wiring": "other inputs",
        }
        assert any(wanted.get(first.kind, "")[:20] in mark for mark in marks), name


@both
def test_a_picture_is_small_folded_and_read_without_colour(deep):
    for name, picture, _ in pictures(deep)[::3]:
        elements, length = drawn(picture)
        assert length < LARGEST, name
        assert elements[0].get("open") is None
        marked = [box for box in boxes(picture) if box.marks]
        words = [e.text for e in elements if e.get("font-weight") == "bold"]
        assert words == [f"✗ {mark}" for box in marked for mark in box.marks]
        thick = [e for e in elements if e.tag == "rect" and e.get("stroke-width")]
        assert len(thick) == len(marked)
        labels = [e.get("aria-label") for e in elements if e.tag == "svg"]
        columns = picture.expected, picture.captured
        for label, column in zip(labels, columns, strict=True):
            said = [line for b in column if b for line in (*b.lines, *b.marks)]
            assert [line for line in said if line not in label] == []
        arrows = [e for e in elements if e.tag == "path"]
        assert len(arrows) == sum(len(box.sources) for box in boxes(picture))


def test_a_block_is_drawn_whole_and_a_network_around_its_faults():
    for name, picture, _ in pictures(deep=False):
        assert all(box.kind != "gap" for box in boxes(picture)), name
    for name, picture, _ in pictures(deep=True):
        rows = list(zip(picture.expected, picture.captured, strict=True))
        marked = sum(any(box and box.marks for box in row) for row in rows)
        shown = sum(all(not box or box.kind != "gap" for box in row) for row in rows)
        assert shown < len(rows), name
        assert marked <= shown <= min(MOST_ROWS, marked * (2 * AROUND + 3)), name


@pytest.mark.parametrize(
    "text", [NASTY, "\x1b[31m\x00\u202e", "é" * 99, "]]>", "{{7}}"]
)
def test_what_a_student_wrote_is_text(text):
    spec = spec_of(BLOCKS["identity_block"], SHOWN, KERAS, channels=6)
    nodes = [replace(n, name=text, kind=n.kind) for n in spec.graph.nodes]
    nodes[1] = replace(nodes[1], kind=text, attrs={"filters": text, "units": text})
    picture, _ = compared(spec, replace(spec.graph, nodes=tuple(nodes)))
    written = Picture((Box((text,), (text,)), None), (None, Box((text,), (text,))))
    for each in (picture, written):
        elements, _ = drawn(each)
        assert {e.tag for e in elements} <= TAGS
        assert {key for e in elements for key in e.attrib} <= ATTRIBUTES
    assert max(len(line) for box in boxes(picture) for line in box.lines) <= LONGEST


def test_a_picture_is_in_no_record():
    (_, picture, _), *_ = pictures(deep=False)
    assert "picture" not in Report("a-b", "", 0, 1, picture=picture).to_dict()
