"""The gradebook's tables, for what nbgrader's own objects would ask for slowly."""

from typing import Any

from nbgrader import api

#: what was released
LESSON: Any = api.Assignment.__table__
NOTEBOOK: Any = api.Notebook.__table__
CELL: Any = api.BaseCell.__table__
GRADE_CELL: Any = api.GradeCell.__table__
TASK_CELL: Any = api.TaskCell.__table__
#: who handed in, and what
STUDENT: Any = api.Student.__table__
SUBMISSION: Any = api.SubmittedAssignment.__table__
SUBMITTED: Any = api.SubmittedNotebook.__table__
GRADE: Any = api.Grade.__table__
COMMENT: Any = api.Comment.__table__

#: rows of a table, by the names of its columns
Rows = list[dict[str, Any]]
