"""What nbgrader needs to know of a cell, as the gradebook has it.

Students copy cells, lose metadata and mix versions of a notebook. nbgrader then stops
the whole class; here a cell that is not the lesson's is an ordinary cell.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor

from grader.definitions import defines, same
from grader.nbgrader.handed_in.mended import Mended
from grader.nbgrader.handed_in.salvage import REFUSED, REPAIRED
from grader.nbgrader.handed_in.whose import other_lesson
from grader.nbgrader.notebook.place import Place, lesson_of
from grader.nbgrader.notebook.released import released_in

#: Characters of a cell, and of all cells: what is longer holds up whoever parses it.
LONGEST = 100_000
LONGEST_IN_ALL = 1_000_000
#: metadata that say what a cell is for
_LABELS = ("grade", "solution", "locked", "points")


class RepairMetadata(NbGraderPreprocessor):
    """Gives each cell of the lesson its metadata back, and takes it from all others.

    Of several cells with one id the last that defines its function counts, as it does
    in a kernel. A cell that lost its metadata is known by its text, or by the function
    that it defines. What was mended is written into the notebook's metadata.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Repairs a submission before nbgrader looks at it."""
        released = released_in(resources)
        known, sources = released.cells, released.sources
        mended = Mended()
        _shorten(nb.cells, mended)
        lesson = lesson_of(resources)
        place_of = Place.of(self, resources) if lesson else None
        if lesson and place_of:
            nb.metadata.pop(REFUSED, None)
            if other := other_lesson(nb, lesson, place_of.source.parent):
                for cell in nb.cells:
                    cell.metadata.pop("nbgrader", None)
                nb.metadata[REFUSED] = other
                return nb, resources
        cells = _claimed(nb.cells, known, mended)
        for grade_id in known.keys() - cells.keys():
            found = _by_text(nb.cells, grade_id, known[grade_id], sources[grade_id])
            if found is None:
                mended.missing.append(grade_id)
            else:
                mended.unmarked.append(grade_id)
                cells[grade_id] = found
        for name in lesson.functions if lesson else ():
            _finished_elsewhere(nb.cells, cells, name, sources.get(name, ""), mended)
        for grade_id, cell in cells.items():
            cell.metadata["nbgrader"] = NotebookNode(known[grade_id])
            if _is_test(known[grade_id]) and (
                cell.cell_type != known[grade_id]["cell_type"]
                or not self._as_released(cell.source, sources[grade_id])
            ):
                mended.changed.append(grade_id)
        tested = {c.id: c.function for c in lesson.checks} if lesson else {}
        early = _early_tests(nb.cells, tested)
        mended.moved += [i for i in early if tested[i] not in mended.elsewhere]
        if REPAIRED in resources:
            nb.metadata[REPAIRED] = [*resources[REPAIRED], *mended.sentences()]
        return nb, resources

    def _as_released(self, source: str, released: str) -> bool:
        """Whether a test cell is what students got, which has no hidden tests in it."""
        if same(source, released):
            return True
        cell = new_code_cell(released)
        ClearHiddenTests(config=self.config)._remove_hidden_test_region(cell)
        return same(source, cell.source)


def _shorten(cells: list[NotebookNode], mended: Mended) -> None:
    """Takes out code that holds up whoever parses it."""
    left = LONGEST_IN_ALL
    for cell in reversed(cells):
        length = len(cell.source)
        if cell.cell_type != "code" or length <= min(LONGEST, left):
            left -= min(LONGEST, length)
            continue
        cell.source = f"# a cell of {length:,} characters"
        mended.long.append(length)


def _claimed(
    cells: list[NotebookNode], known: Mapping[str, dict[str, Any]], mended: Mended
) -> dict[str, NotebookNode]:
    """The cells that bear a released id, with no cell's metadata left."""
    claims = defaultdict[str, list[tuple[NotebookNode, dict[str, Any]]]](list)
    for cell in cells:
        own = cell.metadata.pop("nbgrader", None)
        grade_id: Any = own.get("grade_id") if isinstance(own, dict) else None
        if isinstance(grade_id, str) and grade_id in known:
            claims[grade_id].append((cell, own))
    found = {}
    for grade_id, claimed in claims.items():
        # a copy that is kept as text stands behind the cell that runs; the last counts
        fits = [_fits(cell, grade_id, known[grade_id]) for cell, _ in claimed]
        last = max(i for i, fit in enumerate(fits) if fit == max(fits))
        found[grade_id], own = claimed[last]
        if len(claimed) > 1:
            mended.doubled.append(grade_id)
        if any(own.get(key) != known[grade_id].get(key) for key in _LABELS):
            mended.relabelled.append(grade_id)
    return found


def _fits(cell: NotebookNode, grade_id: str, known: Mapping[str, Any]) -> int:
    """How much a cell is like the released one that it says it is."""
    if cell.cell_type != known["cell_type"]:
        return 0
    return 2 if known["solution"] and defines(cell.source, grade_id) else 1


def _by_text(
    cells: list[NotebookNode], grade_id: str, known: dict[str, Any], source: str
) -> NotebookNode | None:
    """The last cell without metadata that has a released cell's text or function."""
    for cell in reversed(cells):
        if "nbgrader" in cell.metadata or cell.cell_type != known["cell_type"]:
            continue
        if same(cell.source, source) or (
            known["solution"] and defines(cell.source, grade_id)
        ):
            return cell
    return None


def _finished_elsewhere(
    cells: list[NotebookNode],
    claimed: dict[str, NotebookNode],
    name: str,
    released: str,
    mended: Mended,
) -> None:
    """Takes a function from another cell where its own is as it was released.

    The stub goes: below the finished function it would take its place.
    """
    stub = claimed.get(name)
    if stub is None or not same(stub.source, released):
        return
    for cell in reversed(cells):
        taken = any(cell is other for other in claimed.values())
        if taken or cell.cell_type != "code" or not defines(cell.source, name):
            continue
        if not same(cell.source, released):
            claimed[name] = cell
            stub.source = f"# as it was released: {name} stands in another cell"
            mended.elsewhere.append(name)
            return


def _early_tests(cells: list[NotebookNode], tested: Mapping[str, str]) -> list[str]:
    """Ids of a lesson's test cells that stand before the cell of their function."""
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in cells]
    return [
        grade_id
        for index, grade_id in enumerate(ids)
        if tested.get(grade_id) in ids[index:]
    ]


def _is_test(known: Mapping[str, Any]) -> bool:
    return known["grade"] and not known["solution"]
