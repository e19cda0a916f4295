"""Hugging Face's `datasets` in the same environment: each finds its own package."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.lessons import NAMES

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
HELPERS = {
    "01_residual_networks": "resnets_utils",
    "02_training_resnets": "training_utils",
}
TRY = """
import importlib, json, os, sys
import datasets
from click.testing import CliRunner
from grader import doctor
from grader.cli import main

result = {"owner": datasets.OWNER}
for folder, name in json.loads(sys.argv[1]).items():
    sys.path.insert(0, folder)
    images = importlib.import_module(name).load_dataset()[0]
    result[name] = list(images.shape)
data = CliRunner().invoke(main, ["data"])
result["grader data"] = [data.exit_code, data.output.splitlines()[3][:12]]
found = doctor.check_data()
result["doctor"] = [found.ok, found.text.split(" (")[0]]
json.dump(result, sys.stdout)
"""


@pytest.mark.parametrize("place", ["before the course", "after the course"])
def test_both_packages_are_found(place, tmp_path):
    theirs = tmp_path / "site-packages" / "datasets"
    theirs.mkdir(parents=True)
    (theirs / "__init__.py").write_text("OWNER = 'Hugging Face'\n")
    folders = [str(ROOT), str(ROOT / "datasets")]
    at = 0 if place == "before the course" else len(folders)
    folders.insert(at, str(theirs.parent))
    helpers = {str(ROOT / "solutions" / k): name for k, name in HELPERS.items()}
    done = subprocess.run(
        [sys.executable, "-c", TRY, json.dumps(helpers)],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": os.pathsep.join(folders)},
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "owner": "Hugging Face",
        **{name: [1080, 64, 64, 3] for name in HELPERS.values()},
        "grader data": [0, " * rendered "],
        "doctor": [True, "hands drawn by the course in a studio"],
    }


def test_nothing_of_the_course_is_imported_as_datasets():
    """Neither in a package nor beside a notebook; lesson texts are run elsewhere."""
    assert not (ROOT / "datasets" / "__init__.py").exists()
    folders = ["grader", "datasets", ".make", *(f"solutions/{n}" for n in NAMES)]
    found = [
        str(path)
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None), *(a.name for a in node.names)]
        if name and name.split(".")[0] == "datasets"
    ]
    assert found == []
