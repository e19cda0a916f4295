"""What of a broken file is read, and what its student is told."""

import json
import time
from pathlib import Path

import nbformat
import pytest

from grader.nbgrader.handed_in.salvage import MOST, NoNotebook, salvage

ROOT = Path(__file__).parents[1]
RELEASE = (
    ROOT / "assignments" / "01_residual_networks" / "residual_networks.ipynb"
).read_text("utf-8")
CELLS = [cell["source"] for cell in nbformat.reads(RELEASE, as_version=4).cells]


def read(text):
    notebook, told = salvage(text.encode() if isinstance(text, str) else text)
    nbformat.validate(notebook)
    assert notebook.nbformat == 4
    return [cell.source for cell in notebook.cells], told


def changed(change):
    content = json.loads(RELEASE)
    change(content)
    return json.dumps(content)


def test_a_sound_notebook_is_read_as_it_is():
    assert read(RELEASE) == (CELLS, [])
    notebook, _ = salvage(RELEASE.encode())
    before = nbformat.reads(RELEASE, as_version=4)
    assert [c.id for c in notebook.cells] == [c.id for c in before.cells]
    for cell, own in zip(notebook.cells, before.cells, strict=True):
        assert cell.metadata.get("nbgrader") == own.metadata.get("nbgrader")
        assert cell.metadata.get("tags", []) == own.metadata.get("tags", [])


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_breaks_off(part):
    cells, (told,) = read(RELEASE[: int(part * len(RELEASE))])
    broken = [cell for cell in cells if cell.startswith("(A broken cell")]
    cells = [cell for cell in cells if cell not in broken]
    assert cells == CELLS[: len(cells)]
    assert len(cells) >= int(part * len(CELLS) / 3)
    # what stands there of the cell at which the file breaks off can be read
    for text in broken:
        assert CELLS[len(cells)].startswith(text.split("\n\n", 1)[1])
    assert "breaks off" in told
    assert str(len(cells)) in told


def conflict(own, other, base=""):
    middle = f"||||||| 1a2b3c4\n{base}" if base else ""
    return f"<<<<<<< HEAD\n{own}{middle}=======\n{other}>>>>>>> theirs\n"


@pytest.mark.parametrize("base", ["", '   "execution_count": null,\n'])
def test_of_a_conflict_the_first_side_is_taken(base):
    count = '   "execution_count": null,\n'
    text = RELEASE.replace(count, conflict(count, count.replace("null", "12"), base))
    assert text.count("<<<<<<<") > 10
    cells, (told,) = read(text)
    assert cells == CELLS
    assert "merge" in told


def test_a_conflict_in_a_function():
    line = RELEASE.index("def identity_block")
    start = RELEASE.rindex("\n", 0, line) + 1
    end = RELEASE.index("\n", start) + 1
    own = RELEASE[start:end]
    text = RELEASE[:start] + conflict(own, own.replace("X", "Y")) + RELEASE[end:]
    assert read(text)[0] == CELLS


def test_a_lone_mark_of_a_merge_costs_one_cell():
    place = RELEASE.index("def identity_block")
    line = RELEASE.rindex("\n", 0, place)
    torn = RELEASE[:line] + "\n<<<<<<< HEAD" + RELEASE[line:]
    cells, (told,) = read(torn)
    (broken,) = [cell for cell in cells if cell.startswith("(A broken cell")]
    assert "GRADED FUNCTION: identity_block" in broken
    assert len(cells) == len(CELLS)
    assert "broken" in told


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252"]
)
def test_other_encodings(encoding):
    text = changed(lambda c: c["cells"][1].update(source=["naïve\n", "x"]))
    text = json.dumps(json.loads(text), ensure_ascii=True).replace("\\u00ef", "ï")
    cells, told = read(text.encode(encoding))
    assert len(cells) == len(CELLS)
    assert bool(told) == (encoding != "utf-8-sig")
    assert cells[1] == ("na\ufffdve\nx" if encoding == "cp1252" else "naïve\nx")


def test_text_after_the_end():
    cells, (told,) = read(RELEASE + "\n}]}")
    assert cells == CELLS
    assert "left out" in told


def test_cells_that_are_none():
    def change(content):
        content["cells"][2]["source"] = [1, None, {"a": 1}]
        content["cells"][5] = "a cell"
        content["cells"].append({"cell_type": "worm", "source": 5})

    cells, (told,) = read(changed(change))
    assert cells == [c for i, c in enumerate(CELLS) if i not in (2, 5)]
    assert told.startswith("3 cells")


def test_another_format():
    cells, (told,) = read(changed(lambda c: c.update(nbformat=99)))
    assert cells == CELLS
    assert "format" in told
    old = nbformat.convert(nbformat.reads(RELEASE, as_version=4), 3)
    cells, told = read(json.dumps(old))
    assert [c for c in cells if c.startswith("def ")] == [
        c for c in CELLS if c.startswith("def ")
    ]
    assert any("old format" in line for line in told)


def test_odd_ids_outputs_and_metadata():
    def change(content):
        content["metadata"] = [1]
        for number, cell in enumerate(content["cells"]):
            cell["id"] = [None, "x", 5, "<b>"][number % 4]
            cell["outputs"] = cell["attachments"] = [{"output_type": {}}]
            cell["metadata"] = [{"tags": 5}, {"tags": [1, "a,b", "a", "a"]}, 7][
                number % 3
            ]

    notebook, told = salvage(changed(change).encode())
    nbformat.validate(notebook)
    assert told == []
    assert len({cell.id for cell in notebook.cells}) == len(CELLS)
    assert {t for c in notebook.cells for t in c.metadata.get("tags", [])} == {"a"}
    assert not any(cell.get("outputs") for cell in notebook.cells)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"[1, 2, 3]", "not a notebook"),
        (b"{}", "no cells"),
        (b'{"cells": 5}', "no cells"),
        (b"\x1f\x8b\x08\x00" * 4000, "broken"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (RELEASE[:400].encode(), "broken"),
        (b'{"worksheets": [{"cells": 5}], "nbformat": 3}', "old format"),
    ],
)
def test_what_has_no_cells_says_so(data, said):
    with pytest.raises(NoNotebook, match=said):
        salvage(data)


def seconds(act):
    start = time.process_time()
    with pytest.raises((NoNotebook, ValueError)):
        act()
    return time.process_time() - start


@pytest.mark.parametrize(
    "torn",
    [
        '{"id":[' * 200 + "0," * 500_000,
        '{"id":' * 200_000,
        '{"id":x ' * 150_000,
        '{"id":x "source": [' * 60_000,
        '"source": [ {"id":x ' * 60_000,
        "<<<<<<<\n=======\n" * 70_000,
    ],
    ids=["deep", "deeper", "many", "sources", "between", "merges"],
)
def test_a_broken_file_cannot_hold_up_the_class(torn):
    """Each of its beginnings would be read to the end."""
    once = seconds(lambda: json.loads("[" + "0," * (len(torn) // 2)))
    assert seconds(lambda: salvage(torn.encode())) < 300 * once


@pytest.mark.slow
def test_of_cells_without_end_those_of_the_lesson_are_read():
    def add(content):
        own = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "1"}
        content["cells"] = [dict(own) for _ in range(30_000)] + content["cells"]

    cells, (told,) = read(changed(add))
    marked = [
        c.source for c in nbformat.reads(RELEASE, 4).cells if "nbgrader" in c.metadata
    ]
    assert len(cells) == MOST
    assert [cell for cell in cells if cell in marked] == marked
    assert told.startswith(f"The notebook has {30_000 + len(CELLS):,} cells.")
