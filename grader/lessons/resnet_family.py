"""Lesson 4: the five networks of table 1, their blocks, and what they cost."""

from collections.abc import Mapping
from typing import Any

from grader.challenge import challenge_rng
from grader.judge.calls import calls_of, paired_calls
from grader.judge.network.decide import decide
from grader.judge.network.dialect import KERAS
from grader.judge.network.examine import Examined, Trial, examine
from grader.judge.network.graph import Graph
from grader.judge.network.specify import spec_of
from grader.judge.verdict import Verdict
from grader.lessons import (
    _family_counts,
    _family_plan,
    _family_plan_verdict,
    _family_shortcut,
)
from grader.lessons._family_inline import with_calls_for_zeros
from grader.lessons._lesson import Check, Lesson
from grader.lessons.family import (
    BLOCKS,
    DEFAULT_OPTION,
    EXPANSION,
    POLICY,
    SHORTCUT,
    without_idle_shortcuts,
)

_SIZES = ((4, 4), (7, 6), (5, 8))


def _block_challenge(function: str):
    def challenge(seed: str) -> dict[str, Any]:
        rng = challenge_rng(seed, "arguments", function)
        own = DEFAULT_OPTION[function]
        shown = {"filters": 4, "s": 2, "option": "B"}
        calls = [_call("shown", [6, 6, 6], shown, training=True)]
        calls.append(
            _call("unchanged", [6, 4, 8], {"filters": 8 // EXPANSION[function]})
        )
        for name, s, option in (("A", 3, "A"), ("C", 1, "C"), (own, 1, None)):
            # once as shown: a fixed number of filters does not stop everything
            filters = 4 if name == "A" else int(rng.choice([3, 5, 7]))
            # Option A has no fewer channels after the block than before
            channels = int(rng.choice([1, 2, 3]))
            height, width = (int(n) for n in rng.choice([5, 7, 8, 9], 2, replace=False))
            arguments: dict[str, Any] = {"filters": filters, "s": s}
            if option is None:
                arguments = {"filters": filters}
            else:
                arguments["option"] = option
            if name == "C":
                channels = filters * EXPANSION[function]
            shape = [height, width, channels]
            calls.append(_call(f"other_{len(calls)}", shape, arguments))
        return {
            "function": function,
            "seed": seed,
            "returns": "tensor",
            "stand_ins": {"shortcut": SHORTCUT.signature(aliases=True)},
            "calls": calls,
        }

    return challenge


def _call(
    name: str, shape: list[int], arguments: dict[str, Any], *, training: bool = False
) -> dict[str, Any]:
    return {
        "id": name,
        "input_shape": shape,
        "arguments": arguments,
        "batch": 2,
        "initial": False,
        "training": training,
    }


def _examine_block(
    function: str, call: Mapping[str, Any], captured: Mapping[str, Any], seed: str
) -> Examined:
    arguments, channels = call["arguments"], call["input_shape"][-1]
    s, called = arguments.get("s", 1), calls_of(captured, "shortcut")
    table = BLOCKS[function, called]
    spec = spec_of(table, arguments, KERAS, channels=channels, policy=POLICY)
    sizes = [(*size, channels) for size in _SIZES]
    shape = tuple(call["input_shape"])
    trial = Trial(call["id"], spec, shape, call["batch"], sizes, usual=s in (1, 2))

    def rewrite(graph: Graph) -> Graph:
        graph = graph if called else with_calls_for_zeros(graph)
        return without_idle_shortcuts(graph)

    return examine(trial, captured, seed, rewrite)


def _judge_block(challenge: Mapping[str, Any], capture: Mapping[str, Any]) -> Verdict:
    function = challenge["function"]
    seed = challenge["seed"]
    examined = [
        _examine_block(function, call, captured, seed)
        for call, captured in paired_calls(challenge, capture)
    ]
    built = [e for e in examined if e.graph is not None]
    if examined[0].graph is None and built:
        # A block without its shortcut can be built where dimensions stay
        examined = [*built, *(e for e in examined if e.graph is None)]
    return decide(function, examined, asked="the block's output tensor")


def _judged_by(judge):
    def judged(challenge: Mapping[str, Any], capture: Mapping[str, Any]) -> Verdict:
        return judge(challenge, paired_calls(challenge, capture))

    return judged


def _block_checks(function: str) -> tuple[Check, ...]:
    return (
        Check(f"{function}-layers", function, 8, "layers, the shortcut's arguments"),
        Check(f"{function}-wiring", function, 8, "what feeds what"),
        Check(f"{function}-values", function, 4, "other arguments and inputs"),
    )


LESSON = Lesson(
    name="04_resnet_family",
    notebook="resnet_family",
    title="The family of residual networks",
    checks=(
        Check("shortcut-A", "shortcut", 7, "pooling and zeros"),
        Check("shortcut-B", "shortcut", 5, "projection where dimensions change"),
        Check("shortcut-C", "shortcut", 3, "projection everywhere"),
        *_block_checks("basic_block"),
        *_block_checks("bottleneck_block"),
        Check("resnet-plan", "resnet", 17, "five depths: blocks and arguments"),
        Check("resnet-layers", "resnet", 4, "the layers around the blocks"),
        Check("resnet-values", "resnet", 4, "options, image sizes, class numbers"),
        Check("count_params-values", "count_params", 8, "parameters of models"),
        Check("count_flops-values", "count_flops", 12, "multiply-adds of models"),
    ),
    challenges={
        "shortcut": _family_shortcut.challenge,
        "basic_block": _block_challenge("basic_block"),
        "bottleneck_block": _block_challenge("bottleneck_block"),
        "resnet": _family_plan.challenge,
        "count_params": _family_counts.challenge("count_params"),
        "count_flops": _family_counts.challenge("count_flops"),
    },
    judges={
        "shortcut": _judged_by(_family_shortcut.judge),
        "basic_block": _judge_block,
        "bottleneck_block": _judge_block,
        "resnet": _judged_by(_family_plan_verdict.judge),
        "count_params": _family_counts.judge_parameters,
        "count_flops": _family_counts.judge_multiply_adds,
    },
)
