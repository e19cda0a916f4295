"""A CSV file in which single cells are filled in, and every other byte stays."""

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.nbgrader.faults import CourseError

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
#: in the order in which they win where a file would be read by either
_SEPARATORS = ",;\t"
#: bytes of a file: a class of 10,000 with a page of comments each
LONGEST = 100_000_000


@dataclass(frozen=True)
class Cell:
    """A cell: what it says, and where it stands in the file's text."""

    value: str
    start: int
    end: int

    @property
    def text(self) -> str:
        """What it says, without the spaces around it."""
        return self.value.strip()


@dataclass(frozen=True)
class Sheet:
    """A CSV file, read.

    Attributes:
        path: where it is.
        text: all of it.
        encoding: of its bytes.
        separator: between cells.
        rows: the first is that of the heads; lines without a cell are none.
    """

    path: Path
    text: str
    encoding: str
    separator: str
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """The first row."""
        return tuple(cell.text.lstrip(_BOM).strip('"').strip() for cell in self.rows[0])

    def column(self, *names: str) -> int | None:
        """The number of the first column with one of these heads, in either case."""
        wanted = {name.casefold() for name in names}
        found = (i for i, head in enumerate(self.heads) if head.casefold() in wanted)
        return next(found, None)

    def say(self, row: int, column: int | None) -> str:
        """What a cell says; nothing where the row is too short."""
        if column is None or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column].text

    def filled(self, values: Mapping[tuple[int, int], str]) -> bytes:
        """The file's bytes with other values in some cells.

        Args:
            values: by row and column, such as are there.
        """
        text, pieces, place = self.text, [], 0
        for (row, column), value in sorted(values.items()):
            cell = self.rows[row][column]
            pieces += [text[place : cell.start], self._written(cell, value)]
            place = cell.end
        return "".join([*pieces, text[place:]]).encode(self.encoding)

    def _written(self, cell: Cell, value: str) -> str:
        """A value in quotes where the cell had them, or needs them."""
        quoted = self.text[cell.start : cell.end].lstrip().startswith('"')
        if quoted or any(c in value for c in (self.separator, '"', "\n", "\r")):
            return '"' + value.replace('"', '""') + '"'
        return value


def read_sheet(path: Path) -> Sheet:
    """Reads a CSV file as a platform or a spreadsheet wrote it.

    Separators are commas, semicolons or tabs. Bytes are UTF-8, UTF-16 with its mark,
    or, where they are neither, those of Western Windows.

    Raises:
        CourseError: if it is none.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CourseError(f"there is no file {path}") from None
    except IsADirectoryError:
        raise CourseError(f"{path} is a folder") from None
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise CourseError(f"{path} is no CSV file: save the spreadsheet as CSV")
    if len(content) > LONGEST:
        raise CourseError(f"{path} has more than {LONGEST:,} bytes")
    text, encoding = _decoded(content)
    if "\0" in text:
        raise CourseError(f"{path} is no CSV file: there are null characters in it")
    separator = _separator(text)
    rows = tuple(row for row in _rows(text, separator, path) if row)
    if len(rows) < 2:
        raise CourseError(f"{path} has no rows below its heads")
    return Sheet(path, text, encoding, separator, rows)


def _decoded(content: bytes) -> tuple[str, str]:
    """The text, marks of the encoding included, and the encoding."""
    found = next(
        (name for mark, name in _MARKS.items() if content.startswith(mark)), ""
    )
    for encoding in filter(None, (found, "utf-8", "cp1252", "latin-1")):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 decodes anything")


def _separator(text: str) -> str:
    """What stands most often in the first row that is not empty, outside quotes."""
    first = next(filter(str.strip, text.splitlines()), "")
    counts = Counter(re.sub(r'"[^"]*"', "", first))
    return max(_SEPARATORS, key=lambda sign: counts[sign])


def _rows(text: str, separator: str, path: Path) -> Iterator[tuple[Cell, ...]]:
    """The rows; that of an empty line has no cells."""
    # a cell in quotes ends with the next quote that is not doubled
    cell = re.compile(
        rf'[ {_BOM}]*"((?:[^"]|"")*)" *(?=[{separator}\r\n]|\Z)|([^{separator}\r\n]*)'
    )
    place, row = 0, []
    while place <= len(text):
        found = cell.match(text, place)
        assert found  # the second form takes anything
        if found[1] is None and found[2].lstrip(f" {_BOM}").startswith('"'):
            line = text.count("\n", 0, place) + 1
            raise CourseError(f"{path}, line {line}: a quote is never closed")
        value = found[2] if found[1] is None else found[1].replace('""', '"')
        row.append(Cell(value.lstrip(_BOM), found.start(), found.end()))
        place = found.end()
        if text[place : place + 1] == separator:
            place += 1
            continue
        yield tuple(row) if len(row) > 1 or row[0].text else ()
        row = []
        if place == len(text):
            return
        place += 2 if text.startswith("\r\n", place) else 1
