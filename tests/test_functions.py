"""Graded functions as data: what a lesson refuses, and what hidden calls guarantee."""

import json
from itertools import product

import pytest

from grader.exercise.function import Function, builds, lesson_of
from grader.exercise.ranges import Whole, call
from grader.judge.network import prices
from grader.judge.network.depths import Depths
from grader.judge.network.dialect import KERAS
from grader.judge.network.difference import Difference
from grader.judge.network.function import Network
from grader.judge.network.known import Known
from grader.judge.network.policy import Policy
from grader.judge.network.specify import spec_of
from grader.judge.verdict import Verdict
from grader.lessons import NAMES, get_lesson
from grader.lessons.family import BLOCKS, NETWORKS, POLICY
from grader.lessons.paper_networks import STAGES_50
from grader.lessons.resnet_family import _SHORTCUT as OPTIONS
from tests.conditional.blocks import functions as blocks
from tests.conditional.blocks import network_of

SEEDS = [f"seed {number}" for number in range(60)]
BLOCK = BLOCKS["basic_block", True]
CHECKS = (("layers", 8, "layers"), ("wiring", 8, "what feeds what"))
FUNCTIONS = [(name, f) for name in NAMES for f in get_lesson(name).functions]
BOTTLENECKS = [
    (name, f"{kind}_block")
    for name in (NAMES[0], NAMES[1], NAMES[4])
    for kind in ("identity", "convolutional")
]


def judge(challenge, capture):
    return Verdict(1.0, ())


def test_a_function_without_a_check_that_its_judge_charges_to_is_refused():
    shown = call("shown", 4, 4, 3, filters=3)
    with pytest.raises(ValueError, match=r"basic_block: it lacks checks .*: -values"):
        builds(Network(BLOCK, policy=POLICY), CHECKS, shown)
    checks = (*CHECKS, ("values", 4, "outputs"))
    assert builds(Network(BLOCK, policy=POLICY), checks, shown).checks == checks
    with pytest.raises(ValueError, match="-weights"):
        builds(Network(BLOCK), checks, shown)


def test_a_lesson_whose_network_charges_a_check_that_there_is_not_is_not_imported():
    """However its functions are written down: a charge would find nothing to pay."""
    shown, told = (call("shown", 4, 4, 3),), {"returns": "tensor", "stand_ins": {}}
    for judge in (
        Network(BLOCK, policy=POLICY).judge,
        Network(BLOCK, blocks={BLOCK.name: BLOCK}).judge,
        Depths({}, POLICY, (), 17, "").judge,
        OPTIONS.judge,
    ):
        with pytest.raises(ValueError, match="it lacks checks"):
            Function("f", CHECKS, shown, told, judge)


@pytest.mark.parametrize("plan", [True, False])
@pytest.mark.parametrize(
    "policy", [Policy(), POLICY, Policy(checks={"weight": "start", "training": "mode"})]
)
def test_a_network_says_all_checks_that_it_charges(policy, plan):
    blocks = {BLOCK.name: BLOCK} if plan else {}
    network = Network(NETWORKS[18] if plan else BLOCK, blocks=blocks, policy=policy)
    spec = spec_of(network.table, {"filters": 4}, KERAS, policy=policy)
    kinds = set(prices._KINDS) | {"name", "attr"}
    kinds -= set() if policy.seeded else {"weight"}
    for node, kind, shown in product(spec.graph.order, kinds, (True, False)):
        for attr in (*prices._ATTRS, *prices._PLAN, "dilation_rate"):
            name = attr if kind == "attr" else ""
            difference = Difference(kind, node, name, asked=(), found=())
            charged = prices.charge(spec, difference, shown=shown, plan=plan).check
            assert charged in network.charges, difference


def test_checks_of_a_policy_take_the_place_of_the_usual_ones():
    usual = Network(BLOCK, blocks={BLOCK.name: BLOCK})
    assert usual.charges == {"plan", "layers", "summary", "values"}
    own = {"weight": "start", "trainable": "start", "training": "mode"}
    network = Network(BLOCK, blocks={BLOCK.name: BLOCK}, policy=Policy(checks=own))
    assert network.charges == {"plan", "layers", "values", "start", "mode"}


def test_a_lesson_is_made_of_its_functions():
    double = Function(
        "double",
        (("values", 60, "outputs"), ("layers", 40, "layers")),
        (call("shown", 3, n=2), call("other", 3, n=Whole(5, 9))),
        {"capture": "values"},
        judge,
        needs="torch",
    )
    lesson = lesson_of("06_small", "small", "Small", (double,))
    assert [check.id for check in lesson.checks] == ["double-values", "double-layers"]
    assert lesson.points == 100
    assert lesson.needs == {"double": "torch"}
    challenge = lesson.challenge("double", "s")
    assert challenge["capture"] == "values"
    shown, other = challenge["calls"]
    assert shown["arguments"] == {"n": 2}
    assert 5 <= other["arguments"]["n"] <= 9


@pytest.mark.parametrize(("name", "function"), FUNCTIONS)
def test_challenges_are_plain_and_the_first_call_is_always_the_same(name, function):
    lesson = get_lesson(name)
    challenges = [lesson.challenge(function, seed) for seed in SEEDS[:5]]
    assert challenges[0] == lesson.challenge(function, SEEDS[0])
    for challenge in challenges:
        assert json.loads(json.dumps(challenge)) == challenge
        calls = challenge["calls"]
        assert len({own["id"] for own in calls}) == len(calls)
    models = function.startswith("count_")
    assert models or len({json.dumps(c["calls"][0]) for c in challenges}) == 1
    drawn = len({json.dumps(c["calls"]) for c in challenges})
    assert (drawn == 1) == (function == "diagnose")


@pytest.mark.parametrize(("name", "function"), BOTTLENECKS)
def test_hidden_calls_of_bottlenecks(name, function):
    changes = function.startswith("convolutional")
    for seed in SEEDS:
        shown, *hidden, again = get_lesson(name).challenge(function, seed)["calls"]
        assert again == {**shown, "id": "again"}
        others = [own for own in hidden if own["id"].startswith("other")]
        assert others[0].get("outputs", True)
        for number, other in enumerate(others):
            height, width, channels = other["input_shape"]
            filters = other["arguments"]["filters"]
            assert height != width
            assert len(set(filters)) == 3
            assert (channels in filters) != changes
            assert changes or channels == filters[-1]
            like_shown = filters[-1] == 6 and not any(n % 2 for n in filters)
            assert like_shown == (number == 0)
        sizes = [own["arguments"]["f"] for own in others if "f" in own["arguments"]]
        assert len(set(sizes)) == len(sizes)
        strides = [own["arguments"].get("s") for own in others]
        assert not changes or strides == [1, None, 3]


@pytest.mark.parametrize(("name", "function"), BOTTLENECKS)
def test_hidden_calls_have_all_arguments_of_the_network(name, function):
    changes = function.startswith("convolutional")
    for seed in SEEDS:
        calls = get_lesson(name).challenge(function, seed)["calls"]
        built = [own for own in calls if own["id"].startswith("filters")]
        assert not any(own["outputs"] for own in built)
        for own, stage in zip(built, STAGES_50, strict=True):
            given = own["arguments"]
            assert tuple(given["filters"]) == stage.filters
            assert given.get("f") in (None, 3 if stage.number < 4 else 1)
            assert given.get("s") == (stage.stride if changes else None)
            assert given.get("stage", stage.number) == stage.number
        letters = [own["arguments"].get("block") for own in calls[1:-1]]
        assert None in letters or changes or {*"bcdef"} <= {*letters}
        assert None in letters or not changes or "a" in letters


@pytest.mark.parametrize(("name", "function"), [*blocks()])
def test_who_renames_parameters_gets_each_argument_by_its_place(name, function):
    lesson, table = get_lesson(name), network_of(name, function).table
    names = [argument.name for argument in table.arguments]
    for own in lesson.challenge(function, SEEDS[0])["calls"]:
        given = list(own["arguments"])
        if not own.get("outputs", True):
            assert given == [name for name in names if name in given]


def test_a_known_value_is_told_where_it_is_asked_for_another():
    old = Known("filters", (((1, 2), (2, 2)), (1, 2)), "as in the draft", "See above")
    assert old.says("filters", (1, 2), (2, 2)) == (
        "filters are [1, 2], as in the draft. See above: [2, 2]"
    )
    assert old.says("filters", 1, 2) == "filters are 1, as in the draft. See above: 2"
    assert not old.says("filters", 2, 1)
    assert not old.says("strides", 1, 2)
