"""Right networks that reach their blocks by another name, beside blocks that raise.

What a network calls is recorded however it comes by it, so that a wrong block is never
the network's mistake.
"""

import pytest

from grader.lessons import NAMES, get_lesson
from tests.lessons.edit import EVERY, edit
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow

KERAS_1, KERAS_2, TENSORS, FAMILY, LAST = NAMES
#: Lesson, network, what it calls, and edits: old text, new text.
ALIASES = [
    (
        *(KERAS_1, "ResNet50", "identity_block"),
        ("classes=6):", "classes=6, unit=identity_block):"),
        ("X = identity_block(", "X = unit("),
    ),
    (
        *(KERAS_2, "ResNet50", "identity_block"),
        ("def ResNet50(", "unit = identity_block\n\ndef ResNet50("),
        ("X = identity_block(", "X = unit("),
    ),
    (
        *(TENSORS, "block", "bottleneck"),
        ("scope='block'):", "scope='block', unit=bottleneck):"),
        ("out = bottleneck(", "out = unit("),
    ),
    (
        *(FAMILY, "basic_block", "shortcut"),
        ("def basic_block(", "way = [shortcut]\n\ndef basic_block("),
        ("X_shortcut = shortcut(", "X_shortcut = way[0]("),
    ),
    (
        *(LAST, "ResNet50", "identity_block"),
        ("def ResNet50(", "unit = identity_block\n\ndef ResNet50("),
        ("X = identity_block(", "X = unit("),
    ),
    (
        *(LAST, "ResNet50Torch", "Bottleneck"),
        ("classes=1000):", "classes=1000, unit=Bottleneck):"),
        ("Bottleneck(2048,", "unit(2048,"),
    ),
]


def raising(source):
    """A block that raises as soon as it is called."""
    if source.startswith("class"):
        return edit(source, "shortcut = x\n", "raise ValueError\n")
    return source.partition(":\n")[0] + ":\n    raise ValueError\n"


@pytest.mark.parametrize(
    ("name", "network", "block", "edits"),
    [(name, network, block, edits) for name, network, block, *edits in ALIASES],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_right_network_loses_nothing(name, network, block, edits):
    if get_lesson(name).lacking(network):
        pytest.skip("PyTorch is not installed")
    source = source_of(name)
    text = source.solution(network)
    for old, new in edits:
        text = edit(text, old, new, EVERY)
    wrong = raising(source.solution(block))
    for blocks in ({}, {block: wrong}):
        names = source.namespace(**{network: text}, **blocks)
        before = names[block]
        outcome = source.judge(network, names, "other names")
        assert outcome.lost == 0, outcome.first
        assert names[block] is before
