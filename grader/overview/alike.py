"""Groups of students whose code is nearly the same, apart from names and comments.

What many have counts little and what few have counts much: a line of a thousand
students says nothing, the same odd line of two says something.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

#: so much of what two students wrote is in both
SHARE = 0.8
#: lines that a group has in common at least, and the bits that their rarity weighs
LINES, BITS = 4, 10.0
#: a line of more students than these is no reason to compare them
RARE = 40


@dataclass(frozen=True)
class Group:
    """Students with nearly the same code.

    Attributes:
        students: in alphabetical order.
        lines: forms that all of them have, the rarest first.
        others: how many students beside them have the rarest line.
    """

    students: tuple[str, ...]
    lines: tuple[str, ...]
    others: int


def groups(forms: Mapping[str, frozenset[str]]) -> list[Group]:
    """Finds groups, those with the rarest lines first.

    Args:
        forms: by student, those of a student's own, without what was released.
    """
    count = Counter(form for own in forms.values() for form in own)
    weight = {form: math.log2(len(forms) / number) for form, number in count.items()}
    alike = defaultdict[frozenset[str], list[str]](list)
    for student, own in forms.items():
        alike[own].append(student)
    joined = {own: own for own in alike}
    for one, other in _candidates(alike, count):
        if len(one & other) >= SHARE * len(one | other):
            _join(joined, one, other)
    members = defaultdict[frozenset[str], list[frozenset[str]]](list)
    for own in alike:
        members[_root(joined, own)].append(own)
    found = []
    for kinds in members.values():
        students = sorted(name for kind in kinds for name in alike[kind])
        lines = sorted(frozenset.intersection(*kinds), key=lambda f: (count[f], f))
        bits = sum(weight[form] for form in lines)
        if len(students) > 1 and len(lines) >= LINES and bits >= BITS:
            others = count[lines[0]] - len(students)
            found.append((-bits, Group(tuple(students), tuple(lines), others)))
    return [group for _, group in sorted(found, key=lambda each: each[0])]


def _candidates(
    alike: Mapping[frozenset[str], list[str]], count: Mapping[str, int]
) -> set[tuple[frozenset[str], frozenset[str]]]:
    """Pairs with a rare line in common: others are not worth a comparison."""
    having = defaultdict[str, list[frozenset[str]]](list)
    for own in alike:
        for form in own:
            if 1 < count[form] <= RARE:
                having[form].append(own)
    return {pair for those in having.values() for pair in combinations(those, 2)}


def _root(joined: dict[frozenset[str], frozenset[str]], own: frozenset[str]):
    while joined[own] is not own:
        own = joined[own]
    return own


def _join(
    joined: dict[frozenset[str], frozenset[str]],
    one: frozenset[str],
    other: frozenset[str],
) -> None:
    joined[_root(joined, other)] = _root(joined, one)
