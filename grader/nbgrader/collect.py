"""Whose file it is, by the name that a learning platform gave it."""

import contextlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.plugins import FileNameCollectorPlugin
from nbgrader.utils import find_all_notebooks, parse_utc
from traitlets import List, Unicode

from grader.escape import line
from grader.nbgrader.handed_in.handed_out import remember
from grader.nbgrader.handed_in.student_names import UnfitName, demand_name

#: The names of Moodle, Canvas (by name, then anonymous), Blackboard and Brightspace.
#: `who` is all that tells one student from another; `student_id` what they are called.
PATTERNS = [
    r"(?P<who>(?P<student_id>[^/]+?)_\d+)_assignsubmission_file(?:_/?|/)(?P<file_id>.+)",
    r"(?P<who>(?P<student_id>[^/_]+)_(?:LATE_)?\d+)_\d+_(?P<file_id>.+)",
    r"(?P<who>(?P<student_id>anon_[^/_]+))_(?:LATE_)?\d+_(?P<file_id>.+)",
    r"(?P<who>[^/]*?(?P<student_id>[^/_]+))_attempt_"
    r"(?P<timestamp>\d{4}(?:-\d\d){5})_(?P<file_id>.+)",
    r"(?P<who>\d+-\d+) ?- ?(?P<student_id>[^/]+?) ?- ?"
    r"(?P<timestamp>\w{3,9} \d{1,2}, \d{4} \d{3,4} [AP]M)(?: ?- ?|/)(?P<file_id>.+)",
]
#: What platforms add: texts typed into a page, a list of all.
ADDED = [
    r".*_assignsubmission_(onlinetext|comments)_.*",
    r".*_attempt_\d{4}(-\d\d){5}\.txt",
    r"(.*/)?index\.html?",
]
_TIMES = ("%Y-%m-%d-%H-%M-%S", "%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p")


@dataclass(frozen=True)
class Upload:
    """One student's file.

    Attributes:
        path: where it was unpacked.
        who: tells one student from another.
        student: what the student is to be called.
        name: the file's path in what the student handed in.
        time: when that was, where the name tells.
    """

    path: str
    who: str
    student: str
    name: str
    time: str = ""


class LmsCollector(FileNameCollectorPlugin):
    """Collects what learning platforms hand out, for `nbgrader zip_collect`.

    Where `named_regexp` is set it goes before the patterns. Of several attempts the
    last counts. What no pattern fits is left where it is, and listed.
    """

    patterns = List(
        Unicode(),
        PATTERNS,
        help="Regular expressions of a file's path in what was unpacked, with the "
        "groups who, student_id and file_id, and timestamp where there is one. The "
        "first that fits a path, or the end of one behind a slash, counts.",
    ).tag(config=True)
    valid_ext = List(
        Unicode(), [], help="Endings of the files that are collected; all if empty."
    ).tag(config=True)
    added = List(
        Unicode(), ADDED, help="Patterns of what the platform adds by itself."
    ).tag(config=True)

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Says whose file it is, under which name it goes, and when it came."""
        upload = self._plan.get(submitted_file)
        if upload is None:
            return None
        found = {"student_id": upload.student, "file_id": upload.name}
        return found | ({"timestamp": upload.time} if upload.time else {})

    @property
    def _plan(self) -> Mapping[str, Upload]:
        """All files' places: two students of one name are seen only side by side."""
        if not hasattr(self, "_planned"):
            self._planned = self._read_all()
        return self._planned

    def _read_all(self) -> Mapping[str, Upload]:
        app: Any = self.parent
        folder = Path(app._format_collect_path(app.extracted_directory))
        release = app.coursedir.format_path(
            app.coursedir.release_directory, ".", app.coursedir.assignment_id
        )
        regexps = [self.named_regexp] if self.named_regexp else []
        uploads, unknown = [], []
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            if self.valid_ext and path.suffix not in self.valid_ext:
                continue
            name = path.relative_to(folder).as_posix()
            upload = read(name, [*regexps, *self.patterns])
            if upload is not None:
                uploads.append(replace(upload, path=str(path)))
            elif not any(re.fullmatch(added, name) for added in self.added):
                unknown.append(name)
        for name in unknown:
            self.log.warning("Not collected: %s", name)
        if unknown:
            self.log.warning(
                "Files that were not collected: %d. No pattern fits their names, or "
                "the student's name can be no folder's. A pattern of your own goes "
                "into c.FileNameCollectorPlugin.named_regexp in nbgrader_config.py.",
                len(unknown),
            )
        placed, told = arrange(uploads, find_all_notebooks(release))
        for sentence in told:
            self.log.warning("%s", sentence)
        names = {u.student: Path(u.path).relative_to(folder) for u in reversed(placed)}
        remember(folder.parent, {who: name.as_posix() for who, name in names.items()})
        return {upload.path: upload for upload in placed}


def read(name: str, patterns: Sequence[str]) -> Upload | None:
    """Reads a path by the first pattern that fits; None where none does."""
    for pattern in patterns:
        found = re.fullmatch(rf"(?:.*?/)?{pattern}.*", name)
        groups = found.groupdict() if found else {}
        student = (groups.get("student_id") or "").strip()
        if not student or not groups.get("file_id"):
            continue
        try:
            demand_name(student)
        except UnfitName:
            return None
        time = _time(groups.get("timestamp") or "")
        who = groups.get("who") or student
        file = groups["file_id"]
        file += "" if Path(file).suffix else Path(name).suffix
        return Upload(name, who, student, file, time)
    return None


def _time(text: str) -> str:
    """A time as nbgrader reads it, in the platform's zone; empty for what is none."""
    for form in _TIMES:
        with contextlib.suppress(ValueError):
            return datetime.strptime(text, form).isoformat(" ")
    try:
        return parse_utc(text).isoformat(" ") if text else ""
    except (ValueError, OverflowError):
        return ""


def arrange(
    uploads: Sequence[Upload], released: Sequence[str]
) -> tuple[list[Upload], list[str]]:
    """Gives each file its place: students apart, the last attempt, the lesson's folder.

    Args:
        uploads: all that could be read.
        released: names of the lesson's notebooks.

    Returns:
        What is collected, and a sentence for each thing that somebody should know.
    """
    by_who = defaultdict[str, list[Upload]](list)
    for upload in uploads:
        by_who[upload.who].append(upload)
    names = defaultdict[str, set[str]](set)
    for who, own in by_who.items():
        names[own[0].student].add(who)
    placed, told = [], []
    for who, own in by_who.items():
        student = own[0].student
        if len(names[student]) > 1:
            told.append(f"There are several of the name {line(student)}: this is {who}")
            student = who
        last = max(upload.time for upload in own)
        kept = [upload for upload in own if upload.time == last]
        if len(kept) < len(own):
            told.append(f"{line(student)}: of several attempts that of {last} counts")
        for upload in _place(kept, student, released):
            if upload.name:
                placed.append(upload)
            else:
                told.append(f"{line(student)}: a second file of the same name is left")
    return placed, told


def _place(
    own: Sequence[Upload], student: str, released: Sequence[str]
) -> Iterator[Upload]:
    """One student's files, with the notebook's folder as the lesson's.

    A file for which there is no place has no name.
    """
    homes = [Path(u.name).parent for u in own if Path(u.name).name in released]
    home = homes[0] if len(homes) == 1 else Path()
    taken = {""}
    for upload in own:
        path = Path(upload.name)
        name = path.relative_to(home) if path.is_relative_to(home) else path
        # Canvas numbers a file that is handed in once more: notebook-1.ipynb
        plain = name.with_name(re.sub(r"-\d+(?=\.\w+$)", "", name.name)).as_posix()
        wanted = [plain] if plain in released else []
        wanted += [name.as_posix(), path.as_posix(), ""]
        free = next((each for each in wanted if each not in taken), "")
        taken.add(free)
        yield replace(upload, student=student, name=free)
