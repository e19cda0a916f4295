"""The calls of `resnet`: a public one for each depth, and hidden ones."""

from typing import Any

from grader.challenge import challenge_rng
from grader.lessons.family import BLOCKS, EXPANSION, PLANS


def challenge(seed: str) -> dict[str, Any]:
    """A call for each depth, then some with other options, sizes and classes."""
    rng = challenge_rng(seed, "arguments", "resnet")
    calls = [
        _call(f"depth_{depth}", depth, [64, 64, 3], {"classes": 6}) for depth in PLANS
    ]
    shapes = [[96, 64, 1], [64, 96, 4], [32, 64, 3]]
    for number, (depth, option) in enumerate(((34, "B"), (50, "A"), (18, "C"))):
        arguments = {"classes": int(rng.integers(7, 30)), "option": option}
        calls.append(_call(f"other_{number}", depth, shapes[number], arguments))
    calls.append(_call("defaults", 18, [224, 224, 3], {}, defaults=True))
    return {
        "function": "resnet",
        "seed": seed,
        "returns": "model",
        "stand_ins": {
            name: BLOCKS[name, True].signature(aliases=True) for name in EXPANSION
        },
        "needs_calls": True,
        "calls": calls,
    }


def _call(
    name: str,
    depth: int,
    shape: list[int],
    arguments: dict[str, Any],
    *,
    defaults: bool = False,
) -> dict[str, Any]:
    given = {} if defaults else {"input_shape": shape}
    return {
        "id": name,
        "input_shape": shape,
        "arguments": {"depth": depth, **given, **arguments},
        "batch": 1 if defaults else 2,
        "initial": False,
        "training": name == "depth_18",
    }
