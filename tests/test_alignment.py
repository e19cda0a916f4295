"""Blocks in the wrong stage, values that are swapped, a shortcut that is not added.

Captures are made from tables, without TensorFlow.
"""

import pytest

from grader.judge.network.faults import faults
from grader.lessons import get_lesson
from tests.lessons.built import judged, table_of, with_counts, with_row

KERAS_1, KERAS_2, KERAS_5 = (
    ("01_residual_networks", 1.0),
    ("02_training_resnets", 1.0),
    ("05_almost_a_resnet", 15 / 40),
)
NETWORKS = {
    **{(name, "ResNet50"): scale for name, scale in (KERAS_1, KERAS_2, KERAS_5)},
    ("05_almost_a_resnet", "ResNet50Torch"): 15 / 40,
    ("04_resnet_family", "resnet"): 1.0,
}
SHIFTS = (
    {3: 1, 4: -1},
    {3: -1, 4: 1},
    {2: 1, 3: -1},
    {4: 1, 5: -1},
    {3: 1, 5: -1},
    {3: -1, 5: 1},
    {3: 2, 4: -2},
    {3: 1, 4: -2, 5: 1},
)
BLOCKS = {
    **{
        (name, function): scale
        for name, scale in (
            (KERAS_1[0], 1.0),
            (KERAS_2[0], 1.0),
            (KERAS_5[0], 15 / 30),
        )
        for function in ("identity_block", "convolutional_block")
    },
    (KERAS_5[0], "Bottleneck"): 20 / 30,
    ("04_resnet_family", "basic_block"): 1.0,
    ("04_resnet_family", "bottleneck_block"): 1.0,
}
each_network = pytest.mark.parametrize(("name", "function"), NETWORKS)
each_block = pytest.mark.parametrize(("name", "function"), BLOCKS)


def charged(outcome):
    """The findings that cost points; a check that has none left says so in others."""
    return [finding for finding in outcome.findings if finding.price]


def price(change, depths):
    """What a stage's blocks too many, or too few, cost: 5, and a little for more."""
    return 5 if depths else 5 + 3 * (abs(change) - 1)


@pytest.mark.parametrize(
    ("name", "function", "shift"),
    [
        (*network, shift)
        for network in NETWORKS
        # those of lesson 5 are large
        for shift in SHIFTS[: 2 if network[0] == KERAS_5[0] else None]
    ],
    ids=str,
)
def test_blocks_in_another_stage_cost_what_their_number_costs(name, function, shift):
    outcome = judged(name, function, with_counts(table_of(name, function), shift))
    depths = name.startswith("04")
    told = " ".join(finding.message for finding in charged(outcome))
    few = [n for n in shift if shift[n] < 0]
    many = [n for n in shift if shift[n] > 0]
    asked = sum(price(change, depths) for change in shift.values())
    if depths:
        asked = sum(5 + 2 * (len(stages) - 1) for stages in (few, many))
    assert outcome.lost == pytest.approx(asked * NETWORKS[name, function])
    assert len(charged(outcome)) == (2 if depths else len(shift))
    for stages, words in ((few, "few"), (many, "many")):
        for stage in stages:
            assert f"too {words} in stage {stage}" in told or (
                f"stage {stage} has" in told and f"too {words}" in told
            )
    assert "stand_in" not in told


@each_network
def test_the_first_block_of_a_stage_in_another_stage(name, function):
    """The first block of stage 4 is that of stage 3 once more."""
    table = table_of(name, function)
    (first,) = (row for row in table.rows if row.key == "3.0")
    (wrong,) = (row for row in table.rows if row.key == "4.0")
    settings = {**wrong.settings, **first.settings}
    outcome = judged(name, function, with_row(table, "4.0", settings=settings))
    assert outcome.lost <= 10 * NETWORKS[name, function] + 1e-9
    looks = {finding.look.rstrip(".")[-7:] for finding in charged(outcome)}
    assert looks <= {"stage 3", "stage 4"}


@each_network
def test_filters_of_two_stages_swapped_are_one_slip(name, function):
    table = table_of(name, function)
    rows = {row.key: row for row in table.rows}
    for one, other in (("3.1", "4.1"), ("4.1", "3.1")):
        filters = {**rows[one].settings, "filters": rows[other].settings["filters"]}
        table = with_row(table, one, settings=filters)
    outcome = judged(name, function, table)
    (finding,) = charged(outcome)
    assert "swapped" in finding.message
    assert finding.price <= 8 * NETWORKS[name, function] + 1e-9


@each_block
def test_swapped_values_are_one_slip_and_told_as_swapped(name, function):
    table = table_of(name, function)
    shown = get_lesson(name).challenge(function, "built")["calls"][0]["arguments"]
    swaps = [
        fault
        for fault in faults(table, shown)
        if fault.change.startswith(("filters of", "strides of", "kernel_size of"))
        if not fault.change.endswith(("shortcut", "shortcut.conv"))
    ]
    told = {}
    for fault in swaps:
        outcome = judged(name, function, fault.table)
        if outcome and outcome.findings:  # shapes fit, and values differ
            told[fault.id] = [(f.price, f.message) for f in charged(outcome)]
    for findings in told.values():
        ((points, message),) = findings
        assert "swapped" in message
        assert "The same" not in message
        assert points == pytest.approx(6 * BLOCKS[name, function])


def sum_of_one_path(name, function, which):
    """A block that adds the main path, or the shortcut, to itself."""
    table = table_of(name, function)
    (row,) = (row for row in table.rows if row.kind == "Add")
    path = row.after[which]
    return judged(name, function, with_row(table, "sum", after=(path, path)))


@each_block
def test_a_sum_of_the_main_path_with_itself_is_one_slip(name, function):
    (finding,) = charged(sum_of_one_path(name, function, 0))
    assert finding.price == pytest.approx(15 * BLOCKS[name, function])
    assert finding.layer == "the addition"
    assert "twice" in finding.message
    assert "missing" not in finding.message


@each_block
def test_a_main_path_that_is_not_there_is_not_said_to_work_as_shown(name, function):
    outcome = sum_of_one_path(name, function, 1)
    assert charged(outcome)
    assert all("works only as" not in finding.message for finding in outcome.findings)
