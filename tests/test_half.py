"""The capture half works alone, and there is nothing of the judge in it."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.lessons import get_lesson
from grader.sandbox.half import PARTS, install

pytestmark = pytest.mark.slow

PACKAGE = Path(__file__).resolve().parents[1] / "grader"
ALLOWED = tuple(f"grader.{Path(part).stem}" for part in PARTS)
SCRIPT = """\
import json, sys
import grader
lesson = grader.lesson("01_residual_networks")
from grader.capture import capture
import keras

def identity_block(X, f, filters, stage, block):
    return keras.layers.Conv2D(filters[2], 1, name="mine")(X)

challenge = json.loads(sys.stdin.read())
result = capture(challenge, {"identity_block": identity_block})
try:
    import grader.judge
except ModuleNotFoundError:
    result["judge"] = "absent"
result["folder"] = grader.__file__
print(json.dumps(result))
"""


def test_the_half_captures_where_the_judge_is_absent(tmp_path):
    package = install(tmp_path)
    challenge = get_lesson("01_residual_networks").challenge("identity_block", "s")
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps(challenge),
        env={**os.environ, "PYTHONPATH": str(tmp_path), "TF_CPP_MIN_LOG_LEVEL": "3"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    result = json.loads(run.stdout)
    assert result["folder"] == str(package / "__init__.py")
    assert result["judge"] == "absent"
    calls = result["calls"]
    assert [call["status"] for call in calls] == ["captured"] * len(challenge["calls"])
    assert calls[0]["graph"]["operations"][0]["name"] == "mine"


def test_the_half_imports_nothing_of_the_rest():
    parts = ("arithmetic.py", "stream.py", "challenge.py", "definitions.py")
    alone = [PACKAGE / part for part in parts]
    for file in [*alone, *sorted((PACKAGE / "capture").rglob("*.py"))]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                module = node.module or ""
                full = {module, *(f"{module}.{name.name}" for name in node.names)}
                if module.split(".")[0] == "grader":
                    assert any(name.startswith(ALLOWED) for name in full), (file, full)


def test_the_half_holds_no_expected_value(tmp_path):
    install(tmp_path)
    text = "".join(p.read_text("utf-8") for p in tmp_path.rglob("*.py"))
    assert PARTS
    for number in ("0.94822985", "0.09018463", "23600006", "2048", "branch2b"):
        assert number not in text, number
