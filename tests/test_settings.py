"""A lesson runs on Keras as the course needs it, whatever the account's settings."""

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
    "03_resnet_from_tensors": "tensors_utils",
    "04_resnet_family": "family_utils",
    "05_almost_a_resnet": "port_utils",
}
UNUSUAL = {
    "backend": "jax",
    "epsilon": 0.01,
    "floatx": "float16",
    "image_data_format": "channels_first",
}
SHOW = """
import importlib, json, sys
importlib.import_module(sys.argv[1])
import keras, tensorflow as tf
layer = keras.layers.Conv2D(2, 1)
config = keras.config
print(json.dumps([
    config.backend(), config.epsilon(), config.floatx(), config.image_data_format(),
    layer.data_format, layer.compute_dtype, tf.keras.layers.Conv2D is type(layer),
]))
"""


def run(code: str, *arguments: str, **environment: str):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=os.environ | environment,
    )


@pytest.mark.parametrize("lesson", NAMES)
def test_what_a_lesson_imports_first_sets_keras_right(lesson, tmp_path):
    file = tmp_path / "keras.json"
    file.write_text(json.dumps(UNUSUAL))
    done = run(
        SHOW,
        HELPERS[lesson],
        KERAS_BACKEND="jax",
        KERAS_HOME=str(tmp_path),
        PYTHONPATH=str(ROOT / "solutions" / lesson),
        TF_USE_LEGACY_KERAS="1",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        *("tensorflow", 1e-7, "float32", "channels_last"),
        *("channels_last", "float32", True),
    ]
    assert json.loads(file.read_text()) == UNUSUAL


def test_keras_that_is_here_on_another_backend():
    code = (
        "import sys, types\n"
        "backend = types.SimpleNamespace(backend=lambda: 'torch')\n"
        "sys.modules['keras'] = types.SimpleNamespace(backend=backend)\n"
        "import grader.capture"
    )
    done = run(code)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("RuntimeError: Keras computes with torch in this kernel")
    assert "restart the kernel" in last


def test_a_file_that_keras_refuses_is_named(tmp_path):
    (tmp_path / "keras.json").write_text('{"floatx": "bfloat16"}')
    done = run("import grader.capture", KERAS_HOME=str(tmp_path))
    assert done.returncode == 1
    assert f"{tmp_path / 'keras.json'}: mend or remove" in done.stderr.splitlines()[-1]
