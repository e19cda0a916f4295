"""The same notebooks under plain nbgrader, for a table side by side.

Plain nbgrader has nothing of this course's settings but the folders: its own steps
run the released tests, which raise where a check fails. Each attack is graded beside
one small honest notebook, in a cage of its own.
"""

import os
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat

from tests.attacks.attack import Attack
from tests.attacks.course import (
    LESSON,
    NOTEBOOK,
    Watch,
    digests,
    hand_in,
    marks,
    set_up,
)
from tests.attacks.harness import (
    HONEST,
    SHARDS,
    alarms,
    call,
    feedback,
    outcome,
    outcomes,
    planted,
    prepare,
    running,
    shown,
    stolen,
)
from tests.attacks.pages import browser

_CONFIG = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.course_id = "resnet"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.submitted_directory = "course/submitted"
c.CourseDirectory.autograded_directory = "course/autograded"
c.CourseDirectory.feedback_directory = "course/feedback"
c.CourseDirectory.db_url = "sqlite:///{root}/course/gradebook.db"
c.CourseDirectory.ignore = [".*", "*.pct.py", "__pycache__", "jupytext.toml"]
c.Exchange.root = "{root}/exchange"
"""
#: seconds after which a run of plain nbgrader is called stopped
PATIENCE = 150


def run_plain(scratch: Path, attacks: Sequence[Attack]) -> dict[str, Any]:
    """Grades attacks with plain nbgrader, and says for each what it did."""
    found = {}
    for attack in attacks:
        found[attack.name] = {"found": _one(scratch / attack.name, attack)}
    return {"attacks": found}


def _one(folder: Path, attack: Attack) -> list[str]:
    token = os.urandom(8).hex()
    watch = Watch(token)
    config = _CONFIG.format(root=str(folder / "class"))
    stage = set_up(folder, watch.port, token, large=False, config=config)
    # The honest ones import nothing here: each attack is graded with all of them.
    for student in HONEST:
        notebook = stage.scene.notebook()
        notebook.cells = [
            cell
            for cell in notebook.cells
            if "nbgrader" in cell.metadata or cell.cell_type != "code"
        ]
        path = stage.submitted(student) / NOTEBOOK
        notebook.cells[0].source += stage.canaries["ada"] * (student == "aaa_ada")
        path.unlink()
        path.write_text(nbformat.writes(notebook))
    (folder / "class" / "exchange").mkdir()
    hand_in(stage, attack)
    prepare(stage)
    guarded = [folder / "class" / "solutions", stage.run / "submitted"]
    guarded += [stage.scene.home]
    before = digests(guarded)
    started = time.monotonic()
    output = call(stage, "nbgrader", "autograde", LESSON.name, limit=PATIENCE)
    told = []
    if time.monotonic() - started >= PATIENCE:
        told.append("grading did not end")
    time.sleep(2)
    left = running(token)
    points = marks(stage.run / "gradebook.db")
    got = points.get(attack.folder) or 0
    if got > attack.deserves:
        told.append(f"{got:g} points for {attack.deserves:g}")
    if got < attack.least:
        told.append(f"{got:g} points for {attack.least:g}")
    if not (stage.run / "autograded" / "zzz_zoe").exists():
        told.append("the class was not graded")
    if any(points.get(student) for student in HONEST):
        told.append("others' marks changed")
    if stolen(stage):
        told.append("read " + ", ".join(sorted({what for _, what in stolen(stage)})))
    if planted(stage):
        told.append("wrote outside")
    after = digests(guarded)
    if any(after.get(path) != digest for path, digest in before.items()):
        told.append("changed files")
    if left:
        told.append("left running")
    if watch.reached:
        told.append("reached a server")
    watch.close()
    if shown(attack):
        feedback(stage)
        with browser() as problems:
            told += ["ran in the browser"] if alarms(stage, attack, problems) else []
    if "Killed" in output:
        told.append("killed the grader")
    return told


def table(attacks: Sequence[Attack]) -> str:
    """Markdown: what each attack does under plain nbgrader, and here."""
    names = [attack.name for attack in attacks]
    here = outcomes("user-grader", names)
    with ThreadPoolExecutor(SHARDS) as workers:
        plain = list(workers.map(_under_plain, names))
    rows = ["| attack | plain nbgrader | here |", "| --- | --- | --- |"]
    for attack, first in zip(attacks, plain, strict=True):
        second = here["attacks"][attack.name]["found"]
        cells = [attack.tries, *("; ".join(f) or "holds" for f in (first, second))]
        rows.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    through = sum(map(bool, plain))
    ours = sum(bool(each["found"]) for each in here["attacks"].values())
    rows += ["", f"Of {len(names)}: {through} under plain nbgrader, {ours} here."]
    if here["class"]:
        rows += ["", "To the class here: " + "; ".join(here["class"])]
    return "\n".join(rows)


def _under_plain(name: str) -> list[str]:
    try:
        found = outcome("user-plain", [name], limit=4 * PATIENCE)
        return found["attacks"][name]["found"]
    except subprocess.TimeoutExpired:
        return ["grading did not end"]
    except RuntimeError:
        return ["ended the grader"]
