"""Says how many blocks a stage has too few, or too many."""

from collections.abc import Collection, Sequence

from grader.judge.network.difference import Difference
from grader.judge.network.spec import Spec
from grader.judge.words import names


def too_few(spec: Spec, group: Sequence[Difference]) -> str:
    """Says which blocks a stage lacks."""
    missing = [d.node for d in group]
    where = spec.stage(missing[0])
    labels = names([_label(spec, number) for number in missing])
    blocks = {_called(spec, number) for number in missing}
    if len(missing) == _count(spec, where) > 1:
        return f"All blocks of {where} are missing: {labels}"
    few = f"{_number(blocks, len(missing))} too few in {where}"
    return f"{few}: {labels} {'is' if len(missing) == 1 else 'are'} missing"


def too_many(spec: Spec, group: Sequence[Difference]) -> str:
    """Says that a stage has more blocks than it is to have."""
    where = spec.stage(group[0].node)
    many = f"{_number({d.own for d in group}, len(group))} too many in {where}"
    before = {d.twin for d in group} - {""}
    return f"{many}, before {before.pop()}" if len(before) == 1 else many


def sentence(spec: Spec, number: int) -> str:
    """What the specification asks for where a block is too many, or too few."""
    where = spec.stage(number)
    return f"{where[0].upper()}{where[1:]} has {_count(spec, where)} blocks."


def _count(spec: Spec, where: str) -> int:
    """How many blocks a stage has, as calls or written out."""
    insides = {
        number: line.inside
        for number, line in enumerate(spec.lines)
        if spec.stage(number) == where
    }
    return len({inside.key if inside else n for n, inside in insides.items()})


def _label(spec: Spec, number: int) -> str:
    inside = spec.lines[number].inside
    return inside.label if inside else spec.lines[number].label


def _called(spec: Spec, number: int) -> str:
    inside = spec.lines[number].inside
    return inside.calls if inside else spec.dialect.block(spec.graph.nodes[number])


def _number(blocks: Collection[str], count: int) -> str:
    """How many blocks: "one identity block", "3 blocks" of several kinds."""
    block = next(iter(blocks)) if len(blocks) == 1 else "block"
    return f"There is one {block}" if count == 1 else f"There are {count} {block}s"
