"""The judge of `resnet`: by its calls of the blocks, for all depths at once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.judge.calls import paired_calls
from grader.judge.failures.explain import Explanation, explain
from grader.judge.finding import Finding
from grader.judge.general import limited
from grader.judge.network import wording
from grader.judge.network.dialect import KERAS
from grader.judge.network.difference import Difference
from grader.judge.network.examine import Examined, Trial, examine
from grader.judge.network.spec import Spec
from grader.judge.network.specify import spec_of
from grader.judge.network.tried import part_there, tried_calls
from grader.judge.verdict import Verdict, nothing
from grader.judge.words import value
from grader.lessons.family import NETWORKS, PLANS, POLICY, with_like_options

#: The most that slips in the plan cost.
_PLAN = 17
_PRICES = {
    "function": 8,
    "filters": 6,
    "s": 6,
    "option": 5,
    "missing": 5,
    "extra": 5,
    "kind": 8,
    "wiring": 8,
    "moved": 6,
    "swapped": 6,
}
_HIDDEN = 4
_WORDS = {"filters": "filters", "s": "s", "option": "option"}


def _examine(call: Mapping[str, Any], captured: Mapping[str, Any], seed: str):
    arguments = call["arguments"]
    depth, shape = arguments["depth"], tuple(call["input_shape"])
    spec = spec_of(NETWORKS[depth], arguments, KERAS, policy=POLICY)
    sizes = [(64, 64, shape[-1]), (96, 128, shape[-1]), (32, 32, shape[-1])]
    trial = Trial(call["id"], spec, shape, call["batch"], sizes)
    return examine(trial, captured, seed, with_like_options)


def judge(challenge: Mapping[str, Any], capture: Mapping[str, Any]) -> Verdict:
    """Judges `resnet` for all depths.

    Args:
        challenge: what was asked.
        capture: of each call.
    """
    pairs = paired_calls(challenge, capture)
    seed = challenge["seed"]
    seen = {call["id"]: _examine(call, own, seed) for call, own in pairs}
    public = {d: seen[f"depth_{d}"] for d in PLANS}
    built = {d: s for d, s in public.items() if s.graph is not None}
    if not built:
        failed = _failure(public[18])
        return nothing("resnet", failed.message, failed.look)
    share = max(part_there(s) for s in built.values())
    if share == 0:
        message = "resnet has no layers beyond the code that was given."
        return nothing(
            "resnet", message, "Write the part of resnet that is marked for your code."
        )
    if all(s.unbound for s in built.values()):
        message = "The outputs are not what the captured layers compute."
        return nothing("resnet", message, "Look at what resnet does beside building.")
    findings = [*_plan(built), *_around(built), *_failed(public)]
    findings += _others(seen, built, known=bool(findings))
    findings.sort(key=lambda finding: -finding.price)
    first = next(iter(built))
    others = [own for name, own in seen.items() if not name.startswith("depth")]
    tried = tried_calls([built[first], *others], model=True)
    most, told = limited("resnet", _limited(findings), tried)
    return Verdict(share, told, _notes(public[18]), most)


def _limited(findings: Sequence[Finding]) -> list[Finding]:
    """Slips in the plan cost no more in all than the plan is worth."""
    left, kept = float(_PLAN), []
    for finding in findings:
        if finding.check == "resnet-plan":
            finding = replace(finding, price=min(finding.price, left))
            left -= finding.price
        kept.append(finding)
    return kept


def _notes(seen: Examined) -> tuple[str, ...]:
    notes = list(seen.notes)
    for d in seen.harmless:
        text = wording.sentence(seen.trial.spec, [d], shown=True)
        notes.append(f"{text} It changes no number and costs nothing.")
    return tuple(dict.fromkeys(notes))


def _stage(spec: Spec, node: int) -> str:
    return spec.lines[node].where


def _is_plan(spec: Spec, d: Difference) -> bool:
    if d.kind == "extra" and d.found == "Block":
        return True
    return spec.lines[d.node].weight == "plan"


def _plan(built: Mapping[int, Examined]) -> list[Finding]:
    """Slips in the blocks: those alike in several depths are one."""
    groups: dict[tuple, list[tuple[int, Difference]]] = {}
    for depth, seen in built.items():
        spec = seen.trial.spec
        other = {d.node for d in seen.differences if d.attr == "function"}
        for d in seen.differences:
            if d.node in other and d.attr in _WORDS:
                continue  # the other kind of block explains it
            if _is_plan(spec, d):
                groups.setdefault(_slip(seen, d, depth), []).append((depth, d))
    findings = []
    for key, group in groups.items():
        depth, d = group[0]
        spec = built[depth].trial.spec
        price = _PRICES.get(d.attr if d.kind == "attr" else d.kind, 5)
        labels = {built[at].trial.spec.lines[own.node].label for at, own in group}
        if key[:2] == ("missing", "stage"):
            price = 8
        elif key[0] in ("missing", "extra"):
            price = min(5 + 2 * (len({_stage(spec, o.node) for _, o in group}) - 1), 12)
        elif key[0] == "s" and len(labels) > 2 and key[1]:
            price = 8
        line = spec.lines[d.node]
        message = _message(built, key, group)
        look = f"Look at the plan of {_depths(group)}, {_stage(spec, d.node)}."
        name = f"resnet({depth}), {line.label}"
        findings.append(
            Finding("resnet-plan", price, name, line.sentence, message, look)
        )
    return findings


def _slip(seen: Examined, d: Difference, depth: int) -> tuple:
    """What two differences have in common if they are one slip."""
    spec = seen.trial.spec
    if d.kind == "attr" and d.attr == "s":
        return ("s", spec.keys[d.node].endswith(".0"), d.asked, d.found)
    if d.kind == "attr" and d.attr == "option":
        return ("option", depth < 50, d.found)
    if d.kind == "attr" and d.attr in ("filters", "function"):
        # a forged capture may hold no number
        counted = d.attr == "filters" and isinstance(d.found, int)
        ratio = d.found / d.asked if counted else d.found
        return (d.attr, ratio, depth if d.attr == "function" else "")
    filters = spec.graph.nodes[d.node].attrs.get("filters")
    is_block = spec.graph.nodes[d.node].kind == "Block"
    if d.kind == "missing" and is_block and not _found(seen).get(filters or 0):
        return ("missing", "stage", _stage(spec, d.node))
    if d.kind in ("missing", "extra"):
        return (d.kind, depth)
    return (d.kind, d.attr, repr(d.asked), repr(d.found))


def _depths(group: Sequence[tuple[int, Difference]]) -> str:
    depths = list(dict.fromkeys(str(depth) for depth, _ in group))
    if len(depths) == 1:
        return f"{depths[0]} layers"
    return f"{', '.join(depths[:-1])} and {depths[-1]} layers"


def _message(
    built: Mapping[int, Examined],
    key: tuple,
    group: Sequence[tuple[int, Difference]],
) -> str:
    depth, d = group[0]
    spec = built[depth].trial.spec
    own = [o for other, o in group if other == depth]
    if key[0] in ("missing", "extra"):
        others = list(dict.fromkeys(str(o) for o, _ in group if o != depth))
        also = f" The same for {', '.join(others)} layers." if others else ""
        return _counts(built[depth], depth, own) + also
    label = spec.lines[d.node].label
    stages = list(dict.fromkeys(_stage(spec, o.node) for o in own))
    also = f" The same in {', '.join(stages[1:])}." if len(stages) > 1 else ""
    others = list(dict.fromkeys(str(o) for o, _ in group if o != depth))
    also += f" The same for {', '.join(others)} layers." if others else ""
    head = f"resnet({depth}), {label}"
    if d.kind == "attr" and d.attr == "function":
        return f"{head}: {d.found} is called, the plan asks for {d.asked}.{also}"
    if d.kind == "attr" and d.attr in _WORDS:
        found, asked = value(d.found), value(d.asked)
        return f"{head}: {d.attr} is {found}, the plan asks for {asked}.{also}"
    return f"{head}: {wording.sentence(spec, [d], shown=True)}{also}"


def _found(seen: Examined) -> Counter[int]:
    """How many blocks were called with each number of filters."""
    nodes = seen.graph.nodes if seen.graph else ()
    return Counter(node.attrs["filters"] for node in nodes if node.kind == "Block")


def _counts(seen: Examined, depth: int, group: Sequence[Difference]) -> str:
    """Says how many blocks each stage has, where that is wrong."""
    found = _found(seen)
    asked = dict(zip((64, 128, 256, 512), PLANS[depth][1], strict=True))
    wrong = [
        f"stage {stage} has {found.get(filters, 0)} blocks, the plan says {count}"
        for stage, (filters, count) in enumerate(asked.items(), start=2)
        if found.get(filters, 0) != count
    ]
    if wrong and set(found) <= set(asked):
        return f"resnet({depth}): {'; '.join(wrong)}."
    spec, d = seen.trial.spec, group[0]
    return f"resnet({depth}): {wording.sentence(spec, group[:1] or [d], shown=True)}"


def _around(built: Mapping[int, Examined]) -> list[Finding]:
    """Slips in stage 1 and in the head, each once for all depths."""
    found: dict[tuple, Finding] = {}
    for seen in built.values():
        spec = seen.trial.spec
        for d in seen.differences:
            if _is_plan(spec, d):
                continue
            line = spec.lines[d.node]
            key = (d.kind, line.label, d.attr)
            if key in found or ("missing", line.label, "") in found:
                continue
            message = wording.sentence(spec, [d], shown=True)
            price = 3 if d.kind == "attr" else 4
            found[key] = Finding(
                "resnet-layers", price, line.label, line.sentence, message,
                wording.look(line),
            )  # fmt: skip
    return list(found.values())


def _failed(public: Mapping[int, Examined]) -> list[Finding]:
    """Depths for which nothing is built: each message once."""
    found: dict[str, Finding] = {}
    for depth, seen in public.items():
        if seen.failure is None:
            continue
        failed = _failure(seen)
        known = found.get(failed.clause)
        price = min(5 + (known.price if known else 0), _PLAN)
        told = known.message if known else f"For depth={depth}, {failed.clause}"
        found[failed.clause] = Finding(
            "resnet-plan", price, f"resnet({depth})", "The plan has five depths.",
            told, failed.look,
        )  # fmt: skip
    return list(found.values())


def _failure(seen: Examined) -> Explanation:
    assert seen.failure is not None
    status, details = seen.failure
    if status == "uncalled":
        return Explanation(
            "resnet returns a model without a call of basic_block or "
            "bottleneck_block in it: the plan is judged by these calls.",
            "Look at what becomes of the blocks' results.",
        )
    return explain("resnet", details, returns="a Keras Model")


def _others(
    seen: Mapping[str, Examined], built: Mapping[int, Examined], *, known: bool
) -> list[Finding]:
    """What shows only under other options, sizes, numbers of classes, or defaults."""
    price, look = (
        _HIDDEN,
        "Look at `def resnet(...)`, and where its arguments are used.",
    )
    for name, own in seen.items():
        if own.unexplained:
            return [
                Finding(
                    "resnet-values", price, "resnet",
                    "The output is what the layers compute.", own.unexplained, look,
                )
            ]  # fmt: skip
        if name.startswith("depth") or known:
            continue
        if not (own.failure or own.differences):
            continue
        if own.failure is not None:
            text = f"Called with other arguments, {_failure(own).clause}"
        elif name == "defaults":
            text = (
                "Called with a depth alone, resnet builds another model than for "
                "images of 224×224×3 and 1000 classes: has a default changed?"
            )
        elif any(d.attr == "option" for d in own.differences):
            text = "Called with an option, resnet does not hand it on to its blocks."
        else:
            d = own.differences[0]
            text = wording.sentence(own.trial.spec, [d], shown=False)
        sentence = "The arguments of resnet do what its docstring says."
        return [Finding("resnet-values", price, "resnet", sentence, text, look)]
    return []
