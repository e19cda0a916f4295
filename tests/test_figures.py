"""The static figures are what .make/figures.py draws, and can be read by all."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[1]
FIGURES = sorted((ROOT / "solutions").glob("*/figures/*.svg"))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("script", ["figures.py", "report_picture.py"])
def test_pictures_are_not_stale(script):
    run = subprocess.run(
        [sys.executable, f".make/{script}", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


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
