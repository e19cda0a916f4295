"""formgrader's own server, in a real browser, over what hostile students handed in.

Some of the attacks on browsers are graded as one class; what grading writes of all of
them is looked at elsewhere. Then each page that an instructor opens is opened, each
link that a student wrote is clicked, and nothing may have run.
"""

import re
import secrets
import shutil
import sqlite3
from urllib.parse import quote

import nbformat
import pytest

from tests.attacks import ATTACKS
from tests.attacks.browser import ALARM
from tests.attacks.cage import CHECKOUT
from tests.attacks.course import LESSON, NOTEBOOK, set_up, write
from tests.attacks.harness import call, grade, hand_in, prepare
from tests.browser import BROWSER, PHONE, faults, overhang, picture, serving

#: in texts, links, files, and in names that the lists show
CHOSEN = {
    "scripts_in_markdown",
    "links_in_markdown",
    "pages_beside_the_notebook",
    "markup_in_names_of_files",
    "markup_in_names_beside",
    "name_is_markup",
}
CLASS = [attack for attack in ATTACKS if attack.name in CHOSEN and not attack.refused]
LISTS = (
    "manage_assignments",
    f"manage_submissions/{LESSON.name}",
    "gradebook",
    f"gradebook/{LESSON.name}",
    f"gradebook/{LESSON.name}/{LESSON.notebook}",
    "manage_students",
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no chromium here"),
    pytest.mark.skipif(not shutil.which("bwrap"), reason="no bubblewrap here"),
]


@pytest.fixture(scope="module")
def stage(tmp_path_factory, commands):
    folder = tmp_path_factory.mktemp("formgrader")
    config = (CHECKOUT / "nbgrader_config.py").read_text()
    config += 'c.CourseDirectory.release_directory = "assignments"\n'
    token = secrets.token_hex(8)
    stage = set_up(folder, 9, token, large=False, config=config, programs=commands)
    for attack in CLASS:
        hand_in(stage, attack)
    prepare(stage)
    grade(stage, "grader")
    return stage


@pytest.fixture(scope="module")
def server(stage):
    with serving("server", stage.scene.root, stage.environment) as address:
        yield address


@pytest.fixture
def page(browser, server):
    # what a page forbids is forbidden: not a context of the other tests
    context = browser.new_context()
    context.set_default_timeout(30_000)

    def local(route):
        # MathJax comes from elsewhere; without it formgrader's own script stops
        if route.request.url.startswith(server):
            route.continue_()
        elif "mathjax" in route.request.url:
            route.fulfill(body=STAND_IN, content_type="text/javascript")
        else:
            route.abort()

    context.route("**/*", local)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    yield page
    context.close()


STAND_IN = """
window.MathJax = {Hub: {Config() {}, Configured() {}, Queue() {},
                        Startup: {signal: {Interest() {}}},
                        Register: {StartupHook() {}}}};
"""


def submissions(stage):
    """Numbers of the graded notebooks, by student."""
    query = """
        select assignment.student_id, notebook.id from submitted_notebook notebook
        join submitted_assignment assignment on assignment.id = notebook.assignment_id
    """
    with sqlite3.connect(stage.run / "gradebook.db") as database:
        return dict(database.execute(query).fetchall())


def open_submission(page, stage, server, student):
    page.goto(f"{server}/formgrader/submissions/{submissions(stage)[student]}/")
    page.wait_for_function("formgrader.grades.loaded && formgrader.comments.loaded")


def ran(page):
    """Whether a script of a student's ran by the time that the page stands."""
    page.wait_for_load_state()
    page.evaluate(FRAMES)
    return ALARM in page.title() or "pwned" in page.title()


#: what loading a page has put off is done two frames later
FRAMES = """() => new Promise(
    done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))
)"""


@pytest.mark.parametrize("attack", CLASS, ids=lambda attack: attack.name)
def test_pages_of_a_submission(page, stage, server, attack):
    """That of the student, that on which it is graded, and where its links lead."""
    student = quote(attack.folder, safe="")
    page.goto(f"{server}/formgrader/manage_students/{student}/{LESSON.name}")
    assert not ran(page)

    open_submission(page, stage, server, attack.folder)
    assert not ran(page)
    # what was judged is there, and can be read
    assert page.locator(".cell").count() > 10
    assert page.get_by_text("What was found").count() or page.locator("table").count()

    links = page.locator("#notebook a[href]")
    own = links.evaluate_all(
        "links => links.map(e => [e.getAttribute('href'), e.href])"
    )
    for href, address in own:
        assert not href.strip().lower().startswith(("javascript", "data", "vbscript"))
        if not href.startswith(("#", "http")):
            assert page.goto(address)
            assert not ran(page), href


@pytest.mark.parametrize("name", LISTS)
def test_lists(page, server, name):
    page.goto(f"{server}/formgrader/{name}")
    page.wait_for_selector("#main-table td.name, td", state="attached")
    assert not ran(page)
    assert "None" not in page.locator("#main-table").inner_text()


def click(row, column):
    """Starts what a column is for, and waits for its end."""
    page = row.page
    row.locator(f".{column} a").click()
    page.locator("#success-modal").wait_for(timeout=180_000)
    page.locator("#success-modal button").last.click()
    page.locator("#success-modal").wait_for(state="detached")


def test_an_instructor_grades_and_returns_feedback(page, new_context, stage, server):
    """Among hostile neighbours: a mark and a comment by hand come to the student."""
    student, (first, second, *_) = "yan", LESSON.functions
    mark = next(c for c in LESSON.checks if c.function == second)
    half = nbformat.writes(stage.scene.solved(first)).encode()
    write(stage.submitted(student), {NOTEBOOK: half})
    page.goto(f"{server}/formgrader/manage_submissions/{LESSON.name}")
    row = page.locator("#main-table tr").filter(
        has=page.locator(".student-id", has_text=re.compile(f"^{student}$"))
    )
    assert "needs autograding" in row.inner_text()
    # nobody's name is "None, None"
    assert row.inner_text().startswith(f"{student}, no name")
    # nor is a time that is not known
    assert "None" not in page.locator("#main-table").inner_text()
    page.goto(f"{server}/formgrader/manage_students")
    page.get_by_role("link", name=f"{student}, no name").wait_for()
    assert "None" not in page.locator("#main-table").inner_text()
    # the form stores what it shows, but no stand-in for a name
    page.locator("#main-table tr").filter(has_text=student).locator(".edit a").click()
    page.locator(".modal-email").fill("yan@example.org")
    with page.expect_response("**/api/student/*"):
        page.locator("#edit-student-modal .save").click()
    query = "select first_name, last_name, email from student where id = ?"
    with sqlite3.connect(stage.run / "gradebook.db") as database:
        stored = database.execute(query, [student]).fetchall()
    assert stored == [(None, None, "yan@example.org")]
    page.goto(f"{server}/formgrader/manage_submissions/{LESSON.name}")
    click(row, "autograde")
    row.get_by_text("graded", exact=True).wait_for()
    assert "30 / 100" in row.inner_text()
    picture(page, "instructor-1-graded")

    open_submission(page, stage, server, student)
    for field, text, kind in (
        (f"{first}-comment", "Well done: look at **figure 3** next.", "comment"),
        (mark.id, "5", "grade"),
    ):
        with page.expect_response(f"**/api/{kind}/*") as answer:
            page.locator(f'[id="{field}"]').fill(text)
            page.locator(f'[id="{field}"]').blur()
        assert answer.value.ok
    picture(page, "instructor-2-marked")

    page.goto(f"{server}/formgrader/manage_submissions/{LESSON.name}")
    click(row, "generate-feedback")
    assert "35 / 100" in row.inner_text()
    told = stage.run / "feedback" / student / LESSON.name / f"{LESSON.notebook}.html"
    context = new_context()
    text = look(context, told, "instructor-3-feedback")
    assert "35 of 100 points" in text
    assert f"5 of {mark.points}, changed by the instructor (grading gave 0)" in text
    assert text.count("Well done: look at figure 3 next") == 2
    assert "No response" not in text

    output = call(stage, "grader", "report", LESSON.name, "--html")
    told = stage.run / "class" / f"{LESSON.name}.html"
    text = look(context, told, "instructor-4-class")
    assert f"{student}, 35 points" in text, output


def look(context, path, name):
    """Opens a page that stands alone: all can read it, on a phone, too."""
    page = context.new_page()
    page.goto(path.as_uri())
    picture(page, name)
    assert faults(page) == {}
    page.set_viewport_size({"width": PHONE, "height": 844})
    assert overhang(page) == 0
    return page.inner_text("body")


def test_what_was_handed_in_would_have_run(page, stage, server):
    """The same page, where grading had cleaned nothing."""
    student = "scripts_in_markdown"
    graded = stage.run / "autograded" / student / LESSON.name / NOTEBOOK
    kept = graded.read_bytes()
    graded.chmod(0o600)
    try:
        shutil.copy(stage.submitted(student) / NOTEBOOK, graded)
        page.goto(f"{server}/formgrader/submissions/{submissions(stage)[student]}/")
        assert ran(page)
    finally:
        graded.write_bytes(kept)


def test_a_page_beside_a_notebook_would_have_run(page, stage, server):
    """The link that was clicked above, where the page had been taken along."""
    student = "pages_beside_the_notebook"
    graded = stage.run / "autograded" / student / LESSON.name / "notes.html"
    shutil.copy(stage.submitted(student) / "notes.html", graded)
    try:
        open_submission(page, stage, server, student)
        page.get_by_role("link", name="my notes").first.click()
        page.wait_for_url("**/notes.html")
        assert ran(page)
    finally:
        graded.unlink()
