"""The same sandbox for an ordinary user, where these tests themselves run as root."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox.command import SETPRIV
from grader.sandbox.probe import probe

ROOT = Path(__file__).resolve().parents[1]
NOBODY = 65534

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="the other tests run as a user"),
    pytest.mark.skipif(bool(probe().problem), reason=f"no sandbox: {probe().problem}"),
]


def as_user(folder, *command):
    """The command line that runs one as a user, who may reach this Python.

    Where it lies in root's own folder, a view of the file system opens the way.
    """
    view = ["--dev-bind", "/", "/"]
    needed = dict.fromkeys(
        str(Path(p).resolve()) for p in (ROOT, sys.prefix, sys.base_prefix)
    )
    closed = dict.fromkeys(filter(None, map(_closed, needed)))
    for parent in closed:
        view += ["--perms", "0755", "--tmpfs", parent]
    for path in needed:
        for parent in closed:
            if Path(path).is_relative_to(parent):
                between = Path(path).relative_to(parent).parents
                for part in reversed(list(between)[:-1]):
                    view += ["--perms", "0755", "--dir", str(Path(parent, part))]
                view += ["--ro-bind", path, path]
    drop = [SETPRIV, "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
    drop += ["--inh-caps=-all", "--bounding-set=-all", "--"]
    return [shutil.which("bwrap"), *view, "--chdir", str(folder), *drop, *command]


def _closed(path):
    """The topmost folder above a path that not everyone may pass."""
    for parent in reversed(Path(path).parents):
        if not parent.stat().st_mode & 0o001:
            return str(parent)
    return None


@pytest.mark.parametrize("module", ["test_sandbox.py", "test_sandbox_limits.py"])
def test_all_of_it_as_an_ordinary_user(tmp_path, module):
    # pytest's own folders are for root alone
    folder = Path(f"/tmp/grader-as-user-{os.getpid()}")
    folder.mkdir()
    shutil.chown(folder, NOBODY, NOBODY)
    try:
        done = subprocess.run(
            as_user(
                folder,
                sys.executable,
                "-m",
                "pytest",
                # a gigabyte of output is as long for everybody
                *("-q", "-p", "no:cacheprovider", "-k", "not gigabyte"),
                *("--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml")),
                str(ROOT / "tests" / module),
            ),
            env={
                "HOME": str(folder),
                "PATH": os.environ["PATH"],
                "PYTEST_DEBUG_TEMPROOT": str(folder),
                "PYTHONDONTWRITEBYTECODE": "1",
                "TMPDIR": "/tmp",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    last = done.stdout.strip().splitlines()[-1]
    assert "passed" in last
    assert "skipped" not in last
