"""What stands on top of a feedback page of points that were lost."""

import pytest

from grader.nbgrader.gradebook.marked import Mark
from grader.nbgrader.pages.feedback_page import _cell_mark

FINDING = {"message": "The padding is another."}


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ({}, ""),
        ({"findings": [FINDING, {"message": "x"}]}, FINDING["message"]),
        ({"findings": [FINDING], "follows": "f-layers"}, "Follows from f-layers."),
        (
            {"findings": [FINDING], "follows": "f-layers", "unwritten": True},
            FINDING["message"],
        ),
    ],
)
def test_one_cause_is_told_once(report, said):
    mark = Mark(points=0.0, most=4.0, judged=0.0)
    assert _cell_mark("f-wiring", mark, {"f-wiring": report}).finding == said
