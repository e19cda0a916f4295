"""Says how many blocks a stage has too few, or too many."""

from collections.abc import Collection, Sequence

from grader.judge.network.difference import Difference
from grader.judge.network.spec import Spec
from grader.judge.words import names


def too_few(spec: Spec, group: Sequence[Difference]) -> str:
    """Says which calls of blocks a stage lacks."""
    missing = [d.node for d in group]
    where = spec.lines[missing[0]].where
    labels = names([spec.lines[number].label for number in missing])
    stage = [n for n in spec.graph.order if spec.lines[n].where == where]
    if len(missing) == len(stage) > 1:
        return f"All blocks of {where} are missing: {labels}"
    blocks = {spec.dialect.block(spec.graph.nodes[number]) for number in missing}
    few = f"{_number(blocks, len(missing))} too few in {where}"
    return f"{few}: {labels} {'is' if len(missing) == 1 else 'are'} missing"


def too_many(spec: Spec, group: Sequence[Difference]) -> str:
    """Says that a stage has more calls of blocks than it is to have."""
    where = spec.lines[group[0].node].where
    many = f"{_number({d.own for d in group}, len(group))} too many in {where}"
    before = {d.twin for d in group}
    return f"{many}, before {before.pop()}" if len(before) == 1 else many


def sentence(spec: Spec, number: int) -> str:
    """What the specification asks for where a block is too many."""
    where = spec.lines[number].where
    count = sum(spec.lines[n].where == where for n in spec.graph.order)
    return f"{where[0].upper()}{where[1:]} has {count} blocks."


def _number(blocks: Collection[str], count: int) -> str:
    """How many blocks: "one identity block", "3 blocks" of several kinds."""
    block = next(iter(blocks)) if len(blocks) == 1 else "block"
    return f"There is one {block}" if count == 1 else f"There are {count} {block}s"
