"""From what the calls showed to findings with prices.

A mistake is charged once: differences that show under several calls, or in
several layers for one reason, become one finding.
"""

from collections.abc import Sequence, Set
from dataclasses import replace

import numpy as np

from grader.judge.claim import Claim
from grader.judge.finding import Finding
from grader.judge.general import limited
from grader.judge.network import counted, prices, wording
from grader.judge.network.beside import IMPLICIT_NOTE, unused
from grader.judge.network.claims import claims, of_input, of_outputs
from grader.judge.network.difference import Difference, changes_shapes
from grader.judge.network.examine import Examined
from grader.judge.network.failing import finding_of, of_given_code, of_nothing, why
from grader.judge.network.slips import group_by_slip
from grader.judge.network.tried import part_there, refused, tried_calls
from grader.judge.network.weights import KERAS_NOTE
from grader.judge.picture import Picture
from grader.judge.verdict import Verdict, nothing

#: What makes differences of two calls one mistake: `Spec.key_of`.
Key = tuple[str, str, str]
#: Of layers that were built and cannot be run, and of the shown call if it alone fails.
_FAILED = 8


def decide(
    function: str,
    calls: Sequence[Examined],
    *,
    asked: str,
    plan: bool = False,
    notes: Sequence[str] = (),
) -> Verdict:
    """Decides on a function.

    Args:
        function: its name.
        calls: what each call showed; the first is the one that the lesson shows.
        asked: what the function is to return, in words.
        plan: whether it is judged by its calls to the blocks (ResNet50).
        notes: remarks on the network as a whole.
    """
    shown = calls[0]
    if shown.failure is not None and shown.graph is None:
        reason = why(function, shown, asked, shown=True, plan=plan)
        return replace(of_nothing(function, reason), picture=_picture(shown, plan))
    share = part_there(shown)
    if share == 0:
        return of_given_code(function, idle=bool(shown.idle))
    if shown.unbound and all(
        c.unexplained or c.failure or not c.trial.outputs for c in calls
    ):
        # Nothing ties these layers to this function: they may be another's.
        return nothing(
            function,
            "The outputs are not what the captured layers compute from the weights "
            "and the input that they were given.",
            f"Look at what {function} does beside building layers.",
        )
    defaults = [call for call in calls if call.trial.defaults]
    calls = [call for call in calls if not call.trial.defaults]
    stopped, known = _stopped_as_shown(function, calls, asked, plan=plan)
    findings = [*stopped, *_findings(function, calls, plan, known)]
    if shown.failure is not None:
        reason = why(function, shown, asked, shown=True, plan=plan)
        findings.append(finding_of(function, reason, "values", _FAILED))
    unexplained = _unexplained(function, calls)
    findings += unexplained
    if not unexplained and not any(map(changes_shapes, shown.differences)):
        failed = [c for c in calls[1:] if c.failure is not None and not refused(c)]
        charged = {c.trial.spec.key_of(d) for c in calls for d in c.differences}
        charged |= known
        for call in failed[:1]:
            spec = call.trial.spec
            if not any(spec.key_of(d) in charged for d in call.causes[:1]):
                reason = why(function, call, asked, shown=False, plan=plan)
                price = _FAILED if call.trial.shown else prices.BEHAVIOUR
                findings.append(finding_of(function, reason, "values", price))
    if not findings:
        findings += _defaults(function, defaults)
    findings.sort(key=lambda finding: -finding.price)
    tried = tried_calls([*calls, *defaults], model=plan)
    most, told = limited(function, findings, tried)
    scale = shown.trial.spec.policy.scale
    told = tuple(replace(finding, price=finding.price * scale) for finding in told)
    left_over = [c for c in (*calls, *defaults) if c.module.unused]
    if not told and left_over:
        told = (unused(function, left_over[0].trial.id, left_over[0].module),)
    numbers = any(map(_shows_in_numbers, [*calls, *defaults]))
    notes = (*_notes([*calls, *defaults]), *notes)
    picture = _picture(shown, plan) if told else None
    return Verdict(share, told, notes, most, numbers=numbers, picture=picture)


def _picture(shown: Examined, plan: bool) -> Picture | None:
    """Both graphs, where the call that the lesson shows tells them apart."""
    if shown.sides is None or not shown.trial.shown:
        return None
    differences = shown.differences
    if shown.graph is None:
        groups = group_by_slip(shown.trial.spec, shown.causes, plan=plan)
        first = shown.causes[:1]
        differences = next((tuple(g) for g in groups if first[0] in g), first)
    return shown.sides.picture(differences)


def _shows_in_numbers(call: Examined) -> bool:
    """Whether a call computes something else than what is asked."""
    if call.failure is not None or call.unexplained:
        return True
    return any(d.kind != "name" and d.attr != "trainable" for d in call.differences)


def _stopped_as_shown(
    function: str, calls: Sequence[Examined], asked: str, *, plan: bool
) -> tuple[list[Finding], set[Key]]:
    """What stops the call that the lesson shows, where another one is built.

    Returns:
        A finding, which costs as much as it does where nothing fails, and what it
        explains.
    """
    for call in calls[1:]:
        if call.failure is None or not call.causes or not call.trial.shown:
            continue
        spec, first = call.trial.spec, call.causes[0]
        groups = group_by_slip(spec, call.causes, plan=plan)
        group = next((g for g in groups if first in g), [first])
        check = prices.charge(spec, first, shown=True, plan=plan).check
        price = prices.price(spec, group, shown=True, plan=plan)
        reason = why(function, call, asked, shown=True, plan=plan)
        found = finding_of(function, reason, check, price)
        return [found], {spec.key_of(d) for d in group}
    return [], set()


def _findings(
    function: str, calls: Sequence[Examined], plan: bool, known_already: Set[Key]
) -> list[Finding]:
    """Groups like differences and prices each group once."""
    seen = set(known_already)
    first = calls[0]
    spec = first.trial.spec
    known = {spec.keys[d.node] for d in first.differences if d.kind != "name"}
    known |= {node for kind, node, _ in known_already if kind != "name"}
    every = [d for call in calls for d in (*call.causes, *call.differences)]
    # a call that would do nothing does something, under wrong arguments
    helped = not plan and any(d.attr in ("s", "filters", "option") for d in every)
    findings: list[Finding] = []
    for number, call in enumerate(calls):
        shown, spec = number == 0, call.trial.spec
        fresh = [d for d in call.differences if spec.key_of(d) not in seen]
        fresh = [d for d in fresh if not (helped and d.is_call_too_many)]
        # A layer that is missing or moved under the shown arguments explains what
        # differs around it under others; and a slip costs the same in however many
        # of the hidden calls it shows, and in whatever way.
        if not shown:
            fresh = [d for d in fresh if spec.keys[d.node] not in known]
        seen |= {spec.key_of(d) for d in call.differences}
        known |= {spec.keys[d.node] for d in call.differences if d.kind != "name"}
        for group in group_by_slip(spec, fresh, plan=plan):
            findings.append(_finding(function, call, group, shown, plan))
    return _once(findings)


def _finding(
    function: str, call: Examined, group: list[Difference], shown: bool, plan: bool
) -> Finding:
    spec, first = call.trial.spec, group[0]
    line = spec.lines[first.node]
    check = prices.charge(spec, first, shown=shown, plan=plan).check
    label, asked = line.label, line.sentence
    look = wording.look(line)
    if first.attr == "block" and spec.is_block(first):
        label, asked = spec.stage(first.node), counted.sentence(spec, first.node)
        look = f"Look at {label}."
    return Finding(
        f"{function}-{check}",
        prices.price(spec, group, shown=shown, plan=plan),
        label if shown else (line.role or line.where),
        asked,
        wording.sentence(spec, group, shown=shown),
        look,
        claims(call, group if shown else group[:1], told=shown),
    )


def _once(findings: list[Finding]) -> list[Finding]:
    """Drops a finding that says the same of another call.

    What shows only under other arguments is one slip more often than not: in all
    it costs no more than twice its price.
    """
    kept: dict[tuple[str, str], Finding] = {}
    left = 2.0 * prices.BEHAVIOUR
    for finding in findings:
        if finding.check.endswith("-values"):
            finding = replace(finding, price=min(finding.price, left))
            left -= finding.price
        kept.setdefault((finding.check, finding.message), finding)
    return list(kept.values())


def _unexplained(function: str, calls: Sequence[Examined]) -> list[Finding]:
    """Outputs that do not follow from the layers, or are not the published ones."""
    for call in calls:
        if call.unexplained:
            return [
                Finding(
                    f"{function}-values",
                    8,
                    function,
                    "The output is what the layers compute.",
                    call.unexplained,
                    f"Look at what {function} does beside building layers.",
                    of_input(function, call) or of_outputs(function, call),
                )
            ]
        if not call.differences and not _published(call):
            return [
                Finding(
                    f"{function}-values",
                    8,
                    function,
                    "The output is the published one.",
                    "The output differs from the published numbers.",
                    "Compare the printed `out` with the Expected Output.",
                )
            ]
    return []


def _defaults(function: str, calls: Sequence[Examined]) -> list[Finding]:
    """A call without arguments that gives another model than the defaults ask for."""
    for call in calls:
        if of_input(function, call):
            argument = "input_shape"
        elif call.failure is not None and call.graph is None:
            # no hidden arguments: all may be told
            reason = why(function, call, "a Keras Model", shown=True, plan=True)
            told = f"Called without arguments: {reason.message}"
            reason = replace(reason, message=told)
            return [finding_of(function, reason, "values", prices.BEHAVIOUR)]
        elif call.failure or call.differences or call.unexplained:
            argument = "classes"
        else:
            continue
        return [
            Finding(
                f"{function}-values",
                prices.BEHAVIOUR,
                function,
                f"The arguments of {function} have the defaults that the lesson gives.",
                f"Called without arguments, {function} builds another model than the "
                f"lesson's. Is the default of {argument} as it was given?",
                f"Look at the line `def {function}(...)`.",
                (Claim("default", call.trial.id, function, about=argument),),
            )
        ]
    return []


def _published(call: Examined) -> bool:
    """Whether the recomputed output is the published one, where there is one.

    Keras's own initializer meets the specification and draws other numbers.
    """
    if call.trial.published is None or KERAS_NOTE in call.notes:
        return True
    if call.values is None:
        return False
    index, numbers = call.trial.published
    found = call.values[index]
    return found.shape == (len(numbers),) and bool(
        np.all(np.abs(found - np.asarray(numbers)) <= 1e-5)
    )


def _notes(calls: Sequence[Examined]) -> tuple[str, ...]:
    notes: dict[str, None] = {}
    shown = calls[0]
    for note in shown.notes:
        notes[note] = None
    spec = shown.trial.spec
    for difference in shown.harmless:
        text = wording.sentence(spec, [difference], shown=True)
        notes[f"{text} It changes no number and costs nothing."] = None
    if any(call.module.implicit for call in calls):
        notes[IMPLICIT_NOTE] = None
    return tuple(notes)
