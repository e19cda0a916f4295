"""What importing a part pulls in, and which part may import which."""

import ast
import importlib
import re
import subprocess
import sys
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import grader.cli
from grader.cli import COMMANDS, main
from grader.lessons import NAMES

ROOT = Path(__file__).resolve().parent.parent

TENSORFLOW = {"tensorflow", "keras"}
JUPYTER = {"nbgrader", "nbconvert", "nbclient", "jupyter_client", "jupyterlab"}
SLOW = TENSORFLOW | JUPYTER | {"numpy", "matplotlib", "h5py"}


def names_after(statement):
    """Names in ``sys.modules`` of a fresh interpreter after a statement."""
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return set(done.stdout.split())


def modules_after(statement):
    """The same, only names at the top."""
    return {name.split(".")[0] for name in names_after(statement)}


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("grader", SLOW),
        ("grader.cli", SLOW),
        ("grader.doctor", SLOW),
        ("grader.stream", TENSORFLOW | JUPYTER),
        ("grader.challenge", TENSORFLOW | JUPYTER),
        ("grader.report", TENSORFLOW | JUPYTER),
        ("grader.judge", TENSORFLOW | JUPYTER),
        ("grader.exercise.function", TENSORFLOW | JUPYTER),
        ("grader.lessons", TENSORFLOW | JUPYTER),
        ("resnet_data", TENSORFLOW | JUPYTER),
    ],
)
def test_import_pulls_in_nothing_heavy(module, absent):
    assert modules_after(f"import {module}") & absent == set()


def test_help_imports_no_command():
    loaded = modules_after(
        "from click.testing import CliRunner; from grader.cli import main;"
        "CliRunner().invoke(main, ['--help'])"
    )
    assert loaded & SLOW == set()


def test_names_of_lessons_load_none():
    loaded = names_after(
        "from grader.lessons import LESSONS; assert list(LESSONS)[3] in LESSONS"
    )
    assert {f"grader.lessons.{name[3:]}" for name in NAMES} & loaded == set()


def test_judging_lesson_1_loads_no_other():
    loaded = names_after(
        "from tests.corpus.sample import read;"
        f"own = [each for each in read() if each.lesson == {NAMES[0]!r}];"
        "assert own and all(each.judged() for each in own)"
    )
    assert f"grader.lessons.{NAMES[0][3:]}" in loaded
    assert {f"grader.lessons.{name[3:]}" for name in NAMES[1:]} & loaded == set()
    # what they are judged by
    ways = r"tensors|training|values|counts?|answers|network\.torch"
    tables = r"family|modules|idiom"
    other = re.compile(rf"grader\.(judge\.({ways})|lessons\.({tables}))")
    assert [name for name in loaded if other.match(name)] == []


def imports_of(package):
    """(file, dotted name) of each import in a package's files, nested ones too."""
    for path in sorted((ROOT / package).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = path.relative_to(ROOT).parent.parts
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = inside[: len(inside) - node.level + 1] if node.level else ()
                stem = ".".join([*base, *([node.module] if node.module else [])])
                # `from grader import judge` names the module in the alias
                names = [f"{stem}.{alias.name}" for alias in node.names]
            else:
                continue
            for name in names:
                yield path.relative_to(ROOT).as_posix(), name


@pytest.mark.parametrize(
    ("package", "may_import"),
    [
        # Mounted where student code runs: nothing that knows an answer.
        (
            "grader/capture",
            (
                "grader.arithmetic",
                "grader.capture",
                "grader.challenge",
                "grader.definitions",
                "grader.stream",
            ),
        ),
        (
            "grader/judge",
            (
                "grader.judge",
                "grader.arithmetic",
                "grader.challenge",
                "grader.stream",
            ),
        ),
        ("grader/report", ("grader.report", "grader.judge", "grader.escape")),
        (
            "grader/exercise",
            ("grader.exercise", "grader.judge", "grader.challenge", "grader.report"),
        ),
        (
            "grader/lessons",
            ("grader.lessons", "grader.exercise", "grader.judge", "grader.challenge"),
        ),
        (
            "grader/page",
            (
                "grader.page",
                "grader.report",
                "grader.lessons",
                "grader.executed",
                "grader.definitions",
            ),
        ),
        ("datasets/resnet_data", ()),
    ],
)
def test_dependencies_run_downwards(package, may_import):
    upwards = [
        (file, name)
        for file, name in imports_of(package)
        if name.split(".")[0] == "grader"
        and not any(f"{name}.".startswith(f"{allowed}.") for allowed in may_import)
    ]
    assert upwards == []


@pytest.mark.parametrize("depth", [2, 3, 20], ids=["packages", "folders", "files"])
def test_no_imports_form_a_circle(depth):
    """Those within functions and for types alone count, too."""
    files = {_dotted(path.relative_to(ROOT)) for path in ROOT.glob("grader/**/*.py")}
    imported = defaultdict(set)
    for path, name in imports_of("grader"):
        while name not in files:
            name = name.rpartition(".")[0] or "grader"
        ends = [".".join(n.split(".")[:depth]) for n in (_dotted(Path(path)), name)]
        if ends[0] != ends[1] and ends[1] != "grader":
            imported[ends[0]].add(ends[1])
    TopologicalSorter(imported).prepare()


def _dotted(path):
    """As which name a file is imported, such as grader/report/__init__.py."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("package", ["grader/judge", "grader/report"])
def test_no_file_of_the_judge_imports_tensorflow(package):
    heavy = [
        (file, name)
        for file, name in imports_of(package)
        if name.split(".")[0] in TENSORFLOW
    ]
    assert heavy == []


def test_each_file_of_the_command_line_is_in_the_help():
    folder = Path(grader.cli.__file__).parent
    files = {p.stem for p in folder.glob("*.py") if not p.stem.startswith("_")}
    assert files <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_loads(name):
    command = importlib.import_module(f"grader.cli.{name}").command
    assert isinstance(command, click.Command)
    assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


def test_an_unknown_command_is_a_usage_error():
    result = CliRunner().invoke(main, ["grade"])
    assert result.exit_code == 2
    assert "No such command 'grade'" in result.output


def test_module_and_console_script_are_one_command():
    done = subprocess.run(
        [sys.executable, "-m", "grader", "--help"],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert done.stdout.startswith("Usage: grader ")
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("way", ["tensors"])
@pytest.mark.parametrize("half", ["judge", "capture"])
def test_no_way_knows_the_functions_of_a_lesson(half, way):
    """What is said of them travels in tables and in challenges."""
    from grader.lessons import get_lesson

    functions = set(get_lesson("03_resnet_from_tensors").functions)
    for path in (ROOT / "grader" / half / way).glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert texts & functions == set(), path


def test_files_stay_small():
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in (ROOT / "grader").rglob("*.py")
    }
    assert {name: n for name, n in lines.items() if n > 300} == {}
    pages = [n for name, n in lines.items() if name.startswith("grader/lessons/")]
    assert sum(pages) <= 2000
