"""Tables with rounds, concatenations, and networks that call no block."""

from dataclasses import replace

import pytest

from grader.exercise.function import Function, lesson_of
from grader.exercise.ranges import call
from grader.judge.network.dialect import KERAS
from grader.judge.network.function import A_MODEL, Network
from grader.judge.network.graph import Graph, Node
from grader.judge.network.policy import Policy
from grader.judge.network.rewrites import opened
from grader.judge.network.rows import Argument, Of, Part, Row, Table
from grader.judge.network.specify import of_call, spec_of
from grader.judge.strict import CaptureError
from tests.lessons.outcome import Outcome
from tests.own_lessons.golden import Case
from tests.own_lessons.paper import captured

PART = Part("main path")
COUNT, WIDTH = Argument("count", "whole"), Argument("width", "whole")


def conv(key, **more):
    filters = {"filters": Of("width"), "kernel_size": 3, "padding": "same"}
    return Row(key, "Conv2D", PART, filters, **more)


ROUND = Table(
    "round",
    (WIDTH,),
    (conv("conv", name="conv{number}"), Row("relu", "ReLU", PART, label="the ReLU")),
)


def rounds(**changes):
    row = Row(
        "rounds", "Repeat", PART, {"width": Of("width")},
        calls=ROUND, times=Of("count"), inside="round {number}",
    )  # fmt: skip
    return replace(row, **changes)


def table(*rows):
    return Table("f", (COUNT, WIDTH), rows or (rounds(),))


def spec(asked, **arguments):
    return spec_of(asked, {"count": 2, "width": 4, **arguments}, KERAS)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_there_are_as_many_rounds_as_the_argument_says(count):
    found = spec(table(), count=count)
    names = [found.graph.nodes[i].name for i in found.graph.order]
    assert [name for name in names if name] == [f"conv{n}" for n in range(1, count + 1)]


def test_each_round_takes_what_the_one_before_gives():
    found = spec(table())
    assert found.keys == (
        "input", "rounds.1.conv", "rounds.1.relu", "rounds.2.conv", "rounds.2.relu",
    )  # fmt: skip
    assert [node.inputs for node in found.graph.nodes[1:]] == [(0,), (1,), (2,), (3,)]


def test_lines_say_which_round_it_is():
    found = spec(table())
    assert [line.where for line in found.lines[1:]] == [
        "round 1, main path", "round 1, main path",
        "round 2, main path", "round 2, main path",
    ]  # fmt: skip
    assert found.lines[4].label == "the ReLU of round 2"


def test_rows_after_the_rounds_take_the_last_ones_result():
    found = spec(table(rounds(), Row("end", "Flatten", PART)))
    assert found.graph.nodes[-1].inputs == (4,)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (lambda: rounds(times=None), "f, row 'rounds': `times` is for .* Repeat"),
        (lambda: rounds(times=Of("depth")), "no argument 'depth'"),
        (
            lambda: rounds(calls=None),
            "`calls` is for rows of the kinds Block and Repeat",
        ),
        (lambda: conv("conv", times=2), "f, row 'conv': `times` is for"),
    ],
)
def test_rounds_that_do_not_fit_are_refused(row, told):
    with pytest.raises(ValueError, match=told):
        table(row())


JOINED = Table(
    "joined",
    (WIDTH,),
    (
        conv("left", name="left"),
        conv("right", name="right", after=("input",)),
        Row("join", "Concatenate", PART, after=("left", "right"), label="the join"),
    ),
)
NET = Table(
    "net",
    (Argument("classes", "whole", 3),),
    (
        Row("pool", "GlobalAveragePooling2D", PART, label="the pooling"),
        Row("end", "Dense", PART, {"units": Of("classes")}, name="end"),
    ),
)
MORE = {"initial": False, "training": True}
CHECKS = tuple((part, 10, part) for part in ("layers", "wiring", "values"))
ANY = Policy(seeded=False)
LESSON = lesson_of(
    "99_small",
    "small",
    "Small",
    (
        Function(
            "joined",
            CHECKS,
            (call("shown", 4, 4, 2, width=3, more=MORE),),
            {"returns": "tensor", "stand_ins": {}},
            Network(JOINED, policy=ANY).judge,
        ),
        Function(
            "net",
            CHECKS,
            (
                call("shown", 4, 4, 2, input_shape=(4, 4, 2), classes=3, more=MORE),
                call("other", 6, 5, 1, input_shape=(6, 5, 1), classes=4, more=MORE),
            ),
            {"returns": "model", "stand_ins": {}},
            Network(NET, A_MODEL, ((4, 4), (6, 5)), policy=ANY).judge,
        ),
    ),
)


BLOCK = Table("one", (WIDTH,), (conv("conv", name="conv"),), width=Of("width"))
CALLER = replace(
    NET,
    rows=(
        conv("stem", name="stem"),
        Row("block", "Block", PART, {"width": Of("width")}, calls=BLOCK),
        *NET.rows,
    ),
    arguments=(WIDTH, *NET.arguments),
)


@pytest.mark.parametrize(
    ("kept", "opened", "lost"),
    [
        (("stem", "block", "pool", "end"), False, 0),
        (("stem", "block", "pool", "end"), True, 0),
        (("stem", "pool", "end"), False, 5),
    ],
)
def test_a_small_network_that_writes_its_block_out_is_no_stem_alone(kept, opened, lost):
    policy = Policy(seeded=False, checks={"trainable": "layers"})
    judge = Network(CALLER, A_MODEL, ((4, 4),), {"one": BLOCK}, policy=policy).judge
    shown = call("shown", 4, 4, 2, input_shape=(4, 4, 2), width=5, classes=3, more=MORE)
    checks = tuple((part, 10, part) for part in ("plan", "layers", "values"))
    returns = {"returns": "model", "stand_ins": {"one": BLOCK.signature()}}
    lesson = lesson_of(
        "99_small",
        "small",
        "Small",
        (Function("net", checks, (shown,), returns, judge),),
    )
    challenge = lesson.challenge("net", "own")
    rows = tuple(row for row in CALLER.rows if row.key in kept)
    arguments = challenge["calls"][0]["arguments"]
    spec = spec_of(
        replace(CALLER, rows=rows), arguments, KERAS, channels=2, opened=opened
    )
    outcome = Outcome(
        lesson.judge("net", challenge, captured("net", challenge, [spec]))
    )
    assert outcome.lost == lost, outcome.first


def test_two_branches_in_another_order_are_told():
    *rows, join = JOINED.rows
    other = replace(JOINED, rows=(*rows, replace(join, after=("right", "left"))))
    case = Case(LESSON, JOINED)
    assert case.judged(JOINED).lost == 0
    outcome = case.judged(other)
    assert outcome.lost == 8
    assert "The join takes right and left in this order" in outcome.first
    assert outcome.points["joined-wiring"] == 2
    asked = "`Concatenate` of `left` and `right`, in this order."
    assert outcome.findings[0].sentence == asked


def test_the_order_of_a_sum_does_not_matter():
    added = replace(JOINED.rows[-1], kind="Add")
    right = replace(JOINED, rows=(*JOINED.rows[:2], added))
    other = replace(added, after=added.after[::-1])
    judge = Network(right, policy=ANY).judge
    function = Function(
        "joined", CHECKS, (call("shown", 4, 4, 2, width=3, more=MORE),), {}, judge
    )
    case = Case(lesson_of("99_small", "small", "Small", (function,)), right)
    outcome = case.judged(replace(right, rows=(*right.rows[:2], other)))
    assert (outcome.lost, outcome.findings) == (0, [])


def test_a_network_without_blocks_is_judged_by_its_layers():
    case = Case(LESSON, NET)
    assert case.judged(NET).lost == 0
    wrong = [(f, case.judged(f.table)) for f in case.faults()]
    wrong = [(fault, outcome) for fault, outcome in wrong if outcome]
    assert len(wrong) > 8
    for fault, outcome in wrong:
        assert outcome.lost or (outcome.notes and case.harmless(fault)), fault.id


def recorded(count):
    """A call of a block with rounds, as a capture may have it."""
    attrs = {"function": "f", "count": count, "width": 4, "place": 0}
    return Node("Block", "block", attrs, (0,), operation=0)


@pytest.mark.parametrize("count", [1001, 4096, "many", None, 2.5])
def test_a_recorded_call_cannot_ask_for_any_number_of_rounds(count):
    with pytest.raises(CaptureError, match="is no call of a block"):
        of_call(recorded(count), {"f": table()})


def test_nor_can_many_calls():
    blocks = [replace(recorded(900), inputs=(n,)) for n in range(30)]
    graph = Graph((Node("Input"), *blocks), len(blocks))
    with pytest.raises(CaptureError, match="more than 20000 layers"):
        opened(graph, lambda node, n: of_call(node, {"f": table()}, n))
