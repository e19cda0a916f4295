"""grader doctor under real conditions: what is missing here is truly missing."""

import json
import shutil
import subprocess
import sys
import threading

import pytest
from click.testing import CliRunner

from grader import doctor
from grader.cli import main
from grader.doctor import Check, Health
from grader.install import here

pytestmark = pytest.mark.slow

GOOD = Check("good", lambda: Health(True, "1.0"))
BAD = Check("bad", lambda: Health(False, "0.1", "take 1.0"))
BAD_OPTIONAL = Check("extra", BAD.look, "plots need it")


@pytest.fixture
def empty_path(tmp_path, monkeypatch):
    """A PATH on which no command is found; returns its only folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def add_command(folder, name, text):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def add_module(tmp_path, monkeypatch, name, text):
    """Put a module before the installed one, for other processes too."""
    (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 9)])
def test_python_that_fits(version):
    assert doctor.check_python(version).ok


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0), (4, 11, 0)])
def test_python_that_does_not_fit(version):
    finding = doctor.check_python(version)
    assert not finding.ok
    assert "the course needs 3.11 to 3.13" in finding.text
    assert finding.remedy


def test_no_dot(empty_path):
    finding = doctor.check_graphviz()
    assert not finding.ok
    assert finding.text == "no dot on the PATH"
    assert "apt install graphviz" in finding.remedy


def test_dot_that_fails(empty_path):
    add_command(empty_path, "dot", "echo 'libgvc.so.6 not found' >&2; exit 127")
    finding = doctor.check_graphviz()
    assert not finding.ok
    assert finding.text.endswith("dot fails: libgvc.so.6 not found")


def test_dot_that_is_no_program(empty_path):
    (empty_path / "dot").write_bytes(b"\x00\x01")
    (empty_path / "dot").chmod(0o755)
    assert not doctor.check_graphviz().ok


@pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed")
def test_dot_that_runs():
    finding = doctor.check_graphviz()
    assert finding.ok
    assert "version" in finding.text


def test_no_bwrap(empty_path):
    finding = doctor.check_bubblewrap()
    assert not finding.ok
    assert "apt install bubblewrap" in finding.remedy


def test_bwrap_that_may_make_no_namespace(empty_path):
    message = "bwrap: No permissions to create a new namespace"
    add_command(empty_path, "bwrap", f"echo '{message}' >&2; exit 1")
    finding = doctor.check_bubblewrap()
    assert not finding.ok
    assert message in finding.text
    assert "sysctl" in finding.remedy


@pytest.mark.parametrize("name", ["tensorflow", "keras"])
def test_library_that_fails_to_import(name, tmp_path, monkeypatch):
    text = "print('chatter'); raise ImportError('libcudart.so.12')"
    add_module(tmp_path, monkeypatch, name, text)
    finding = getattr(doctor, f"check_{name}")()
    assert not finding.ok
    assert finding.text == f"import {name} fails: ImportError: libcudart.so.12"
    assert here().mend(name) in finding.remedy


def test_library_that_ends_the_process(tmp_path, monkeypatch):
    add_module(tmp_path, monkeypatch, "tensorflow", "import os; os.abort()")
    finding = doctor.check_tensorflow()
    assert not finding.ok
    assert finding.text.startswith("import tensorflow fails: ")


def test_library_that_is_too_old(tmp_path, monkeypatch):
    add_module(tmp_path, monkeypatch, "tensorflow", "__version__ = '2.15.0'")
    finding = doctor.check_tensorflow()
    assert not finding.ok
    assert finding.text.startswith("2.15.0, the course needs >=")


def test_import_that_does_not_end(tmp_path, monkeypatch):
    add_module(tmp_path, monkeypatch, "tensorflow", "import time; time.sleep(60)")
    monkeypatch.setattr(doctor, "IMPORT_SECONDS", 0.5)
    finding = doctor.check_tensorflow()
    assert finding.text == "import tensorflow fails: it did not end within 0.5 s"


def test_keras_on_another_backend(tmp_path, monkeypatch):
    text = "class backend:\n  backend = staticmethod(lambda: 'jax')"
    add_module(tmp_path, monkeypatch, "keras", text)
    finding = doctor.check_keras()
    assert not finding.ok
    assert "Keras computes with jax" in finding.text


def test_keras_with_settings_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    file = tmp_path / "keras.json"
    file.write_text('{"backend": "jax", "image_data_format": "channels_first"}')
    assert doctor.check_keras().ok
    file.write_text('{"epsilon": 0}')
    finding = doctor.check_keras()
    assert not finding.ok
    assert f"Keras reads it from {file}: mend or remove that file." in finding.text


def test_server_extension_is_enabled():
    assert doctor.check_server_extension().ok


def test_server_extension_that_is_disabled(tmp_path, monkeypatch):
    name = "nbgrader.server_extensions.validate_assignment"
    settings = {"ServerApp": {"jpserver_extensions": {name: False}}}
    path = tmp_path / "jupyter_server_config.d" / "course.json"
    path.parent.mkdir()
    path.write_text(json.dumps(settings), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    finding = doctor.check_server_extension()
    assert not finding.ok
    assert finding.text == f"{name} is disabled"
    assert finding.remedy.endswith(f" -m jupyter server extension enable {name}")


def test_server_extension_that_fails_to_import(monkeypatch):
    name = "nbgrader.server_extensions.validate_assignment"
    monkeypatch.setitem(sys.modules, name, None)
    finding = doctor.check_server_extension()
    assert not finding.ok
    assert "does not load: ModuleNotFoundError" in finding.text


def test_lab_extension_is_enabled():
    assert doctor.check_lab_extension().ok


@pytest.mark.parametrize("part", ["", ":validate-assignment"])
def test_lab_extension_that_is_disabled(part, tmp_path, monkeypatch):
    settings = {"disabledExtensions": {f"@jupyter/nbgrader{part}": True}}
    path = tmp_path / "labconfig" / "page_config.json"
    path.parent.mkdir()
    path.write_text(json.dumps(settings), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    finding = doctor.check_lab_extension()
    assert not finding.ok
    assert finding.text == "@jupyter/nbgrader is disabled"


def test_lab_extension_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr("jupyter_core.paths.ENV_JUPYTER_PATH", [str(tmp_path)])
    monkeypatch.setattr("jupyter_core.paths.SYSTEM_JUPYTER_PATH", [str(tmp_path)])
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    finding = doctor.check_lab_extension()
    assert not finding.ok
    assert finding.text == "JupyterLab finds no @jupyter/nbgrader"


def test_data_set_in_use():
    assert doctor.check_data().ok


def test_no_data_set(monkeypatch):
    monkeypatch.setitem(sys.modules, "resnet_data", None)
    finding = doctor.check_data()
    assert not finding.ok
    assert finding.text.startswith("none can be used: ModuleNotFoundError")


def test_lines():
    remedy = "\n           remedy: take 1.0"
    assert GOOD.line(GOOD.look()) == "[OK]       good: 1.0"
    assert BAD.line(BAD.look()) == f"[FAIL]     bad: 0.1{remedy}"
    assert (
        BAD_OPTIONAL.line(BAD.look())
        == f"[optional] extra: 0.1 (plots need it){remedy}"
    )


def test_a_check_is_told_as_it_ends():
    told = threading.Event()
    slow = Check("slow", lambda: Health(told.wait(60), "at last"))
    found = doctor.examine((slow, GOOD))
    assert next(found)[0] is GOOD
    told.set()
    assert next(found) == (slow, Health(True, "at last"))


def test_a_check_that_fails_itself_does_not_hide_the_others():
    broken = Check("broken", lambda: Health(True, str(1 / 0)))
    findings = dict(doctor.examine((broken, GOOD)))
    assert findings[GOOD].ok
    assert not findings[broken].ok
    assert "ZeroDivisionError" in findings[broken].text


@pytest.mark.parametrize(
    ("checks", "code"),
    [
        ((GOOD,), 0),
        ((GOOD, BAD), 1),
        ((GOOD, BAD_OPTIONAL), 0),
        ((BAD, BAD_OPTIONAL), 1),
    ],
)
def test_command_exits_by_the_needed_parts(checks, code, monkeypatch):
    monkeypatch.setattr("grader.cli.doctor.CHECKS", checks)
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == code
    assert result.output.count("[") == len(checks)


def test_command_here_without_optional_parts(empty_path):
    done = subprocess.run(
        [sys.executable, "-m", "grader", "doctor"],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    lines = done.stdout.splitlines()
    marks = [line[:11] for line in lines if not line.startswith(" " * 11 + "remedy: ")]
    assert len(marks) == len(doctor.CHECKS)
    assert set(marks) == {"[OK]       ", "[optional] "}
    assert {line.split(":")[0] for line in lines if line.startswith("[opt")} == {
        "[optional] graphviz",
        "[optional] bubblewrap",
    }
    # TensorFlow's log lines stay in the process that imported it.
    assert done.stderr == ""
    assert done.returncode == 0
