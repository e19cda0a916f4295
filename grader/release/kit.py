"""The student kit: one zip that starts on Windows, macOS and Linux without make."""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from nbconvert.filters import markdown2html

from grader import __version__
from grader.lessons import Lesson

NAME = f"resnet-course-{__version__}"
WHEEL = f"resnet_course-{__version__}-py3-none-any.whl"

# beside what is in no wheel: pyproject.toml names it
_NOT_FOR_STUDENTS = ("release", "README.md", "__pycache__", "*.pyc")
_CONFIG = '''\
"""Settings for the Validate button."""

c = get_config()
c.Execute.timeout = 120
c.Execute.extra_arguments = ["--log-level=ERROR"]
c.Validator.width = 110
'''
_ENVIRONMENT = """\
name: resnet-course
channels:
  - conda-forge
dependencies:
  - python >=3.11,<3.14
  - graphviz
  - pip
  - pip:
      - ./{wheel}
"""
#: What running a lesson in its folder leaves there.
_LEFT_BEHIND = ("__pycache__", ".*", "*.weights.h5", "resnet50.png")
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Start here</title></head>
<body style="max-width: 44em; margin: 2em auto; padding: 0 1em; line-height: 1.5;
             font-family: sans-serif">
{body}
</body>
</html>
"""


def build_kit(root: Path, assignments: Path, lessons: Sequence[Lesson]) -> Path:
    """Writes the kit into `build/` of the checkout and returns its path.

    The same checkout gives the same bytes.

    Args:
        root: the checkout.
        assignments: folder with the student versions.
        lessons: those that the kit holds.

    Raises:
        subprocess.CalledProcessError: if the package does not build.
    """
    build = root / "build"
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        kit = Path(scratch, NAME)
        kit.mkdir()
        start = _start_page(lessons)
        shutil.copy(build_wheel(root, Path(scratch, "wheel"), start), kit)
        (kit / "START.md").write_text(start, "utf-8")
        page = _PAGE.format(body=markdown2html(start))
        (kit / "START.html").write_text(page, "utf-8")
        (kit / "environment.yml").write_text(_ENVIRONMENT.format(wheel=WHEEL))
        (kit / "nbgrader_config.py").write_text(_CONFIG)
        if (root / "LICENSE").exists():
            shutil.copy(root / "LICENSE", kit)
        for lesson in lessons:
            shutil.copytree(
                assignments / lesson.name,
                kit / lesson.name,
                ignore=shutil.ignore_patterns(*_LEFT_BEHIND),
            )
        return _zip(kit, build / f"{NAME}.zip")


def build_wheel(root: Path, folder: Path, readme: str) -> Path:
    """Builds the package as students get it, offline, with the locked backend."""
    tree = folder / "tree"
    ignore = shutil.ignore_patterns(*_NOT_FOR_STUDENTS)
    shutil.copytree(root / "grader", tree / "grader", ignore=ignore)
    shutil.copytree(
        root / "datasets",
        tree / "datasets",
        ignore=_only_shipped_data,
    )
    shutil.copy(root / "pyproject.toml", tree)
    (tree / "README.md").write_text(readme, "utf-8")
    if (root / "LICENSE").exists():
        shutil.copy(root / "LICENSE", tree)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d"]
    subprocess.run(
        [*command, str(folder)], cwd=tree, check=True, capture_output=True, text=True
    )
    return folder / WHEEL


def _only_shipped_data(folder: str, names: list[str]) -> set[str]:
    """The trained weights go along; data sets that somebody put there do not."""
    patterns = ["__pycache__", ".*"]
    if Path(folder).name != "model":
        patterns.append("*.h5")
    return shutil.ignore_patterns(*patterns)(folder, names)


def _start_page(lessons: Sequence[Lesson]) -> str:
    paths = (f"`{lesson.name}/{lesson.notebook}.ipynb`" for lesson in lessons)
    text = files("grader.release").joinpath("START.md").read_text("utf-8")
    listed = "\n".join(f"- {path}" for path in paths)
    return text.replace("{lessons}", listed).replace("{wheel}", WHEEL)


def _zip(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(folder.parent).as_posix()
                # The default date is that of the format's beginning: no clock in it.
                entry = zipfile.ZipInfo(name)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes())
    return target
