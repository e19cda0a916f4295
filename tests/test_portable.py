"""Numbers as another processor gives them: the quick part of `tests.portable`."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tests.portable import NUMERICAL, QUICK, ROOT, SETTINGS, main, node_ids

pytestmark = pytest.mark.slow

_ASK = """
import json, os
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
try:
    import torch
    capability = torch.backends.cpu.get_cpu_capability()
except ImportError:
    capability = None
found = [group for group in __cpu_dispatch__ if __cpu_features__[group]]
print(json.dumps([found, capability]))
"""


@pytest.mark.parametrize(
    ("name", "groups", "capabilities"),
    [
        ("oldest", (), ("DEFAULT", "NO AVX")),
        ("avx2", ("X86_V3", "AVX2", "FMA3"), ("AVX2", "DEFAULT", "NO AVX")),
    ],
)
def test_a_setting_hides_instructions(name, groups, capabilities):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _ASK],
        env=SETTINGS[name].environment(),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    found, capability = json.loads(done.stdout)
    assert set(found) <= set(groups)
    assert capability in (None, *capabilities)


def test_all_that_is_named_is_there():
    for path in node_ids(NUMERICAL + QUICK):
        file, _, test = path.partition("::")
        assert f"def {test}" in (ROOT / file).read_text("utf-8")


def test_an_old_processor_prints_the_same_and_gives_full_marks():
    command = [sys.executable, "-m", "tests.portable", "--quick", "oldest"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout


def test_a_failure_is_told(monkeypatch):
    monkeypatch.setattr("tests.portable.QUICK", ("portable::no_such_test",))
    done = CliRunner().invoke(main, ["--quick", "avx2"])
    assert done.exit_code == 1
    assert "Tests fail under avx2" in done.output
