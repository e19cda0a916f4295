"""A notebook out of whatever a student's file holds, and what was wrong with it.

Files break off in an upload, bear the marks of a merge, were saved by another program
or mended by hand. What is in them is the student's work: cells that can be read count.
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from grader.nbgrader.faults import Ungradable

#: the key of a notebook's metadata under which grading's own steps hand on what
#: they mended
REPAIRED = "repaired"
#: the same, for why nothing of the notebook can be judged
REFUSED = "refused"
#: bytes; a notebook without pictures has a hundredth of that
LONGEST = 150_000_000
#: cells; each costs whoever reads or shows it a millisecond and more
MOST = 2_000
_CELLS = ("code", "markdown", "raw")
_BEGINNING = re.compile(r'\{\s*"(?:attachments|cell_type|execution_count|id|metadata)"')
_SOURCE = re.compile(r'"source"\s*:\s*\[')
_LINE = re.compile(r'[\s,]*"')
#: how often a broken file is gone through in vain, in all; characters that may be
#: gone through in any case, and between the beginning of a broken cell and its text
_ROUNDS, _LEAST, _FAR = 3, 50_000_000, 500_000
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"))
_MARKS += ((codecs.BOM_UTF16_BE, "utf-16"),)


class NoNotebook(Ungradable):
    """A file has nothing in it that is a cell of a notebook."""


def salvage(data: bytes) -> tuple[NotebookNode, list[str]]:
    """Reads as much of a notebook as can be read.

    Outputs and attachments stay out: what a submission shows is worth nothing.

    Args:
        data: the file.

    Returns:
        A notebook of format 4.5, and a sentence for each thing that was mended.

    Raises:
        NoNotebook: if there is no cell to be read.
    """
    if len(data) > LONGEST:
        raise NoNotebook(f"The file is too large: it has more than {LONGEST:,} bytes.")
    text, told = _decoded(data)
    content = _parsed(text, told)
    notebook = new_notebook()
    handed_on = content.get("metadata")
    handed_on = handed_on if isinstance(handed_on, dict) else {}
    mended = handed_on.get(REPAIRED)
    if isinstance(mended, list):
        notebook.metadata[REPAIRED] = [line for line in mended if isinstance(line, str)]
    if isinstance(handed_on.get(REFUSED), str):
        notebook.metadata[REFUSED] = handed_on[REFUSED]
    found = content["cells"]
    cells = [cell for each in found if (cell := _cell(each)) is not None]
    if len(cells) < len(found):
        told.append(
            f"{len(found) - len(cells)} cells were left out: they are not valid cells."
        )
    cells = _so_many(cells, told)
    seen: set[str] = set()
    for number, (cell, own) in enumerate(cells):
        fits = re.fullmatch(r"[A-Za-z0-9_-]{1,64}", own) and own not in seen
        cell.id = own if fits else f"cell-{number}"
        seen.add(cell.id)
    notebook.cells = [cell for cell, _ in cells]
    return notebook, told


def _so_many(
    cells: list[tuple[NotebookNode, str]], told: list[str]
) -> list[tuple[NotebookNode, str]]:
    """As many cells as are read, those with grading metadata before others."""
    if len(cells) <= MOST:
        return cells
    told.append(
        f"The notebook has {len(cells):,} cells. Of these {MOST:,} were read: those "
        "with grading metadata, and the first of the others."
    )
    numbers = sorted(
        range(len(cells)), key=lambda n: "nbgrader" not in cells[n][0].metadata
    )
    return [cells[n] for n in sorted(numbers[:MOST])]


def _decoded(data: bytes) -> tuple[str, list[str]]:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if not encoding and b"\0" in data[:2]:
        # UTF-16 without its mark: JSON begins with a letter of ASCII
        encoding = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    if encoding:
        told = "The file was in another encoding than UTF-8 and was converted."
        text = data.decode(encoding, "replace")
        return text, [told] if encoding != "utf-8-sig" else []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        told = "The file has bytes that are not UTF-8; they were replaced."
        return data.decode("utf-8", "replace"), [told]


def _parsed(text: str, told: list[str]) -> dict[str, Any]:
    """An object with a list of cells, from a text that may not be all of it."""
    if not text.strip():
        raise NoNotebook("The notebook is an empty file.")
    if other := _other_kind(text):
        raise NoNotebook(other)
    decoder = json.JSONDecoder(strict=False)
    start = len(text) - len(text.lstrip())
    try:
        content, end = decoder.raw_decode(text, start)
    except ValueError:
        own = _own_side(text)
        if own is None:
            return {"cells": _torn(text, decoder, told)}
        told.append(
            "The file had merge conflicts in it; the first side of each was taken."
        )
        return _parsed(own, told)
    except RecursionError:
        raise NoNotebook(
            "The notebook's JSON is nested too deeply to be read."
        ) from None
    if text[end:].strip():
        told.append("Text after the end of the notebook was left out.")
    if not isinstance(content, dict):
        raise NoNotebook("The file is JSON, but not a notebook.")
    if "worksheets" in content:
        content = _converted(content, told)
    if not isinstance(content.get("cells"), list):
        raise NoNotebook("The file is JSON, but not a notebook: it has no cells.")
    if content.get("nbformat") != nbformat.v4.nbformat:
        told.append("The file names an unknown format; it was read as format 4.")
    return content


#: what files begin with that are saved, sent or renamed in a notebook's place
_KINDS = (
    (
        r"version https://git-lfs\.github\.com/",
        "The file is a Git LFS pointer, not the notebook: run 'git lfs pull' and hand "
        "in the file that it names.",
    ),
    (r"PK[\x03\x05]", "The file is a zip archive, not a notebook: unpack it first."),
    (r"%PDF-", "The file is a PDF, not a notebook: hand in the .ipynb file."),
    (
        r"(from|import) \w|#.*coding[:=]|# *%%|#!",
        "The file is a Python script, not a notebook: hand in the .ipynb file.",
    ),
)
_PAGE = re.compile(
    r"(<!--.{0,500}?-->\s*|<\?xml.{0,200}?>\s*)*<(!doctype|html)\b", re.I
)


def _other_kind(text: str) -> str:
    """Says what a file is that is another kind of file; empty where it may be one."""
    begin = text[:100_000].lstrip("\ufeff \t\r\n")
    if _PAGE.match(begin):
        if "github" in begin.lower():
            return (
                "The file is a web page of GitHub, not the notebook: download it "
                "there with the 'raw' button."
            )
        return "The file is a web page, not the notebook: hand in the .ipynb file."
    return next((said for head, said in _KINDS if re.match(head, begin)), "")


def _converted(content: dict[str, Any], told: list[str]) -> dict[str, Any]:
    try:
        notebook = nbformat.reads(json.dumps(content), as_version=4)
    except Exception as error:
        # an old format's conversion may trip over anything
        raise NoNotebook(
            "The notebook of an old format cannot be converted: "
            f"{type(error).__name__}."
        ) from None
    told.append("The notebook was of an old format and was converted.")
    return notebook


def _own_side(text: str) -> str | None:
    """A text with the first side of each conflict of a merge; None without one."""
    kept: list[str] = []
    side = ""
    conflicts = 0
    for line in text.splitlines(keepends=True):
        if line.startswith("<<<<<<<"):
            side = "own"
        elif side and line.startswith("|||||||"):
            side = "base"
        elif side and line.startswith("======="):
            side = "other"
        elif side and line.startswith(">>>>>>>"):
            side = ""
            conflicts += 1
        elif side in ("", "own"):
            kept.append(line)
    return "".join(kept) if conflicts and not side else None


def _torn(text: str, decoder: json.JSONDecoder, told: list[str]) -> list[Any]:
    pieces = list(_pieces(text, decoder))
    whole = sum(is_whole for _, is_whole in pieces)
    if not whole:
        raise NoNotebook("The notebook is not a readable file: its JSON is broken.")
    told.append(f"The file is broken or breaks off. Whole cells found in it: {whole}.")
    return [cell for cell, _ in pieces]


def _pieces(
    text: str, decoder: json.JSONDecoder
) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yields cells and whether they are whole; of others what can be read, as text."""
    place, left = 0, _ROUNDS * len(text) + _LEAST
    while left > 0 and (match := _BEGINNING.search(text, place)) is not None:
        try:
            found, place = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError) as error:
            # what is deep costs more than its length, and an error counts all lines
            left -= match.end() // 5
            left -= getattr(error, "pos", match.end() + 1000) - match.start()
            lines, place, looked_at = _lines(text, match.end(), decoder)
            left -= looked_at
            if lines:
                source = f"(A broken cell, as far as it can be read.)\n\n{lines}"
                yield {"cell_type": "raw", "source": source}, False
            continue
        if isinstance(found, dict) and "cell_type" in found and "source" in found:
            yield found, True


def _lines(text: str, start: int, decoder: json.JSONDecoder) -> tuple[str, int, int]:
    """The text of a broken cell as far as it can be read.

    Returns:
        The text, where it ends, and how many characters were looked at.
    """
    source = _SOURCE.search(text, start, start + _FAR)
    if source is None:
        return "", start, min(_FAR, len(text) - start)
    # of two metadata the second is another cell's
    if text.count('"metadata"', start, source.start()) > 1:
        return "", start, source.start() - start
    lines: list[str] = []
    place = source.end()
    while line := _LINE.match(text, place):
        try:
            found, place = decoder.raw_decode(text, line.end() - 1)
        except ValueError:
            break
        lines.append(found)
    return "".join(lines), place, place - start


def _cell(found: Any) -> tuple[NotebookNode, str] | None:
    """A cell with what grading reads, and the id that it wants."""
    if not isinstance(found, dict) or found.get("cell_type") not in _CELLS:
        return None
    source = found.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    # half a surrogate pair, which no file can be written with
    source = source.encode("utf-8", "replace").decode("utf-8")
    # as nbformat makes it, which also looks whether it has made a cell
    cell = NotebookNode(cell_type=found["cell_type"], source=source)
    cell.metadata = _known(found.get("metadata"))
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    return cell, str(found.get("id", ""))


def _known(metadata: Any) -> NotebookNode:
    """What grading reads of a cell's metadata, in the form that it has."""
    metadata = metadata if isinstance(metadata, dict) else {}
    kept = NotebookNode()
    if "nbgrader" in metadata:
        kept["nbgrader"] = nbformat.from_dict(metadata["nbgrader"])
    tags = metadata.get("tags")
    if isinstance(tags, list):
        words = [tag for tag in tags if isinstance(tag, str) and tag and "," not in tag]
        kept["tags"] = list(dict.fromkeys(words))
    return kept
