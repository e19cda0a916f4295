"""The remedy is the one for the environment in which it is read."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from grader import install
from grader.install import CPU_BUILD, Install

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ".venv/bin/python"
CHECKOUT = Install(PYTHON, "linux", ROOT)
KIT = Install(PYTHON, "linux")
CONDA = Install("/opt/conda/bin/python", "linux", conda=True)
MAC = Install(PYTHON, "darwin")
UV = Install(PYTHON, "linux", pip=False)
IN_CELL = "run %pip install {} in a cell"
TORCH = '"torch>=2.9"'


@pytest.mark.parametrize(
    ("where", "terminal", "notebook"),
    [
        (
            CHECKOUT,
            f"run 'make torch' in {ROOT}",
            "run 'make torch' in the course's folder",
        ),
        (
            KIT,
            f"run {PYTHON} -m pip install {TORCH} ({CPU_BUILD})",
            f"{IN_CELL.format(TORCH)} ({CPU_BUILD})",
        ),
        (
            CONDA,
            f"run /opt/conda/bin/python -m pip install {TORCH} ({CPU_BUILD})",
            f"{IN_CELL.format(TORCH)} ({CPU_BUILD})",
        ),
        (
            MAC,
            f"run {PYTHON} -m pip install {TORCH}",
            IN_CELL.format(TORCH),
        ),
        (UV, *[f"run uv pip install --python {PYTHON} {TORCH} ({CPU_BUILD})"] * 2),
    ],
    ids=["checkout", "kit", "conda", "mac", "uv"],
)
def test_pytorch(where, terminal, notebook):
    assert where.get_torch() == terminal
    assert where.get_torch(in_notebook=True) == f"{notebook} and restart the kernel"


@pytest.mark.parametrize(
    ("where", "mend", "renew"),
    [
        (CHECKOUT, f"run 'make distclean setup' in {ROOT}", "distclean"),
        (
            KIT,
            f'run {PYTHON} -m pip install --force-reinstall "h5py>=3.11"',
            "START.md",
        ),
        (
            UV,
            f'run uv pip install --python {PYTHON} --reinstall "h5py>=3.11"',
            "START.md",
        ),
        (
            CONDA,
            'run /opt/conda/bin/python -m pip install --force-reinstall "h5py>=3.11"',
            "environment.yml",
        ),
    ],
    ids=["checkout", "kit", "uv", "conda"],
)
def test_a_broken_package_and_a_broken_environment(where, mend, renew):
    assert where.mend("h5py") == mend
    assert renew in where.renew()


@pytest.mark.parametrize(
    ("where", "command"),
    [
        (CHECKOUT, "apt install graphviz"),
        (CONDA, "conda install -c conda-forge graphviz"),
        (MAC, "brew install graphviz"),
        (Install("py", "win32"), "winget install graphviz"),
    ],
)
def test_a_program_that_pip_cannot_bring(where, command):
    assert command in where.system_package("graphviz")


def test_the_environment_of_this_test():
    if Path(sys.prefix).resolve() == ROOT / ".venv":
        assert install.here().checkout == ROOT
    assert install.requirement("torch") == "torch>=2.9"
    assert install.requirement("tensor") == "tensor"


@pytest.fixture
def copied(tmp_path):
    """An environment beside a copy of the file, as a wheel would put it."""
    home = tmp_path / "my class"
    venv.create(home / ".venv", with_pip=False)
    python = home / ".venv" / "bin" / "python"
    (home / "grader").mkdir()
    (home / "grader" / "__init__.py").touch()
    (home / "grader" / "install.py").write_bytes(Path(install.__file__).read_bytes())

    def say(folder: Path) -> str:
        code = (
            f"import sys; sys.path.insert(0, {str(home)!r})\n"
            "from grader.install import here, how_to_get_torch\n"
            "print(here().conda, how_to_get_torch())"
        )
        done = subprocess.run(
            [python, "-c", code],
            capture_output=True,
            check=True,
            cwd=folder,
            encoding="utf-8",
        )
        return done.stdout.strip()

    return home, say


def test_how_it_was_installed_is_seen(copied):
    home, say = copied
    words = f'"torch" ({CPU_BUILD})'
    python = home / ".venv/bin/python"
    assert say(home) == f"False run uv pip install --python {PYTHON} {words}"
    assert say(home.parent).endswith(f"--python 'my class/.venv/bin/python' {words}")
    assert f"--python '{python}' " in say(Path(sys.base_prefix))
    (home / ".venv" / "conda-meta").mkdir()
    assert say(home).startswith("True")
    (home / ".make").mkdir()
    (home / ".make" / "setup.sh").touch()
    assert say(home).endswith(f"run 'make torch' in {home}")
