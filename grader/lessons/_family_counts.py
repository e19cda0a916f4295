"""The judge of `count_params` and `count_flops`.

It counts a challenge's models by itself, and by the slips that people make, so that a
report can name the slip.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader.judge import mistakes
from grader.judge.finding import Finding
from grader.judge.strict import CaptureError
from grader.judge.verdict import Verdict, nothing
from grader.lessons._family_models import flops, params

POINTS = {"count_params": 8, "count_flops": 12}
_SLIP = {"count_params": 3, "count_flops": 4}
_SOME = {"count_params": 5, "count_flops": 8}
_FAILED = {"count_params": 3, "count_flops": 4}
MAX_COUNT = 10**15
_COUNT: Mapping[str, Callable[..., int]] = {
    "count_params": params,
    "count_flops": flops,
}
#: Wrong counts that have a reason: what to pass, and what to say.
_SLIPS: Mapping[str, tuple[tuple[dict[str, bool], str], ...]] = {
    "count_params": (
        ({"biases": False}, "biases are not counted"),
        ({"bias_where_none": True}, "a bias is counted where a layer has none"),
        ({"moving": False}, "the moving averages of batch normalisation are not "
         "counted, which no gradient trains but which the layer holds"),
        ({"learned": False, "moving": False}, "batch normalisation is not counted"),
        ({"learned": False}, "gamma and beta of batch normalisation are not counted"),
        ({"learned": False, "biases": False, "moving": False},
         "only kernels are counted: no biases, no batch normalisation"),
        ({"moving": False, "learned": False, "dense": False},
         "only convolutions are counted"),
        ({"dense": False}, "dense layers are not counted"),
        ({"once": False}, "a layer that is called twice is counted twice: it holds "
         "its weights once"),
        ({"kernels": False}, "kernels are not counted"),
    ),
    "count_flops": (
        ({"of_input": True}, "a convolution's places are those of its input; its "
         "stride and padding make the output another size"),
        ({"window": False}, "the size of a convolution's window is left out"),
        ({"channels": False}, "the channels of a convolution's input are left out"),
        ({"filters": False}, "the number of filters is left out"),
        ({"places": False}, "the weights of a convolution are counted once and not "
         "once for each place of its output"),
        ({"dense": False}, "dense layers are not counted"),
        ({"convolutions": False}, "convolutions are not counted"),
        ({"biases": True}, "biases are counted: adding one is no multiplication"),
        ({"normalisations": True}, "batch normalisation is counted"),
        ({"doubled": True}, "multiplication and addition are counted as two: a "
         "multiply-add is one"),
    ),
}  # fmt: skip
_SENTENCES = {
    "count_params": "The count is of all numbers that the layers hold: kernels, "
    "biases, and four a channel for a batch normalisation.",
    "count_flops": "A convolution costs output places × filters × window × channels "
    "in, a dense layer inputs × units; nothing else is counted.",
}


def judge(challenge: Mapping[str, Any], pairs: Sequence[tuple]) -> Verdict:
    """Judges a function by its counts.

    Args:
        challenge: what was asked.
        pairs: each call with what was captured of it.

    Raises:
        CaptureError: if a count is no whole number.
    """
    function = challenge["function"]
    count = _COUNT[function]
    found = {call["id"]: _value(captured) for call, captured in pairs}
    asked = {
        call["id"]: count(call["input_shape"], call["layers"]) for call, _ in pairs
    }
    wrong = [name for name in asked if found[name] != asked[name]]
    if not wrong:
        return Verdict(1.0, ())
    failures = [(c, k) for c, k in pairs if k.get("status") != "captured"]
    if len(failures) == len(pairs):
        message, look = _failure(function, failures[0][1])
        return nothing(function, message, look)
    if len(set(found.values())) == 1:
        message = f"{function} returns {found[wrong[0]]} for each model."
        return nothing(function, message, "Look at what it adds up.")
    slip = None if failures else _slip(function, pairs, found)
    if slip:
        price, message = _SLIP[function], f"In {function}, {slip}."
        look = "Compare with the list of what is counted."
    elif failures:
        message, look = _failure(function, failures[0][1])
        message = f"For a model with {failures[0][0]['id']}, {message}"
        price = _FAILED[function] * (1 if len(failures) < 3 else 2)
    elif len(wrong) == len(asked):
        message = f"{function} counts no model right, not even {wrong[0]} alone."
        return nothing(function, message, "Begin with one convolution, on paper.")
    else:
        message = f"{function} counts wrongly for a model with {_listed(wrong)}."
        look = "Build such a model, and count along on paper."
        price = _SOME[function]
    price = min(price, POINTS[function])
    sentence = _SENTENCES[function]
    finding = Finding(f"{function}-values", price, function, sentence, message, look)
    return Verdict(1.0, (finding,))


def _listed(names: Sequence[str]) -> str:
    kinds = [name for name in names if "network" not in name] or list(names)
    return " or ".join(kinds[:3])


def _value(captured: Mapping[str, Any]) -> int | None:
    if captured.get("status") != "captured":
        return None
    value = captured.get("value")
    if type(value) is not int or not abs(value) <= MAX_COUNT:
        raise CaptureError("a count is not a whole number of reasonable size")
    return value


def _slip(
    function: str, pairs: Sequence[tuple], found: Mapping[str, int | None]
) -> str:
    """Names the one slip that explains all counts, or says nothing."""
    for options, text in _SLIPS[function]:
        slipped = {
            call["id"]: _COUNT[function](call["input_shape"], call["layers"], **options)
            for call, _ in pairs
        }
        if slipped == found:
            return text
    return ""


def _failure(function: str, captured: Mapping[str, Any]) -> tuple[str, str]:
    if captured.get("status") == "returned":
        kind = str(captured.get("type"))
        message = mistakes.explain_return(function, kind, "a whole number")
        return message, f"The last line of {function}."
    error = captured.get("error")
    return mistakes.explain(function, error if isinstance(error, Mapping) else {})
