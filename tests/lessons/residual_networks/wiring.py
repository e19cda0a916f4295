"""The shortcut forgotten, joined in another way, or taken elsewhere."""

import ast
from collections.abc import Iterator

from tests.lessons.mutant import Mutant, Price
from tests.lessons.residual_networks import prices
from tests.lessons.residual_networks.draft import BLOCKS, Draft, Site, sites
from tests.lessons.residual_networks.prices import made

_EQUAL, _ALL, _M = prices.NOTHING, prices.EVERYTHING, prices.MERGE
_SHORTCUT = prices.SHORTCUT
_SUM = ("the addition", "shortcut")

#: What stands for `X = Add()([X, X_shortcut])`.
_SUMS: tuple[tuple[str, str, Price], ...] = (
    ("forgotten", "X = X", _SHORTCUT),
    ("main path twice", "X = Add()([X, X])", prices.SHORTCUT_ONCE),
    ("main path doubled", "X = X + X", prices.SHORTCUT_ONCE),
    ("shortcut twice", "X = Add()([X_shortcut, X_shortcut])", prices.NO_MAIN_PATH),
    ("only the shortcut", "X = X_shortcut", prices.NO_MAIN_PATH),
    ("Concatenate", "X = Concatenate()([X, X_shortcut])", _SHORTCUT),
    ("Concatenate axis 1", "X = Concatenate(axis=1)([X, X_shortcut])", _SHORTCUT),
    ("Subtract", "X = Subtract()([X, X_shortcut])", _M),
    ("Multiply", "X = Multiply()([X, X_shortcut])", _M),
    ("Average", "X = Average()([X, X_shortcut])", _M),
    ("Maximum", "X = Maximum()([X, X_shortcut])", _M),
    ("Minimum", "X = Minimum()([X, X_shortcut])", _M),
    ("minus", "X = X - X_shortcut", _M),
    ("minus, turned", "X = X_shortcut - X", _M),
    ("times", "X = X * X_shortcut", _M),
    ("half", "X = 0.5 * (X + X_shortcut)", _M),
    ("divided", "X = (X + X_shortcut) / 2", prices.OPAQUE),
    ("maximum", "X = ops.maximum(X, X_shortcut)", _M),
    ("main path counted twice", "X = Add()([X, X, X_shortcut])", _M),
    ("shortcut counted twice", "X = Add()([X, X_shortcut, X_shortcut])", _M),
    ("scaled shortcut", "X = X + 0.5 * X_shortcut", _M),
    ("one more", "X = X + X_shortcut + 1.0", _M),
    ("Lambda", "X = Lambda(lambda t: t[0] + t[1])([X, X_shortcut])", prices.OPAQUE),
    ("turned", "X = Add()([X_shortcut, X])", _EQUAL),
    ("plus", "X = X + X_shortcut", _EQUAL),
    ("plus, turned", "X = X_shortcut + X", _EQUAL),
    ("add", "X = layers.add([X, X_shortcut])", _EQUAL),
    ("ops.add", "X = ops.add(X, X_shortcut)", _EQUAL),
    ("ReLU before", "X = Activation('relu')(X)\nX = Add()([X, X_shortcut])", prices.EARLY_RELU),
    (
        "ReLU on the shortcut",
        "X_shortcut = Activation('relu')(X_shortcut)\nX = Add()([X, X_shortcut])",
        prices.EARLY_RELU,
    ),
    (
        "ReLU on both, none after",
        "X = Activation('relu')(X)\nX_shortcut = Activation('relu')(X_shortcut)\nreturn Add()([X, X_shortcut])",
        prices.ORDER,
    ),
    ("no ReLU after", "return Add()([X, X_shortcut])", prices.STRUCTURE),
    ("Dropout on the shortcut", "X_shortcut = Dropout(0.2)(X_shortcut)\nX = Add()([X, X_shortcut])", prices.STRUCTURE),
    ("one more normalisation", "X = Add()([X, X_shortcut])\nX = BatchNormalization(axis=3)(X)", prices.STRUCTURE),
)


def wiring_mutants() -> Iterator[Mutant]:
    """Changes of what feeds what in a block."""
    for function in BLOCKS:
        by_key = {site.key: site for site in sites(function)}
        for name, text, price in _SUMS:
            if name == "only the shortcut" and function == "identity_block":
                text, price = "return X_shortcut", _ALL
            draft = Draft(function).replace(by_key["Add-addition"].line, text)
            words = (*_SUM, "final ReLU", "_branch", "no layers")
            yield _mutant(function, f"sum:{name}", draft, price, *words)
        yield from _shortcut_taken_later(function, by_key)
    yield from _identity()
    yield from _projection()


def _mutant(function: str, name: str, draft: Draft, price: Price, *words: str) -> Mutant:
    tag = f"{function}:{name}".replace(" ", "_")
    return made(tag, function, draft.text, price, words, name)


def _start(draft: Draft) -> int:
    """The line `X_shortcut = X`."""
    (line,) = [number for number, statement in enumerate(draft.body) if ast.unparse(statement) == "X_shortcut = X"]
    return line


def _shortcut_taken_later(function: str, by_key: dict[str, Site]) -> Iterator[Mutant]:
    """`X_shortcut = X` comes after a layer of the main path."""
    identity = function == "identity_block"
    for key in ("Conv2D-2a", "Activation-2a", "Activation-2b", "BatchNormalization-2c"):
        draft = Draft(function)
        line = _start(draft)
        statement = draft.body.pop(line)
        draft.body.insert(by_key[key].line, statement)
        price, words = prices.ORDER, (*_SUM, "branch1")
        if identity and key == "BatchNormalization-2c":
            price = _SHORTCUT
        elif identity:
            price, words = _ALL, ("different shapes",)
        yield _mutant(function, f"shortcut after {key}", draft, price, *words)


def _identity() -> Iterator[Mutant]:
    function = "identity_block"
    by_key = {site.key: site for site in sites(function)}
    add = by_key["Add-addition"].line
    for name, lines in {
        "projected shortcut": (
            "X_shortcut = Conv2D(F3, (1, 1), name=conv_name_base + '1', "
            "kernel_initializer=glorot_uniform(seed=0))(X_shortcut)",
            "X_shortcut = BatchNormalization(name=bn_name_base + '1')(X_shortcut)",
        ),
        "normalised shortcut": ("X_shortcut = BatchNormalization(name=bn_name_base + '1')(X_shortcut)",),
    }.items():
        draft = Draft(function)
        for number, line in enumerate(lines):
            draft.insert(add + number, line)
        words = (*_SUM, "branch1", "BatchNormalization")
        yield _mutant(function, name, draft, prices.STRUCTURE, *words)
    for key in ("Conv2D-2b", "Conv2D-2c", "BatchNormalization-2a"):
        draft = Draft(function)
        draft.value(by_key[key]).args[0].id = "X_shortcut"  # type: ignore[attr-defined]
        before = ("branch2a", "branch2b", *by_key[key].words)
        yield _mutant(function, f"{key} takes the input", draft, prices.BYPASS, *before)


def _projection() -> Iterator[Mutant]:
    function = "convolutional_block"
    by_key = {site.key: site for site in sites(function)}
    conv, norm = by_key["Conv2D-1"], by_key["BatchNormalization-1"]
    for site, price in ((conv, prices.ORDER), (norm, prices.SHORTCUT_OR_LESS)):
        draft = Draft(function)
        draft.value(site).args[0].id = "X"  # type: ignore[attr-defined]
        words = (*site.words, *_SUM, "branch1")
        yield _mutant(function, f"{site.key} takes the main path", draft, price, *words)
    for text in ("MaxPooling2D(s)", "AveragePooling2D(s, padding='same')"):
        draft = Draft(function)
        draft.replace(norm.line).replace(conv.line, f"X_shortcut = {text}(X_shortcut)")
        words = ("branch1", *_SUM, "Pooling")
        name = f"shortcut is {text}"
        yield _mutant(function, name, draft, prices.STRUCTURE, *words)
    draft = Draft(function).replace(norm.line).replace(conv.line)
    name = "no projection"
    yield _mutant(function, name, draft, prices.EVERYTHING, "different shapes")
    draft = Draft(function)
    draft.replace(norm.line, "X_shortcut = norm(X_shortcut)")
    main = by_key["BatchNormalization-2c"]
    draft.replace(main.line, "norm = BatchNormalization(axis=3, name=bn_name_base + '2c')", "X = norm(X)")
    words = ("bn1a_branch1", "bn1a_branch2c")
    yield _mutant(function, "one normalisation for both", draft, prices.SHARED, *words)
    draft = Draft(function)
    draft.body[-1].value.id = "X_shortcut"  # type: ignore[attr-defined]
    price = prices.NO_MAIN_PATH
    yield _mutant(function, "returns the shortcut", draft, price, "main path", "branch")
