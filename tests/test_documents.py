"""Each command of the pages for learners, instructors and maintainers, run in order.

Every page has a checkout of its own with lesson 1, and a home with what its reader has
downloaded. All run at the same time; then it is looked at what they have made.
"""

import csv
import getpass
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.cli import COMMANDS
from tests.documents import REASONS, ROOT, blocks, pages, script
from tests.own_lessons import installed
from tests.own_lessons.dense_block import dense_block

pytestmark = pytest.mark.slow

LESSON, NOTEBOOK = "01_residual_networks", "residual_networks.ipynb"
SOLUTION = ROOT / "solutions" / LESSON / NOTEBOOK
UNTOUCHED = ROOT / "assignments" / LESSON / NOTEBOOK
EXCHANGE = "/srv/nbgrader/exchange"
OWN = "solutions/README.md"
FILE = "_assignsubmission_file_"
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed
Participant 101,Ada Lovelace,ada@example.org,Submitted,,100.00,Yes
Participant 102,Jörg Müller,jm@example.org,Submitted,,100.00,Yes
"""
GRADEBOOK = """\
Student,ID,SIS Login ID,Section,Residual networks (4711)
    Points Possible,,,,100.00
"Doe, John",2001,jdoe,A,
"""


def checkout(root):
    """A checkout with lesson 1."""
    ignored = shutil.ignore_patterns("*.pct.py", "__pycache__", "datasets")
    for folder in ("solutions", "assignments"):
        shutil.copytree(ROOT / folder / LESSON, root / folder / LESSON, ignore=ignored)
    shutil.copy(ROOT / "nbgrader_config.py", root)


def learner(root, downloads):
    """The instructor has released the lesson through the exchange."""
    for name in ("inbound", "outbound", "feedback"):
        folder = root.parent / "exchange" / "resnet" / name
        folder.mkdir(parents=True)
        folder.chmod(0o777)
    shutil.copytree(ROOT / "assignments" / LESSON, folder.parent / "outbound" / LESSON)
    shutil.copy(SOLUTION, folder.parent / "outbound" / LESSON)
    root.mkdir()


def class_of_three(root, downloads):
    """Two have sent their notebooks; one hands in through the exchange."""
    checkout(root)
    shutil.copy(SOLUTION, downloads / "ada.ipynb")
    shutil.copy(UNTOUCHED, downloads / "ben.ipynb")
    inbound = root / "course" / "exchange" / "resnet" / "inbound"
    time = "2026-11-19 10:00:00 UTC"
    submission = inbound / f"{getpass.getuser()}+{LESSON}+{time}+abc"
    submission.mkdir(parents=True)
    inbound.chmod(0o777)
    shutil.copy(UNTOUCHED, submission)
    (submission / "timestamp.txt").write_text(time)
    (submission / "submission_secret.txt").write_text("secret")


def platforms(root, downloads):
    checkout(root)
    with zipfile.ZipFile(downloads / "ResNets-Lesson1-4711.zip", "w") as archive:
        archive.write(SOLUTION, f"Ada Lovelace_101{FILE}/{NOTEBOOK}")
        archive.write(UNTOUCHED, f"Jörg Müller_102{FILE}/{NOTEBOOK}")
    with zipfile.ZipFile(downloads / "submissions.zip", "w") as archive:
        archive.write(UNTOUCHED, f"doejohn_LATE_2001_9001_{NOTEBOOK}")
    (downloads / "Grades-ResNets-Lesson1-4711.csv").write_text(WORKSHEET, "utf-8")
    (downloads / "gradebook.csv").write_text(GRADEBOOK, "utf-8")


def own_lesson(root, downloads):
    """The dense block is installed, and somebody has handed it in."""
    root.mkdir()
    installed.checkout(root, dense_block.LESSON)
    installed.install(downloads, dense_block.LESSON)
    place = root / "course" / "submitted" / "ada" / "06_dense_block"
    source = root / "solutions" / "06_dense_block" / "dense_block.ipynb"
    place.mkdir(parents=True)
    shutil.copy(source, place)


PREPARED = {
    "assignments/README.md": learner,
    "grader/README.md": lambda root, downloads: checkout(root),
    "grader/docs/class.md": class_of_three,
    "grader/docs/hub.md": lambda root, downloads: checkout(root),
    "grader/docs/platforms.md": platforms,
    OWN: own_lesson,
}


@pytest.fixture(scope="module")
def done(tmp_path_factory, commands):
    """Of each page, the folder that it was run in, what it said, and its exit code."""
    running = {page: start(page, tmp_path_factory, commands) for page in PREPARED}
    codes = {page: process.wait() for page, (_, process) in running.items()}
    return {
        page: (root, (root.parent / "log").read_text("utf-8"), codes[page])
        for page, (root, _) in running.items()
    }


def start(page, tmp_path_factory, warm):
    """Prepares what a page wants, and runs its commands."""
    place = tmp_path_factory.mktemp("page")
    root, downloads = place / "course", place / "home" / "Downloads"
    downloads.mkdir(parents=True)
    PREPARED[page](root, downloads)
    own = {k: v for k, v in os.environ.items() if k != "GRADER_RUN_FOLDER"}
    # what is installed for a lesson of one's own is seen when Python starts
    folders = [] if page == OWN else [str(warm)]
    folders += [str(Path(sys.executable).parent), own["PATH"]]
    own |= {"HOME": str(downloads.parent), "PATH": os.pathsep.join(folders)}
    if page == OWN:
        own["PYTHONPATH"] = str(downloads)
    text = script(page).replace(EXCHANGE, str(place / "exchange"))
    with (place / "log").open("w") as log:
        return root, subprocess.Popen(
            ["bash", "-c", text], cwd=root, env=own, stdout=log, stderr=log
        )


def test_all_pages_are_run():
    assert pages() == sorted(PREPARED)


@pytest.mark.parametrize("page", PREPARED)
def test_blocks_are_run_or_say_why_not(page):
    found = list(blocks(page))
    assert {block.kind for block in found} <= {"python", "sh", "text"}
    assert {block.needs for block in found} - {""} <= REASONS


@pytest.mark.parametrize("page", PREPARED)
def test_each_command_does_what_the_page_says(done, page):
    _, log, code = done[page]
    assert code == 0, log[-3000:]
    assert "Traceback" not in log


def test_a_class_has_names_penalties_marks_and_pages(done):
    root, log, _ = done["grader/docs/class.md"]
    assert "20 of 100 taken off for lateness" in log
    with (root / "before.csv").open(encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert rows["ben"]["last_name"] == "Müller-Lüdenscheidt"
    assert {row["score"] for row in rows.values()} == {"100.0", "0.0"}
    assert list((root / "course" / "exchange" / "resnet" / "feedback").glob("*.html"))
    assert (root / "course" / "class" / f"{LESSON}.html").exists()


def test_platforms_get_their_lists_back(done):
    root, _, _ = done["grader/docs/platforms.md"]
    marks = root / "course" / "marks"
    worksheet = (marks / "Grades-ResNets-Lesson1-4711.csv").read_text("utf-8")
    filled = WORKSHEET.replace("d,,", "d,100.00,", 1).replace("d,,", "d,0.00,")
    assert worksheet == filled
    gradebook = (marks / "gradebook.csv").read_text("utf-8")
    assert gradebook == GRADEBOOK.replace("jdoe,A,", "jdoe,A,0.00")
    names = []
    for name in ("Grades-ResNets-Lesson1-4711", "gradebook"):
        with zipfile.ZipFile(marks / f"{name}-feedback.zip") as archive:
            names += archive.namelist()
    page = NOTEBOOK.replace("ipynb", "html")
    assert names == [
        f"Ada Lovelace_101_assignfeedback_file_/{page}",
        f"Jörg Müller_102_assignfeedback_file_/{page}",
        f"doejohn_LATE_2001_9001_{page}",
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_of_the_course_is_on_a_page(command):
    others = "README.md", "datasets/README.md"
    texts = [(ROOT / page).read_text("utf-8") for page in (*pages(), *others)]
    assert any(f"grader {command}" in text for text in texts)
