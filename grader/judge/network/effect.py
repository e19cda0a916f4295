"""Which differences of a call change something, and which change no number."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.judge.network.compare import compare
from grader.judge.network.difference import Difference
from grader.judge.network.equivalence import equivalent, harmless, never_harmless
from grader.judge.network.graph import Graph
from grader.judge.network.match import Match
from grader.judge.network.spec import Spec
from grader.judge.network.trial import Trial

#: Kinds of differences of one call that are looked at: each takes its time.
_MOST_KINDS = 40


def sorted_out(
    trial: Trial,
    own: Graph,
    shown: Graph,
    matched: Match,
    slips: Sequence[Difference],
    *,
    known: Mapping[tuple, bool],
    proven: bool,
) -> tuple[list[Difference], list[Difference]]:
    """The differences that change something, and those that change no number.

    Args:
        trial: the call.
        own: what was captured.
        shown: the same as a report speaks of it.
        matched: how its layers were matched.
        slips: differences that are known already, and change something.
        known: what earlier calls showed of differences, by their keys.
        proven: whether the outputs prove that all but names is right.
    """
    spec, sizes = trial.spec, trial.sizes
    differences = [*compare(spec, shown, matched), *slips]
    keys = [spec.key_of(d) for d in differences]
    if differences and all(key in known for key in keys):
        costs = {True: list[Difference](), False: list[Difference]()}
        for key, d in zip(keys, differences, strict=True):
            costs[known[key]].append(d)
        return costs[True], costs[False]
    lasting = [d for d in differences if never_harmless(spec, d) or d in slips]
    others = [d for d in differences if d not in lasting]
    if proven:
        return lasting, [replace(d, hidden=False, composed=True) for d in others]
    if others and not lasting and equivalent(spec, own, sizes, matched.pairs):
        return [], others
    verdicts: dict[tuple, bool] = {}
    for d in others:
        if _like(spec, d) not in verdicts:
            few = len(verdicts) < _MOST_KINDS
            verdicts[_like(spec, d)] = few and harmless(spec, d, sizes)
    costly = [d for d in others if not verdicts[_like(spec, d)]]
    costless = [d for d in others if d not in costly]
    if costless and not costly and not lasting:
        costly, costless = costless, []
    kept = [*lasting, *costly]
    return [d for d in differences if d in kept], costless


def _like(spec: Spec, d: Difference) -> tuple:
    """What makes two differences alike: in a deep network one stands for all."""
    node = spec.graph.nodes[d.node]
    window = node.attrs.get("kernel_size")
    return (d.kind, node.kind, window, d.attr, repr(d.asked), repr(d.found))
