"""Layers deleted, doubled, swapped, of another kind, or put in between."""

import ast
from collections.abc import Iterator

from tests.lessons.mutant import Mutant, Price
from tests.lessons.residual_networks import prices
from tests.lessons.residual_networks.draft import BLOCKS, Draft, Site, expression, sites
from tests.lessons.residual_networks.prices import made

_S, _EQUAL, _ALL = prices.STRUCTURE, prices.NOTHING, prices.EVERYTHING
_UNLIKE = ("different shapes",)
_SHRINKS = ("shrinks",)


def structure_mutants() -> Iterator[Mutant]:
    """Changes of which layers there are, and in which order."""
    for function in (*BLOCKS, "ResNet50"):
        line = [s for s in sites(function) if s.kind not in (*BLOCKS, "Input", "Model")]
        for number, site in enumerate(line):
            after = line[number + 1] if number + 1 < len(line) else None
            yield from _deleted(site, after)
            yield from _doubled(site, after)
            if after is not None:
                yield from _swapped(site, after)
            yield from _of_another_kind(site)
            yield from _put_in(site, after)
    yield from _components()


def _mutant(site: Site, what: str, draft: Draft, price: Price, *words: str, why: str = "") -> Mutant:
    return made(
        f"{site.function}:{site.key}:{what}".replace(" ", ""),
        site.function,
        draft.text,
        price,
        words if price == _ALL else (*site.words, *words),
        why or f"{site.words[0]}: {what}",
    )


def _is(site: Site, function: str, *keys: str) -> bool:
    return site.function == function and site.key in keys


def _deleted(site: Site, after: Site | None) -> Iterator[Mutant]:
    price, words = _S, ()
    if site.kind == "Add":
        return  # a matter of wiring
    if site.key == "Conv2D-2c" or _is(site, "convolutional_block", "Conv2D-1"):
        price, words = _ALL, _UNLIKE
    if _is(site, "convolutional_block", "Conv2D-2a"):
        price, words = _ALL, _UNLIKE
    draft = Draft(site.function)
    if site.kind == "ZeroPadding2D":
        draft.replace(site.line, "X = X_input")
    else:
        draft.replace(site.line)
    yield _mutant(site, "deleted", draft, price, *words)


def _doubled(site: Site, after: Site | None) -> Iterator[Mutant]:
    draft = Draft(site.function)
    text = ast.unparse(draft.body[site.line])
    draft.insert(site.line + 1, text.replace("X_input", "X"))
    price, words = _S, (*(after.words if after else ()), site.kind)
    if site.kind in ("Activation", "Flatten"):
        price = _EQUAL
    if site.kind.endswith("Pooling2D") or site.part == "conv1":
        price, words = _ALL, _SHRINKS
    yield _mutant(site, "doubled", draft, price, *words)


def _swapped(site: Site, after: Site) -> Iterator[Mutant]:
    draft = Draft(site.function)
    if draft.target(site) != draft.target(after) or after.line != site.line + 1:
        return
    price, words = prices.ORDER, after.words
    if site.kind == "Add":
        price = prices.EARLY_RELU
    elif (site.kind, after.kind) == ("Activation", "MaxPooling2D"):
        price = _EQUAL
    elif site.kind == "ZeroPadding2D":
        price, words = _ALL, ("before it has a value",)
    elif site.kind == "AveragePooling2D":
        price, words = _ALL, ("avg_pool there is one layer more",)
    elif (site.kind, after.kind) == ("Flatten", "Dense"):
        price, words = prices.AROUND, (*after.words, "other arguments")
    draft.swap(site.line, after.line)
    yield _mutant(site, f"swapped with {after.key}", draft, price, *words)


def _of_another_kind(site: Site) -> Iterator[Mutant]:
    for text, price in _KINDS.get(site.kind, ()):
        strided = _is(site, "convolutional_block", "Conv2D-2a", "Conv2D-1")
        if strided and text == "Conv2DTranspose":
            price = _ALL
        draft = Draft(site.function)
        value = draft.value(site)
        if text.endswith(")") or text.startswith("ops."):
            value.func = expression(text)
        else:
            draft.layer(site).func = expression(text)
            if text == "SeparableConv2D":
                draft.set(site, "kernel_initializer", None)
        what = f"is {text}"
        yield _mutant(site, what, draft, price, *(_UNLIKE if price == _ALL else ()))


_KINDS: dict[str, tuple[tuple[str, Price], ...]] = {
    "Conv2D": (("SeparableConv2D", _S), ("Conv2DTranspose", _S)),
    "BatchNormalization": (("LayerNormalization", _S), ("GroupNormalization(groups=1)", _S)),
    "Activation": (
        ("LeakyReLU()", _S),
        ("PReLU()", _S),
        ("ELU()", _S),
        ("Softmax()", _S),
        ("Dropout(0.5)", _S),
        ("ReLU(max_value=6)", _S),
        ("ReLU(max_value=100)", _S),
        ("ReLU(negative_slope=0.1)", _S),
        ("ReLU(threshold=0.5)", _S),
        ("(lambda x: ops.clip(x, 0, 6))", _S),
        ("(lambda x: ops.where(x > 0.1, x, 0.0))", _S),
        ("ReLU()", _EQUAL),
        ("ops.relu", _EQUAL),
        ("Lambda(lambda t: keras.ops.relu(t))", prices.OPAQUE),
    ),
    "MaxPooling2D": (("AveragePooling2D", _S), ("MaxPool2D", _EQUAL)),
    "AveragePooling2D": (
        ("MaxPooling2D", _S),
        ("GlobalAveragePooling2D(name='avg_pool')", prices.AROUND),
        ("GlobalMaxPooling2D(name='avg_pool')", _S),
        ("(lambda x: ops.max_pool(x, 2))", _S),
        ("AvgPool2D", _EQUAL),
    ),
    "Flatten": (
        ("GlobalAveragePooling2D()", prices.AROUND),
        ("Reshape((2048,))", prices.AROUND),
        ("Reshape((-1,))", _EQUAL),
    ),
}

#: Lines put after a layer: name, code, what it costs.
_LINES = (
    ("Dropout", "{x} = Dropout(0.3)({x})", _S),
    ("GaussianNoise", "{x} = GaussianNoise(0.1)({x})", _S),
    ("BatchNormalization", "{x} = BatchNormalization(axis=-1)({x})", _S),
    ("Lambda", "{x} = Lambda(lambda t: 2 * t)({x})", prices.OPAQUE),
    ("Multiply", "{x} = 2 * {x}", _S),
    ("no Dropout", "{x} = Dropout(0.0)({x})", _EQUAL),
    ("linear", "{x} = Activation('linear')({x})", _EQUAL),
)


def _put_in(site: Site, after: Site | None) -> Iterator[Mutant]:
    if site.kind in ("Flatten", "ZeroPadding2D"):
        return
    for name, line, price in _LINES:
        draft = Draft(site.function)
        text = line.format(x=draft.target(site))
        if name == "BatchNormalization" and site.kind == "Dense":
            text = "X = BatchNormalization()(X)"
        draft.insert(site.line + 1, text)
        words = (*(after.words if after else ()), name, "final step")
        if name == "Multiply":
            words = (*words, "multiplication")
        yield _mutant(site, f"then {name}", draft, price, *words)
    if site.kind == "Conv2D":
        draft = Draft(site.function)
        draft.insert(site.line + 1, "{0} = Activation('relu')({0})".format(draft.target(site)))
        assert after is not None
        yield _mutant(site, "then ReLU", draft, _S, *after.words)


def _components() -> Iterator[Mutant]:
    """Whole components forgotten, or the convolutions of a component alone."""
    for function in BLOCKS:
        by_part: dict[str, list[Site]] = {}
        for site in sites(function):
            by_part.setdefault(site.part, []).append(site)
        lines = by_part["2b"]
        draft = Draft(function)
        del draft.body[lines[0].line : lines[-1].line + 1]
        yield _mutant(lines[0], "component deleted", draft, _S)
        norms = [s for s in sites(function) if s.kind == "BatchNormalization"]
        draft = Draft(function)
        for site in reversed(norms):
            draft.replace(site.line)
        names = [word for site in norms for word in site.words]
        yield _mutant(norms[0], "all batch normalisations deleted", draft, prices.MANY, *names)
        for part in ("2b", "2c"):
            draft = Draft(function)
            conv, norm = by_part[part][:2]
            draft.swap(conv.line, norm.line)
            yield _mutant(conv, "after its normalisation", draft, _S, *norm.words)
