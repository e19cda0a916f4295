"""So many percent a day."""

import pytest
from traitlets.config import Config

from grader.nbgrader.penalty import DAY, PerDay


@pytest.mark.parametrize(
    ("seconds", "points"),
    [
        (0, None),
        (15 * 60, None),
        (15 * 60 + 1, 8),
        (DAY + 15 * 60, 8),
        (DAY + 16 * 60, 16),
        (4 * DAY, 32),
        (400 * DAY, 40),
    ],
)
def test_each_day_that_has_begun_costs(seconds, points):
    settings = Config({"PerDay": {"percent": 10, "most": 50, "grace": 15}})
    plugin = PerDay(config=settings)
    assert plugin.late_submission_penalty("ada", 80, seconds) == points
