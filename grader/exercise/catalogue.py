"""Lessons by the name of their folder; each is loaded when it is asked for."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

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

    def renew(self) -> None:
        """Looks for entry points anew, and loads each lesson anew."""
        self.__dict__.pop("_others", None)
        self._loaded.clear()

    @functools.cached_property
    def _others(self) -> dict[str, EntryPoint]:
        found = {entry.name: entry for entry in entry_points(group=self.group)}
        return {name: entry for name, entry in found.items() if name not in self.names}

    def _load(self, name: str) -> Lesson:
        if name in self.names:
            return import_module(f"{self.package}.{name.partition('_')[2]}").LESSON
        entry = self._others[name]
        lesson = entry.load()
        if not isinstance(lesson, Lesson) or lesson.name != name:
            raise TypeError(
                f"the entry point {name} of {self.group} is to be the lesson of that "
                f"name; {entry.value} is {lesson!r:.80}"
            )
        return lesson
