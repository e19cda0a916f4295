"""What the page of a running notebook says beside its checks' reports.

How many points there are so far, what is left and what comes next; and, in a line,
which cells wait for a function that is not written yet.
"""

from grader.page.page import Page

__all__ = ["Page"]
