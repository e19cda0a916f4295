"""Blocks in the wrong stage, values that are swapped, a shortcut that is not added.

Captures are made from tables, without TensorFlow.
"""

import pytest

from grader.judge.network.align import align
from grader.judge.network.compare import compare
from grader.judge.network.faults import faults
from grader.judge.network.graph import Graph, Node
from grader.judge.network.lost import mended
from grader.judge.network.prices import price as price_of
from grader.judge.network.slips import group_by_slip
from grader.judge.network.specify import spec_of
from grader.judge.network.stages import recounted
from grader.judge.network.wording import sentence
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
# lesson 4's networks of several depths are judged by their calls alone
each_written_out = pytest.mark.parametrize(
    ("name", "function"), [key for key in NETWORKS if key[1] != "resnet"]
)
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


@pytest.mark.parametrize(
    ("name", "function"), [(KERAS_1[0], "ResNet50"), (KERAS_5[0], "ResNet50Torch")]
)
def test_filters_of_one_formula_are_one_slip(name, function):
    table = table_of(name, function)
    for row in table.rows:
        if row.kind == "Block":
            wide = tuple(8 * n for n in row.settings["filters"])
            table = with_row(table, row.key, settings={**row.settings, "filters": wide})
    outcome = judged(name, function, table)
    (finding,) = [f for f in charged(outcome) if "filters is" in f.message]
    assert finding.price == pytest.approx(12 * NETWORKS[name, function])


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


def sum_of_one_path(name, function, which, table=None):
    """A block that adds the main path, or the shortcut, to itself."""
    table = table or table_of(name, function)
    (row,) = (row for row in table.rows if row.kind == "Add")
    path = row.after[which]
    return judged(name, function, with_row(table, "sum", after=(path, path)))


@each_block
@pytest.mark.parametrize("which", [0, 1], ids=("main path", "shortcut"))
def test_a_sum_of_a_path_with_itself_is_one_slip(name, function, which):
    (finding,) = charged(sum_of_one_path(name, function, which))
    assert finding.price == pytest.approx(15 * BLOCKS[name, function])
    assert finding.layer == "the addition"
    assert "twice" in finding.message
    assert "missing" not in finding.message


@each_block
def test_what_a_sum_has_lost_is_judged_too(name, function):
    table = table_of(name, function)
    table = with_row(table, "first.conv", settings={"filters": 3, "kernel_size": 1})
    outcome = sum_of_one_path(name, function, 1, table)
    told = [finding.message for finding in charged(outcome)]
    assert any("twice" in message for message in told)
    assert any("filters" in message or "out_channels" in message for message in told)


def written_out(name, function, table):
    """A network whose blocks are written out."""
    lesson = get_lesson(name)
    call = lesson.challenge(function, "built")["calls"][0]
    dialect = lesson.judges[function].__self__.dialect
    channels = call["input_shape"][-1]
    return spec_of(table, call["arguments"], dialect, channels=channels, opened=True)


@pytest.mark.parametrize("shift", SHIFTS, ids=str)
@each_written_out
def test_blocks_that_are_written_out_are_counted_too(name, function, shift):
    table = table_of(name, function)
    spec = written_out(name, function, table)
    own = written_out(name, function, with_counts(table, shift)).graph
    found = recounted(spec, own)
    assert found is not None
    groups = group_by_slip(spec, found.slips, plan=True)
    prices_ = [price_of(spec, group, shown=True, plan=True) for group in groups]
    assert prices_ == [price(shift[n], False) for n in sorted(shift, key=shift.get)]
    told = " ".join(sentence(spec, group, shown=True) for group in groups)
    for stage, change in shift.items():
        assert f"too {'few' if change < 0 else 'many'} in stage {stage}" in told
    # and all else is as it is to be
    assert compare(found.spec, found.graph, align(found.spec, found.graph)) == []


@each_written_out
def test_blocks_that_are_written_out_and_right_are_left_alone(name, function):
    spec = written_out(name, function, table_of(name, function))
    assert recounted(spec, spec.graph) is None


@pytest.mark.parametrize(
    "nodes",
    [
        [Node("Add")],
        [Node("Add"), Node("Add", inputs=(0, 1))],
        [Node("Conv2D", inputs=(0,)), Node("Add", inputs=(0, 1, 1, 2.0))],
        [
            Node("Conv2D", inputs=(0,)),
            Node("Add", inputs=(0, 0)),
            Node("Add", inputs=(2, 2)),
        ],
        [Node("Add", inputs=(0, 0)), Node("Conv2D", inputs=(1,))],
        [Node("Activation", inputs=(0,)) for _ in range(1500)],
    ],
    ids=len,
)
def test_graphs_that_are_no_chain_of_blocks_are_left_alone(nodes):
    name = "02_training_resnets"
    spec = written_out(name, "ResNet50", table_of(name, "ResNet50"))
    graph = Graph((Node("Input"), *nodes), len(nodes))
    assert recounted(spec, graph) is None
    assert mended(spec, graph) is None
