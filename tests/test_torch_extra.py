"""Without PyTorch: learners are told, classes are not graded, setting up goes on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import grader
from grader import doctor
from grader.cli import autograde, demo
from grader.demo.run import set_up
from grader.demo.students import students_of
from grader.lessons import _lesson, get_lesson
from grader.nbgrader.extras import MissingExtra, demand_extra

ROOT = Path(__file__).resolve().parents[1]
LESSON = get_lesson("05_almost_a_resnet")
#: in the checkout's own environment; tests/test_install.py has the others
REMEDY = "run 'make torch' in"


@pytest.fixture
def no_torch(monkeypatch):
    monkeypatch.setattr(_lesson, "find_spec", lambda name: None)


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


def test_a_learner_is_told_in_a_sentence(no_torch, capsys):
    grader.lesson(LESSON.name).check("Bottleneck-layers", object)
    said = capsys.readouterr().out
    assert "Bottleneck-layers is skipped" in said
    assert REMEDY in said


def test_a_class_is_not_graded(no_torch):
    with pytest.raises(MissingExtra, match=r"Bottleneck and ResNet50Torch need torch"):
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


@pytest.mark.slow
def test_plain_nbgrader_stops_as_well(handed_in, tmp_path):
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import importlib.util as util\n"
        "find = util.find_spec\n"
        "util.find_spec = lambda name, *rest: "
        "None if name == 'torch' else find(name, *rest)\n"
    )
    command = [sys.executable, "-m", "nbgrader", "autograde", LESSON.name]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(hidden), "TF_CPP_MIN_LOG_LEVEL": "3"},
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
    """The classes can be defined, and a sentence says what is skipped."""
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "import port_utils, blog_net\n"
        "assert port_utils.torch is None\n"
        "assert blog_net.published_resnet50().name == 'ResNet50'\n"
        "class Own(port_utils.nn.Module): pass\n"
        "assert 'PyTorch is not installed' in port_utils.NO_TORCH\n"
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
    assert ("is skipped here" in done.stdout) == (found == "1")
