"""Grading of notebooks: nbgrader's steps, with marks that come from the judge.

The names that `nbgrader_config.py` uses are
`grader.nbgrader.sanitize.SanitizeText`, `grader.nbgrader.execute.CaptureAndJudge`
and `grader.nbgrader.marks.SaveMarks`.
"""
