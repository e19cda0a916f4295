"""The lessons, by the name of their folder; each is loaded when it is asked for.

Beside those of the course there may be others: an installed package has them as entry
points of the group `resnet_course.lessons`, such as

    [project.entry-points."resnet_course.lessons"]
    06_small_vgg = "small_vgg:LESSON"
"""

import functools
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from grader.exercise.lesson import Check, Lesson

__all__ = ["GROUP", "LESSONS", "NAMES", "Check", "Lesson", "get_lesson"]

#: The course's own. A lesson's module has the name of its folder, without the number.
NAMES = (
    "01_residual_networks",
    "02_training_resnets",
    "03_resnet_from_tensors",
    "04_resnet_family",
    "05_almost_a_resnet",
)
#: Entry points that are lessons.
GROUP = "resnet_course.lessons"


class _Lessons(Mapping[str, Lesson]):
    """All lessons. Names load nothing: only asking for a lesson does."""

    def __getitem__(self, name: str) -> Lesson:
        if name not in self:
            known = ", ".join(self)
            raise KeyError(f"there is no lesson {name!r}; the lessons are {known}")
        return _load(name)

    def __contains__(self, name: object) -> bool:
        return name in NAMES or name in _others()

    def __iter__(self) -> Iterator[str]:
        yield from NAMES
        yield from _others()

    def __len__(self) -> int:
        return len(NAMES) + len(_others())


#: By name; the course's own come first.
LESSONS: Mapping[str, Lesson] = _Lessons()


def get_lesson(name: str) -> Lesson:
    """Returns a lesson.

    Raises:
        KeyError: if there is none of that name; the message lists those there are.
    """
    return LESSONS[name]


@functools.cache
def _others() -> dict[str, EntryPoint]:
    """Lessons of other packages; none takes the place of the course's own."""
    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    return {name: entry for name, entry in found.items() if name not in NAMES}


@functools.cache
def _load(name: str) -> Lesson:
    if name in NAMES:
        return import_module(f"{__name__}.{name.partition('_')[2]}").LESSON
    entry = _others()[name]
    lesson = entry.load()
    if not isinstance(lesson, Lesson) or lesson.name != name:
        raise TypeError(
            f"the entry point {name} of {GROUP} is to be the lesson of that name; "
            f"{entry.value} is {lesson!r:.80}"
        )
    return lesson
