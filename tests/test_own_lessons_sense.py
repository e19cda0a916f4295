"""Tables and lessons that do not fit together: told in a line, with name and place."""

import re
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from grader.exercise import catalogue
from grader.exercise.catalogue import Catalogue
from grader.exercise.fault import LessonFault
from grader.judge.network.dialect import KERAS
from grader.judge.network.kinds import CALLS, KINDS, needed
from grader.judge.network.rows import Argument, Of, Part, Row, Table
from grader.judge.network.specify import spec_of
from grader.nbgrader.notebook.rules import broken_rules
from tests.course import ROOT
from tests.own_lessons import installed, kinds
from tests.own_lessons.dense_block import dense_block
from tests.own_lessons.vgg import vgg


def source(module):
    return Path(module.__file__).read_text("utf-8")


def made(module, old, new):
    """What a lesson's file defines with another text in one place."""
    text = source(module)
    assert old in text
    names = {}
    exec(text.replace(old, new, 1), names)
    return names


@pytest.mark.parametrize(
    ("module", "old", "new", "told"),
    [
        (dense_block, 'Of("growth"), kernel', 'Of("grwoth"), kernel',
         "layer, row 'conv2': there is no argument 'grwoth': is 'growth' meant?"),
        (dense_block, 'Of("4 * growth")', 'Of("4 x growth")',
         "layer, row 'conv1': '4 x growth' is not made of names"),
        (dense_block, '"Conv2D", NARROW', '"Conv2d", NARROW',
         "layer, row 'conv1': there is no kind of row 'Conv2d': is 'Conv2D' meant?"),
        (dense_block, '"Conv2D", NARROW', '"Swish", NARROW',
         "there is no kind of row 'Swish'; there are: Conv2D, DepthwiseConv2D,"),
        (dense_block, "kernel_size=1", "kernel=1",
         "layer, row 'conv1': Conv2D has no setting 'kernel': is 'kernel_size' meant?"),
        (dense_block, ", kernel_size=1", "",
         "layer, row 'conv1': Conv2D needs the setting 'kernel_size'"),
        (dense_block, '"conv2"),\n', '"conv3"),\n',
         "row 'join': no row before it has the key 'conv3': is 'conv2' meant?"),
        (dense_block, 'after=("input", "conv2")', 'after=("conv2",)',
         "row 'join': Concatenate takes several rows: name them in `after`"),
        (dense_block, 'row("conv2"', 'row("conv1"',
         "layer, row 'conv1': another row before it has this key"),
        (vgg, '"count": c', '"cuont": c',
         "VGG, row 'stage1': conv_stage has no setting 'cuont': is 'count' meant?"),
        (vgg, 'label="the ReLU"', 'label="the ReLU {nmber}"',
         "row 'relu': there is no argument 'nmber': is 'number' meant?"),
        (dense_block, '20, "values")', '10, "values"), ("names", 10, "names")',
         "no mistake is charged to the check -names, so everybody would pass it"),
        (dense_block, '("wiring", 40, "wiring"), ', "",
         "dense_block: it lacks checks that mistakes are charged to: -wiring"),
        (dense_block, '("wiring", 40', '("wiring", 0', "-wiring has 0 points"),
        (dense_block, "growth=2, layers=3", "growht=2, layers=3",
         "call 'shown': there is no argument 'growht': is 'growth' meant?"),
        (dense_block, "growth=2, layers=3", "growth=2",
         "call 'shown': the argument 'layers' is missing"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(module, old, new, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        made(module, old, new)


@pytest.mark.parametrize(
    ("module", "old", "new", "told"),
    [
        (dense_block, "Whole(3, 5), layers=2", "Whole(5, 3), layers=2",
         "dense_block, call 'other': its numbers cannot be drawn"),
        (vgg, '"shown", 8, 8, 3', '"shown", 1, 8, 3',
         "an input of (1, 8, 3): block1_pool cannot take (1, 8, 4): nothing is left"),
        (vgg, "((32, 32), (64, 32))", "((4, 4), (4, 7))",
         "VGG: it cannot be built at any of the `sizes` of its Network, 4×4 and 4×7"),
    ],
)  # fmt: skip
def test_calls_that_nobody_could_build_are_told_at_release(module, old, new, told):
    lesson = made(module, old, new)["LESSON"]
    (line,) = broken_rules(installed.notebook(lesson.notebook), lesson)
    assert told in line


def test_a_block_says_how_many_channels_it_gives():
    wide = replace(vgg.CONV_STAGE, width=Of("2 * filters + count"))
    settings = {"filters": 5, "count": 3, "stage": 1}
    assert wide.record(settings, 0)["width"] == 13
    assert wide.signature()["width"] == "2 * filters + count"
    with pytest.raises(ValueError, match="`width` follows no argument 'channels'"):
        replace(vgg.CONV_STAGE, width=Of("channels + filters"))
    with pytest.raises(ValueError, match="how many channels it gives"):
        made(vgg, '    width=Of("filters"),\n', "")


def test_a_block_that_is_opened_knows_what_it_takes():
    arguments = (*kinds.INVERTED.arguments[:2], Argument("stride", "whole", record="s"))
    block = replace(kinds.INVERTED, arguments=arguments, width=Of("filters"))
    part = Part("plan", "plan")
    rows = (
        Row("stem", "Conv2D", part, {"filters": 5, "kernel_size": 1}, label="the stem"),
        *(
            Row(f"b{n}", "Block", part,
                dict(zip(("expansion", "filters", "stride"), n, strict=True)),
                inside="a block", label="a block", calls=block)
            for n in ((2, 5, 1), (3, 4, 2))
        ),
    )  # fmt: skip
    spec = spec_of(Table("net", (), rows), {}, KERAS, channels=3, opened=True)
    nodes = [spec.graph.nodes[number] for number in spec.graph.order]
    assert [n.attrs["filters"] for n in nodes if "filters" in n.attrs] == [
        5, 10, 5, 15, 4,
    ]  # fmt: skip
    assert [node.kind for node in nodes].count("Add") == 1


def entries(monkeypatch, *texts):
    found = [EntryPoint(*text.split(" = "), group="g") for text in texts]
    monkeypatch.setattr(catalogue, "entry_points", lambda group: found)
    return Catalogue("grader.lessons", (), "g")


HERE = "tests.own_lessons.dense_block.dense_block"


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["06_x = no_such_module:LESSON"],
         "the entry point 06_x = no_such_module:LESSON of g cannot be loaded: "
         "ModuleNotFoundError: No module named 'no_such_module'"),
        ([f"06_x = {HERE}:LAYER"], "is no lesson but Table"),
        ([f"06_x = {HERE}:LESSON"], "the lesson '06_dense_block': one name for both"),
        ([f"06_x = {HERE}:LESSON", "06_x = other:LESSON"],
         f"two packages have a lesson 06_x: {HERE}:LESSON and other:LESSON"),
    ],
)  # fmt: skip
def test_a_lesson_that_cannot_be_loaded_stops_no_other(monkeypatch, texts, told):
    lessons = entries(monkeypatch, *texts, f"06_dense_block = {HERE}:LESSON")
    assert told in lessons.fault("06_x")
    with pytest.raises(LessonFault):
        lessons["06_x"]
    assert lessons.sound() == [dense_block.LESSON]


def test_no_lesson_takes_the_place_of_one_of_the_course(monkeypatch):
    entries(monkeypatch, f"01_residual_networks = {HERE}:LESSON")
    lessons = Catalogue("grader.lessons", ("01_residual_networks",), "g")
    assert lessons["01_residual_networks"].name == "01_residual_networks"
    (told,) = lessons.shadowed()
    assert told.startswith(f"the entry point 01_residual_networks = {HERE}:LESSON of g")


def test_the_page_has_each_kind_of_row_with_what_it_needs():
    text = (ROOT / "solutions" / "README.md").read_text("utf-8")
    lines = re.search(r"\| kind of row \|.*\n\| --- .*\n((?:\|.*\n)+)", text)
    assert lines
    said = {}
    for line in lines.group(1).splitlines():
        kinds, needs = line.strip("|").split("|")
        first = re.split(", (?:and|of)", needs)[0]
        told = dict.fromkeys(re.findall("`(.*?)`", kinds), re.findall("`(.*?)`", first))
        said |= told
    calls = {"Block": ["calls"], "Repeat": ["calls", "times"]}
    merges = {kind for kind, names in said.items() if names == ["after"]}
    asked = {kind: list(needed(kind)) for kind in KINDS}
    assert said == asked | {kind: ["after"] for kind in merges} | calls
    assert all(kind in KERAS.sentences for kind in KINDS)
    assert set(CALLS) == set(calls)
