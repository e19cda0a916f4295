"""The lists of a notebook's specification say what the rows of its table ask for."""

import re

import pytest

from grader.judge.network.dialect import KERAS
from grader.lessons import almost_a_resnet, family, idiom, residual_networks
from tests.course import ROOT

#: Notebook, heading and table of each list that names every layer.
LISTS = [
    ("01_residual_networks/residual_networks", "the identity block",
     residual_networks.IDENTITY_BLOCK),
    ("01_residual_networks/residual_networks", "the convolutional block",
     residual_networks.CONVOLUTIONAL_BLOCK),
    ("02_training_resnets/training_resnets", "the identity block",
     idiom.IDENTITY_BLOCK),
    ("02_training_resnets/training_resnets", "the convolutional block",
     idiom.CONVOLUTIONAL_BLOCK),
    ("04_resnet_family/resnet_family", "the basic block",
     family.BLOCKS["basic_block", True]),
    ("04_resnet_family/resnet_family", "the bottleneck block",
     family.BLOCKS["bottleneck_block", True]),
    ("05_almost_a_resnet/almost_a_resnet", "the identity block",
     almost_a_resnet.IDENTITY_BLOCK),
]  # fmt: skip


def cell_of(notebook, heading):
    """The rest of the cell with a specification."""
    text = (ROOT / f"solutions/{notebook}.pct.py").read_text(encoding="utf-8")
    _, _, cell = text.partition(f"# **Specification of {heading}**\n")
    assert cell, f"{notebook} has no specification of {heading}"
    return cell.partition("\n# %%")[0]


def listed(notebook, heading):
    """The points of a specification's list, one line each."""
    cell = cell_of(notebook, heading)
    lines = [line.removeprefix("#").strip() for line in cell.splitlines()]
    points = "\n".join(lines[: lines.index("- ReLU", lines.index("Final step:")) + 1])
    found = re.findall(r"^- ((?:.+\n?(?!- |\n))*.+)", points, re.MULTILINE)
    return [" ".join(point.split()) for point in found]


@pytest.mark.parametrize(("notebook", "heading", "table"), LISTS)
def test_the_list_is_that_of_the_rows(notebook, heading, table):
    points = [p for p in listed(notebook, heading) if not p.startswith("no ReLU")]
    rows = [row for row in table.rows if row.when != "projects"]
    assert len(points) == len(rows)
    for point, row in zip(points, rows, strict=True):
        if row.kind == "Block":
            assert f"`{row.calls.name}`" in point
        else:
            # a stride is written `s` where it is one for rows and columns
            assert point.replace("stride `s`", "stride (s, s)") == KERAS.bullet(
                row, table
            )


@pytest.mark.parametrize(("notebook", "heading", "table"), LISTS)
def test_the_list_says_how_kernels_start(notebook, heading, table):
    row = next(row for row in table.rows if row.kind == "Conv2D")
    reported = KERAS.sentence(row, table, seeded=True)
    start = re.search(r"starts from (`kernel_initializer=.+?`)", reported)[1]
    # of lesson 4's any will do
    assert (start in cell_of(notebook, heading)) is not notebook.startswith("04")
