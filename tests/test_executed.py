"""What the cells of a notebook bound when they ran: a real shell, a real kernel."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.manager import start_new_kernel

from grader.executed import Executed

LESSON = Path(__file__).parents[1] / "solutions" / "01_residual_networks"
GOOD = "def block(x):\n    return helper(x)"
HELPER = "def helper(x):\n    return x"


@pytest.fixture
def shell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    shell = InteractiveShell()
    Executed.of(shell)
    run(shell, HELPER, GOOD)
    return shell


def run(shell, *cells):
    for cell in cells:
        shell.run_cell(cell, store_history=True)


def stale(shell):
    found = Executed.of(shell).stale(shell.user_ns["block"])
    return None if found is None else (found.name, found.why)


def test_a_shell_has_one_that_remembers(shell):
    assert Executed.of(shell) is Executed.of(shell)
    assert stale(shell) is None


@pytest.mark.parametrize(
    ("cell", "name", "why"),
    [
        ("def block(x):\n    return (x", "block", "a SyntaxError (line 2:"),
        ("def block(x)\n    return x", "block", "a SyntaxError (line 1:"),
        ("  def block(x):\n  return x", "block", "an IndentationError"),
        (
            "import no_such\ndef block(x):\n    return x",
            "block",
            "a ModuleNotFoundError",
        ),
        ("raise SystemExit\nblock = len", "block", "a SystemExit"),
        ("1 / 0\nclass block:\n    pass", "block", "a ZeroDivisionError (division"),
        ("def helper(x):\n    return x +", "helper", "a SyntaxError"),
        (
            "%%timeit -n1 -r1\ndef block(x):\n    return 1",
            "block",
            "begins with %%timeit",
        ),
        ("%%writefile a.py\ndef block(x):\n    return 1", "block", "%%writefile"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_a_cell_that_bound_nothing_leaves_its_names_behind(shell, cell, name, why):
    run(shell, cell)
    found, told = stale(shell)
    assert found == name
    assert why in told
    run(shell, HELPER, GOOD)
    assert stale(shell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "def block(x):\n    return helper(x) + 1\n1 / 0",
        "%%time\ndef block(x):\n    return 2",
        "%%capture out\ndef block(x):\n    return 2",
        "# def block(x: no Python",
        "def other(x):\n    return (x",
        "print('def block(x):'",
        "block(",
    ],
)
def test_what_defines_it_or_has_nothing_to_do_with_it(shell, cell):
    run(shell, cell)
    assert stale(shell) is None


def test_a_file_that_is_written_and_imported_or_run(shell):
    text = "%%writefile parts.py\ndef block(x):\n    return "
    run(shell, text + "1", "from parts import block")
    assert stale(shell) is None
    run(shell, text + "2")
    assert stale(shell)[0] == "block"
    run(shell, "from parts import block")
    # Python imports a module once: this is still the function of the first file
    assert shell.user_ns["block"](0) == 1
    assert stale(shell)[0] == "block"
    run(shell, "%run parts.py")
    assert shell.user_ns["block"](0) == 2
    assert stale(shell) is None


def test_new_code_in_an_old_function_is_new(shell):
    run(shell, "def block(x):\n    return (x")
    assert stale(shell)
    new = {}
    exec("def block(x):\n    return 3", new)
    shell.user_ns["block"].__code__ = new["block"].__code__
    assert stale(shell) is None


@pytest.mark.parametrize(
    ("cell", "changes"),
    [
        ("# The layers\nlesson.check('block-layers', block)", False),
        ("lesson.check('a', block)\nlesson.check('b', block)", False),
        ("lesson.progress()", False),
        ("lesson.check('block-layers', block); size = 2", True),
        ("lesson.check('block-layers', change())", True),
        ("lesson.check('block-layers', [x for x in change()])", True),
        ("change().check('block-layers', block)", True),
        ("parts['size'].check = 2", True),
        ("parts.clear()", True),
        ("%load parts.py", True),
        ("def block(", True),
    ],
)
def test_only_checks_change_nothing(shell, cell, changes):
    executed = Executed.of(shell)
    before = executed.moment
    executed.begin(SimpleNamespace(raw_cell=cell))
    assert (executed.moment != before) == changes


@pytest.mark.slow
def test_a_check_below_a_broken_cell_says_so():
    """As a learner sees it; without one line of the lesson's solution."""
    manager, client = start_new_kernel(cwd=str(LESSON))
    said = []

    def execute(code):
        said.clear()
        reply = client.execute_interactive(
            code,
            allow_stdin=False,
            output_hook=lambda m: said.append(str(m["content"])),
            timeout=120,
        )
        return reply["content"]

    try:
        execute("import grader\nlesson = grader.lesson('01_residual_networks')")
        definition = "def identity_block(X, f, filters, stage, block):\n    return X"
        execute(definition)
        check = "lesson.check('identity_block-layers', identity_block)"
        assert "beyond the code that was given" in execute(check)["evalue"]
        execute(definition + " +")
        for name in ("layers", "values"):
            answer = execute(check.replace("layers", name))
            assert answer["status"] == "error"
            assert answer["ename"] == "CheckFailed"
            assert "The cell of identity_block ended with a SyntaxError" in str(said)
        execute(definition)
        assert "beyond the code that was given" in execute(check)["evalue"]
        # the same function, which now does something else
        execute("identity_block.__code__ = (lambda *_: 1 / 0).__code__")
        assert "ZeroDivisionError" in execute(check)["evalue"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
