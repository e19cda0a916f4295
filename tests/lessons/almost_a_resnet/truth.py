"""The faults of the published network, in the clear, and what each is worth.

`python -m tests.lessons.almost_a_resnet.truth` prints the digests by which the lesson
knows
them: what learners install has no more than these.
"""

import re
from collections.abc import Iterator

from grader.lessons.almost_a_resnet import ANSWER_KEY

TRUTH = (
    ("identity_block.third", "extra ReLU", 3),
    ("identity_block.merge", "concatenates", 3),
    ("convolutional_block.third", "extra ReLU", 3),
    ("convolutional_block.merge", "concatenates", 3),
    ("4b", "filters", 1),
    ("4c", "filters", 1),
    ("4d", "filters", 1),
    ("4e", "filters", 1),
    ("4f", "filters", 1),
    ("all layers", "unnamed", 3),
)
#: Characters between a place and a fault that are told together.
_NEAR = 120
RIGHT = tuple((place, fault) for place, fault, _ in TRUTH)


def digests() -> Iterator[tuple[str, str, str]]:
    """Digests of pair, place, and fault within its area, a row for each fault."""
    for place, fault in RIGHT:
        area = ANSWER_KEY.area(place)
        yield (ANSWER_KEY.pair(place, fault), ANSWER_KEY.place(place), ANSWER_KEY.near(area.name, fault))


def told(text: str) -> list[tuple[str, str]]:
    """The faults that a text tells: in quotes, a few words from their places."""
    quoted = re.compile(r"""(?<=["'`])[\w. ]+?(?=\\?["'`])""")
    words = [(match.start(), match[0]) for match in quoted.finditer(text)]
    places = {place for place, _ in RIGHT}
    faults = {fault for _, fault in RIGHT}
    near = {
        (place, fault)
        for start, place in words
        if place in places
        for end, fault in words
        if fault in faults and abs(start - end) <= _NEAR
    }
    return sorted(near & set(RIGHT))


if __name__ == "__main__":
    for row in digests():
        print(*map(repr, row), sep=", ")
