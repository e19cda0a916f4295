"""A penalty for lateness that most courses ask for: so many percent a day."""

import math

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

DAY = 24 * 60 * 60


class PerDay(LateSubmissionPlugin):
    """Takes off a share of what was reached for each day that has begun.

    It is used where `nbgrader_config.py` says so::

        c.AssignLatePenalties.plugin_class = "grader.nbgrader.penalty.PerDay"
        c.PerDay.percent = 10
    """

    percent = Float(
        10, min=0, max=100, help="Percent of the points, for each day that has begun."
    ).tag(config=True)
    most = Float(100, min=0, max=100, help="Percent that are taken off at most.").tag(
        config=True
    )
    grace = Float(0, min=0, help="Minutes behind the due date that cost nothing.").tag(
        config=True
    )

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points that are taken off; None where nothing is."""
        seconds = total_seconds_late - 60 * self.grace
        if seconds <= 0:
            return None
        percent = min(self.percent * math.ceil(seconds / DAY), self.most)
        return round(score * percent / 100, 2)
