"""The longest files first; and tests that are not marked slow are kept quick.

`make check` runs the tests without the mark `slow`, by NumPy and plain Python alone:
there, files that are slow as a whole are not even imported, and whatever imports
TensorFlow or starts a kernel, a sandbox, a browser or nbgrader is refused. `make test`
runs these tests in the same way first: a new test that lacks the mark fails there.
"""

import ast
import gc
import logging
import os
import sys
from pathlib import Path

import pytest

from tests.threads import ONE_THREAD

#: How quick tests are selected.
QUICK = "not slow"
#: Packages that quick tests do without.
_HEAVY = {"keras", "tensorflow", "torch"}
#: Programs that they do not start, and modules that they do not run.
_STARTED = {"bwrap", "chromium", "google-chrome", "jupyter", "jupyter-lab", "nbgrader"}
_RUN = {"trial_rendering.py", "ipykernel_launcher", "nbgrader"}

#: seconds that a file takes in CI, about, where they are many
SECONDS = {
    "attacks/test_attacks.py": 450,
    "test_lesson_equivalents.py": 330,
    "test_lesson_mutants.py": 180,
    "test_demo.py": 170,
    "test_sandbox_user.py": 110,
    "test_lesson_runs.py": 100,
    "test_workers.py": 100,
    "test_lesson_golden.py": 90,
    "test_killed_run.py": 90,
    "test_sandbox_limits.py": 90,
    "test_documents.py": 80,
    "test_browser_learner.py": 80,
    "test_nbgrader_submission.py": 65,
    "test_own_blocks.py": 60,
    "test_capture_kernel.py": 60,
    "test_formgrader.py": 50,
    "test_drawn_sets.py": 45,
    "test_nbgrader_commands.py": 40,
    "test_portable.py": 40,
    "test_sandbox.py": 40,
    "test_answers.py": 30,
    "test_questions.py": 30,
    "test_choice.py": 25,
    "test_ways_to_grade.py": 20,
}


@pytest.fixture(scope="module")
def warm():
    """The gradings of a file fork their kernels from one parent, as a run's do."""
    from grader.sandbox.warm import warm_kernels

    with warm_kernels(logging.getLogger(__name__)):
        yield


@pytest.fixture(scope="session")
def commands(tmp_path_factory):
    """The folder of `grader` and `nbgrader`, which start in milliseconds."""
    from tests.warm_commands import warm_commands

    with warm_commands(tmp_path_factory.mktemp("commands")) as folder:
        yield folder


@pytest.fixture(scope="module")
def playwright():
    """Ends with its file: where its loop runs, no other of asyncio can."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright):
    """The system's own: nothing is downloaded."""
    from tests.browser import BROWSER, OPTIONS

    if BROWSER is None:
        pytest.skip("no chromium here")
    launch = playwright.chromium.launch
    with launch(executable_path=BROWSER, args=[*OPTIONS], timeout=120_000) as browser:
        yield browser


@pytest.fixture(scope="module")
def browser_context_args():
    """Where the plugin's own would last as long as the session."""
    # axe is put into pages that admit no scripts
    return {"bypass_csp": True, "viewport": {"width": 1280, "height": 900}}


class NotQuickError(Exception):
    """A test that is not marked slow does what only slow ones may."""

    def __init__(self, what: str):
        super().__init__(f"it {what}: mark it with pytest.mark.slow")


def pytest_configure(config):
    if "PYTEST_XDIST_WORKER" in os.environ:
        # a worker for each core: threads of theirs would be in each other's way
        os.environ.update(ONE_THREAD)
    if config.option.markexpr == QUICK:
        sys.addaudithook(_refuse)


def pytest_ignore_collect(collection_path, config):
    """Whether a file is slow as a whole, where only quick tests run."""
    quick = config.option.markexpr == QUICK
    return (
        quick and collection_path.suffix == ".py" and _slow(collection_path)
    ) or None


def pytest_collection_modifyitems(items):
    """Sorts files by their seconds; a file's tests stay together and in order."""
    here = Path(__file__).parent
    items.sort(key=lambda item: -SECONDS.get(str(item.path.relative_to(here)), 0))


def pytest_runtest_setup():
    """Sees to what each test would else pay for anew.

    That is a look at the million objects of TensorFlow in each collection of garbage.
    """
    if "tensorflow" in sys.modules and not gc.get_freeze_count():
        gc.collect()
        gc.freeze()


def _slow(path: Path) -> bool:
    marks = [
        ast.unparse(node.value)
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    ]
    return any("mark.slow" in text for text in marks)


def _refuse(event, arguments):
    if event == "import" and arguments[0] in _HEAVY:
        raise NotQuickError(f"imports {arguments[0]}")
    if event == "subprocess.Popen":
        words = [str(word) for word in arguments[1][:4]]
        started = Path(words[0]).name
        if started in _STARTED or _RUN & {Path(word).name for word in words}:
            raise NotQuickError(f"starts {' '.join(words)}")
