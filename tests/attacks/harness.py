"""Grades all attacks as one class, and looks at what they did.

The steps: set a course up, hand in, grade, wait for what acts later, return feedback,
look for points, canaries, files, connections and processes.
"""

import compileall
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from tests.attacks import browser
from tests.attacks.attack import Attack
from tests.attacks.cage import CHECKOUT, caged
from tests.attacks.course import (
    BIN,
    HONEST,
    LESSON,
    NOTEBOOK,
    PLACES,
    Stage,
    Watch,
    digests,
    files,
    hand_in,
    marks,
    set_up,
)
from tests.attacks.pages import (
    BROWSER,
    feedback_page,
    formgrader_page,
)
from tests.attacks.pages import browser as opened_browser

WAYS = ("user-grader", "user-nbgrader", "root-grader", "root-nbgrader")
#: seconds for a function, and for a statement, which may import TensorFlow
TIMEOUT, STATEMENT = 15, 25
_CONFIG = f"""
c.CourseDirectory.release_directory = "assignments"
c.CaptureAndJudge.statement_timeout = {STATEMENT}
c.CaptureAndJudge.capture_timeout = {TIMEOUT}
c.CaptureAndJudge.submission_timeout = 120
"""
#: parts of classes at a time; a part has as many workers as can wait beside each other,
#: or, where nbgrader has none, so few attacks that it is not long alone at work
SHARDS, WORKERS, PART = 2, 4, 20
#: what the class may take in all, in seconds
LIMIT = 3000
#: where this variable is set, each kernel starts cold
COLD = "ATTACKS_COLD"
_ESCAPES = ("\x1b]", "\x1b[2J", "\x07", "\x9b")


def outcome(
    way: str,
    attacks: Sequence[str],
    *,
    large: bool = False,
    limit: float = LIMIT + 300,
) -> dict[str, Any]:
    """Runs a class in a process of its own, in a cage where that can be.

    Args:
        way: who grades with what, such as "user-grader".
        attacks: their names.
        large: whether a large file is as large as it may get.
        limit: seconds after which all of it is ended.

    Returns:
        See `run`.

    Raises:
        RuntimeError: if the class was not graded.
        subprocess.TimeoutExpired: after `limit` seconds.
    """
    user, _, tool = way.partition("-")
    run = [str(BIN / "python"), "-m", "tests.attacks", "--inside", tool, "<SCRATCH>"]
    run += ["--large"] * large + list(attacks)
    with caged(run, root=user == "root") as command:
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        done = subprocess.run(
            command,
            cwd=CHECKOUT,
            env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=limit,
        )
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise RuntimeError(f"the class was not graded: {done.stdout}{done.stderr}")
    return json.loads(lines[-1])


def outcomes(
    way: str, attacks: Sequence[str], *, large: bool = False, shards: int = SHARDS
) -> dict[str, Any]:
    """Runs a class; one that nbgrader grades in parts, several at once.

    Returns:
        As `outcome`; "seconds" is how long the slowest part took.
    """
    return outcomes_of({way: attacks}, large=large, shards=shards)[way]


def outcomes_of(
    classes: Mapping[str, Sequence[str]], *, large: bool = False, shards: int = SHARDS
) -> dict[str, dict[str, Any]]:
    """Runs classes, some at once: most attacks wait more than they compute.

    Each part of a class has honest students of its own.

    Args:
        classes: for each way, which attacks.
        large: whether a large file is as large as it may get.
        shards: how many parts at a time.

    Returns:
        For each way as `outcome`; "seconds" is how long its slowest part took.
    """
    # What another process imports meanwhile is then no change of the grader's folder.
    compileall.compile_dir(CHECKOUT / "grader", quiet=1)
    parts = [
        (way, part)
        for way, attacks in classes.items()
        for part in split(way, attacks, shards)
    ]
    with ThreadPoolExecutor(shards) as workers:
        done = list(workers.map(lambda each: outcome(*each, large=large), parts))
    return {
        way: _joined([r for (w, _), r in zip(parts, done, strict=True) if w == way])
        for way in classes
    }


def split(way: str, attacks: Sequence[str], shards: int) -> list[Sequence[str]]:
    """As many parts as are worth their honest students, and no more."""
    parts = 1 if way.endswith("-grader") else min(shards, -(-len(attacks) // PART))
    return [attacks[n::parts] for n in range(parts)]


def _joined(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "class": [line for result in results for line in result["class"]],
        "attacks": {k: v for result in results for k, v in result["attacks"].items()},
        "seconds": max(result["seconds"] for result in results),
        "output": "".join(result["output"] for result in results),
    }


def run(
    tool: str, scratch: Path, attacks: Sequence[Attack], *, large: bool
) -> dict[str, Any]:
    """Grades a class of attacks and honest students.

    Returns:
        "class": what went wrong for all; "attacks": for each its points and what it
        did; "seconds": how long grading took; "output": what the terminal showed.
    """
    token = secrets.token_hex(8)
    watch = Watch(token)
    config = (CHECKOUT / "nbgrader_config.py").read_text() + _CONFIG
    if COLD in os.environ:
        config += "c.CaptureAndJudge.warm_kernels = False\n"
    stage = set_up(scratch, watch.port, token, large=large, config=config)
    for attack in attacks:
        hand_in(stage, attack)
    prepare(stage)
    guarded = [stage.scene.root / "solutions", stage.run / "submitted"]
    guarded += [stage.scene.home, CHECKOUT / "grader"]
    guarded += [stage.scene.root / "nbgrader_config.py", stage.run / "secret"]
    before = digests(guarded)
    started = time.monotonic()
    output = grade(stage, tool, WORKERS if len(attacks) > PART else 2)
    seconds = time.monotonic() - started
    time.sleep(2)  # for what acts later
    left = running(token)
    feedback(stage)
    found: dict[str, Any] = {
        attack.name: {"points": None, "found": []} for attack in attacks
    }
    everybody: list[str] = []
    points = marks(stage.run / "gradebook.db")
    for student, deserved in HONEST.items():
        if points.get(student) != deserved:
            everybody.append(f"{student} has {points.get(student)}, not {deserved:g}")
    for attack in attacks:
        got = points.get(attack.folder)
        found[attack.name]["points"] = got
        if (got or 0) > attack.deserves:
            found[attack.name]["found"].append(f"{got:g} points")
        if (got or 0) < attack.least:
            found[attack.name]["found"].append(f"only {got} points")
    for attack in attacks:
        if f"{attack.folder}: not graded" in output and not attack.refused:
            found[attack.name]["found"].append("no mark: the machine was at fault")
        if attack.refused and attack.folder in points:
            found[attack.name]["found"].append("a row in the gradebook")
    by_folder = {attack.folder: attack.name for attack in attacks}
    for path, what in stolen(stage):
        owner = next((by_folder[p] for p in path.parts if p in by_folder), None)
        owner = owner or by_folder.get(path.stem)
        place = found[owner]["found"] if owner else everybody
        place.append(f"{what} in {path}")
    everybody += [f"written: {path}" for path in planted(stage)]
    after = digests(guarded)
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path):
            everybody.append(f"changed: {path}")
    everybody += [f"left running: {line}" for line in left]
    everybody += watch.reached
    watch.close()
    if tool == "grader":
        for attack in attacks:
            if any(e in attack.folder for e in _ESCAPES) and attack.folder in output:
                found[attack.name]["found"].append("its name in the terminal")
                output = output.replace(attack.folder, "")
        everybody += [f"{e!r} in the terminal" for e in _ESCAPES if e in output]
    pages = [attack for attack in attacks if shown(attack)]
    if BROWSER and pages:
        with opened_browser() as problems:
            for attack in pages:
                found[attack.name]["found"] += alarms(stage, attack, problems)
    return {
        "class": everybody,
        "attacks": found,
        "seconds": round(seconds, 1),
        "output": output[-6000:],
    }


def prepare(stage: Stage) -> None:
    """Releases the lesson, and writes a name into the gradebook."""
    call(stage, "nbgrader", "generate_assignment", LESSON.name)
    with Gradebook(f"sqlite:///{stage.run / 'gradebook.db'}") as gradebook:
        name = stage.canaries["gradebook"]
        gradebook.update_or_create_student("aaa_ada", last_name=name)


def grade(stage: Stage, tool: str, workers: int = 1) -> str:
    """Grades all and returns what was shown."""
    own = [f"--timeout={TIMEOUT}", f"--workers={workers}"]
    options = own if tool == "grader" else []
    return call(stage, tool, "autograde", LESSON.name, *options)


def feedback(stage: Stage) -> None:
    """Writes the pages that students get."""
    call(stage, "nbgrader", "generate_feedback", LESSON.name)


def call(stage: Stage, tool: str, *arguments: str, limit: float = LIMIT) -> str:
    """Runs a command as the instructor, in the course's folder; says how it ended."""
    with subprocess.Popen(
        [str(stage.programs / tool), *arguments],
        cwd=stage.scene.root,
        env=dict(stage.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
    ) as process:
        try:
            output, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            output = "did not end"
    return output + ("\nKilled" if process.returncode < 0 else "")


def stolen(stage: Stage) -> list[tuple[Path, str]]:
    """Canaries and seized things in what grading wrote."""
    run = stage.run
    own = [run / step / "aaa_ada" for step in ("submitted", "autograded", "feedback")]
    searched = [run, Path(stage.environment["TMPDIR"])]
    found = []
    for path in files(searched):
        if path == run / "secret" or any(place in path.parents for place in own):
            continue
        content = path.read_bytes()
        for name, canary in stage.canaries.items():
            if name == "gradebook" and path == run / "gradebook.db":
                continue
            if canary.encode() in content:
                found.append((path.relative_to(stage.scene.root.parent), name))
        if f"seized-{stage.scene.token}".encode() in content:
            found.append((path.relative_to(stage.scene.root.parent), "something"))
    return found


def planted(stage: Stage) -> list[Path]:
    """Files that attacks left in places where they might."""
    name = f"pwned-{stage.scene.token}"
    here = stage.scene.root.parent
    found = [Path(p, n) for p, *rest in os.walk(here) for n in rest[0] + rest[1]]
    near = [Path(place, name) for place in (*PLACES, CHECKOUT, CHECKOUT / "grader")]
    packages = [Path(p, name) for p in sys.path if Path(p).is_dir()]
    found = [path for path in found if name in path.name]
    return found + [path for path in near + packages if path.exists()]


def running(token: str) -> list[str]:
    """Processes that attacks left; in a cage all that is not this one's."""
    caged = os.getppid() == 1
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if int(place.name) in (1, os.getpid(), os.getppid()) or not words:
            continue
        if caged or f"lingering-{token}" in words:
            found.append(words[:200])
    return found


def shown(attack: Attack) -> bool:
    """Whether an attack is one on a browser."""
    return attack in browser.ATTACKS or attack.name == "name_is_markup"


def alarms(
    stage: Stage, attack: Attack, problems: Callable[[Path], list[str]]
) -> list[str]:
    """What the pages of an attack do in a browser."""
    graded = stage.run / "autograded" / attack.folder
    own = {path.name for path in files([stage.scene.root / "solutions"])}
    pages = [path.name for path in files([graded]) if _is_page(path)]
    found = [f"serves {name}" for name in pages if name not in own]
    for make in (feedback_page, formgrader_page):
        try:
            page = make(stage, attack.folder, LESSON.name, NOTEBOOK)
        except Exception as error:
            found.append(f"{make.__name__} fails: {type(error).__name__}")
            continue
        if page is not None:
            found += [f"{make.__name__}: {p}" for p in problems(page)]
    return found


def _is_page(path: Path) -> bool:
    return path.suffix in {".html", ".svg", ".xhtml", ".xml"}
