"""The pages on a class and for each student stand alone, and hold nothing live."""

import csv
import html.parser
import shutil

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_markdown_cell

from grader.cli import main, report
from grader.nbgrader import execute
from grader.nbgrader.kernels.graded import Graded
from grader.nbgrader.pages.feedback_page import complete, figures_of
from grader.report import Finding, Report
from tests.browser import PHONE, faults, overhang, picture
from tests.course import LESSON, released_course
from tests.hostile import HOSTILE
from tests.test_report_pages import THEMES, shown

pytestmark = pytest.mark.slow

STUDENTS = ("ada", "ben", "mallory")
NASTY = HOSTILE["script"] + HOSTILE["tag"]
FIRST = LESSON.checks[0]
PICTURES = "![own](own.png) ![x](../../../secret) ![y](https://example.org/z.png)"
FILE = f"{LESSON.notebook}.ipynb"


def marks(notebook, lesson, *rest):
    """All lose the first check; what they are told holds markup."""
    finding = Finding(FIRST.id, FIRST.points, NASTY, "A `sentence`.", NASTY, "here")
    reports = {c.id: Report(c.id, c.title, c.points, c.points) for c in lesson.checks}
    reports[FIRST.id] = Report(FIRST.id, "", 0.0, FIRST.points, (finding,))
    return Graded(reports, {}, repairs=(f"Mended: {NASTY}",))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Three were graded, one of them by hand as well; a fourth handed in nothing."""
    course = released_course(tmp_path_factory.mktemp("course"))
    for student in STUDENTS:
        place = course.path(course.submitted, student, LESSON.name)
        place.mkdir(parents=True)
        notebook = nbformat.read(course.release_path(LESSON), as_version=4)
        notebook.cells.append(new_markdown_cell(f"{PICTURES}\n\n{NASTY}"))
        nbformat.write(notebook, place / FILE)
        shutil.copy(course.release_path(LESSON).parent / "figures/resnet50.svg", place)
    names = {"first_name": NASTY, "last_name": "Mallory"}
    where = LESSON.notebook, LESSON.name
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "grade", marks)
        for student in STUDENTS:
            course.autograde(LESSON, student)
        with course.gradebook() as gradebook:
            gradebook.update_or_create_student("mallory", **names)
            gradebook.add_student("zoe", first_name="Zoe", last_name="Z")
            gradebook.find_grade(FIRST.id, *where, "ada").manual_score = 5
            comment = gradebook.find_comment(FIRST.function, *where, "ada")
            comment.manual_comment = "Look at figure 3."
            gradebook.db.commit()
        patch.setattr(report, "open_course", lambda: course)
        arguments = ["report", LESSON.name, "--html", "--csv", "--feedback"]
        ran = CliRunner().invoke(main, arguments)
        assert ran.exit_code == 0, ran.output
        told = CliRunner().invoke(main, ["report", LESSON.name, "--student", "ada"])
    return course, ran.output, told.output


class Tags(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.seen, self.text = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def feedback(course, student):
    folder = course.folder / "feedback" / student / LESSON.name
    return (folder / f"{LESSON.notebook}.html").read_text("utf-8")


def class_page(course):
    return (course.folder / "class" / f"{LESSON.name}.html").read_text("utf-8")


@pytest.fixture(params=["class", *STUDENTS])
def written(course, request):
    if request.param == "class":
        return class_page(course[0])
    return feedback(course[0], request.param)


def test_a_page_stands_alone(written):
    tags = Tags(written)
    assert ("html", {"lang": "en"}) in tags.seen
    assert not {t for t, _ in tags.seen} & {"script", "iframe", "link", "object"}
    for tag, attributes in tags.seen:
        assert not any(name.startswith("on") for name in attributes), tag
        assert attributes.get("src", "data:").startswith("data:"), tag
        if tag == "img":
            assert attributes["alt"]
    assert "default-src 'none'" in written
    assert "secret" not in {a.get("src") for _, a in tags.seen}
    assert len(written.encode()) < 2_000_000


def test_each_link_in_a_page_leads_somewhere(written):
    seen = Tags(written).seen
    ids = {attributes.get("id") for _, attributes in seen}
    links = {attributes.get("href", "") for tag, attributes in seen if tag == "a"}
    assert {link[1:] for link in links if link.startswith("#")} <= ids


def reports(scheme):
    """Reports as JupyterLab's themes show them, one with names that do not break."""
    theme = THEMES / f"theme-{scheme}-extension/index.css"
    name = "res2a_branch2b_of_the_convolutional_block"
    call = "convolutional_block(X,f=3,filters=[64,64,256],stage=2,block='a',s=1)"
    long = Finding(FIRST.id, 3, name, f"`{name}` is named", f"It is {name}.", call)
    told = [Report(FIRST.id, "names and arguments", 5, 8, (long,)).to_html()]
    told += [each["text/html"] for each in shown()]
    return PAGE.format(theme.read_text("utf-8"), "".join(told))


PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Reports</title>
<meta name="viewport" content="width=device-width">
<style>{} body {{ background: var(--jp-layout-color0); font: 14px/1.4 sans-serif;
color: var(--jp-content-font-color1); overflow: auto; }}</style>
<main><h1>Reports</h1>{}</main></html>"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["reports", "feedback", "class"])
def test_everybody_can_read_it(course, tmp_path, new_context, kind, scheme):
    """By screen reader, in the dark, on a phone without scrolling sideways."""
    made = {
        "reports": lambda: reports(scheme),
        "feedback": lambda: feedback(course[0], "ada"),
        "class": lambda: class_page(course[0]),
    }
    path = tmp_path / "page.html"
    path.write_text(made[kind](), "utf-8")
    page = new_context(color_scheme=scheme).new_page()
    page.goto(path.as_uri())
    page.locator("details").evaluate_all("all => all.forEach(e => e.open = true)")
    assert faults(page) == {}
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.locator("details").evaluate_all("all => all.forEach(e => e.open = false)")
    picture(page, f"{kind}-{scheme}", full_page=kind != "feedback")
    assert overhang(page) == 0
    # what may scroll on its own need not
    if kind != "reports":
        own = {"class": ".scroll", "feedback": ".output_area:has(table)"}[kind]
        assert overhang(page, own) == 0


def test_feedback_begins_with_what_was_lost(course):
    page = feedback(course[0], "ada")
    text = " ".join(Tags(page).text.split())
    most, lost = LESSON.points, LESSON.points - FIRST.points + 5
    assert f"Feedback for ada {LESSON.title} {lost} of {most} points" in text
    changed = f"5 of {FIRST.points}, changed by the instructor"
    assert f"{FIRST.id}: {changed} (grading gave 0)." in text
    # beside the report, too
    assert text.count(changed) == 2
    assert text.count("Look at figure 3.") == 2
    assert text.index("Mended before grading") < text.index("You will do")
    assert "changed by the instructor" not in feedback(course[0], "ben")


def test_figures_of_the_release_are_in_the_page_and_no_others(course):
    images = [a for tag, a in Tags(feedback(course[0], "ben")).seen if tag == "img"]
    release = nbformat.read(course[0].release_path(LESSON), as_version=4)
    figures = sum(cell.source.count("](figures/") for cell in release.cells)
    assert len(images) == figures
    released = dict(figures_of(course[0].release_path(LESSON).parent))
    assert released
    for source in ("../secret", "/etc/passwd", "figures/../../x", "data:text/html,x"):
        left = complete(f'<img src="{source}" alt="&lt;b&gt;">', released)
        assert "<img" not in left
        assert "&lt;b&gt;" in left


def test_the_class_page_tells_of_all(course):
    text = " ".join(Tags(class_page(course[0])).text.split())
    for part in (
        "Students with marks 3",
        "Handed in nothing 1",
        "Z, Zoe (zoe)",
        "3 students",
        "A sentence.",
        "evidence to look at, not a verdict",
        "mended: 3",
        FIRST.id,
    ):
        assert part in text
    assert "None" not in text


def test_the_tables_have_a_column_each(course):
    folder = course[0].folder / "class"
    columns = {
        "function": [str(name) for name in LESSON.functions],
        "check": [check.id for check in LESSON.checks],
    }
    for what, names in columns.items():
        with (folder / f"{LESSON.name}-by-{what}.csv").open() as file:
            rows = {row["student_id"]: row for row in csv.DictReader(file)}
        assert list(rows) == list(STUDENTS)
        for row in rows.values():
            assert sum(float(row[name]) for name in names) == float(row["total"])
        assert rows["mallory"]["name"].startswith("Mallory, ")


def test_the_command_tells_a_student_all(course):
    output, told = course[1:]
    assert f"{LESSON.name}.html" in output
    assert f"Counts: 5 of {FIRST.points}, changed by the instructor." in told
    assert f"Comment on {FIRST.function}: Look at figure 3." in told
    assert "ben" not in told
