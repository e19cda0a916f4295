"""Where a checkout may lie, and one sentence where nbgrader could not work."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from grader import doctor
from grader.nbgrader.grading.course import Course, CourseError
from grader.nbgrader.ground import gradebook_file, gradebook_url, prepare, problem

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
ODD = "a {b} %20 #1 'q' \"q\" $1 ~ ü&;=+,@!()^"


def small_course(folder):
    """A checkout with the configuration and one lesson of a cell."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(
        ROOT / "solutions/04_resnet_family", folder / "solutions/04_resnet_family"
    )
    return folder


@pytest.fixture
def run(commands):
    """Runs `grader ...` or `nbgrader ...` in a checkout."""

    def run(folder, program, *arguments, cold=False, **environment):
        program = [sys.executable, "-m", program] if cold else [commands / program]
        return subprocess.run(
            [*program, *arguments],
            capture_output=True,
            check=False,
            cwd=folder,
            encoding="utf-8",
            env=os.environ | environment,
        )

    return run


@pytest.mark.parametrize("name", [ODD, "a?b", "a:b", "%41", "a\\b"])
def test_a_gradebook_lies_where_its_path_says(name, tmp_path, monkeypatch):
    scripts = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{scripts}{os.pathsep}{os.environ['PATH']}")
    path = tmp_path / name / "gradebook.db"
    path.parent.mkdir()
    with Gradebook(gradebook_url(path), "course") as gradebook:
        gradebook.add_student("ada")
    assert [each.name for each in path.parent.iterdir()] == ["gradebook.db"]
    book = sqlite3.connect(path)
    assert book.execute("select id from student").fetchall() == [("ada",)]
    book.close()
    assert gradebook_file(gradebook_url(path)) == path


def test_an_odd_path_is_graded_in(tmp_path, run):
    """What nbgrader writes lies in it: names are no pattern and no template."""
    root = small_course(tmp_path / ODD)
    done = run(root, "nbgrader", "generate_assignment", "04_resnet_family")
    assert done.returncode == 0, done.stderr
    assert (root / "assignments/04_resnet_family/resnet_family.ipynb").is_file()
    assert (root / "course/gradebook.db").is_file()
    done = run(root, "nbgrader", "export")
    assert done.returncode == 0, done.stderr
    assert (root / "course/grades.csv").is_file()


def assert_told(done, *words):
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    for word in ("Error: ", *words):
        assert word in line


@pytest.mark.parametrize("name", ["[a]", "what?", "all*", "run/[1]"])
def test_a_path_that_nbgrader_takes_for_a_pattern(name, tmp_path):
    assert str(tmp_path / name) in problem(tmp_path, tmp_path / name, sys.prefix)
    assert not (tmp_path / name).exists()


def test_a_pattern_is_told_before_anything_is_graded(tmp_path, run):
    root = small_course(tmp_path / "[a]")
    assert_told(
        run(root, "nbgrader", "autograde", "04_resnet_family"), str(root), "rename"
    )
    assert_told(run(root, "grader", "autograde"), str(root), "rename")
    assert not (root / "course").exists()


def test_a_path_with_a_variable(tmp_path):
    """nbgrader never gets to the settings: it is told by what reads them itself."""
    root = small_course(tmp_path / "a$HOME")
    found = problem(root, root / "course", sys.prefix)
    assert f"the $ in {root}" in found
    with pytest.raises(CourseError, match="no settings there: rename"):
        Course(root)


def test_a_run_folder_that_cannot_be_written(tmp_path, run):
    root = small_course(tmp_path / "course")
    (tmp_path / "file").touch()
    place = str(tmp_path / "file" / "run")
    done = run(root, "nbgrader", "export", GRADER_RUN_FOLDER=place)
    assert_told(done, place, "not a directory", "GRADER_RUN_FOLDER")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_checkout_without_the_right_to_write(tmp_path):
    tmp_path.chmod(0o500)
    assert "permission denied" in problem(tmp_path, tmp_path / "course", sys.prefix)


def test_a_percent_sign_in_the_environment(tmp_path):
    found = problem(tmp_path, tmp_path / "course", "/home/100%/.venv")
    assert "/home/100%/.venv" in found
    assert problem(tmp_path / "100%", tmp_path / "100%", "/home/.venv") == ""


def test_what_is_right_is_made(tmp_path):
    assert prepare(tmp_path, "run") == tmp_path / "run"
    assert {each.name for each in (tmp_path / "run").iterdir()} == {"exchange", "logs"}


def test_another_python_does_not_go_on_without_the_configuration(tmp_path, run):
    root = small_course(tmp_path / "course")
    (root / "grader").mkdir()
    (root / "grader" / "__init__.py").write_text("raise ImportError('no grader')")
    done = run(root, "nbgrader", "autograde", "04_resnet_family", cold=True)
    assert_told(done, sys.executable, "(no grader)", ".venv/bin/nbgrader")


def test_settings_of_somebody_in_the_run_folder_end_it(tmp_path, run):
    root = small_course(tmp_path / "course")
    (root / "course").mkdir()
    (root / "course" / "nbgrader_config.py").write_text("c = get_config()")
    done = run(root, "nbgrader", "autograde", "04_resnet_family")
    assert_told(done, "is not the course's own", "without a sandbox")


def test_doctor_looks_at_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert doctor.check_course_folder().text.startswith("not in a checkout")
    root = small_course(tmp_path / "good")
    monkeypatch.chdir(root)
    assert doctor.check_course_folder() == doctor.Health(True, str(root / "course"))
    monkeypatch.chdir(small_course(tmp_path / "[bad]"))
    finding = doctor.check_course_folder()
    assert not finding.ok
    assert "for a pattern" in finding.text
    assert finding.remedy == "rename the folder, or move the course"
