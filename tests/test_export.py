"""The CSV file of all marks: each field in its column, and none a formula."""

import csv
import os
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins.export import CsvExportPlugin

from grader.nbgrader.export import COLUMNS, QuotedCsv
from grader.nbgrader.grading.course import Course
from tests.hostile import HOSTILE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
LESSON = "01_residual_networks"
PEOPLE = {
    "ada": ("Lovelace", "Ada", "ada@example.org"),
    "doe": ('Doe, "Jane"', "J; D", "a,b@example.org"),
    "sum": ("=1+1", "@SUM(A1)", "+49 1"),
    "lines": ("Ma\nllory", "\r\nx", "\t=2"),
    "umlaut": ("Müller", "Jörg", ""),
    "nobody": (None, None, None),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A gradebook in which everybody but `nobody` has 30 of 100 points."""
    course = Course(ROOT, str(tmp_path_factory.mktemp("run")))
    hostile = [text for text in HOSTILE.values() if text.isascii()]
    with course.gradebook() as gradebook:
        gradebook.add_assignment(LESSON, duedate=datetime(2026, 11, 20))
        gradebook.add_notebook("residual_networks", LESSON)
        kind = {"max_score": 100, "cell_type": "code"}
        gradebook.add_grade_cell("check", "residual_networks", LESSON, **kind)
        for student, (last, first, email) in PEOPLE.items():
            names = {"last_name": last, "first_name": first, "email": email}
            gradebook.add_student(student, **names)
        for number, text in enumerate(hostile):
            gradebook.add_student(f"h{number:02}", last_name=text, first_name=text)
        for student in gradebook.students:
            if student.id == "nobody":
                continue
            gradebook.add_submission(LESSON, student.id)
            grade = gradebook.find_grade(
                "check", "residual_networks", LESSON, student.id
            )
            grade.manual_score = 30
        gradebook.db.commit()
    return course


@pytest.fixture(scope="module", params=["grader", "nbgrader"])
def rows(request, course, commands):
    """The file that each of the two commands writes."""
    if request.param == "grader":
        path = course.export()
    else:
        path = course.folder / "own.csv"
        subprocess.run(
            [commands / "nbgrader", "export", "--to", path],
            cwd=ROOT,
            env={**os.environ, "GRADER_RUN_FOLDER": str(course.folder)},
            check=True,
            capture_output=True,
        )
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_each_row_has_nbgraders_columns(rows):
    assert tuple(rows[0]) == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    scores = {row[3]: row[-2] for row in rows[1:]}
    assert scores.pop("nobody") == ""
    assert set(scores.values()) == {"30.0"}


def test_names_keep_their_commas_and_quotes(rows):
    names = {row[3]: tuple(row[4:7]) for row in rows}
    assert names["doe"] == ('Doe, "Jane"', "J; D", "a,b@example.org")
    assert names["ada"] == ("Lovelace", "Ada", "ada@example.org")
    assert names["umlaut"] == ("Müller", "Jörg", "")
    assert names["nobody"] == ("", "", "")


def test_no_field_is_a_formula_or_a_line_more(rows):
    names = {row[3]: tuple(row[4:7]) for row in rows}
    assert names["sum"] == ("'=1+1", "'@SUM(A1)", "'+49 1")
    assert names["lines"] == ("Ma llory", "'  x", "' =2")
    for row in rows[1:]:
        assert all(field[:1] not in {"=", "+", "-", "@", "\t", "\r"} for field in row)
        assert not any("\n" in field for field in row)


def test_where_no_name_needs_it_the_file_is_as_nbgrader_writes_it(course, tmp_path):
    chosen = {"student": ["ada", "nobody"], "assignment": [LESSON]}
    with Gradebook(course.directory.db_url) as gradebook:
        CsvExportPlugin(to=str(tmp_path / "own.csv"), **chosen).export(gradebook)
    with course.gradebook() as gradebook:
        QuotedCsv(to=str(tmp_path / "quoted.csv"), **chosen).export(gradebook)
    own, quoted = (tmp_path / n for n in ("own.csv", "quoted.csv"))
    # nbgrader has zeros for one who has handed nothing in
    rows = own.read_text("utf-8").replace("nobody,,,,0.0,0.0,0.0,", "nobody,,,,,,,")
    assert quoted.read_text("utf-8") == rows
    assert len(quoted.read_text("utf-8").splitlines()) == 3
