"""All versions of all solutions: right ones, wrong ones, those of students."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.demo.students import students_of
from grader.demo.submissions import edited, solutions
from grader.lessons import NAMES
from tests.lessons import shown
from tests.lessons.source import Source, defines, in_folder, run, source_of

#: Students whose notebook stops before anything is captured.
_STOPPED = ("leo_syntax_error", "mia_endless_loop", "nils_torn_file")


@dataclass(frozen=True)
class Version:
    """One version of a lesson's solution.

    Attributes:
        lesson: its folder.
        kind: "solution", "release", "equivalent", "shown", "student" or "mutant".
        name: unique among versions of that kind and their functions.
        functions: those that are judged.
        sources: of functions that differ from the solution.
        after: source that runs after all functions.
    """

    lesson: str
    kind: str
    name: str
    functions: tuple[str, ...]
    sources: Mapping[str, str] = field(default_factory=dict)
    after: str = ""

    def names(self) -> dict[str, Any]:
        """Runs the version as a kernel would; returns what is then defined."""
        source = source_of(self.lesson)
        names = source.namespace(**self.sources)
        if self.after:
            with in_folder(source.folder):
                run(self.after, names, "<case>")
        return names


def all_versions() -> Iterator[Version]:
    """The versions of all lessons, a lesson's together."""
    for name in NAMES:
        source = source_of(name)
        yield from _whole(source)
        yield from _shown(source)
        yield from _students(source)
        yield from _equivalents(source)
        yield from _mutants(source)


def _whole(source: Source) -> Iterator[Version]:
    """The solution, and the release as nobody has touched it."""
    name, functions = source.lesson.name, source.lesson.functions
    yield Version(name, "solution", "without comments", functions)
    yield Version(name, "solution", "as it stands", functions, source.cells)
    for left in ("raise NotImplementedError()", "pass"):
        unsolved = {f: source.unsolved(f, left) for f in functions}
        yield Version(name, "release", left, functions, unsolved)


def _shown(source: Source) -> Iterator[Version]:
    name = source.lesson.name
    for lesson, function in shown.SHOWN:
        for otherwise in shown.OTHERWISE if lesson == name else ():
            text = shown.guarded(name, function, otherwise)
            yield Version(name, "shown", otherwise, (function,), {function: text})
    for lesson, function, line in (*shown.BY_HEART, *shown.ONE_FIXED):
        if lesson == name:
            text = shown.begun(name, function, line)
            yield Version(name, "shown", line, (function,), {function: text})


def _students(source: Source) -> Iterator[Version]:
    name, functions = source.lesson.name, source.lesson.functions
    code = solutions(source.solution_notebook, source.lesson)
    for student in students_of(name):
        if student.name not in _STOPPED:
            own = {**source.released, **edited(code, student)}
            yield Version(name, "student", student.name, functions, own)


def _equivalents(source: Source) -> Iterator[Version]:
    name = source.lesson.name
    for case, text in source.part("equivalents").CASES.items():
        touched = tuple(f for f in source.lesson.functions if defines(text, f))
        yield Version(name, "equivalent", case, touched, after=text)


def _mutants(source: Source) -> Iterator[Version]:
    name = source.lesson.name
    for m in source.part("mutants").MUTANTS:
        yield Version(name, "mutant", m.id, (m.function,), {m.function: m.source})
