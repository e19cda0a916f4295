"""Lists of Moodle and Canvas: marks in, everything else byte for byte; names out."""

import shutil
import zipfile

import pytest
from click.testing import CliRunner

from grader.cli import export, main, roster
from grader.nbgrader.grading import records
from grader.nbgrader.handed_in import handed_out
from grader.platform.entry import Entry
from grader.platform.people import Student, match
from grader.platform.sheet import read_sheet
from grader.report import Report
from tests.course import LESSON, open_course

#: who is in the course, and points; the zip's name of the notebook where one is known
CLASS = {
    "Lovelace Ada": (87.5, "Lovelace Ada_101_assignsubmission_file_x.ipynb"),
    "Müller-Lüdenscheidt Jörg": (
        100,
        "Müller-Lüdenscheidt Jörg_0102_assignsubmission_file_x",
    ),
    "Doe Jane_104": (40, "Doe Jane_104_assignsubmission_file_/x.ipynb"),
    "Doe Jane_105": (0, "Doe Jane_105_assignsubmission_file_/x.ipynb"),
    "zoë": (12.25, ""),
}
MOODLE = '''\
Identifier,"Full name","Email address",Status,Grade,"Maximum grade",\
"Grade can be changed","Last modified (grade)","Feedback comments"
"Participant 101","Ada Lovelace",ada@x.org,"Submitted",,100.00,Yes,-,"=1+1, ""kept"""
"Participant 0102","Jörg Müller-Lüdenscheidt",jm@x.org,Submitted,"",100.00,Yes,-,
Participant 104,"Jane Doe",jane@x.org,Submitted,41.00,100.00,Yes,-,'a
Participant 105,Jane Doe,doe@x.org,Submitted,7.00,100.00,No,-,
Participant 106,"Zoë",ZOË@x.org,"No submission",-,100.00,Yes,"line
two",
Participant 107,Nemo,,No submission,,100.00,Yes,-,
'''
GERMAN = """\
ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Geändert
Teilnehmer/in101;Ada Lovelace;ada@x.org;Abgegeben;;100,00;-
Teilnehmer/in0102;Jörg Müller-Lüdenscheidt;jm@x.org;Abgegeben;50,00;100,00;-
Teilnehmer/in104;Jane Doe;jane@x.org;Abgegeben;;100,00;-
Teilnehmer/in105;Jane Doe;doe@x.org;Abgegeben;;100,00;-
Teilnehmer/in106;Zoë;zoe@x.org;Keine Abgabe;;100,00;-
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Residual networks (77),Quiz (78),Final Score
,,,,,Manual Posting,,
    Points Possible,,,,,100.00,10.00,(read only)
"Lovelace, Ada",2001,00042,ada,"Lecture, A",,9.00,93.1
"Müller-Lüdenscheidt, Jörg",2002,,jörg@x.org,A,EX,,
"Doe, Jane",2004,04,jdoe,A,N/A,,
"Doe, Jane",2005,4,doejane,A,3,,
Zoë,2006,,,A,,,
"Student, Test",2007,,,A,,,
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A gradebook with the marks of the class, as if zips had been collected."""
    course = open_course(tmp_path_factory.mktemp("class"))
    first = LESSON.checks[0]
    with course.gradebook() as gradebook:
        gradebook.add_assignment(LESSON.name)
        gradebook.add_notebook(LESSON.notebook, LESSON.name)
        where = LESSON.notebook, LESSON.name
        gradebook.add_grade_cell(first.id, *where, max_score=100, cell_type="code")
        for student, (points, _) in CLASS.items():
            gradebook.add_student(student)
            gradebook.add_submission(LESSON.name, student)
            grade = gradebook.find_grade(first.id, *where, student)
            grade.auto_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()
    for student in CLASS:
        course.path(course.submitted, student, LESSON.name).mkdir(parents=True)
    folder = course.folder / "downloaded" / LESSON.name
    folder.mkdir(parents=True)
    handed_out.remember(folder, {s: name for s, (_, name) in CLASS.items() if name})
    return course.folder


@pytest.fixture
def course(graded, tmp_path, monkeypatch):
    shutil.copytree(graded, tmp_path / "run")
    course = open_course(tmp_path / "run")
    for command in (export, roster):
        monkeypatch.setattr(command, "open_course", lambda: course)
    first = LESSON.checks[0]
    record = {"reports": [Report(first.id, first.title, 1, 1).to_dict()]}
    monkeypatch.setattr(records, "read", lambda place: record)
    return course


def run(*arguments):
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def exported(course, text, *options, encoding="utf-8", kind="moodle"):
    path = course.folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    code, output = run("export", LESSON.name, f"--{kind}", path, *options)
    target = course.folder / "marks" / "list.csv"
    return code, output, target.read_bytes().decode(encoding) if target.exists() else ""


def test_marks_reach_a_worksheet_and_every_other_byte_stays(course):
    code, output, text = exported(course, MOODLE)
    assert code == 0, output
    wanted = MOODLE.replace('Submitted",,', 'Submitted",87.50,', 1)
    wanted = wanted.replace(',Submitted,""', ',Submitted,"100.00"')
    wanted = wanted.replace("41.00", "40.00").replace("-,100.00", "12.25,100.00")
    assert text == wanted
    assert "4 marks in the column 'Grade'." in output
    assert "Replaced: Doe Jane_104: 41.00, now 40.00" in output
    assert "Held back: Doe Jane_105: Moodle has locked the mark" in output
    assert "Without a mark: Nemo\n" in output


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_worksheet_of_another_language(course, encoding, ends):
    text = GERMAN.replace("\n", ends)
    code, output, filled = exported(course, text, encoding=encoding)
    assert code == 0, output
    wanted = text.replace(";;100", ";87,50;100", 1).replace("50,00;", "100,00;")
    for mark in ("40,00", "0,00", "12,25"):
        wanted = wanted.replace(";;100", f";{mark};100", 1)
    assert filled == wanted


def test_marks_reach_a_gradebook_of_canvas(course):
    folder = course.folder / "downloaded" / LESSON.name
    (folder / handed_out.FILE).unlink()
    names = {f"n_{2001 + i}": s for i, s in enumerate(CLASS) if i in (2, 3)}
    assert names == {"n_2003": "Doe Jane_104", "n_2004": "Doe Jane_105"}
    own = {"Doe Jane_104": "doejane_2005_9_x.ipynb"}
    own["Doe Jane_105"] = "doejane_LATE_2004_8_x.ipynb"
    handed_out.remember(folder, own)
    code, output, text = exported(course, CANVAS, kind="canvas")
    assert code == 0, output
    wanted = CANVAS.replace('A",,9', 'A",87.50,9').replace("A,3", "A,40.00")
    assert text == wanted.replace("Zoë,2006,,,A,,", "Zoë,2006,,,A,12.25,")
    assert "Held back: Doe Jane_105: the assignment is not theirs" in output
    assert "Held back: Müller-Lüdenscheidt Jörg: excused in Canvas" in output
    assert "Replaced: Doe Jane_104: 3, now 40.00" in output
    assert "Without a mark: Student, Test\n" in output


def test_points_of_the_platform(course):
    tenth = MOODLE.replace(",100.00,", ",10.00,")
    code, output, text = exported(course, tenth)
    assert (code, text) == (1, "")
    assert (
        "the lesson has 100 points, and the assignment in Moodle 10: set it" in output
    )
    code, output, text = exported(course, tenth, "--scale")
    assert (code, 'Submitted",8.75,10.00' in text) == (0, True)


def test_where_it_is_not_clear_whose_a_row_is_nothing_is_written(course):
    (course.folder / "downloaded" / LESSON.name / handed_out.FILE).unlink()
    with course.gradebook() as gradebook:
        for student in ("Doe Jane_104", "Doe Jane_105"):
            gradebook.update_or_create_student(student, first_name="Jane Doe")
    code, output, text = exported(course, MOODLE)
    assert (code, text) == (1, "")
    assert "does not tell who these are: Doe Jane_104 (rows 4 and 5 fit)" in output


def test_who_is_in_no_row_is_named(course):
    text = MOODLE.replace("Participant 101", "Participant 1010")
    code, output, filled = exported(course, text)
    assert (code, filled) == (1, "")
    assert "these have marks, and no row in" in output
    assert "list.csv: Lovelace Ada. Is it" in output
    code, output, filled = exported(course, text, "--partial")
    assert code == 0
    assert "Left out, for they are not in the list: Lovelace Ada" in output
    assert 'Submitted",,' in filled


NO_LISTS = {
    "": "no rows below its heads",
    "a,b\n": "no rows below its heads",
    'a,b\n"c,d\n': "line 2: a quote is never closed",
    "Name,Points\nAda,3\n": "is no grading worksheet of Moodle",
    "PK\x03\x04": "save the spreadsheet as CSV",
    "ID,Name,x\nTeil1,A,2\nTeil2,B,4\n": "has no column 'Grade' for marks",
}


@pytest.mark.parametrize("text", NO_LISTS, ids=range(len(NO_LISTS)))
def test_what_is_no_worksheet_is_refused(course, text):
    code, output, filled = exported(course, text)
    assert (code, filled) == (1, "")
    assert NO_LISTS[text] in " ".join(output.split())
    assert "Traceback" not in output


def test_which_assignment_of_canvas_is_meant(course):
    other = CANVAS.replace("Residual networks (77)", "Homework (77)")
    code, output, text = exported(course, other, kind="canvas")
    assert (code, text) == (1, "")
    assert "there is Homework (77), Quiz (78). Say which with --column" in output
    for column in ("77", "Homework", "Homework (77)"):
        options = "--column", column
        code, output, text = exported(course, other, *options, kind="canvas")
        assert (code, text) == (1, "")
        assert "these have marks, and no row in" in output


def test_the_zip_of_pages_has_the_platforms_names(course, monkeypatch):
    monkeypatch.setattr(course, "generate_feedback", lambda lesson: None)
    for student in ("Lovelace Ada", "zoë"):
        page = course.folder / "feedback" / student / LESSON.name
        page.mkdir(parents=True)
        (page / f"{LESSON.notebook}.html").write_text(student, "utf-8")
    code, output, _ = exported(course, MOODLE, "--feedback")
    assert code == 0
    with zipfile.ZipFile(course.folder / "marks" / "list-feedback.zip") as archive:
        pages = {name: archive.read(name).decode() for name in archive.namelist()}
    assert pages == {
        f"{who}_assignfeedback_file_/{LESSON.notebook}.html": student
        for who, student in (("Ada Lovelace_101", "Lovelace Ada"), ("Zoë_106", "zoë"))
    }
    assert "Without a page in the zip: Doe Jane_104, Müller-Lüd" in output
    for name, prefix in (
        ("s/doejohn_LATE_2_9_a_1.ipynb", "doejohn_LATE_2_9_"),
        ("Doe_2_assignsubmission_file_/a_1_2_3.ipynb", ""),
    ):
        assert handed_out.canvas_prefix(name) == prefix


def names(course):
    with course.gradebook() as gradebook:
        return {
            s.id: (s.first_name, s.last_name, s.email, s.lms_user_id)
            for s in gradebook.students
        }


LISTS = {
    "worksheet": (
        MOODLE.replace("Nemo", "Nemo <b>"),
        {
            "Lovelace Ada": ("Ada", "Lovelace", "ada@x.org", None),
            "Doe Jane_105": ("Jane", "Doe", "doe@x.org", None),
            "zoë": (None, "Zoë", "ZOË@x.org", None),
            "Nemo b": ("Nemo", "‹b›", None, None),
        },
    ),
    "participants": (
        "\ufeffFirst name;Last name;ID number;Email address\n"
        "Ada;Lovelace;007;ada@x.org\nZoë;;;=1+1\nJo_Ann;O'Neil;;j@x.org\n",
        {
            "Lovelace Ada": ("Ada", "Lovelace", "ada@x.org", None),
            "zoë": ("Zoë", None, "=1+1", None),
            "Jo Ann ONeil": ("Jo_Ann", "O'Neil", "j@x.org", None),
        },
    ),
    "canvas": (
        CANVAS.replace('"Doe, Jane",2005', '"Roe, Ann",2005'),
        {
            "Lovelace Ada": ("Ada", "Lovelace", None, "2001"),
            "Müller-Lüdenscheidt Jörg": (
                *("Jörg", "Müller-Lüdenscheidt", "jörg@x.org", "2002"),
            ),
            "roeann": ("Ann", "Roe", None, "2005"),
        },
    ),
    "nbgrader": (
        "id,last_name,first_name,email\n0042,Roe,Ann,\nzoë,Z,,z@x.org\n",
        {"0042": ("Ann", "Roe", None, None), "zoë": (None, "Z", "z@x.org", None)},
    ),
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_class_list_gives_names(course, tmp_path, kind):
    text, wanted = LISTS[kind]
    path = tmp_path / "class.csv"
    path.write_text(text, "utf-8")
    before = names(course)
    assert run("roster", path, "--dry-run")[0] == 0
    assert names(course) == before
    code, output = run("roster", path)
    assert code == 0, output
    assert {who: names(course)[who] for who in wanted} == wanted
    now = names(course)
    assert run("roster", path)[0] == 0
    assert names(course) == now, "a second time changes nothing"


def test_a_column_says_what_students_are_called(course, tmp_path):
    path = tmp_path / "class.csv"
    path.write_text("Login,First name,Last name\nann,Ann,Roe\nada,Ada,Lovelace\n")
    code, output = run("roster", path, "--id", "login")
    assert code == 0
    assert "2 students: 2 new, 0 known." in output
    assert "In the course, and not in the list: Doe Jane_104" in output
    assert names(course)["ada"] == ("Ada", "Lovelace", None, None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,last_name\na/b,Roe\n", "row 2: 'a/b' can be no student's id"),
        ("id,last_name\na,Roe\na,Doe\n", "'a' is the id of several people"),
        ("Points,Name\n3,Roe\n", "It has Points, Name. --id names a column"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(course, tmp_path, text, told):
    path = tmp_path / "class.csv"
    path.write_text(text)
    before = names(course)
    code, output = run("roster", path)
    assert (code, names(course)) == (1, before)
    assert told in " ".join(output.split())


def test_a_number_is_surer_than_a_name_and_nothing_goes_by_half_of_one():
    students = [Student("ada", ("1",)), *map(Student, ("Ada Lovelace", "007", "B"))]
    entries = [Entry(1, "1", "Jo"), Entry(2, "2", "Lovelace, Ada"), Entry(3, "7", "b")]
    found = match(students, entries)
    rows = {who: entry.row for who, entry in found.entries.items()}
    assert rows == {"ada": 1, "Ada Lovelace": 2, "B": 3}
    twins = match([Student("Ada B"), Student("B, Ada")], [Entry(1, "", "ada b")])
    assert twins.entries == {}
    assert twins.doubtful["Ada B"] == "row 2 fits B, Ada, too"


def test_a_sheet_that_nobody_fills_in_is_as_it_was(tmp_path):
    path = tmp_path / "x.csv"
    for text in ('a,b\r\n\r\n" c ""d""\n",e\r\n', "a\tb\n,\t\n", 'a;"b;c"\n1;2'):
        path.write_bytes(text.encode())
        sheet = read_sheet(path)
        assert sheet.filled({}) == text.encode()
        last = len(sheet.rows) - 1
        changed = sheet.filled({(last, 1): f'x"{sheet.separator}y'})
        path.write_bytes(changed)
        assert read_sheet(path).say(last, 1) == f'x"{sheet.separator}y'
