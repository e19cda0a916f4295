"""Says why a call that builds layers failed: the layer and the argument, if it can."""

from dataclasses import dataclass, replace

from grader.judge.claim import Claim
from grader.judge.failures.explain import Explanation, explain
from grader.judge.finding import Finding
from grader.judge.network import wording
from grader.judge.network.claims import claims
from grader.judge.network.examine import Examined
from grader.judge.network.slips import group_by_slip
from grader.judge.verdict import Verdict, not_written, nothing


@dataclass(frozen=True)
class Why:
    """Why a call failed.

    Attributes:
        message: a sentence or two.
        look: where to look.
        layer: that it comes from; "" where none is known.
        sentence: what is asked of the layer.
        brief: the message in short, without its end.
        claims: what the message says of that layer, as data.
        unwritten: whether it is that the function is not written yet.
    """

    message: str
    look: str
    layer: str = ""
    sentence: str = ""
    brief: str = ""
    claims: tuple[Claim, ...] = ()
    unwritten: bool = False


def why(
    function: str, call: Examined, asked: str, *, shown: bool, plan: bool = False
) -> Why:
    """Says why a call failed.

    Args:
        function: its name.
        call: that failed.
        asked: what the function is to return, in words.
        shown: whether its arguments may be told.
        plan: whether the function is judged by its calls to blocks.
    """
    assert call.failure is not None
    told = shown or call.trial.shown
    failed = explain(function, call.failure[1], returns=asked, told=told)
    message = failed.message if told else failed.under_other_arguments
    return because(call, failed, message, shown=told, plan=plan)


def because(
    call: Examined,
    failed: Explanation,
    message: str,
    *,
    shown: bool,
    plan: bool = False,
) -> Why:
    """Puts what made a call fail before how it failed.

    Args:
        call: that failed.
        failed: how it failed.
        message: the same, where no cause is known.
        shown: whether the call's arguments may be told.
        plan: whether the function is judged by its calls to blocks.
    """
    spec, causes = call.trial.spec, call.causes
    if not causes or failed.unwritten:
        return Why(
            *(message, failed.look),
            brief=failed.brief,
            claims=failed.claims,
            unwritten=failed.unwritten,
        )
    groups = group_by_slip(spec, causes, plan=plan)
    group = next((g for g in groups if causes[0] in g), [causes[0]])
    line = spec.lines[group[0].node]
    said = wording.sentence(spec, group, shown=shown)
    after = f"With that, {failed.brief}." if shown else "With that, the call fails."
    look = wording.look(line)
    if failed.look.startswith("Line "):
        look = f"{look} The error comes in line {failed.look.removeprefix('Line ')}"
    layer = line.label if shown else (line.role or line.where)
    told = claims(call, group if shown else group[:1], told=shown)
    brief = said.removesuffix(".")
    return Why(f"{said} {after}", look, layer, line.sentence, brief, told)


def of_given_code(function: str, *, idle: bool) -> Verdict:
    """The verdict on a function whose output is that of the code that was given.

    Args:
        function: its name.
        idle: whether it builds more, which leads nowhere.
    """
    if idle:
        return nothing(
            function,
            f"{function} returns a tensor that comes from none of the layers that the "
            "specification asks for: what they compute never reaches the output.",
            f"The last line of {function}.",
        )
    message = f"{function} has no layers beyond the code that was given."
    return not_written(function, message)


def of_nothing(function: str, reason: Why) -> Verdict:
    """The verdict on a function whose call fails."""
    told = (reason.message, reason.look, reason.brief, reason.claims)
    verdict = replace(nothing(function, *told), unwritten=reason.unwritten)
    if not reason.layer:
        return verdict
    first = verdict.findings[0]
    finding = replace(first, layer=reason.layer, sentence=reason.sentence)
    return replace(verdict, findings=(finding,))


def finding_of(function: str, reason: Why, check: str, price: float) -> Finding:
    """A finding on a call that fails where others do not.

    Args:
        function: its name.
        reason: why it fails.
        check: last part of the check that it is charged to.
        price: that it costs.
    """
    return Finding(
        f"{function}-{check}",
        price,
        reason.layer or function,
        reason.sentence,
        reason.message,
        reason.look,
        reason.claims,
    )
