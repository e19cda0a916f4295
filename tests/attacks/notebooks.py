"""Notebooks that are torn, doubled, stripped, mixed up or no notebooks at all."""

import json

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.attacks.attack import Attack, Scene, cell_of

FUNCTIONS = ("identity_block", "convolutional_block", "ResNet50")


def _text(scene: Scene) -> str:
    return nbformat.writes(scene.solved("identity_block"))


def _torn(scene: Scene) -> bytes:
    """Breaks off in the cell of the second function."""
    text = _text(scene)
    return text[: text.index("def convolutional_block")].encode()


def _doubled(scene: Scene):
    notebook = scene.solved("identity_block")
    notebook.cells *= 2
    return notebook


def _stripped(scene: Scene):
    notebook = scene.solved("identity_block")
    for cell in notebook.cells:
        cell.metadata = nbformat.NotebookNode()
    return notebook


def _without_tests(scene: Scene):
    notebook = scene.solved("identity_block")
    notebook.cells = [c for c in notebook.cells if not _is_test(c)]
    return notebook


def _is_test(cell) -> bool:
    return cell.metadata.get("nbgrader", {}).get("grade", False)


def _reversed(scene: Scene):
    notebook = scene.solved("identity_block")
    tests = [c for c in notebook.cells if _is_test(c)]
    others = [c for c in notebook.cells if not _is_test(c)]
    notebook.cells = [*reversed(tests), *others]
    return notebook


def _emptied(scene: Scene):
    notebook = scene.notebook()
    for cell in notebook.cells:
        if _is_test(cell):
            cell.source = "10"
            cell.metadata.nbgrader.update(locked=False, checksum="0" * 32)
            cell.metadata.pop("editable", None)
    return notebook


def _flags_flipped(scene: Scene):
    notebook = scene.solved("identity_block")
    for cell in notebook.cells:
        own = cell.metadata.get("nbgrader")
        if own:
            own.update(grade=not own["grade"], solution=not own["solution"], points=100)
    return notebook


def _renamed_ids(scene: Scene):
    """The tests of one function under the ids of another."""
    notebook = scene.solved("identity_block")
    for cell in notebook.cells:
        own = cell.metadata.get("nbgrader", {})
        name = own.get("grade_id", "")
        for old, new in (("ResNet50-", "identity_block-"), ("ResNet50", "x")):
            if name.startswith(old):
                own["grade_id"] = name.replace(old, new)
                break
    return notebook


def _test_cells_as_text(scene: Scene):
    notebook = scene.solved("identity_block")
    for index, cell in enumerate(notebook.cells):
        if _is_test(cell):
            notebook.cells[index] = new_markdown_cell("10", metadata=cell.metadata)
    return notebook


def _odd_metadata(scene: Scene):
    notebook = json.loads(nbformat.writes(scene.solved("identity_block")))
    odd = ["text", 5, None, [1], {"grade_id": ["x"]}, {"grade_id": {"a": 1}}, {}]
    for number, cell in enumerate(notebook["cells"]):
        if "nbgrader" not in cell["metadata"]:
            cell["metadata"] = {"nbgrader": odd[number % len(odd)], "tags": "none"}
    notebook["metadata"]["celltoolbar"] = {"a": [1]}
    return json.dumps(notebook).encode()


def _odd_tags(scene: Scene):
    notebook = json.loads(nbformat.writes(scene.solved("identity_block")))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and "nbgrader" not in cell["metadata"]:
            cell["metadata"]["tags"] = 5
    return json.dumps(notebook).encode()


def _kernel(scene: Scene):
    notebook = scene.notebook()
    notebook.metadata["kernelspec"] = {
        "name": "../../../../../bin/sh",
        "display_name": "\x1b[2J",
        "language": "bash",
    }
    return notebook


def _surrogates(scene: Scene):
    text = _text(scene).replace("The problem", "\\ud800 \\u0000 The problem")
    return text.encode("utf-8")


def _lists_for_sources(scene: Scene):
    notebook = json.loads(_text(scene))
    notebook["cells"][0]["source"] = [1, None, {"a": 1}]
    notebook["cells"][1] = "a cell"
    notebook["cells"].append({"cell_type": "worm", "source": 5})
    return json.dumps(notebook).encode()


def _old_format(scene: Scene):
    old = nbformat.convert(scene.solved("identity_block"), 3)
    return json.dumps(old).encode()


def _large(scene: Scene):
    size = 100_000_000 if scene.large else 20_000_000
    notebook = scene.solved("identity_block")
    output = nbformat.v4.new_output("stream", text="y" * (size // 4))
    notebook.cells.insert(3, new_code_cell("#" * (size // 4), outputs=[output]))
    notebook.cells.append(new_markdown_cell("<b x='" * (size // 24)))
    notebook.cells.append(new_code_cell("(" * (size // 4)))
    return notebook


def _large_code(scene: Scene):
    notebook = scene.attacking("return X\n")
    cell = cell_of(notebook, "identity_block")
    cell.source += "\nN = " + "-" * 60_000 + "1\n" + "x = [" * 150 + "]" * 150
    notebook.cells.append(new_code_cell("a = 1\n" * 20_000))
    notebook.cells.append(new_code_cell("b = " + "[" * 50_000))
    return notebook


def _many_statements(scene: Scene):
    notebook = scene.silent()
    # a page of it takes its time, in proportion
    for _ in range(4 if scene.large else 1):
        notebook.cells.append(new_code_cell("a\n" * 49_000))
        notebook.cells.append(new_code_cell("a = !ls\n" * 12_000))
    return notebook


def _odd_letters(scene: Scene):
    """Full-width letters, as some keyboards write them."""
    notebook = scene.solved("identity_block")
    cell = cell_of(notebook, "identity_block")
    cell.source = cell.source.replace("identity_block", "ｉdentity_blocＫ".lower())
    return notebook


def _many_cells(scene: Scene):
    notebook = scene.notebook()
    notebook.cells += [new_code_cell("a = 1") for _ in range(3000)]
    return notebook


def _magics(scene: Scene):
    notebook = scene.notebook()
    cell = cell_of(notebook, "identity_block")
    cell.source = "%%bash\necho 100\n" + cell.source
    other = cell_of(notebook, "convolutional_block")
    other.source = "%%javascript\nalert(1)\n" + other.source
    return notebook


def _raw(content: bytes):
    return lambda scene: content


ATTACKS = (
    Attack(
        "doubled_cells",
        "hands in each cell twice",
        _doubled,
        deserves=30,
        least=30,
        chosen=True,
    ),
    Attack(
        "stripped_metadata",
        "strips all cells of what says which they are",
        _stripped,
        deserves=30,
        least=30,
        chosen=True,
    ),
    Attack("deleted_tests", "deletes all test cells", _without_tests, 30, 30),
    Attack("moved_tests", "turns the order of the test cells round", _reversed, 30, 30),
    Attack(
        "emptied_tests",
        "unlocks the test cells and lets each be a number",
        _emptied,
    ),
    Attack(
        "flags_flipped",
        "makes test cells ungraded, and cells of its own worth 100 points",
        _flags_flipped,
        30,
        30,
    ),
    Attack(
        "renamed_ids",
        "gives the tests of one function the ids of another",
        _renamed_ids,
        30,
        30,
    ),
    Attack(
        "tests_as_text",
        "turns test cells into Markdown",
        _test_cells_as_text,
        30,
        30,
    ),
    Attack(
        "odd_metadata",
        "has lists, numbers and texts where metadata belongs",
        _odd_metadata,
        30,
        30,
    ),
    Attack("odd_tags", "has a number for a list of tags", _odd_tags, 30, 30),
    Attack("hostile_kernel", "asks for a shell as its kernel", _kernel),
    Attack("torn_file", "breaks off in the middle", _torn, 30, 30),
    Attack("empty_file", "is empty", _raw(b"")),
    Attack("no_object", "is a list", _raw(b"[1, 2, 3]")),
    Attack("no_cells", "is an object without anything", _raw(b"{}")),
    Attack("binary_file", "is a compressed file", _raw(b"\x1f\x8b\x08\x00" * 4000)),
    Attack(
        "deep_file",
        "is lists in lists, a hundred thousand deep",
        _raw(b"[" * 100_000 + b"]" * 100_000),
    ),
    Attack(
        "future_format",
        "says that it is of a format that does not exist",
        lambda scene: _text(scene).replace('"nbformat": 4', '"nbformat": 99').encode(),
        30,
        30,
    ),
    Attack("old_format", "is a notebook of an old format", _old_format, 30, 30),
    Attack(
        "other_encoding",
        "is encoded as UTF-16",
        lambda scene: _text(scene).encode("utf-16"),
        30,
        30,
    ),
    Attack("surrogates", "has characters that no file may hold", _surrogates, 30, 30),
    Attack(
        "odd_cells",
        "has cells that are texts, numbers or unknown",
        _lists_for_sources,
        30,
        30,
    ),
    Attack("large_file", "is as large as a film", _large, 30, 30),
    Attack("large_code", "has code that exhausts whoever parses it", _large_code),
    Attack(
        "many_statements",
        "has short statements without number, and as many shell lines",
        _many_statements,
    ),
    Attack(
        "odd_letters",
        "is honest: writes names in letters that Python takes for others",
        _odd_letters,
        30,
        30,
    ),
    Attack("many_cells", "has thousands of cells", _many_cells),
    Attack("magics", "makes its functions scripts of other languages", _magics),
    Attack(
        "folder_for_file",
        "is a folder with a notebook's name",
        lambda scene: {"residual_networks.ipynb/inner.txt": b"x"},
    ),
    Attack(
        "folders_of_the_lesson",
        "is honest, with a folder and a file named as the lesson's file and folder",
        lambda scene: {
            "residual_networks.ipynb": nbformat.writes(
                scene.solved("identity_block")
            ).encode(),
            "resnets_utils.py/inner.txt": b"x",
            "figures": b"x",
        },
        30,
        30,
        chosen=True,
    ),
    Attack("no_file", "hands in a folder with nothing in it", lambda scene: {}),
)
