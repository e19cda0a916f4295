"""Without PyTorch: learners are told, classes are not graded, setting up goes on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

import grader
from grader import doctor
from grader.cli import autograde, demo
from grader.demo.run import set_up
from grader.demo.students import students_of
from grader.exercise import lesson
from grader.install import Install
from grader.lessons import get_lesson
from grader.nbgrader.kernels.extras import MissingExtra, _problem, demand_extra
from grader.report import CheckNotRun
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
LESSON = get_lesson("05_almost_a_resnet")
#: in the checkout's own environment; tests/test_install.py has the others
REMEDY = "run 'make torch' in"


@pytest.fixture
def no_torch(monkeypatch):
    monkeypatch.setattr(lesson, "find_spec", lambda name: None)


@pytest.fixture
def hidden(tmp_path):
    """The variables of an environment in whose Pythons there is no PyTorch."""
    folder = tmp_path / "hidden"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        "import sys\n"
        "from importlib.machinery import PathFinder\n"
        "class Finder(PathFinder):\n"
        "    @classmethod\n"
        "    def find_spec(cls, name, *rest):\n"
        "        return None if name == 'torch' else super().find_spec(name, *rest)\n"
        "sys.meta_path[sys.meta_path.index(PathFinder)] = Finder\n"
    )
    return os.environ | {"PYTHONPATH": str(folder), "TF_CPP_MIN_LOG_LEVEL": "3"}


@pytest.fixture
def handed_in(tmp_path, monkeypatch):
    """A course in which one student has handed lesson 5 in."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("GRADER_RUN_FOLDER", str(tmp_path))
    return set_up(ROOT, tmp_path, 20, {LESSON.name: students_of(LESSON.name)[:1]})


def test_what_is_lacking(no_torch):
    assert LESSON.lacking() == LESSON.lacking("Bottleneck") == "torch"
    assert LESSON.lacking("identity_block") == LESSON.lacking("diagnose") == ""
    assert get_lesson("01_residual_networks").lacking() == ""


def test_a_check_that_cannot_run_is_not_passed(no_torch):
    with pytest.raises(CheckNotRun) as raised:
        grader.lesson(LESSON.name).check("Bottleneck-layers", object)
    said = str(raised.value)
    assert said.startswith("Bottleneck-layers did not run, so it is not passed: ")
    assert "PyTorch, which is not installed here." in said
    assert REMEDY in said, said
    lines = raised.value._render_traceback_()
    assert " ".join(lines) == said
    assert lines[-1].startswith(f"To have it, {REMEDY}")
    assert max(map(len, lines)) <= 100


def test_a_command_is_not_broken_over_lines():
    install = Install(python="python", platform="linux")
    remedy = f"To have it, {install.get_torch(in_notebook=True)}."
    lines = CheckNotRun("A sentence. " * 12, remedy)._render_traceback_()
    command = 'run %pip install "torch>=2.9" in a cell ('
    assert any(command in line for line in lines)


def test_validate_does_not_call_a_notebook_right(hidden, tmp_path):
    """With PyTorch hidden from the kernel that the Validate button starts, too."""
    source = source_of(LESSON.name)
    notebook = nbformat.read(source.release_notebook, as_version=4)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if "import grader" in cell.source
        or cell.metadata.get("nbgrader", {})
        .get("grade_id", "")
        .startswith("Bottleneck")
    ]
    assert len(notebook.cells) == 5
    shutil.copytree(source.release_notebook.parent, tmp_path / "lesson")
    path = tmp_path / "lesson" / source.release_notebook.name
    nbformat.write(notebook, path)
    command = [sys.executable, "-m", "nbgrader", "validate", "--Validator.width=110"]
    done = subprocess.run(
        [*command, path.name],
        cwd=path.parent,
        env=hidden,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    said = " ".join(done.stdout.split())
    assert "VALIDATION FAILED ON 3 CELL(S)" in said, done.stderr
    assert "Success" not in said
    assert said.count("did not run, so it is not passed: Bottleneck needs PyTorch") == 3
    assert REMEDY in said, said
    assert "Traceback" not in said


@pytest.mark.parametrize("found", ["ImportError('no libgomp')", "OSError('no DLL')"])
def test_a_pytorch_that_cannot_be_loaded_is_told(found, tmp_path, monkeypatch):
    (tmp_path / "torch.py").write_text(f"raise {found}")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    reason = found.split("'")[1]
    _problem.cache_clear()
    with pytest.raises(MissingExtra, match=rf"need torch, which cannot .*{reason}"):
        demand_extra(LESSON)
    _problem.cache_clear()
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(CheckNotRun, match=rf"cannot be loaded \({reason}\)"):
        grader.lesson(LESSON.name).check("Bottleneck-layers", object)


def test_a_class_is_not_graded(no_torch):
    needed = r"Bottleneck and ResNet50Torch need torch, which is not installed"
    with pytest.raises(MissingExtra, match=needed):
        demand_extra(LESSON)


def test_autograde_stops_before_the_first_submission(handed_in, no_torch):
    done = CliRunner().invoke(autograde.command, [LESSON.name])
    assert done.exit_code == 1
    assert REMEDY in done.output
    assert not (handed_in.folder / "autograded").exists()


def test_other_lessons_are_graded_all_the_same(handed_in, no_torch):
    done = CliRunner().invoke(autograde.command, ["01_residual_networks"])
    assert done.exit_code == 0, done.output
    assert "Nothing was handed in" in done.output


def test_the_sample_class_is_left_out(no_torch, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("GRADER_RUN_FOLDER", str(tmp_path))
    done = CliRunner().invoke(demo.command, [LESSON.name])
    assert f"{LESSON.name} is left out: it needs torch" in done.output


def test_plain_nbgrader_stops_as_well(handed_in, hidden):
    command = [sys.executable, "-m", "nbgrader", "autograde", LESSON.name]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=hidden,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode != 0
    assert REMEDY in done.stderr + done.stdout
    assert not list((handed_in.folder / "autograded").rglob("*.ipynb"))


@pytest.mark.parametrize("module", ["grader", "grader.lessons", "grader.judge"])
def test_importing_brings_no_torch(module):
    code = f"import sys, {module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_helpers_beside_the_notebook_work_without_it():
    """The classes can be defined, and a sentence says what is needed."""
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "import port_utils, blog_net\n"
        "assert port_utils.torch is None\n"
        "assert blog_net.published_resnet50().name == 'ResNet50'\n"
        "class Own(port_utils.nn.Module): pass\n"
        "assert 'cannot be tested here: it needs PyTorch' in port_utils.NO_TORCH\n"
        f"assert {REMEDY!r} in port_utils.NO_TORCH\n"
    )
    folder = ROOT / "solutions" / LESSON.name
    environment = os.environ | {"PYTHONPATH": f"{folder}:{ROOT}"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_doctor_names_the_remedy(tmp_path, monkeypatch):
    (tmp_path / "torch.py").write_text("raise ImportError('no torch')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    finding = doctor.check_torch()
    assert not finding.ok
    assert REMEDY in finding.remedy
    check = next(check for check in doctor.CHECKS if check.part == "PyTorch")
    assert "optional" in check.line(finding)


@pytest.fixture
def environment(tmp_path):
    """A checkout whose Python has no torch, and whose pip writes down what it gets."""
    folder = tmp_path / ".venv" / "bin"
    folder.mkdir(parents=True)
    (tmp_path / ".make").mkdir()
    script = (ROOT / ".make" / "setup.sh").read_text()
    (tmp_path / ".make" / "setup.sh").write_text(script)
    python = folder / "python"
    lines = ["#!/bin/sh", '[ "$1" = -c ] && exit 1', 'echo "$@" >>"$0.asked"']
    python.write_text("\n".join([*lines, 'exit "${FOUND:-1}"\n']))
    python.chmod(0o755)
    return tmp_path


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the wheel is small")
@pytest.mark.parametrize("found", ["0", "1"])
def test_setting_up_takes_a_build_for_the_cpu_or_says_so(environment, found):
    done = subprocess.run(
        ["sh", ".make/setup.sh", "torch"],
        cwd=environment,
        env=os.environ | {"FOUND": found},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    asked = (environment / ".venv/bin/python.asked").read_text()
    assert "torch==2.13.0+cpu" in asked
    assert ("cannot be tested here" in done.stdout) == (found == "1")
