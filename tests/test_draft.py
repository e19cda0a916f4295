"""Drafts of tables: what a captured solution builds, as rows."""

import pytest

from grader.judge.network.dialect import KERAS
from grader.judge.network.draft import draft
from grader.judge.network.graph import Graph, Node
from grader.judge.network.rows import Of
from grader.judge.network.specify import spec_of
from grader.lessons import residual_networks
from tests.lessons.built import content
from tests.own_lessons.dense_block.dense_block import DENSE_BLOCK
from tests.own_lessons.vgg.vgg import CLASSIFIER, CONV_STAGE

#: A function's table, and two calls under which it builds as many layers.
CASES = [
    (DENSE_BLOCK, [{"growth": 2, "layers": 3}, {"growth": 5, "layers": 3}]),
    (CONV_STAGE, [
        {"filters": 4, "count": 2, "stage": 1}, {"filters": 7, "count": 2, "stage": 3},
    ]),
    (CLASSIFIER, [{"classes": 10}, {"classes": 3}]),
    (residual_networks.CONVOLUTIONAL_BLOCK, [
        {"f": 2, "filters": [2, 4, 6], "stage": 1, "block": "a", "s": 2},
        {"f": 3, "filters": [5, 7, 8], "stage": 4, "block": "c", "s": 1},
    ]),
]  # fmt: skip


def graph(table, arguments):
    return spec_of(table, arguments, KERAS, channels=6).graph


def drafted(table, calls):
    source = draft(table.name, calls, [graph(table, each) for each in calls])
    names = {}
    exec(source, names)
    return names[table.name.upper()]


@pytest.mark.parametrize(
    ("table", "calls"), CASES, ids=lambda each: getattr(each, "name", "")
)
def test_the_rows_build_what_was_captured(table, calls):
    found = drafted(table, calls)
    for each in calls:
        assert content(graph(found, each)) == content(graph(table, each))


@pytest.mark.parametrize(
    ("table", "calls"), CASES, ids=lambda each: getattr(each, "name", "")
)
def test_one_call_gives_its_numbers(table, calls):
    found = drafted(table, calls[:1])
    assert not [
        v for row in found.rows for v in row.settings.values() if isinstance(v, Of)
    ]
    assert content(graph(found, calls[0])) == content(graph(table, calls[0]))


def test_arguments_stand_where_two_calls_show_them():
    text = draft("classifier", CASES[2][1], [graph(CLASSIFIER, c) for c in CASES[2][1]])
    assert '{"units": Of("classes")}' in text
    assert '{"units": 64}' in text


def test_what_follows_from_no_argument_is_told():
    graphs = [graph(CLASSIFIER, {"classes": n}) for n in (3, 7)]
    text = draft("classifier", [{"classes": 10}, {"classes": 10}], graphs)
    assert '{"units": 3}' in text
    assert "# units: 3 and 7" in text


def test_calls_of_different_depth_are_told():
    calls = [{"growth": 2, "layers": n} for n in (3, 2)]
    text = draft("dense_block", calls, [graph(DENSE_BLOCK, c) for c in calls])
    assert text.startswith("# The calls build 21 and 14 layers")


def test_a_layer_that_no_row_describes_is_told():
    nodes = (Node("Input"), Node("Permute", "turned", {"dims": (2, 1, 3)}, (0,)))
    source = draft("turned", [{}], [Graph(nodes, output=1)])
    assert "# there are no rows of the kind Permute" in source
    assert source.startswith("# No rows of the kind Permute")
