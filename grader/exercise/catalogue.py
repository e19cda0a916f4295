"""Lessons by the name of their folder; each is loaded when it is asked for."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from grader.exercise.fault import LessonFault
from grader.exercise.lesson import Lesson


class Catalogue(Mapping[str, Lesson]):
    """A package's own lessons, and those that other packages have as entry points.

    Names load nothing: only asking for a lesson does. None of the others takes the
    place of an own one.

    Attributes:
        package: whose modules the own lessons are; each has the name of its folder,
            without the number.
        names: of the own lessons, which come first.
        group: of the entry points.
    """

    def __init__(self, package: str, names: Sequence[str], group: str) -> None:
        self.package, self.names, self.group = package, names, group
        self._loaded: dict[str, Lesson] = {}

    def __getitem__(self, name: str) -> Lesson:
        if name not in self:
            known = ", ".join(self)
            raise KeyError(f"there is no lesson {name!r}; the lessons are {known}")
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self.names or name in self._others

    def __iter__(self) -> Iterator[str]:
        yield from self.names
        yield from self._others

    def __len__(self) -> int:
        return len(self.names) + len(self._others)

    def fault(self, name: str) -> str:
        """Says why a lesson cannot be loaded; empty where it can."""
        try:
            self[name]
        except LessonFault as error:
            return str(error)
        return ""

    def shadowed(self) -> list[str]:
        """Says which entry points have the name of an own lesson, and so no lesson."""
        return [
            f"the entry point {entry.name} = {entry.value} of {self.group} has the "
            "name of one of the course's own lessons: take another"
            for entry in entry_points(group=self.group)
            if entry.name in self.names
        ]

    def sound(self, names: Iterable[str] | None = None) -> list[Lesson]:
        """The lessons that can be loaded.

        Args:
            names: of some; of all by default.
        """
        wanted = self if names is None else names
        return [self[name] for name in wanted if not self.fault(name)]

    def renew(self) -> None:
        """Looks for entry points anew, and loads each lesson anew."""
        self.__dict__.pop("_others", None)
        self._loaded.clear()

    @functools.cached_property
    def _others(self) -> dict[str, tuple[EntryPoint, ...]]:
        found: dict[str, tuple[EntryPoint, ...]] = {}
        for entry in entry_points(group=self.group):
            if entry not in found.get(entry.name, ()):
                found[entry.name] = (*found.get(entry.name, ()), entry)
        return {name: each for name, each in found.items() if name not in self.names}

    def _load(self, name: str) -> Lesson:
        if name in self.names:
            return import_module(f"{self.package}.{name.partition('_')[2]}").LESSON
        entry, *more = self._others[name]
        place = f"the entry point {name} = {entry.value} of {self.group}"
        if {entry.value} != {each.value for each in (entry, *more)}:
            values = " and ".join(each.value for each in (entry, *more))
            raise LessonFault(f"two packages have a lesson {name}: {values}")
        try:
            lesson = entry.load()
        except Exception as error:
            told = " ".join(str(error).split()) or "no message"
            kind = "" if type(error) is ValueError else f"{type(error).__name__}: "
            raise LessonFault(f"{place} cannot be loaded: {kind}{told}") from error
        if not isinstance(lesson, Lesson):
            raise LessonFault(
                f"{place} is no lesson but {type(lesson).__name__}: write `lesson_of`"
            )
        if lesson.name != name:
            raise LessonFault(
                f"{place} is the lesson {lesson.name!r}: one name for both"
            )
        return lesson
