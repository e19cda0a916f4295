"""The lessons, by the name of their folder; each is loaded when it is asked for.

Beside those of the course there may be others: an installed package has them as entry
points of the group `resnet_course.lessons`, such as

    [project.entry-points."resnet_course.lessons"]
    06_small_vgg = "small_vgg:LESSON"
"""

from grader.exercise.catalogue import Catalogue
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
#: By name; the course's own come first.
LESSONS = Catalogue(__name__, NAMES, GROUP)


def get_lesson(name: str) -> Lesson:
    """Returns a lesson.

    Raises:
        KeyError: if there is none of that name; the message lists those there are.
    """
    return LESSONS[name]
