"""Which of the files that a student handed in is the lesson's notebook.

Browsers, mail programs and JupyterLab rename: `residual_networks (1).ipynb`,
`residual_networks-Copy1.ipynb`, `.ipynb.txt`. Where only one reading is possible it is
taken, and told; where there are two, both are named.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.definitions import defines, plain
from grader.escape import line
from grader.lessons import Lesson
from grader.nbgrader.handed_in.beside import Bounds, look
from grader.nbgrader.handed_in.salvage import LONGEST, NoNotebook, salvage

#: names that a notebook may bear after a download, an upload or an e-mail
_NAMED = re.compile(r"\.ipynb(\.\w{1,8})?$|\.(json|txt)$", re.IGNORECASE)
#: what macOS puts into archives: a folder that mirrors the others, and is no student
DEBRIS = "__MACOSX"
#: files that are looked at, and their bytes in all
_MOST, _ROOM = 50, 200_000_000


@dataclass(frozen=True)
class Choice:
    """The file to grade.

    Attributes:
        path: the file; None where there is none, or more than one could be meant.
        told: what is to be said of it, a sentence; empty if it is where it should be.
    """

    path: Path | None
    told: str = ""


@dataclass(frozen=True)
class _File:
    path: Path
    #: relative to the lesson's folder, as it is shown
    name: str
    #: lines of the cells that define graded functions, but for those of the release
    work: frozenset[tuple[str, ...]] = frozenset()
    readable: bool = False
    #: whether some function's cell is no longer as it was released
    touched: bool = False


def choose(folder: Path, lesson: Lesson, released: Mapping[str, str]) -> Choice:
    """Chooses the notebook among the files of a folder.

    The one with the lesson's name is taken where there is work in it; else the one
    that has work.

    Args:
        folder: what a student handed in for the lesson.
        lesson: the lesson.
        released: texts of the release's cells, by grade id.
    """
    name = f"{lesson.notebook}.ipynb"
    paths = list(readable(folder, name))
    if paths == [folder / name]:
        return Choice(folder / name)
    files = [_read(path, folder, lesson, released) for path in paths]
    own = next((file for file in files if file.path == folder / name), None)
    others = [file for file in files if file is not own and file.readable]
    worked = [file for file in others if file.work]
    works = {file.work for file in worked}
    if own is not None and (own.touched or not worked):
        differ = [file for file in worked if file.work != own.work]
        return Choice(own.path, _beside(name, differ) if differ else "")
    if len(works) > 1:
        listed = " and ".join(repr(file.name) for file in worked)
        why = f"{_lacking(name, own)}, and there is work in {listed}, which differ"
        return Choice(own.path if own else None, f"{why}: keep one of them as {name}.")
    taken = worked or others
    if not taken:
        return Choice(None)
    told = f"{_lacking(name, own)}: '{taken[0].name}' was graded in its place."
    return Choice(taken[0].path, told)


def candidates(folder: Path) -> list[Path]:
    """Files of a folder whose names may be a notebook's, in alphabetical order.

    Notebooks of folders in it, as of a zip that was unpacked one level too deep, only
    where there is no other.
    """
    names = [
        name
        for name in look(folder, Bounds()).files
        if _NAMED.search(name) and (folder / name).stat().st_size <= LONGEST
    ]
    notebooks = [name for name in names if ".ipynb" in name.lower()]
    # what is called a notebook before what only may be one
    found = [name for name in notebooks if "/" not in name] or notebooks
    found += [name for name in names if "/" not in name and name not in notebooks]
    return [folder / name for name in found]


def readable(folder: Path, name: str) -> Iterator[Path]:
    """Yields files that may be the notebook, as far as there is room to read them.

    Args:
        folder: what a student handed in for the lesson.
        name: which goes before others.
    """
    paths = sorted(candidates(folder), key=lambda path: path.name != name)
    room = _ROOM
    for path in paths[:_MOST]:
        room -= path.stat().st_size
        if room >= 0:
            yield path


def shown(path: Path, folder: Path) -> str:
    """A file's name in a folder as text: it may be any bytes."""
    return line(path.relative_to(folder).as_posix())


def _read(
    path: Path, folder: Path, lesson: Lesson, released: Mapping[str, str]
) -> _File:
    name = shown(path, folder)
    try:
        notebook, _ = salvage(path.read_bytes())
    except NoNotebook:
        return _File(path, name)
    functions = lesson.functions
    blank = {tuple(plain(released.get(name, ""))) for name in functions}
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    cells = {tuple(plain(source)): source for source in code}
    work = [
        lines
        for lines, source in cells.items()
        if any(defines(source, name) for name in functions)
    ]
    touched = not blank <= cells.keys()
    return _File(path, name, frozenset(work) - blank, True, touched)


def _lacking(name: str, own: _File | None) -> str:
    if own is None:
        return f"There is no {name}"
    why = "is as it was released" if own.readable else "cannot be read"
    return f"{name} {why}"


def _beside(name: str, others: Sequence[_File]) -> str:
    listed = ", ".join(repr(file.name) for file in others)
    return f"Beside {name} there is other work in {listed}: it was not read."
