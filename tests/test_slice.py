import textwrap
import time

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from grader.nbgrader.notebook.slice import SyntaxProblem, slice_notebook


def cut(*cells, wanted=("block",), tagged=()):
    return slice_notebook([textwrap.dedent(cell) for cell in cells], wanted, tagged)


def texts(sliced):
    return [step.source.strip() for step in sliced.steps]


def test_keeps_what_a_function_refers_to_and_nothing_else():
    sliced = cut(
        "import numpy as np\nimport matplotlib.pyplot as plt",
        "WIDTH = 3\nHEIGHT = 4",
        "def helper(x):\n    return x * WIDTH",
        "def block(x):\n    return np.sqrt(helper(x))",
        "plt.plot([1])\nwhile True:\n    pass\ninput()",
    )
    assert texts(sliced) == [
        "import numpy as np",
        "WIDTH = 3",
        "def helper(x):\n    return x * WIDTH",
        "def block(x):\n    return np.sqrt(helper(x))",
    ]


def test_local_names_are_not_global_ones():
    sliced = cut("model = train()", "def block(x):\n    model = x\n    return model")
    assert len(sliced.steps) == 1


@pytest.mark.parametrize(
    "definition",
    [
        "def block(x, width=WIDTH):\n    return x",
        "def block(x: WIDTH):\n    return x",
        "@WIDTH\ndef block(x):\n    return x",
        "def block(x):\n    return [WIDTH for _ in x]",
        "def block(x):\n    def inner():\n        return WIDTH\n    return inner",
        "def block(x):\n    return (lambda: WIDTH)()",
        "class block:\n    width = WIDTH",
        "block = lambda x: WIDTH",
        "if True:\n    def block(x):\n        return WIDTH",
    ],
)
def test_sees_references_wherever_they_stand(definition):
    assert texts(cut("WIDTH = 3\nOTHER = 4", definition))[0] == "WIDTH = 3"


def test_line_numbers_stay():
    sliced = cut("a = 1\n\n\n@dec\ndef block():\n    return 1\n")
    assert sliced.steps[0].source == "#\n#\n#\n@dec\ndef block():\n    return 1"


@pytest.mark.parametrize(
    "first",
    ["# GRADED FUNCTION: block\n\n", "\n\n", "\n%%time\n", "!ls\n\n", "x = 1\n\n"],
)
def test_line_numbers_in_a_kernel_are_those_of_the_cell(first):
    cell = first + "def block():\n    return 1 / 0\n"
    (step,) = cut(cell).steps
    names = {}
    exec(TransformerManager().transform_cell(step.source), names)
    line = cell.splitlines().index("def block():") + 1
    assert names["block"].__code__.co_firstlineno == line


def test_statements_that_share_a_line_stay_together():
    assert texts(cut("a = 1; b = 2", "def block():\n    return b"))[0] == "a = 1; b = 2"


def test_every_binding_runs_in_order():
    sliced = cut("def block():\n    pass", "x = 1", "block = wrap(block)")
    assert texts(sliced) == ["def block():\n    pass", "block = wrap(block)"]


@pytest.mark.parametrize(
    "change",
    [
        'CONFIG["k"] = 1',
        "CONFIG.update(k=1)",
        "CONFIG |= {1: 2}",
        "CONFIG.k = 1",
        'del CONFIG["k"]',
        'for k in "ab":\n    CONFIG[k] = 1',
    ],
)
def test_changes_in_place_run_too(change):
    sliced = cut("CONFIG = {}", change, "def block():\n    return CONFIG")
    assert change in texts(sliced)


def test_calls_on_a_module_are_no_change_of_data():
    sliced = cut(
        "import keras",
        "keras.backend.clear_session()",
        "def block():\n    return keras",
    )
    assert len(sliced.steps) == 2


def test_star_imports_always_run():
    sliced = cut("from keras.layers import *", "def block():\n    return Add()")
    assert texts(sliced)[0] == "from keras.layers import *"


@pytest.mark.parametrize(
    "line", ["%matplotlib inline", "!pip install keras", "files = !ls", "block?"]
)
def test_magics_and_shell_lines_leave_the_rest_in_place(line):
    sliced = cut(f"import os\n{line}\ndef block():\n    return os")
    assert not sliced.broken
    assert sliced.steps[-1].source == "#\n#\ndef block():\n    return os"


def test_a_shell_line_in_a_body_is_a_body():
    sliced = cut("if True:\n    !pip install keras\ndef block():\n    return 1")
    assert not sliced.broken


def test_cell_magics():
    timed = cut("%%time\ndef block():\n    return 1")
    assert timed.steps[0].source == "#\ndef block():\n    return 1"
    for magic in ("%%timeit", "%%bash", "%%writefile x.py", "%%script python"):
        other = cut(f"{magic}\ndef block():\n    return 1")
        assert other.steps == ()
        assert not other.broken
        assert magic.split()[0].removeprefix("%%writefile") in other.hidden["block"]


WRITTEN = """get_ipython().run_cell_magic('writefile', 'x.py', 'import y\\n{}')"""
BLOCK = "def block():\\n    return 1"


@pytest.mark.parametrize(
    "use", ["from x import block", "from x import *", "import x\nblock = x.block"]
)
def test_a_file_that_a_cell_writes_is_written_where_it_is_imported(use):
    sliced = cut(
        "%%writefile y.py\nWIDTH = 1",
        "%%writefile z.py\nWIDTH = 1",
        "%%writefile x.py\nimport y\ndef block():\n    return 1",
        use,
    )
    assert "'y.py'" in sliced.steps[0].text
    assert sliced.steps[1].source == WRITTEN.format(BLOCK)
    assert [step.text for step in sliced.steps[2:]] == use.split("\n")


@pytest.mark.parametrize(
    "line",
    ["%run x.py", "%run -i 'x.py'", "%run ./x.py", "get_ipython().magic('run x.py')"],
)
def test_what_a_file_binds_that_is_run(line):
    sliced = cut(f"%%writefile x.py\nimport y\n{BLOCK}", f"import os\n{line}\nos")
    assert len(sliced.steps) == 2
    assert sliced.steps[1].star
    assert sliced.steps[1].source.startswith("#\nget_ipython().")


def test_a_cell_that_is_no_python_gives_nothing():
    sliced = cut("helper = 1\ndef block(:\n", "def block():\n    return helper")
    assert sliced.broken == {0: SyntaxProblem(2, "invalid syntax")}
    assert len(sliced.steps) == 1


@pytest.mark.parametrize("text", ["\0", "(" * 300 + ")" * 300, "x = " + "-" * 10**5])
def test_hostile_texts_are_broken_cells(text):
    assert list(cut(text).broken) == [0]


def test_tagged_cells_are_used_for_what_nothing_else_binds():
    block = "def block():\n    return WIDTH, math"
    sliced = cut("WIDTH = 1", block, "import math\nWIDTH = train()", tagged=(2,))
    assert texts(sliced) == ["WIDTH = 1", block, "import math"]


@pytest.mark.parametrize(
    "body", ['globals()["WIDTH"]', 'eval("WIDTH")', 'exec("WIDTH")']
)
def test_names_looked_up_by_strings_run_all_untagged_cells(body):
    block = f"def block():\n    return {body}"
    sliced = cut("WIDTH = 1", "train()", block, tagged=(1,))
    assert sliced.whole
    assert texts(sliced) == ["WIDTH = 1", block]


def test_a_global_that_a_function_binds_runs_all_untagged_cells():
    sliced = cut(
        "def setup():\n    global WIDTH\n    WIDTH = 1",
        "setup()",
        "def block():\n    return WIDTH",
    )
    assert sliced.whole
    assert len(sliced.steps) == 3


def test_a_top_level_await_is_python():
    sliced = cut("WIDTH = await load()", "def block():\n    return WIDTH")
    assert not sliced.broken
    assert len(sliced.steps) == 2


def test_says_what_is_bound():
    assert cut("def block(): pass", "x = 1", "x = 2").bound == {"block": 0, "x": 2}


@pytest.mark.slow
@pytest.mark.parametrize(
    "cell",
    ["a\n" * 30_000, "x = !ls\n" * 10_000, f"block = [{', '.join('abc' * 10_000)}]"],
    ids=["statements", "shell lines", "names"],
)
def test_a_cell_takes_no_longer_than_its_length(cell):
    started = time.monotonic()
    assert not cut(cell, "a\n" * 30_000).broken
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("files = !ls -a", "files = get_ipython().getoutput('ls -a')"),
        ("where = %pwd", "where = get_ipython().run_line_magic('pwd', '')"),
        ("one, two = !ls \\\n  -a", "get_ipython().getoutput('ls    -a')"),
    ],
)
def test_what_a_command_gives_is_a_value(line, read):
    sliced = cut(f"{line}\ndef block():\n    return files, where, one")
    assert read in sliced.steps[0].source
    assert sliced.steps[-1].line == line.count("\n") + 2
    assert not sliced.broken


def test_a_cell_may_be_indented():
    sliced = cut("    a = 1", "    a = 1\n    def block():\n        return a")
    assert not sliced.broken
