"""What `make check` leaves out and refuses."""

import sys

import pytest

from tests.conftest import NotQuickError, _refuse, _slow


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pytestmark = pytest.mark.slow", True),
        ("pytestmark = [\n    pytest.mark.slow,\n    pytest.mark.skipif(X)\n]", True),
        ("pytestmark = pytest.mark.skipif(X, reason='slow')", False),
        ("@pytest.mark.slow\ndef test(): ...", False),
    ],
)
def test_files_that_are_slow_as_a_whole(tmp_path, text, expected):
    path = tmp_path / "test_some.py"
    path.write_text(text)
    assert _slow(path) == expected


@pytest.mark.parametrize(
    ("event", "arguments", "told"),
    [
        ("import", ("keras", None), "imports keras"),
        (
            "subprocess.Popen",
            (None, ["/usr/bin/bwrap", "--version"]),
            "starts /usr/bin",
        ),
        ("subprocess.Popen", (None, [sys.executable, "-m", "nbgrader", "x"]), "starts"),
        ("subprocess.Popen", (None, ["python", "-m", "ipykernel_launcher"]), "starts"),
    ],
)
def test_what_is_not_quick_is_refused(event, arguments, told):
    with pytest.raises(NotQuickError, match=told):
        _refuse(event, arguments)


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("import", ("keras_like", None)),
        ("open", ("bwrap", "r", 0)),
        ("subprocess.Popen", (None, ["git", "status"])),
        ("subprocess.Popen", (None, [sys.executable, "-c", "import grader.nbgrader"])),
    ],
)
def test_other_things_are_not(event, arguments):
    _refuse(event, arguments)
