"""Moodle's, Canvas's, Blackboard's and Brightspace's names, through `zip_collect`."""

import io
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from grader.nbgrader.archives import LmsExtractor
from grader.nbgrader.collect import PATTERNS, read
from tests.test_exchange import nbgrader

ROOT = Path(__file__).parents[1]
LESSON = "01_residual_networks"
NOTEBOOK = "residual_networks.ipynb"
FILE = "_assignsubmission_file_"


def zipped(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


#: archives and files as a browser saves them; what is in a notebook tells whose it is
ARCHIVE = {
    "Course-Lesson 1-4711.zip": zipped(
        {
            f"Lovelace Ada_101{FILE}{NOTEBOOK}": "ada",
            f"Müller-Lüdenscheidt Jörg_102{FILE}/{NOTEBOOK}": "jörg",
            f"Müller-Lüdenscheidt Jörg_102{FILE}/helper.py": "x = 1",
            f"O'Neil, Pat_103{FILE}lesson.zip": zipped(
                {
                    f"01_residual_networks/{NOTEBOOK}": "pat",
                    "01_residual_networks/data/a.csv": "1",
                    f"__MACOSX/01_residual_networks/._{NOTEBOOK}": "junk",
                    "01_residual_networks/.DS_Store": "junk",
                }
            ),
            f"Doe Jane_104{FILE}{NOTEBOOK}": "jane 104",
            f"Doe Jane_105{FILE}{NOTEBOOK}": "jane 105",
            "Doe Jane_105_assignsubmission_onlinetext_onlinetext.html": "<p>",
        }
    ),
    "submissions.zip": zipped(
        {
            f"doejohn_2001_9001_{NOTEBOOK}": "john",
            "lateleo_LATE_2002_9002_residual_networks-1.ipynb": "leo",
            "mooremary_2003_9003_residual_networks-2.ipynb": "mary",
            "mooremary_2003_9004_figure-2.png": "picture",
            f"anon_5aB9x_9005_{NOTEBOOK}": "anonymous",
        }
    ),
    f"Residual Networks_jdoe_attempt_2026-11-20-10-11-12_{NOTEBOOK}": b"jdoe 1",
    f"Residual Networks_jdoe_attempt_2026-11-21-10-11-12_{NOTEBOOK}": b"jdoe 2",
    "Residual Networks_jdoe_attempt_2026-11-20-10-11-12.txt": b"Name: J. Doe",
    "Residual Networks_kim.lee_attempt_2026-11-20-23-59-59_my work.ipynb": b"kim",
    f"112-334 - Ben Bright - Nov 20, 2026 1011 AM/{NOTEBOOK}": b"ben",
    "homework.ipynb": b"whose?",
}
STUDENTS = {
    "Lovelace Ada": "ada",
    "Müller-Lüdenscheidt Jörg": "jörg",
    "O'Neil, Pat": "pat",
    "Doe Jane_104": "jane 104",
    "Doe Jane_105": "jane 105",
    "doejohn": "john",
    "lateleo": "leo",
    "mooremary": "mary",
    "anon_5aB9x": "anonymous",
    "jdoe": "jdoe 2",
    "Ben Bright": "ben",
}
TIMED = ("jdoe", "kim.lee", "Ben Bright")


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The run folder, and what the command said."""
    run = tmp_path_factory.mktemp("run")
    archive = run / "downloaded" / LESSON / "archive"
    for name, content in ARCHIVE.items():
        (archive / name).parent.mkdir(parents=True, exist_ok=True)
        (archive / name).write_bytes(content)
    return run, nbgrader(ROOT, run, "zip_collect", LESSON)


def test_each_notebook_reaches_its_student(collected):
    run, _ = collected
    found = {path.name for path in (run / "submitted").iterdir()}
    assert found == {*STUDENTS, "kim.lee"}
    for student, text in STUDENTS.items():
        path = run / "submitted" / student / LESSON / NOTEBOOK
        assert path.read_text("utf-8") == text


def test_what_lies_beside_comes_along_and_junk_does_not(collected):
    run, _ = collected
    found = {
        path.relative_to(run / "submitted").as_posix()
        for path in (run / "submitted").rglob("*")
        if path.is_file() and path.name != NOTEBOOK
    }
    assert found == {
        f"Müller-Lüdenscheidt Jörg/{LESSON}/helper.py",
        f"O'Neil, Pat/{LESSON}/data/a.csv",
        f"mooremary/{LESSON}/figure-2.png",
        f"kim.lee/{LESSON}/my work.ipynb",
        *(
            f"{name}/{LESSON}/timestamp.txt"
            for name in ("jdoe", "kim.lee", "Ben Bright")
        ),
    }


def test_times_are_those_of_the_names(collected):
    run, _ = collected
    for student, time in {
        "jdoe": "2026-11-21 10:11:12",
        "Ben Bright": "2026-11-20 10:11:00",
    }.items():
        path = run / "submitted" / student / LESSON / "timestamp.txt"
        assert path.read_text() == time


def test_what_is_not_understood_is_listed(collected):
    _, log = collected
    lines = [line for line in log.splitlines() if "Not collected: " in line]
    assert [line.split("Not collected: ")[1] for line in lines] == ["homework.ipynb"]
    assert "Files that were not collected: 1." in log
    assert "several of the name Doe Jane" in log
    assert "jdoe: of several attempts that of 2026-11-21 10:11:12 counts" in log


def test_the_checkout_stays_clean(collected):
    shown = subprocess.run(
        ["git", "check-ignore", "course/downloaded/x/archive/y.zip"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if shown.returncode == 128:
        pytest.skip("no git checkout")
    assert shown.stdout.strip()
    assert not (ROOT / "downloaded").exists()


def test_a_pattern_of_ones_own_goes_first(tmp_path):
    archive = tmp_path / "downloaded" / LESSON / "archive"
    archive.mkdir(parents=True)
    (archive / "a_bitdiddle_attempt_2016-01-30-15-00-00_problem1.ipynb").write_text("")
    # the example of nbgrader's documentation
    regexp = r".*_(?P<student_id>\w+)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>\w+)"
    option = f"--FileNameCollectorPlugin.named_regexp={regexp}"
    nbgrader(ROOT, tmp_path, "zip_collect", LESSON, option)
    folder = tmp_path / "submitted" / "bitdiddle" / LESSON
    assert {p.name for p in folder.iterdir()} == {"problem1.ipynb", "timestamp.txt"}


@pytest.mark.parametrize(
    "name", [f".._1{FILE}x.ipynb", f"[a]_1{FILE}x.ipynb", "x.ipynb", "a/b/x.ipynb"]
)
def test_nobody_is_called_a_path_or_a_pattern(name):
    assert read(name, PATTERNS) is None


def extract(tmp_path, files):
    source, target = tmp_path / "archive", tmp_path / "extracted"
    source.mkdir()
    for name, content in files.items():
        (source / name).write_bytes(content)
    extractor = LmsExtractor()
    extractor.extract(str(source), str(target))
    found = {p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()}
    return found, dict(extractor.lost)


def test_a_hostile_zip_stays_in_its_folder(tmp_path):
    inside = {"../../up": "x", "/etc/abs": "x", "..\\win": "x", "a\x1b[2J\nb": "x"}
    found, _ = extract(tmp_path, {"x.zip": zipped(inside)})
    assert found == {"x/up", "x/etc/abs", "x/win", "x/a\N{REPLACEMENT CHARACTER}[2J b"}
    assert not (tmp_path / "up").exists()


def test_a_bomb_is_cut_off_and_named(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.nbgrader.archives.LONGEST", 1_000_000)
    monkeypatch.setattr("grader.nbgrader.archives.MOST", (10, 3))
    inner = zipped({f"f{n}": "" for n in range(9)} | {"z": "x"})
    bomb = {"bomb": "\0" * 3_000_000, "fine": "x", "inner.zip": inner}
    deep = zipped({"a": "x"})
    for _ in range(5):
        deep = zipped({"deep.zip": deep})
    found, lost = extract(
        tmp_path, {"x.zip": zipped(bomb), "deep.zip": deep, "torn.zip": deep[:40]}
    )
    assert found == {
        *("x/fine", "x/inner/f0", "x/inner/f1", "x/inner/f2"),
        "deep/deep/deep/deep.zip",
    }
    assert lost["bomb"] == "more than 1,000,000 bytes"
    assert "too much in it" in lost["inner.zip"]
    assert "torn.zip" in lost


def test_a_tar_has_files_and_nothing_else(tmp_path):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for kind, name in ((tarfile.SYMTYPE, "link"), (tarfile.FIFOTYPE, "pipe")):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
        entry = tarfile.TarInfo("deep/own.py")
        entry.size = 5
        archive.addfile(entry, io.BytesIO(b"x = 1"))
    found, _ = extract(tmp_path, {"x.tar.gz": content.getvalue()})
    assert found == {"x/deep/own.py"}
    assert (tmp_path / "extracted" / "x/deep/own.py").read_text() == "x = 1"
