"""What is seen inside a sandbox: pairs of a place outside and a place inside.

Seen are the system's programs, this Python with its packages, and the capture half
of the course. Not seen is what no line here names.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.sandbox.environment import COURSE, DATA, START
from grader.sandbox.half import install

_PACKAGE = Path(__file__).resolve().parent.parent
#: in a checkout; an installed course has its data among the packages
_DATA = _PACKAGE.parent / "datasets"
_DATA_PACKAGE = "resnet_data"
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = (
    "alternatives",
    "fonts",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "timezone",
)
#: the parts of a Python installation; its folder may hold other things, too
_PYTHON = ("bin", "etc", "include", "lib", "lib64", "pyvenv.cfg", "share")
#: the code that starts kernels
STARTERS = (
    "anew.py",
    "birth.py",
    "confined.py",
    "fitness.py",
    "forking.py",
    "large.py",
    "libc.py",
    "parent.py",
    "start.py",
)
_USERS = {
    "group": "student:x:1000:\n",
    "hostname": "sandbox\n",
    "hosts": "127.0.0.1 localhost sandbox\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "passwd": "student:x:1000:1000:student:/scratch:/bin/sh\n",
}


@dataclass(frozen=True)
class Entry:
    """One thing that is seen.

    Attributes:
        inside: its path inside.
        kind: "read" (a file or folder, read-only), "write" (a folder), "link" or
            "empty" (an empty folder over whatever lies there).
        outside: its path outside; for a link, what it points to.
    """

    inside: str
    kind: str
    outside: str = ""


def install_course(folder: Path) -> None:
    """Writes the capture half, the code that starts kernels, and tiny /etc files."""
    install(folder / "course")
    start = folder / "course" / Path(START).name
    start.mkdir()
    for name in STARTERS:
        code = Path(__file__).with_name(name).read_bytes()
        (start / name).write_bytes(code)
    # where the data will lie: nothing can be made in what is seen read-only
    (folder / "course" / Path(DATA).name).mkdir()
    (folder / "etc").mkdir()
    for name, text in _USERS.items():
        (folder / "etc" / name).write_text(text, "utf-8")


def readable(path: Path) -> None:
    """Lets any user read what lies there, the sandbox's among them."""
    for each in (path, *path.rglob("*")):
        each.chmod(0o755 if each.is_dir() else 0o644)


def view(folder: Path, hidden: Sequence[Path] = ()) -> list[Entry]:
    """Lists what is seen; a later entry lies over an earlier one.

    Args:
        folder: where `install_course` wrote.
        hidden: folders that stay out of sight even if they lie in one that is seen.
    """
    entries = [*_system()]
    entries += [Entry(f"/etc/{n}", "read", str(folder / "etc" / n)) for n in _USERS]
    python = [*_python(sys.base_prefix), *_python(sys.prefix)]
    covered = [entry.inside for entry in (*entries, *python) if entry.kind == "read"]
    for path in hidden:
        if _below(str(path), covered):
            entries.append(Entry(str(path), "empty"))
    # An environment may lie in a folder that has just been hidden.
    entries += python
    entries += [*_links(sys.executable, [entry.inside for entry in entries])]
    course = folder / "course"
    if _below(str(_PACKAGE), covered) and _PACKAGE.parent.name == "site-packages":
        # Installed as a wheel: the half goes over the whole.
        entries.append(Entry(str(_PACKAGE), "read", str(course / "grader")))
    entries.append(Entry(COURSE, "read", str(course)))
    entries += _data()
    return entries


def _data() -> Iterator[Entry]:
    """The lessons' data, which students have as well; not how it was trained on."""
    if not (_DATA / _DATA_PACKAGE).is_dir():
        return
    yield Entry(DATA, "read", str(_DATA))
    for private in ("training", "__pycache__"):
        if (_DATA / _DATA_PACKAGE / private).is_dir():
            yield Entry(f"{DATA}/{_DATA_PACKAGE}/{private}", "empty")


def _system() -> Iterator[Entry]:
    for path in _SYSTEM:
        if os.path.islink(path):  # noqa: PTH114
            yield Entry(path, "link", os.readlink(path))  # noqa: PTH115
        elif Path(path).is_dir():
            yield Entry(path, "read", path)
    for name in _ETC:
        path = Path("/etc", name)
        if path.exists():
            yield Entry(str(path), "read", str(path.resolve()))


def _python(prefix: str) -> Iterator[Entry]:
    """The parts of one installation, under the name that Python knows and the real."""
    if _below(prefix, _SYSTEM):
        return
    for folder in dict.fromkeys((Path(prefix), Path(prefix).resolve())):
        for part in _PYTHON:
            path = folder / part
            if path.is_symlink():
                yield Entry(str(path), "link", str(path.readlink()))
            elif path.exists():
                yield Entry(str(path), "read", str(path))


def _links(executable: str, seen: Iterable[str]) -> Iterator[Entry]:
    """The links from the interpreter's name to itself that are not seen yet."""
    path, seen = Path(executable), list(seen)
    for _ in range(40):
        if not path.is_symlink():
            return
        target = path.readlink()
        if not _below(str(path), seen):
            yield Entry(str(path), "link", str(target))
        path = Path(os.path.normpath(path.parent / target))


def _below(path: str, folders: Iterable[str]) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in folders)
