"""What nbgrader needs to know of a cell, as the gradebook has it.

Students copy cells, lose metadata and mix versions of a notebook. nbgrader then stops
the whole class; here a cell that is not the lesson's is an ordinary cell.
"""

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

#: Characters of a cell, and of all cells: what is longer holds up whoever parses it.
LONGEST = 100_000
LONGEST_IN_ALL = 1_000_000


class RepairMetadata(NbGraderPreprocessor):
    """Gives each cell of the lesson its metadata back, and takes it from all others.

    Of several cells with one id the last counts, as it does in a kernel.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Repairs a submission before nbgrader looks at it."""
        names = resources["nbgrader"]
        known = released(names["db_url"], names["assignment"], names["notebook"])
        seen = set()
        left = LONGEST_IN_ALL
        for cell in reversed(nb.cells):
            left -= len(cell.source)
            if cell.cell_type == "code" and (len(cell.source) > LONGEST or left < 0):
                cell.source = f"# a cell of {len(cell.source):,} characters"
            # half a surrogate pair, which no file can be written with
            cell.source = cell.source.encode("utf-8", "replace").decode("utf-8")
            own = cell.metadata.pop("nbgrader", None)
            grade_id = own.get("grade_id") if isinstance(own, dict) else None
            if isinstance(grade_id, str) and grade_id in known.keys() - seen:
                cell.metadata["nbgrader"] = NotebookNode(known[grade_id])
                seen.add(grade_id)
            elif own is not None:
                self.log.warning("not a cell of the lesson, or twice: %r", grade_id)
        return nb, resources


def keep_known(cell: NotebookNode) -> None:
    """Leaves of a cell's metadata what grading reads, in the form that it has.

    Anything may stand there, and nbformat refuses a notebook for one wrong type.
    """
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    kept = {"nbgrader": metadata["nbgrader"]} if "nbgrader" in metadata else {}
    tags = metadata.get("tags")
    if isinstance(tags, list):
        words = [tag for tag in tags if isinstance(tag, str) and tag and "," not in tag]
        kept["tags"] = list(dict.fromkeys(words))
    cell.metadata = NotebookNode(kept)


def released(db_url: str, assignment: str, notebook: str) -> dict[str, dict[str, Any]]:
    """Returns the metadata of a released notebook's cells, by grade id."""
    with Gradebook(db_url) as gradebook:
        row: Any = gradebook.find_notebook(notebook, assignment)
        points = {c.name: c.max_score for c in [*row.grade_cells, *row.task_cells]}
        graded = {cell.name for cell in row.grade_cells}
        tasks = {cell.name for cell in row.task_cells}
        solutions = {cell.name for cell in row.solution_cells}
        return {
            cell.name: {
                "cell_type": cell.cell_type,
                "checksum": cell.checksum,
                "grade": cell.name in graded,
                "grade_id": cell.name,
                "locked": cell.locked,
                "schema_version": 3,
                "solution": cell.name in solutions,
                "task": cell.name in tasks,
            }
            | ({"points": points[cell.name]} if cell.name in points else {})
            for cell in row.source_cells
        }
