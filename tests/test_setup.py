""".make/setup.sh and .make/system.sh under the conditions that machines offer."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import install

TOOLS = Path(__file__).resolve().parent.parent / ".make"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="make needs a POSIX shell"),
]


@pytest.fixture
def checkout(tmp_path):
    """A checkout that needs no packages, with no Python on its PATH."""
    shutil.copytree(TOOLS, tmp_path / ".make")
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "bin").mkdir()
    for name in ("dirname", "rm", "sh", "touch"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name))
    return tmp_path


def add_command(checkout, name, text):
    path = checkout / "bin" / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def run(checkout, script, *arguments, **env):
    return subprocess.run(
        ["sh", str(checkout / ".make" / script), *arguments],
        env={"PATH": str(checkout / "bin"), "HOME": str(checkout), **env},
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )


def add_python(checkout, name="python3.12"):
    add_command(checkout, name, f'exec "{sys.executable}" "$@"')


def test_no_python_is_said_in_one_line(checkout):
    done = run(checkout, "setup.sh", "venv")
    assert done.returncode == 1
    assert done.stderr.startswith("No Python 3.11, 3.12 or 3.13 found:")
    assert done.stderr.count("\n") == 1
    assert not (checkout / ".venv").exists()


def test_a_named_python_that_does_not_fit_is_refused(checkout):
    add_python(checkout)
    add_command(checkout, "python3.9", "exit 1")
    done = run(checkout, "setup.sh", "venv", PYTHON="python3.9")
    assert done.returncode == 1
    assert done.stderr == "PYTHON=python3.9 is not a Python 3.11, 3.12 or 3.13.\n"


def test_a_missing_venv_module_is_named(checkout):
    # answers for its version, and fails on import ensurepip
    answer = 'case "$2" in *ensurepip*) exit 1;; *print*) echo 3.12;; esac'
    add_command(checkout, "python3", answer)
    done = run(checkout, "setup.sh", "venv")
    assert done.returncode == 1
    assert "python3 lacks the venv module" in done.stderr
    assert "apt install python3.12-venv" in done.stderr


def test_a_broken_shim_is_passed_over(checkout):
    add_command(checkout, "python3", "echo 'not installed' >&2; exit 127")
    add_python(checkout, "python3.13")
    done = run(checkout, "setup.sh", "venv")
    assert done.returncode == 0, done.stderr
    assert (checkout / ".venv" / ".locked").exists()


def test_a_half_made_environment_is_made_anew(checkout):
    add_python(checkout)
    remnant = checkout / ".venv" / "lib" / "half"
    remnant.mkdir(parents=True)
    done = run(checkout, "setup.sh", "venv")
    assert done.returncode == 0, done.stderr
    assert (checkout / ".venv" / ".locked").exists()
    assert not remnant.exists()


def test_a_failed_installation_leaves_no_stamp(checkout):
    add_python(checkout)
    assert run(checkout, "setup.sh", "venv").returncode == 0
    (checkout / "requirements.txt").write_text("no-hash==1\n", encoding="utf-8")
    assert run(checkout, "setup.sh", "venv").returncode != 0
    assert not (checkout / ".venv" / ".locked").exists()


def test_an_installation_says_how_far_it_is():
    said = """\
Collecting absl-py==2.4.0 (from -r requirements.txt (line 7))
  Downloading absl_py-2.4.0-py3-none-any.whl (135 kB)
Collecting keras==3.15.1 (from -r requirements.txt (line 9))
Installing collected packages: absl-py, keras
Collecting nothing
"""
    steps = install.fetching(said.splitlines(), 2)
    assert list(steps) == [
        (1, "fetching 1 of 2: absl-py"),
        (2, "fetching 2 of 2: keras"),
    ]


def test_missing_system_packages_are_named_in_one_line(checkout):
    done = run(checkout, "system.sh", "graphviz", "bubblewrap")
    assert done.returncode == 1
    assert "Missing system packages: graphviz bubblewrap" in done.stdout
    assert (done.stdout + done.stderr).count("\n") == 1


def test_packages_are_installed_where_the_user_may(checkout):
    log = checkout / "log"
    add_command(checkout, "id", "echo 0")
    add_command(checkout, "apt-get", f'echo "$*" >>"{log}"')
    for name in ("env", "timeout"):
        (checkout / "bin" / name).symlink_to(shutil.which(name))
    done = run(checkout, "system.sh", "graphviz")
    assert done.returncode == 0, done.stderr
    assert log.read_text(encoding="utf-8").endswith("graphviz\n")
