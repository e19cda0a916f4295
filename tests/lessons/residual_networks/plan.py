"""ResNet50's calls of the two blocks: each argument, each call, each stage."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from tests.lessons.mutant import Mutant, Price
from tests.lessons.residual_networks import prices
from tests.lessons.residual_networks.draft import BLOCKS, Draft, Site, expression, sites
from tests.lessons.residual_networks.prices import made

_EQUAL, _ALL, _PLAN = prices.NOTHING, prices.EVERYTHING, prices.PLAN
_STRUCTURE = prices.PLAN_STRUCTURE
_SHRINKS = ("shrinks",)


def plan_mutants() -> Iterator[Mutant]:
    """Changes of the calls, one at a time, and of what they have in common."""
    calls = [site for site in sites("ResNet50") if site.kind in BLOCKS]
    for number, site in enumerate(calls):
        after = calls[number + 1] if number + 1 < len(calls) else None
        yield from _arguments(site)
        yield from _whole_call(site, after)
    yield from _stages(calls)
    yield from _strides(calls)
    yield from _between(calls)
    yield from _shifts(calls)


def _mutant(name: str, draft: Draft, price: Price, *words: str) -> Mutant:
    tag = f"ResNet50:{name}".replace(" ", "")
    return made(tag, "ResNet50", draft.text, price, words, name)


def _literal(site: Site, argument: str) -> object:
    call = Draft("ResNet50").layer(site)
    for keyword in call.keywords:
        if keyword.arg == argument:
            return ast.literal_eval(keyword.value)
    return ast.literal_eval(call.args[{"f": 1, "filters": 2}[argument]])


def _arguments(site: Site) -> Iterator[Mutant]:
    f1, f2, f3 = _literal(site, "filters")  # type: ignore[misc]
    stage, letter = int(site.part[0]), site.part[1]
    values: list[tuple[str, str]] = [
        ("f", "1"),
        ("f", "5"),
        ("filters", f"[{f1 // 2}, {f2}, {f3}]"),
        ("filters", f"[{f1}, {2 * f2}, {f3}]"),
        ("filters", f"[{f1}, {f2}, {f3 // 2}]"),
        ("filters", f"[{f3}, {f2}, {f1}]"),
        ("stage", str(stage + 1)),
        ("block", repr(chr(ord(letter) + 1))),
        ("block", repr(letter.upper())),
    ]
    for argument, value in values:
        draft = Draft("ResNet50").set(site, argument, value)
        name = f"block {site.part}: {argument}={value}"
        yield _mutant(name, draft, _PLAN, *site.words)
    draft = Draft("ResNet50").set(site, "stage", f"'{stage}'")
    yield _mutant(f"block {site.part}: stage as text", draft, _EQUAL)
    draft = Draft("ResNet50").set(site, "filters", f"({f1}, {f2}, {f3})")
    yield _mutant(f"block {site.part}: filters as a tuple", draft, _EQUAL)
    if site.kind == "convolutional_block":
        for value in ("1", "2", "3", None):
            if value != str(_literal(site, "s")):
                yield _stride(site, stage, value)


def _stride(site: Site, stage: int, value: str | None) -> Mutant:
    draft = Draft("ResNet50").set(site, "s", value)
    name = f"block {site.part}: s={value}"
    if stage == 2:  # halves once too often: nothing is left for the pooling
        return _mutant(name, draft, _ALL, *_SHRINKS)
    return _mutant(name, draft, _EQUAL if value is None else _PLAN, *site.words)


def _whole_call(site: Site, after: Site | None) -> Iterator[Mutant]:
    draft = Draft("ResNet50").replace(site.line)
    yield _mutant(f"block {site.part} deleted", draft, _STRUCTURE, *site.words)

    draft = Draft("ResNet50")
    draft.insert(site.line, ast.unparse(draft.body[site.line]))
    first = site.part[1] == "a"
    price, words = _STRUCTURE, (*site.words, *(after.words if after else ("avg_pool",)))
    if first and site.part != "2a":
        price, words = _ALL, _SHRINKS
    yield _mutant(f"block {site.part} doubled", draft, price, *words)

    draft = Draft("ResNet50")
    draft.replace(site.line, ast.unparse(draft.value(site)))
    name = f"block {site.part}: result dropped"
    yield _mutant(name, draft, _STRUCTURE, *site.words)

    draft = Draft("ResNet50")
    call = draft.layer(site)
    assert isinstance(call.func, ast.Name)
    if first:
        call.func.id = "identity_block"
        draft.set(site, "s", None)
    else:
        call.func.id = "convolutional_block"
        call.keywords.append(ast.keyword("s", expression("1")))
    name = f"block {site.part} is a {call.func.id}"
    yield _mutant(name, draft, _STRUCTURE, *site.words)

    if after is not None and after.line == site.line + 1:
        draft = Draft("ResNet50").swap(site.line, after.line)
        words = (*site.words, *after.words)
        name = f"blocks {site.part} and {after.part} swapped"
        yield _mutant(name, draft, _STRUCTURE, *words)


def _stages(calls: list[Site]) -> Iterator[Mutant]:
    """The same slip in all calls of a stage, or of all stages."""
    for stage in (2, 3, 4, 5):
        own = [site for site in calls if site.part.startswith(str(stage))]
        words = tuple(word for site in own for word in site.words)
        draft = Draft("ResNet50")
        for site in own:
            draft.set(site, "stage", str(stage + 1))
        yield _mutant(f"stage {stage} numbered {stage + 1}", draft, _PLAN, *words)
        draft = Draft("ResNet50")
        for site in own:
            draft.set(site, "block", repr(chr(ord(site.part[1]) + 1)))
        yield _mutant(f"stage {stage}: letters from b on", draft, _PLAN, *words)
        draft = Draft("ResNet50")
        for site in reversed(own):
            draft.replace(site.line)
        yield _mutant(f"stage {stage} deleted", draft, prices.PLAN_STAGE, *words)
    draft = Draft("ResNet50")
    for site in calls:
        draft.set(site, "stage", str(int(site.part[0]) - 1))
    yield _mutant("all stages off by one", draft, _PLAN, "stage")
    for name, old, price in (
        ("the old text", "[256, 256, 2048]", prices.OLD_TEXT),
        ("a typing error", "[521, 521, 2048]", prices.OLD_TEXT),
    ):
        draft = Draft("ResNet50")
        for site in calls:
            if site.part[0] == "5":
                draft.set(site, "filters", old)
        yield _mutant(f"stage 5 by {name}", draft, price, "256", "block 5a")
    draft = Draft("ResNet50")
    for site in calls:
        if site.part[0] == "4":
            draft.set(site, "filters", "[265, 265, 1024]")
    yield _mutant("stage 4: 265 for 256", draft, prices.OLD_TEXT, "block 4a")
    draft = Draft("ResNet50")
    for site in calls:
        draft.set(site, "f", "5")
    yield _mutant("f is 5 everywhere", draft, prices.PLAN_STRIDES, "f is 5")


def _shifts(calls: list[Site]) -> Iterator[Mutant]:
    """A block more in one stage, and one fewer in another."""
    by_part = {site.part: site for site in calls}
    for many, few in (("3d", "4f"), ("4f", "3d"), ("3d", "5c"), ("5c", "3b"), ("4f", "5b")):
        draft = Draft("ResNet50")
        one_more = ast.unparse(draft.body[by_part[many].line])
        letter = chr(ord(many[1]) + 1)
        one_more = one_more.replace(f"block='{many[1]}'", f"block='{letter}'")
        changes = [(by_part[many].line + 1, one_more), (by_part[few].line, "")]
        for line, text in sorted(changes, reverse=True):
            draft = draft.insert(line, text) if text else draft.replace(line)
        words = (f"too many in stage {many[0]}", f"too few in stage {few[0]}")
        name = f"one block more in stage {many[0]}, block {few} fewer"
        yield _mutant(name, draft, prices.PLAN_SHIFT, *words)


def _strides(calls: list[Site]) -> Iterator[Mutant]:
    draft = Draft("ResNet50")
    for site in calls:
        if site.kind == "convolutional_block":
            draft.set(site, "s", "1")
    words = ("block 3a",)
    yield _mutant("strides of 1 in all stages", draft, prices.PLAN_STRIDES, *words)


def _between(calls: list[Site]) -> Iterator[Mutant]:
    """Something between two calls, or a call that takes an earlier tensor."""
    for site, after in pairwise(calls[3:7]):
        for text, price in (
            ("X = Dropout(0.2)(X)", _STRUCTURE),
            ("X = BatchNormalization(axis=3)(X)", _STRUCTURE),
            ("X = 2 * X", _STRUCTURE),
            ("X = MaxPooling2D((2, 2), padding='same')(X)", _STRUCTURE),
            ("X = Activation('relu')(X)", _EQUAL),
        ):
            if "Max" in text:
                price = _ALL
            draft = Draft("ResNet50").insert(site.line + 1, text)
            words = _SHRINKS if price == _ALL else (*site.words, *after.words)
            yield _mutant(f"after block {site.part}: {text}", draft, price, *words)
        draft = Draft("ResNet50")
        draft.layer(after).args[0] = expression("X_kept")
        draft.insert(site.line, "X_kept = X")
        words = (*site.words, *after.words)
        name = f"block {after.part} takes what block {site.part} took"
        yield _mutant(name, draft, _STRUCTURE, *words)
