import os
import time

import pytest
from traitlets.config import Config

from grader.nbgrader.faults import MachineFault
from grader.nbgrader.kernels.kernel import Kernel, kernel_environment

pytestmark = pytest.mark.slow

MIME_TYPE = "application/x-test+json"
SHOW = "from IPython.display import display; display({{{!r}: {}}}, raw=True)"


@pytest.fixture
def kernel(tmp_path):
    with Kernel("python3", tmp_path, Config(), output_limit=100_000) as kernel:
        yield kernel


def test_collects_the_displays_of_one_type(kernel):
    kernel.run("print('x'); x = 1", 30)
    outcome = kernel.run(SHOW.format(MIME_TYPE, "{'x': x}"), 30, MIME_TYPE)
    assert (outcome.status, outcome.displays) == ("ok", ({"x": 1},))


def test_an_exception_is_told(kernel):
    outcome = kernel.run("1 / 0", 30)
    assert (outcome.status, outcome.lost) == ("error", False)
    assert outcome.message == "ZeroDivisionError: division by zero"


def test_an_endless_loop_is_interrupted_and_names_stay(kernel):
    kernel.run("x = 1", 30)
    start = time.monotonic()
    assert kernel.run("while True: pass", 0.5).status == "timeout"
    assert time.monotonic() - start < 5
    outcome = kernel.run(SHOW.format(MIME_TYPE, "x"), 30, MIME_TYPE)
    assert outcome.displays == (1,)


def test_input_does_not_wait(kernel):
    assert kernel.run("input()", 30).status == "error"


def test_a_process_that_ends_is_noticed(kernel):
    outcome = kernel.run("import os; os._exit(1)", 30)
    assert (outcome.status, outcome.lost) == ("died", True)


def test_a_flood_of_output_is_cut(kernel):
    outcome = kernel.run("while True: print('x' * 1000)", 30)
    assert (outcome.status, outcome.lost) == ("flood", True)


def test_a_loop_that_ignores_interrupts_is_killed(kernel, monkeypatch):
    monkeypatch.setattr(Kernel, "grace", 1.0)
    ignore = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
    loop = f"{ignore}\nwhile True: pass"
    outcome = kernel.run(loop, 0.5)
    assert (outcome.status, outcome.lost) == ("died", True)


def test_the_folder_is_the_scratch_one(kernel, tmp_path):
    code = SHOW.format(MIME_TYPE, "__import__('os').getcwd()")
    assert kernel.run(code, 30, MIME_TYPE).displays == (os.path.realpath(tmp_path),)


def test_the_environment_keeps_the_secret_out():
    given = {"GRADER_COURSE_SECRET": "x", "JPY_PARENT_PID": "1", "HOME": "/h"}
    seen = kernel_environment(given)
    assert seen["HOME"] == "/h"
    assert not {"GRADER_COURSE_SECRET", "JPY_PARENT_PID"} & set(seen)
    # else it would be taken for a page that somebody looks at
    assert seen["NBGRADER_EXECUTION"] == "autograde"


def test_a_kernel_that_does_not_start_says_so(tmp_path):
    (tmp_path / "ipykernel_launcher.py").write_text("raise SystemExit")
    with (
        pytest.raises(MachineFault, match="no kernel came up"),
        Kernel("python3", tmp_path, Config()),
    ):
        pass


def kinds(outcome):
    return [output.get("name", output.output_type) for output in outcome.outputs]


def test_outputs_are_kept_where_they_are_asked_for(kernel):
    code = "import sys; print('a'); print('b', file=sys.stderr); 1 / 2"
    outcome = kernel.run(code, 30, outputs=True)
    assert sorted(kinds(outcome)) == ["execute_result", "stderr", "stdout"]
    (value,) = (o for o in outcome.outputs if o.output_type == "execute_result")
    assert value.data == {"text/plain": "0.5"}
    assert kernel.run(code, 30).outputs == ()


def test_an_error_counts_that_nothing_shows(kernel):
    kernel.run("get_ipython().showtraceback = lambda *a, **k: None", 30)
    assert kernel.run("assert 1 == 2, 'no'", 30).status == "ok"
    outcome = kernel.run("assert 1 == 2, 'no'", 30, outputs=True)
    assert (outcome.status, kinds(outcome)) == ("error", ["error"])
    for _ in range(30):
        assert kernel.run("1", 30, outputs=True).status == "ok"


def test_many_outputs_leave_those_that_decide(kernel):
    code = "import sys\nfor _ in range(150): print('a'); print('b', file=sys.stderr)\n7"
    outcome = kernel.run(code, 30, outputs=True)
    assert len(outcome.outputs) <= 102
    assert {"stdout", "stderr", "execute_result"} == set(kinds(outcome))
