"""`make lab`: a working copy of the lessons, which is never written over."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from resnet_data._picture import LARGEST_FILE
from tests.browser import lab_options

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
LESSON = "01_residual_networks"


def copy_lessons(folder):
    make = (ROOT / "Makefile").read_text("utf-8")
    recipe = make.split("\nlessons:\n")[1].split("\n\n")[0]
    place = re.search(r"^LAB := (.*)$", make, re.MULTILINE)
    assert place is not None
    script = re.sub(r"^\t@?", "", recipe, flags=re.MULTILINE)
    script = script.replace("$(LAB)", place[1]).replace("$$", "$")
    subprocess.run(["sh", "-ec", script], cwd=folder, check=True)
    return folder / place[1] / LESSON


def test_the_copy_is_made_once_and_keeps_what_is_written_there(tmp_path):
    shutil.copytree(ROOT / "assignments" / LESSON, tmp_path / "assignments" / LESSON)
    lab = copy_lessons(tmp_path)
    given = tmp_path / "assignments" / LESSON
    files = {path.relative_to(given) for path in given.rglob("*")}
    assert files == {path.relative_to(lab) for path in lab.rglob("*")}
    (lab / "residual_networks.ipynb").write_text("mine")
    (lab / "resnets_utils.py").unlink()
    copy_lessons(tmp_path)
    assert (lab / "residual_networks.ipynb").read_text() == "mine"
    assert not (lab / "resnets_utils.py").exists()
    assert not (lab / LESSON).exists()


def test_git_does_not_see_the_copy():
    done = subprocess.run(["git", "check-ignore", "-q", "course/lab/x"], cwd=ROOT)
    assert done.returncode in (0, 128), "128: not a git checkout"


def test_lab_takes_the_largest_picture_that_the_upload_button_may_send():
    (settings,) = (word for word in lab_options() if "tornado_settings" in word)
    room = ast.literal_eval(settings.partition("=")[2])["websocket_max_message_size"]
    assert room > LARGEST_FILE + 2**20, "the message has more than the picture"
