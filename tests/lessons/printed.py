"""What a lesson prints under "Expected output": its numbers before they are rounded.

The cells of the solution are run with a `print` that keeps what it is given, and with
format specifications such as `.4f` that keep what they round. So a test can ask how
far each number is from the place where its last printed digit changes.
"""

import ast
import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import nbformat
import numpy as np

from tests.lessons.source import Source, in_folder, run

#: What lessons set `np.set_printoptions` to.
ARRAY_DIGITS = 4
_ROUNDED = re.compile(r"[^a-z]*\.(\d+)([fe%])$")


@dataclass(frozen=True)
class Number:
    """A number that a cell prints, rounded to so many decimals.

    Attributes:
        value: before it is rounded.
        digits: decimals that are printed.
        scale: of the largest number that it was printed with.
        text: as printed.
    """

    value: float
    digits: int
    scale: float
    text: str

    @property
    def to_edge(self) -> float:
        """Distance from the nearest value at which other digits are printed."""
        return abs(abs(self.value) * 10**self.digits % 1 - 0.5) / 10**self.digits

    @property
    def units_to_edge(self) -> float:
        """The same in units in the last place, which sums in another order move."""
        return self.to_edge / float(np.spacing(np.float32(self.scale)))


@dataclass(frozen=True)
class Printout:
    """What a cell prints.

    Attributes:
        cell: the cell's first line that is no comment.
        text: all of it.
        numbers: those that were rounded.
        expected: the Markdown below it, if it says what is to be expected.
    """

    cell: str
    text: str
    numbers: tuple[Number, ...]
    expected: str


class _Recorder(ast.NodeTransformer):
    """Rewrites a cell so that each value that is rounded passes a function first."""

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        self.generic_visit(node)
        spec = node.format_spec
        match spec:
            case ast.JoinedStr(values=[ast.Constant(value=str(text))]):
                node.value = _call("_formatted", node.value, text)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id="round"), args=[_, _]):
                node.func = ast.Name("_rounded", ast.Load())
        return node


def _call(name: str, value: ast.expr, text: str) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), [value, ast.Constant(text)], [])


class _Kept:
    """The numbers and the text of the cell that runs now."""

    def __init__(self) -> None:
        self.numbers: list[Number] = []
        self.lines: list[str] = []

    def formatted(self, value: Any, spec: str) -> Any:
        if found := _ROUNDED.match(spec):
            number, digits = float(value), int(found[1])
            text = format(number, spec).strip()
            if found[2] == "%":
                digits += 2
            assert found[2] != "e", f"{text}: a test for exponents is not written yet"
            self.numbers.append(Number(number, digits, abs(number), text))
        return value

    def rounded(self, value: float, digits: int) -> float:
        text = str(round(value, digits))
        self.numbers.append(Number(float(value), digits, abs(float(value)), text))
        return round(value, digits)

    def print(self, *words: Any, sep: str = " ", end: str = "\n") -> None:
        for word in words:
            if isinstance(word, np.ndarray) and word.dtype.kind == "f":
                scale = float(np.abs(word).max())
                for value in word.ravel():
                    with np.printoptions(precision=ARRAY_DIGITS, suppress=True):
                        text = str(np.array([value]))[1:-1]
                    self.numbers.append(Number(float(value), ARRAY_DIGITS, scale, text))
            elif isinstance(word, float | np.floating) and word != round(word, 3):
                raise AssertionError(f"{word} is printed with all its digits")
        self.lines.append(sep.join(map(str, words)) + end)


def printouts(source: Source) -> Iterator[Printout]:
    """Runs the solution, and yields what each of its short cells prints.

    Cells that train, draw or check are left out.
    """
    kept = _Kept()
    names: dict[str, Any] = {"__name__": "__main__"}
    tools: dict[str, Callable[..., Any]] = {"_formatted": kept.formatted, "_rounded": kept.rounded, "print": kept.print}
    cells = nbformat.read(source.solution_notebook, as_version=4).cells
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        if cell.cell_type != "code" or not _is_short(cell):
            continue
        kept.numbers, kept.lines = [], []
        tree = _Recorder().visit(ast.parse(cell.source))
        names |= tools
        with (
            in_folder(source.folder),
            np.printoptions(precision=ARRAY_DIGITS, suppress=True),
            contextlib.redirect_stdout(_Lines(kept.lines)),
        ):
            run(ast.unparse(ast.fix_missing_locations(tree)), names, "<cell>")
        if kept.lines:
            told = after.source if after is not None else ""
            expected = told if "**Expected output**" in told else ""
            first = next(n for n in cell.source.splitlines() if not n.startswith("#"))
            yield Printout(first, "".join(kept.lines), tuple(kept.numbers), expected)


class _Lines:
    """A stream that keeps what others print."""

    def __init__(self, lines: list[str]):
        self.lines = lines

    def write(self, text: str) -> int:
        self.lines.append(text)
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


def _is_short(cell: Any) -> bool:
    is_check = cell.metadata.get("nbgrader", {}).get("grade", False)
    return not is_check and "skip-execution" not in cell.metadata.get("tags", [])
