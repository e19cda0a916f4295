"""A course to attack: honest students, things worth stealing, and their watch."""

import functools
import hashlib
import json
import os
import secrets
import shutil
import socket
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from grader.demo.submissions import solutions
from grader.lessons import get_lesson
from tests.attacks.attack import Attack, Folder, Scene, cell_of
from tests.attacks.cage import CHECKOUT

BIN = CHECKOUT / ".venv" / "bin"
LESSON = get_lesson("01_residual_networks")
NOTEBOOK = f"{LESSON.notebook}.ipynb"
#: students and the points that they deserve; one before all attacks, one after
HONEST = {"aaa_ada": 100.0, "zzz_zoe": 30.0}
PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/", "/etc", "/usr", "/run", "/root")


@dataclass(frozen=True)
class Stage:
    """A course folder with all that is around it.

    Attributes:
        scene: what attackers know.
        environment: of the instructor's shell.
        canaries: texts that must not get about, by what they stand for.
        programs: the folder of nbgrader and grader.
    """

    scene: Scene
    environment: Mapping[str, str]
    canaries: Mapping[str, str]
    programs: Path

    @property
    def run(self) -> Path:
        """The course's run folder."""
        return self.scene.root / "course"

    def submitted(self, student: str) -> Path:
        """What a student handed in."""
        return self.run / "submitted" / student / LESSON.name


def set_up(
    scratch: Path,
    port: int,
    token: str,
    *,
    large: bool,
    config: str,
    programs: Path = BIN,
) -> Stage:
    """Makes a course in a scratch folder.

    Args:
        scratch: the folder.
        port: of the watched server.
        token: marks what attacks leave.
        large: whether a large file is as large as it may get.
        config: the text of `nbgrader_config.py`.
        programs: the folder of nbgrader and grader.
    """
    root, home = scratch / "class", scratch / "home"
    canaries = {
        name: f"canary-{name}-{secrets.token_hex(16)}"
        for name in ("secret", "home", "history", "solution", "ada", "gradebook", "env")
    }
    source = CHECKOUT / "solutions" / LESSON.name
    shutil.copytree(source, root / "solutions" / LESSON.name)
    shutil.copytree(CHECKOUT / "assignments" / LESSON.name, root / "released")
    key = root / "solutions" / LESSON.name / "answers.pct.py"
    key.write_text(f"# {canaries['solution']}\n")
    (root / "nbgrader_config.py").write_text(config)
    (root / "course").mkdir()
    (root / "course" / "secret").write_text(canaries["secret"])
    for name in ("notes.txt", ".ssh/id_ed25519", ".jupyter/token"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(canaries["home"] + "\n")
    for name in (".bash_history", ".python_history"):
        (home / name).write_text(canaries["history"] + "\n")
    (scratch / "tmp").mkdir()
    environment = {
        "HOME": str(home),
        "PATH": os.pathsep.join([*map(str, (programs, BIN)), os.environ["PATH"]]),
        "TMPDIR": str(scratch / "tmp"),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(CHECKOUT),
        "INSTRUCTOR_TOKEN": canaries["env"],
        "AWS_SECRET_ACCESS_KEY": canaries["env"],
    }
    release = nbformat.read(root / "released" / NOTEBOOK, as_version=4)
    shutil.rmtree(root / "released")
    solution = solutions(source / NOTEBOOK, LESSON)
    scene = Scene(release, solution, root, home, CHECKOUT, port, token, large, replay)
    stage = Stage(scene, environment, canaries, programs)
    whole, half = scene.solved(), scene.solved("identity_block")
    cell_of(whole, "identity_block").source += f"\n# {canaries['ada']}"
    whole.cells.append(new_code_cell(f"# {canaries['ada']}"))
    for student, notebook in (("aaa_ada", whole), ("zzz_zoe", half)):
        write(stage.submitted(student), {NOTEBOOK: nbformat.writes(notebook).encode()})
    return stage


@functools.cache
def replay(function: str) -> str:
    """The capture of a function of the solution, as another submission has it."""
    from grader.capture import capture
    from tests.lessons.residual_networks.solution import namespace

    challenge = LESSON.challenge(function, "another student's")
    return json.dumps(capture(challenge, namespace()))


def hand_in(stage: Stage, attack: Attack) -> None:
    """Writes what an attack hands in."""
    made = attack.build(stage.scene)
    if isinstance(made, nbformat.NotebookNode):
        # nbformat would mend what is broken
        made = json.dumps(made).encode()
    if isinstance(made, bytes):
        made = {NOTEBOOK: made}
    write(stage.submitted(attack.folder), made)


def write(folder: Path, files: Folder) -> None:
    """Writes a folder: bytes into files, paths into links, nothing into a pipe."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            os.mkfifo(path)
        elif isinstance(content, Path):
            path.symlink_to(content)
        else:
            path.write_bytes(content)


def marks(database: Path) -> dict[str, float]:
    """All students' points, as the gradebook has them."""
    query = """
        select assignment.student_id, sum(coalesce(manual_score, auto_score, 0))
        from grade
        join submitted_notebook notebook on notebook.id = grade.notebook_id
        join submitted_assignment assignment on assignment.id = notebook.assignment_id
        group by assignment.student_id
    """
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return dict(connection.execute(query).fetchall())


def digests(folders: Sequence[Path]) -> dict[str, str]:
    """Contents of all regular files below folders, links not followed."""
    found = {}
    for path in files(folders):
        found[os.fspath(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def files(folders: Sequence[Path]) -> Iterator[Path]:
    """Regular files below folders."""
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                path = Path(place, name)
                if path.is_file() and not path.is_symlink():
                    yield path


class Watch:
    """A server that nobody should reach."""

    def __init__(self, token: str):
        self.reached: list[str] = []
        self._sockets = [socket.create_server(("0.0.0.0", 0))]
        self.port = self._sockets[0].getsockname()[1]
        own = socket.socket(socket.AF_UNIX)
        own.bind(f"\0attack-{token}")
        own.listen()
        self._sockets.append(own)
        for each in self._sockets:
            threading.Thread(target=self._serve, args=(each,), daemon=True).start()

    def _serve(self, own: socket.socket) -> None:
        while True:
            try:
                connection, address = own.accept()
            except OSError:
                return
            with connection:
                self.reached.append(f"somebody connected from {address!r}")

    def close(self) -> None:
        """Stops listening."""
        for own in self._sockets:
            own.close()
