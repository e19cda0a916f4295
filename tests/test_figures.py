"""The static figures are what .make/figures.py draws, and can be read by all."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
FIGURES = sorted((ROOT / "solutions").glob("*/figures/*.svg"))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    "script", ["figures.py", "report_picture.py", "gestures_picture.py"]
)
def test_pictures_are_not_stale(script):
    run = subprocess.run(
        [sys.executable, f".make/{script}", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_another_hand_makes_the_gestures_stale(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / ".make"))
    import gestures_picture

    drawn = gestures_picture.row()
    assert not gestures_picture.is_stale(drawn)
    drawn.putpixel((30, 60), (0, 0, 0))
    assert gestures_picture.is_stale(drawn)


def test_lesson_1_has_its_five_figures():
    names = {p.name for p in FIGURES if p.parts[-3] == "01_residual_networks"}
    assert names == {
        "shortcut.svg",
        "identity_block_two.svg",
        "identity_block.svg",
        "convolutional_block.svg",
        "resnet50.svg",
    }


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_figure_is_legible_in_each_theme_and_described(path):
    svg = ElementTree.parse(path).getroot()
    ground = svg.find(f"{SVG}rect")
    assert ground is not None
    assert ground.get("fill") == "#ffffff"
    assert (ground.get("width"), ground.get("height")) == (
        svg.get("width"),
        svg.get("height"),
    )
    assert svg.findtext(f"{SVG}title")
    assert len(svg.findtext(f"{SVG}desc") or "") > 60


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_figure_fits_a_notebook_page(path):
    svg = ElementTree.parse(path).getroot()
    assert int(svg.get("width", "0")) <= 960
    assert path.stat().st_size < 20_000


def _boxes(svg):
    """Each box's name, and its left, top, right and bottom."""
    found = []
    for rect in svg.iter(f"{SVG}rect"):
        x, y, wide, high = (
            float(rect.get(k, "0")) for k in ("x", "y", "width", "height")
        )
        for text in svg.iter(f"{SVG}text"):
            at = float(text.get("x", "0")), float(text.get("y", "0"))
            if x < at[0] < x + wide < 960 and y < at[1] < y + high:
                found.append((text.text, x, y, x + wide, y + high))
                break
    return found


def _box_at(boxes, x, y):
    """The name of the box whose edge a line's end touches."""
    for name, left, top, right, bottom in boxes:
        if left - 2 <= x <= right + 2 and top - 2 <= y <= bottom + 2:
            return name
    return None


def test_data_flow_through_lesson_3s_network_in_its_order():
    path = ROOT / "solutions/03_resnet_from_tensors/figures/resnet50.svg"
    svg = ElementTree.parse(path).getroot()
    boxes = _boxes(svg)
    order = ["input"]
    for line in svg.iter(f"{SVG}polyline"):
        points = [tuple(map(float, p.split(","))) for p in line.get("points").split()]
        start, end = (_box_at(boxes, *point) for point in (points[0], points[-1]))
        assert start == order[-1]
        order.append(end)
    assert order == [
        *("input", "conv1", "bn1", "ReLU", "maxpool1"),
        *("block2", "block3", "block4", "block5"),
        *("avgpool5", "fc6", "softmax"),
    ]


def test_sizes_of_lesson_4s_stages_are_those_after_them():
    path = ROOT / "solutions/04_resnet_family/figures/plan.svg"
    texts = [t.text for t in ElementTree.parse(path).getroot().iter(f"{SVG}text")]
    sizes = [text for text in texts if text and re.fullmatch(r"\d+×\d+", text)]
    assert sizes == ["112×112", "56×56", "56×56", "28×28", "14×14", "7×7", "1×1"]
    stem = texts.index("112×112")
    assert texts[stem : stem + 4] == [
        *("112×112", "Conv2D 7×7, 64 filters, stride 2"),
        *("56×56", "MaxPool 3×3, stride 2"),
    ]
