"""What lies beside a notebook: bounded, plain, and told where it is left out."""

import os
import socket
import time
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbconvert.filters import markdown2html

from grader.lessons import get_lesson
from grader.nbgrader import execute
from grader.nbgrader.grading import classroom
from grader.nbgrader.handed_in.beside import Bounds, look
from grader.nbgrader.kernels.scratch import copy_files
from tests.course import full_marks, released_course
from tests.hostile import NAMES

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]

ROOT = Path(__file__).parents[1]
LESSON = get_lesson("01_residual_networks")
NOTEBOOK = f"{LESSON.notebook}.ipynb"
SMALL = Bounds(file=1000, room=2500, files=6, entries=40, depth=4)
SPARSE = 5_000_000_000


def write(folder, **sizes):
    for name, size in sizes.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x" * size)


def told(beside):
    return {each.name: each.why for each in beside.left_out}


def test_what_is_over_a_bound_is_left_out_and_named(tmp_path):
    write(tmp_path, **{"own.py": 10, "deep/er/data.csv": 900, "large.bin": 1001})
    write(tmp_path, **{"a": 800, "b": 801, "c": 890, "x.ipynb": 5000})
    found = look(tmp_path, SMALL)
    assert found.files == ("a", "b", "own.py", "x.ipynb")
    assert told(found) == {
        "c": "890 bytes, beyond the first 2,500 bytes",
        "deep/er/data.csv": "900 bytes, beyond the first 2,500 bytes",
        "large.bin": "1,001 bytes, at most 1,000 are taken",
    }
    (sentence,) = found.sentences()
    assert "'large.bin' (1,001 bytes, at most 1,000 are taken)" in sentence


def test_what_stands_where_the_lesson_has_something_else_is_left_out(tmp_path):
    """The lesson's files are copied over what was handed in: they would meet it."""
    own, folder = tmp_path / "lessons" / "01", tmp_path / "ada" / "01"
    write(own, **{"utils.py": 1, "figures/one.png": 1, NOTEBOOK: 1})
    write(folder, **{"utils.py/a": 1, "figures": 1, f"{NOTEBOOK}/b": 1, "own/c": 1})
    found = look(folder, replace(SMALL, lessons=own.parent))
    assert found.files == ("own/c",)
    assert told(found) == {
        "figures": "the lesson has a folder of this name",
        "utils.py": "the lesson has a file of this name",
        NOTEBOOK: "the lesson has a file of this name",
    }


def test_small_files_come_before_large_ones_and_only_so_many(tmp_path):
    write(tmp_path, **{f"f{size}": size for size in range(10)})
    found = look(tmp_path, SMALL)
    assert found.files == tuple(f"f{size}" for size in range(6))
    assert found.sentences()[0].endswith(
        "7 bytes, beyond the first 6 files)"
        ", 'f8' (8 bytes, beyond the first 6 files)"
        ", 'f9' (9 bytes, beyond the first 6 files)."
    )


def test_a_folder_without_end_is_not_listed(tmp_path):
    write(tmp_path, **{f"d/{number}": 1 for number in range(60)})
    write(tmp_path, **{"timestamp.txt": 20, "submission_secret.txt": 64, "a.py": 1})
    found = look(tmp_path, SMALL)
    assert found.files == ("submission_secret.txt", "timestamp.txt")
    assert found.sentences() == [
        "Left out of what was handed in: 'all files' (more than 40 files and folders)."
    ]


def test_what_is_no_file_is_left_out(tmp_path):
    folder = tmp_path / "ada" / "lesson"
    (tmp_path / "secret").write_text("secret")
    write(folder, **{"own.py": 1, "a/b/c/d/e.py": 1, "timestamp.txt": 300})
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "folder").symlink_to(tmp_path)
    (folder / "caf\udce9").write_text("")
    (folder / "two\nlines").write_text("")
    with socket.socket(socket.AF_UNIX) as own:
        own.bind(str(folder / "socket"))
        found = look(folder, SMALL)
    assert found.files == ("own.py",)
    unfit = "a name with invisible characters"
    assert told(found) == {
        "a/b/c/d": "too deep",
        "caf\udce9": unfit,
        "two\nlines": unfit,
        "folder": "a link",
        "link": "a link",
        "pipe": "not a file",
        "socket": "not a file",
        "timestamp.txt": "300 bytes, at most 200 are taken",
    }
    (tmp_path / "ben").mkdir()
    (tmp_path / "ben" / "lesson").symlink_to(folder)
    (tmp_path / "cleo").symlink_to(tmp_path / "ada")
    for student in ("ben", "cleo", "nobody"):
        assert look(tmp_path / student / "lesson", SMALL).files == ()


def test_what_machines_leave_about_is_nobodys_work(tmp_path):
    junk = ["__MACOSX/._x.ipynb", "._x.ipynb", ".DS_Store", "Thumbs.db", "desktop.ini"]
    junk += [
        ".ipynb_checkpoints/x-checkpoint.ipynb",
        "__pycache__/a.pyc",
        ".git/config",
    ]
    write(tmp_path, **dict.fromkeys([*junk, "x.ipynb"], 5000))
    found = look(tmp_path, SMALL)
    assert (found.files, found.left_out) == (("x.ipynb",), ())


def test_a_million_files_take_no_time(tmp_path):
    """Work stops at the bound: ten times the files cost no more."""
    seconds = []
    for count in (2_000, 20_000):
        folder = tmp_path / str(count)
        folder.mkdir()
        for number in range(count):
            os.mknod(folder / str(number))
        started = time.process_time()
        look(folder, Bounds(entries=1_000))
        seconds.append(time.process_time() - started)
    assert seconds[1] < 10 * seconds[0] + 0.05


def test_only_plain_files_reach_the_scratch_folder(tmp_path):
    copied = tmp_path / "copied"
    write(copied, **dict.fromkeys(("own.py", "deep/er/data.csv", "lesson.ipynb"), 5))
    write(copied, **dict.fromkeys(("deep/.hidden", "timestamp.txt"), 5))
    write(copied, **{"submission_secret.txt": 5})
    (tmp_path / "secret").write_text("secret")
    (copied / "link").symlink_to(tmp_path / "secret")
    (copied / "folder").symlink_to(tmp_path)
    os.mkfifo(copied / "pipe")
    copy_files(copied, tmp_path / "scratch")
    kept = [p for p in (tmp_path / "scratch").rglob("*") if p.is_file()]
    assert sorted(p.name for p in kept) == ["data.csv", "own.py"]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    return released_course(folder)


@pytest.fixture(scope="module")
def graded(course):
    """A class with all kinds of folders, graded once; without a kernel."""
    notebook = course.release_path(LESSON).read_bytes()
    folders = {}
    for student in ("zeros", "junk", "plain", "hostile", "pipe", "huge", "swarm"):
        folder = course.path(course.submitted, student, LESSON.name)
        folder.mkdir(parents=True)
        (folder / NOTEBOOK).write_bytes(notebook)
        folders[student] = folder
    write(folders["plain"], **{"helper.py": 10, "data/a.csv": 10})
    with (folders["zeros"] / "zeros.bin").open("wb") as file:
        file.truncate(SPARSE)
    with (folders["zeros"] / "timestamp.txt").open("wb") as file:
        file.truncate(SPARSE)
    for name in ("__MACOSX", ".DS_Store", "Thumbs.db"):
        (folders["junk"] / name).write_text("x")
    for name in NAMES.values():
        (folders["hostile"] / f"{name}.txt").write_text("x")
    (folders["pipe"] / NOTEBOOK).unlink()
    os.mkfifo(folders["pipe"] / NOTEBOOK)
    with (folders["huge"] / NOTEBOOK).open("wb") as file:
        file.truncate(SPARSE)
    for number in range(1_100):
        (folders["swarm"] / f"f{number:04}").write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "grade", full_marks)
        students = course.students(LESSON)
        results = list(classroom.grade_class(course, LESSON, students))
    return {result.student: result for result in results}


def beside(course, step, student):
    folder = course.path(step, student, LESSON.name)
    own = [p for p in folder.rglob("*") if p.is_file()]
    names = {p.relative_to(folder).as_posix() for p in own}
    release = course.release_path(LESSON).parent
    return names - {p.relative_to(release).as_posix() for p in release.rglob("*")}


def characters_read():
    (line,) = [
        x for x in Path("/proc/self/io").read_text().splitlines() if "rchar" in x
    ]
    return int(line.split()[1])


def test_zeros_cost_nothing_and_are_named(course, graded):
    assert graded["zeros"].points == 100
    told, time = graded["zeros"].repairs
    assert "The submission time could not be read" in time
    assert "'zeros.bin' (5,000,000,000 bytes, at most 100,000,000 are taken)" in told
    assert "'timestamp.txt' (5,000,000,000 bytes, at most 200 are taken)" in told
    assert beside(course, course.autograded, "zeros") == set()


def test_own_files_are_kept_and_junk_is_not_spoken_of(course, graded):
    assert beside(course, course.autograded, "plain") == {"helper.py", "data/a.csv"}
    assert graded["plain"].repairs == graded["junk"].repairs == ()
    assert beside(course, course.autograded, "junk") == set()


def test_a_swarm_is_cut_off(course, graded):
    assert graded["swarm"].points == 100
    assert len(beside(course, course.autograded, "swarm")) == 1_000
    assert graded["swarm"].repairs[0].endswith("and 96 more.")


def test_no_hostile_name_writes_a_line_of_its_own(course, graded):
    (told,) = graded["hostile"].repairs
    assert "a name with invisible characters" in told
    kept = beside(course, course.autograded, "hostile")
    assert kept >= {f"{NAMES[kind]}.txt" for kind in ("tag", "script", "rich", "sum")}
    assert all(name.isprintable() for name in kept)
    notebook = nbformat.read(
        course.path(course.autograded, "hostile", LESSON.name) / NOTEBOOK, 4
    )
    shown = markdown2html(notebook.cells[0].source)
    assert shown.count("<li>") == 1
    assert "<img" not in shown
    assert "<script" not in shown


def test_what_is_no_notebook_to_read_is_refused_at_once(course, graded):
    assert [graded[s].points for s in ("pipe", "huge")] == [0, 0]
    assert "is not a file" in graded["pipe"].problems[0]
    assert "more than 150,000,000 bytes" in graded["huge"].problems[0]


def test_the_digest_reads_no_more_than_there_is_room_for(course, graded):
    before = characters_read()
    assert classroom.ungraded(course, LESSON, course.students(LESSON)) == []
    assert characters_read() - before < 50_000_000
    folder = course.path(course.submitted, "junk", LESSON.name)
    (folder / ".DS_Store").write_text("another window")
    assert classroom.ungraded(course, LESSON, ["junk"]) == []
    (folder / "helper.py").write_text("x = 1")
    assert classroom.ungraded(course, LESSON, ["junk"]) == ["junk"]


def test_feedback_has_the_same_files(course, graded):
    course.generate_feedback(LESSON)
    assert beside(course, course.directory.feedback_directory, "plain") == {
        "helper.py",
        "data/a.csv",
        f"{LESSON.notebook}.html",
    }
