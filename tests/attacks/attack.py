"""What an attack is, and the notebook that carries it."""

import copy
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

#: a notebook, the bytes of its file, or a folder: files by name, links as paths
Folder = Mapping[str, "bytes | Path | None"]
Submission = NotebookNode | bytes | Folder

_DEF = {
    "identity_block": "def identity_block(X, f, filters, stage, block):",
    "convolutional_block": "def convolutional_block(X, f, filters, stage, block, s=2):",
    "ResNet50": "def ResNet50(input_shape=(64, 64, 3), classes=6):",
}


@dataclass(frozen=True)
class Scene:
    """All that an attacker may know: more than a student ever does.

    Attributes:
        release: the released notebook.
        solution: the solution of each graded function.
        root: the course's folder.
        home: the instructor's home.
        checkout: where the course's package lies.
        port: of a server on all of the machine's addresses.
        token: marks what attacks leave behind.
        large: whether a large file is to be as large as it may get.
        replay: the capture of a right function in another submission.
    """

    release: NotebookNode
    solution: Mapping[str, str]
    root: Path
    home: Path
    checkout: Path
    port: int
    token: str
    large: bool = False
    replay: Callable[[str], str] = str

    def notebook(self) -> NotebookNode:
        """A copy of the release."""
        return copy.deepcopy(self.release)

    def silent(self) -> NotebookNode:
        """A release whose functions are no Python: grading needs no kernel for it."""
        notebook = self.notebook()
        for name in _DEF:
            cell_of(notebook, name).source = f"def {name}("
        return notebook

    def solved(self, *functions: str) -> NotebookNode:
        """The release with the solution in some functions' cells, or in all."""
        notebook = self.notebook()
        for name in functions or _DEF:
            cell_of(notebook, name).source = self.solution[name]
        return notebook

    def attacking(
        self,
        body: str,
        *solved: str,
        setup: str = "",
        function: str = "identity_block",
    ) -> NotebookNode:
        """A notebook with code in a function.

        Args:
            body: runs whenever the function is called.
            solved: functions that are right.
            setup: a cell before the function's, which runs with it.
            function: which function.
        """
        notebook = self.solved(*solved) if solved else self.notebook()
        # Grading runs what a function needs: it is made to need all of this cell.
        needed = "    patched\n" if setup else ""
        body = textwrap.indent(self.filled(body), "    ")
        cell_of(notebook, function).source = f"{_DEF[function]}\n{needed}{body}"
        if setup:
            code = textwrap.indent(self.filled(setup).strip(), "    ")
            cell = new_code_cell(f"if True:\n{code}\n    patched = True")
            notebook.cells.insert(3, cell)
        return notebook

    def alone(self, body: str) -> NotebookNode:
        """As `attacking`, but the other functions are no Python.

        Where a kernel is lost, grading then needs no further one for them.
        """
        notebook = self.attacking(body)
        for name in ("convolutional_block", "ResNet50"):
            cell_of(notebook, name).source = f"def {name}("
        return notebook

    def filled(self, code: str) -> str:
        """Code with the places that it names in capitals."""
        for name, value in {
            "ROOT": str(self.root),
            "HOME": str(self.home),
            "CHECKOUT": str(self.checkout),
            "PORT": str(self.port),
            "TOKEN": self.token,
            # reversed: a text that shows the code does not show the mark
            "NEKOT": self.token[::-1],
        }.items():
            code = code.replace(f"<{name}>", value)
        return textwrap.dedent(code).strip("\n") + "\n"


@dataclass(frozen=True)
class Attack:
    """One submission that is not what it should be.

    Attributes:
        name: also the student's, unless `student` is given.
        tries: what it tries, in a sentence.
        build: makes what is handed in.
        deserves: the most points that it may get.
        least: the points that it must get all the same.
        needs: "sandbox" where only a confined kernel may run it.
        chosen: whether it stands for its kind in every way of grading.
        student: the folder's name.
        refused: whether it is to get no mark until its folder has another name.
    """

    name: str
    tries: str
    build: Callable[[Scene], Submission]
    deserves: float = 0
    least: float = 0
    needs: frozenset[str] = frozenset()
    chosen: bool = False
    student: str = ""
    refused: bool = False

    @property
    def folder(self) -> str:
        """The student's name."""
        return self.student or self.name


SANDBOX = frozenset({"sandbox"})


def cell_of(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell with a grade id."""
    return next(
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name
    )
