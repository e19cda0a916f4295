"""An instructor's own test cells, against nbgrader's own execution and marking."""

import copy
from contextlib import contextmanager

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade
from traitlets.config import Config

from grader.nbgrader.kernels.answers import judge_answers
from grader.nbgrader.kernels.capturing import Limits
from grader.nbgrader.kernels.kernel import Kernel
from grader.nbgrader.kernels.submission import read
from grader.nbgrader.notebook.questions import Questions, grade_id
from grader.sandbox.manager import BoundedManager
from tests.questions import LESSON, autograder_tests

pytestmark = pytest.mark.slow

MOST = 4
CELLS = [
    "assert True",
    "assert 1 == 2, 'no'",
    "1 / 0",
    "2.5",
    "0",
    "4",
    "0.0",
    "'fine'",
    "None",
    "-1",
    "float('nan')",
    "3;",
    "True",
    "[1, 2]",
    "__import__('numpy').float64(1.5)",
    "print('x')",
    "print(1)\n1.5",
    "import sys\nprint('x', file=sys.stderr)",
    "import sys\nprint('x', file=sys.stderr)\n2.0",
    "import warnings\nwarnings.warn('w')",
    "from IPython.display import display\ndisplay(1.0)",
    "raise KeyboardInterrupt",
    "raise SystemExit",
    "input()",
    "def (",
    "%%bash\nexit 1",
    "await __import__('asyncio').sleep(0, 1.0)",
]


def notebook(*cells):
    made = [new_code_cell(c) if isinstance(c, str) else c for c in cells]
    return new_notebook(cells=made)


def cells_of(sources):
    return [autograder_tests(f"t{i}", text, MOST) for i, text in enumerate(sources)]


def questions(nb):
    own = [cell for cell in nb.cells if grade_id(cell)]
    cells = {grade_id(c): {"cell_type": "code", **c.metadata.nbgrader} for c in own}
    return Questions(cells, {grade_id(c): c.source for c in own}, list(cells))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("answers")


def judge(nb, folder, limits=None, asked=None):
    @contextmanager
    def open_kernel():
        with Kernel(
            "python3", folder, Config(), manager_class=BoundedManager
        ) as kernel:
            yield kernel

    limits, asked = limits or Limits(), asked or questions(nb)
    return judge_answers(nb, LESSON, asked, open_kernel, limits)


def points(answers):
    return [report.points for report in answers.reports.values()]


def test_marks_are_those_that_nbgrader_gives(folder):
    nb = notebook(*cells_of(CELLS))
    answers = judge(nb, folder)
    ran, _ = Execute().preprocess(
        copy.deepcopy(nb), {"metadata": {"path": str(folder)}}
    )
    wanted = [determine_grade(cell)[0] for cell in ran.cells]
    assert dict(zip(CELLS, points(answers), strict=True)) == dict(
        zip(CELLS, wanted, strict=True)
    )
    doubtful = {f"t{CELLS.index(text)}" for text in ("-1", "float('nan')")}
    assert answers.doubtful == doubtful


def test_more_than_a_cell_is_worth_is_bounded_and_left_to_a_person(folder):
    nb = notebook(*cells_of(["5", "float('inf')"]))
    answers = judge(nb, folder)
    assert points(answers) == [MOST, MOST]
    assert answers.doubtful == {"t0", "t1"}
    assert "more than the cell is worth" in answers.reports["t0"].notes[0]


def test_cells_that_end_the_kernel_or_never_end_cost_their_own_points(folder):
    die, loop = "import os\nos._exit(1)", "while True: pass"
    nb = notebook("x = 1", die, *cells_of(["assert x", die, "x + 1.0", loop]), "y = x")
    nb.cells.append(autograder_tests("last", "assert y == 1", MOST))
    answers = judge(nb, folder, Limits(statement=5))
    assert points(answers) == [MOST, 0, 2, 0, MOST]
    told = [r.findings[0].message for r in answers.reports.values() if r.findings]
    assert told[0].startswith("t1 was stopped: ")
    assert told[2].startswith(
        "t3 did not end by itself: it was stopped after 5 seconds"
    )


def test_a_notebook_that_takes_long_leaves_time_for_the_tests(folder):
    long = "import time\nwhile True: time.sleep(1)"
    nb = notebook("x = 1", long, "x = 2", *cells_of(["assert x == 1"]))
    answers = judge(nb, folder, Limits(statement=60, submission=20))
    assert points(answers) == [MOST]


def test_without_time_a_test_is_not_passed(folder):
    nb = notebook(*cells_of(["assert True"]))
    answers = judge(nb, folder, Limits(submission=0))
    (report,) = answers.reports.values()
    assert report.points == 0
    assert "the notebook had used up its 0 seconds" in report.findings[0].message


def test_checks_of_the_lesson_and_skipped_cells_are_not_run(folder):
    check = autograder_tests(LESSON.checks[0].id, "x = 'check'", 8)
    skipped = new_code_cell("x = 'skipped'", metadata={"tags": ["skip-execution"]})
    nb = notebook("x = 'cell'", check, skipped, *cells_of(["assert x == 'cell', x"]))
    nb.cells[-1].metadata.tags = ["skip-execution"]
    every = questions(nb)
    asked = Questions({"t0": every.cells["t0"]}, every.sources, every.order)
    answers = judge(nb, folder, asked=asked)
    assert points(answers) == [MOST]


def test_a_test_that_bears_a_functions_name_moves_no_capture():
    name = LESSON.functions[0]
    first = autograder_tests(LESSON.checks[0].id, "lesson.check()", 8)
    mine = autograder_tests(f"{name}-mine", "assert True", 1)
    nb = notebook(f"def {name}(): pass", first, f"def {name}(): 1", mine)
    _, _, ends = read(nb, LESSON)
    assert ends == {name: 1}
