"""What is wrong with a layer's results: known mistakes, and what is left of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.judge.claim import Claim
from grader.judge.finding import Finding
from grader.judge.tensors.functions import Charged, Layer
from grader.judge.tensors.prices import BEHAVIOUR
from grader.judge.tensors.switches import (
    Observation,
    Switch,
    agrees,
    fewest_switches,
    left_out,
)
from grader.judge.tensors.unlike import in_one_way, unlike


def wrong_results(
    layer: Layer,
    points: Mapping[str, float],
    parts: Mapping[str, Sequence[Observation]],
) -> list[Finding]:
    """What is wrong with results: the fewest mistakes that explain them.

    An output that is wrong in several checks is charged once where it is known what was
    done to the right numbers: it then comes of them. What comes of nothing that is
    known is charged in each check.

    Args:
        layer: its table.
        points: of its checks.
        parts: what its calls gave, by check.
    """
    every = _all(parts)
    found = fewest_switches(every, layer.slips)
    if found is not None:
        return _once(layer, found)
    argument = left_out(every, layer.defaults)
    if argument:
        return [_default(layer, argument)]
    line, parts = _one_line(layer, parts)
    slips, unknown = _slips(layer, parts)
    return line + _unexplained(layer, points, parts, unknown) + _once(layer, slips)


def _one_line(
    layer: Layer, parts: Mapping[str, Sequence[Observation]]
) -> tuple[list[Finding], Mapping[str, Sequence[Observation]]]:
    """A line of known kind that outputs of several checks come of, told once.

    Returns:
        The finding if there is one, and the calls without what it explains.
    """
    outputs = {check: _outputs(seen) for check, seen in parts.items()}
    if sum(not _agree(seen) for seen in outputs.values()) > 1:
        line = fewest_switches(_all(outputs), layer.lines, most=1)
        if line:
            beside = {check: _beside_outputs(seen) for check, seen in parts.items()}
            return _once(layer, line), beside
    return [], parts


def _slips(
    layer: Layer, parts: Mapping[str, Sequence[Observation]]
) -> tuple[list[Switch], list[Charged]]:
    """The mistakes that explain each check by itself, and the checks that none does."""
    explained: dict[tuple[str, str], list[tuple[Charged, Switch]]] = {}
    unknown: list[Charged] = []
    known = [slip for slip in layer.slips if not slip.everywhere]
    for part in layer.parts:
        observations = parts[part.check]
        if _agree(observations):
            continue
        # Those of this check first: of the others less is known here.
        own = fewest_switches(
            observations, sorted(known, key=lambda s: s.check != part.check)
        ) or fewest_switches(observations, layer.lines, most=1)
        if own is None:
            unknown.append(part)
        for slip in own or ():
            key = slip.name, str(slip.value)
            explained.setdefault(key, []).append((part, slip))
    return [_placed(layer, found, parts) for found in explained.values()], unknown


def _unexplained(
    layer: Layer,
    points: Mapping[str, float],
    parts: Mapping[str, Sequence[Observation]],
    unknown: Sequence[Charged],
) -> list[Finding]:
    """Results that come of nothing known; outputs wrong in one way are told once."""
    outputs = {part.check: _outputs(parts[part.check]) for part in unknown}
    told = [check for check, seen in outputs.items() if not _agree(seen)]
    one = len(told) > 1 and in_one_way(_all({c: outputs[c] for c in told}))
    findings = []
    for part in unknown:
        observations = parts[part.check]
        if one and part.check in told[1:]:
            observations = _beside_outputs(observations)
        if not _agree(observations):
            price = points[part.check]
            findings.append(_difference(layer, part, price, observations))
    return findings


def _placed(
    layer: Layer,
    found: Sequence[tuple[Charged, Switch]],
    parts: Mapping[str, Sequence[Observation]],
) -> Switch:
    """A mistake, told and charged where it is, which may be in one mode alone.

    Args:
        layer: its table.
        found: the checks whose results it explains.
        parts: what the layer's calls gave, by check.
    """
    part, slip = found[0]
    elsewhere = [
        other
        for other in layer.parts
        if other not in (explained for explained, _ in found)
        and not _agree(parts[other.check], (slip,))
    ]
    if all(explained.check != slip.check for explained, _ in found):
        slip = replace(slip, check=part.check)
    elif any(not _agree(parts[other.check]) for other in elsewhere):
        return slip
    if part.when and elsewhere and all(o.when != part.when for o in elsewhere):
        flag, value = part.when
        slip = replace(slip, message=f"Where {flag} is {value}: {slip.message}")
    return slip


def _agree(
    observations: Sequence[Observation], switches: Sequence[Switch] = ()
) -> bool:
    return all(agrees(one, switches) for one in observations)


def _all(parts: Mapping[str, Sequence[Observation]]) -> list[Observation]:
    return [one for observations in parts.values() for one in observations]


def _outputs(observations: Sequence[Observation]) -> list[Observation]:
    """What calls gave back, without what they did to variables."""
    return [
        replace(o, found={n: v for n, v in o.found.items() if n == "output"})
        for o in observations
    ]


def _beside_outputs(observations: Sequence[Observation]) -> list[Observation]:
    """What calls did to variables, without what they gave back."""
    return [
        replace(o, found={n: v for n, v in o.found.items() if n != "output"})
        for o in observations
    ]


def _once(layer: Layer, slips: Sequence[Switch]) -> list[Finding]:
    return [slip.finding(layer.name) for slip in slips if slip.price]


def _default(layer: Layer, argument: str) -> Finding:
    check = layer.late.get(argument, layer.parts[0].check)
    return Finding(
        f"{layer.name}-{check}",
        BEHAVIOUR,
        layer.name,
        f"The arguments of {layer.name} have the defaults that the lesson gives.",
        f"Where {argument} is given, the result is right; where it is not given, it "
        f"is wrong. Is the default of {argument} as it was given?",
        f"Look at the line `def {layer.name}(...)`.",
        (Claim("default", layer=layer.name, about=argument),),
    )


def _difference(
    layer: Layer, part: Charged, price: float, observations: Sequence[Observation]
) -> Finding:
    """How results differ that nothing known explains."""
    message, claims = unlike(layer.name, observations)
    return Finding(
        f"{layer.name}-{part.check}",
        price,
        layer.name,
        "",
        message or part.message,
        "Compare what you print with the lesson's numbers, then line by line with the "
        "specification.",
        claims,
    )
