"""Single faults of the tables of lesson 1: what there is, and that each is one."""

import pytest

from grader.judge.network.dialect import KERAS
from grader.judge.network.faults import faults
from grader.judge.network.rows import Argument, Part, Row, Table
from grader.judge.network.specify import spec_of
from grader.lessons.residual_networks import BLOCKS, CONVOLUTIONAL_BLOCK, RESNET50
from tests.lessons.built import content

SHOWN = {"f": 2, "filters": [2, 4, 6], "stage": 1, "block": "a"}
TABLES = [*((table, SHOWN) for table in BLOCKS.values()), (RESNET50, {})]
CHANGES = {
    "first.conv": ("filters=2", "filters=F2", "kernel_size=2", "strides=2",
                   "padding='same'", "use_bias=False", "left out", "twice",
                   "filters of second.conv", "the name of second.conv",
                   "another name", "no name", "a name without the argument"),
    "first.relu": ("tanh", "after input", "after second.conv", "left out"),
    "second.conv": ("kernel_size=2", "padding='valid'", "after first.norm"),
    "sum": ("Concatenate", "after end", "left out", "the last"),
}  # fmt: skip


def built(table, arguments):
    return spec_of(table, arguments, KERAS, channels=6).graph


@pytest.mark.parametrize("key", CHANGES)
def test_what_a_learner_may_get_wrong_is_there(key):
    found = {f.change for f in faults(CONVOLUTIONAL_BLOCK, SHOWN) if f.key == key}
    assert set(CHANGES[key]) <= found


@pytest.mark.parametrize(
    ("table", "shown"), TABLES, ids=lambda each: getattr(each, "name", "")
)
def test_each_is_another_network_under_some_arguments(table, shown):
    others = {"f": 3, "filters": [5, 7, 9], "stage": 4, "block": "c", "s": 4}
    others = others if shown else {"classes": 11}
    calls = [shown, others]
    right = [content(built(table, each)) for each in calls]
    same = [
        fault.id
        for fault in list(faults(table, shown))[:: 1 if shown else 7]
        if [content(built(fault.table, each)) for each in calls] == right
    ]
    assert same == []


def test_the_relu_after_a_sum_is_also_before_it():
    moved = next(
        fault
        for fault in faults(BLOCKS["identity_block"], SHOWN)
        if (fault.key, fault.change) == ("sum", "after end")
    )
    graph = built(moved.table, SHOWN)
    last = graph.nodes[graph.output]
    assert last.kind == "Add"
    assert [graph.nodes[source].kind for source in last.sources] == [
        "Activation",
        "Input",
    ]


def test_the_order_of_a_concatenation_is_a_fault_and_that_of_a_sum_is_none():
    part, width = Part("main path"), Argument("width", "whole")
    for kind, asked in (("Concatenate", 1), ("Add", 0)):
        rows = (
            Row("first", "Flatten", part),
            Row("second", "Flatten", part, after=("input",)),
            Row("join", kind, part, after=("first", "second")),
        )
        found = faults(Table("f", (width,), rows), {"width": 2})
        assert [f.change for f in found].count("in another order") == asked
