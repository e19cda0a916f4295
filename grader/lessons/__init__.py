"""The lessons of the course, by the name of their folder."""

from grader.lessons._lesson import Check, Lesson
from grader.lessons.almost_a_resnet import LESSON as _ALMOST_A_RESNET
from grader.lessons.residual_networks import LESSON as _RESIDUAL_NETWORKS
from grader.lessons.resnet_family import LESSON as _RESNET_FAMILY
from grader.lessons.resnet_from_tensors import LESSON as _RESNET_FROM_TENSORS
from grader.lessons.training_resnets import LESSON as _TRAINING_RESNETS

__all__ = ["LESSONS", "Check", "Lesson", "get_lesson"]

LESSONS: dict[str, Lesson] = {
    lesson.name: lesson
    for lesson in (
        _RESIDUAL_NETWORKS,
        _TRAINING_RESNETS,
        _RESNET_FROM_TENSORS,
        _RESNET_FAMILY,
        _ALMOST_A_RESNET,
    )
}


def get_lesson(name: str) -> Lesson:
    """Returns a lesson.

    Raises:
        KeyError: if there is none of that name; the message lists those there are.
    """
    try:
        return LESSONS[name]
    except KeyError:
        known = ", ".join(LESSONS)
        raise KeyError(
            f"there is no lesson {name!r}; the lessons are {known}"
        ) from None
