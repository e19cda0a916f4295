"""Wrong versions of the two blocks.

Prices, out of 25 each: an initial weight 3 to 4; training forgotten or wrong 4 to 8; a
hyperparameter 3 to 8; a layer missing, too many or moved 4 to 12; ReLU before the sum
3 to 9; the shortcut forgotten or concatenated 13 to 25; a default 4 to 8; a function
that raises or returns nothing all 25.
"""

from collections.abc import Iterator

from tests.lessons.mutant import Mutant, Price
from tests.lessons.training_resnets.lines import BLOCKS, deleted, edited, inserted, moved, places, replaced

_WEIGHTS = (3, 4, ("weights",))
_MODE = (4, 8, ("training",))
_ATTR = (3, 8, ("layers",))
_LAYER = (4, 12, ("layers", "wiring"))
_SUM = (13, 25, ("wiring",))
#: two values in each other's place; the addition without the shortcut
_SWAP, _ONCE = (6, 6, ("layers",)), (15, 15, ("wiring",))
_ALL = (25, 25, ())
_NONE = (0, 0, ())
_BEHAVIOUR = (4, 8, ("values",))
_INITIALIZER = "kernel_initializer=initializer(seed=0)"
_MADE = "initializer(seed=0)"
#: how a kernel's initialiser is written wrongly: text, whether it costs
_DRAWS: tuple[tuple[str, bool], ...] = (
    ("glorot_uniform(seed=0)", True),
    ("random_uniform(seed=0)", True),
    ("initializer(seed=1)", True),
    ("initializer(seed=42)", True),
    ("initializer()", True),
    ("initializer", True),
    ("keras.initializers.GlorotUniform(seed=0)", True),
    ("'he_normal'", True),
    ("'zeros'", True),
    ("initializer(0)", False),
)


def block_mutants() -> Iterator[Mutant]:
    """Each with one fault, or none that the verdict rule knows."""
    for function in BLOCKS:
        yield from _arguments(function)
        yield from _modes(function)
        yield from _layers(function)
        yield from _wiring(function)
        yield from _heads(function)


def _mutant(function: str, name: str, source: str, price: Price, *words: str) -> Mutant:
    least, most, checks = price
    tag = f"{function}:{name}".replace(" ", "_")
    return Mutant(tag, function, source, least, most, checks, words, name)


def _parts(function: str, kind: str) -> list[str]:
    return [p.split()[1] for p in places(function) if p.startswith(f"{kind} ")]


def _words(kind: str, part: str) -> tuple[str, ...]:
    long = {"conv": "convolution", "norm": "batch normalisation", "relu": "ReLU"}[kind]
    if part == "shortcut":
        return (f"the shortcut's {long}", f"{long} of the shortcut path")
    where = "final step" if part == "final" else f"{part} component"
    return (f"the {part} {long}", f"the {long} of the {where}", f"{long} of the {part}")


def _arguments(function: str) -> Iterator[Mutant]:
    """The initializer: ignored, written down, without its seed, left out."""
    parts = _parts(function, "conv")
    for number, part in enumerate(parts):
        words = _words("conv", part)
        # Each part has its share of them: all of them would say no more.
        for text, costs in _DRAWS[number :: len(parts)]:
            source = edited(function, f"conv {part}", _MADE, text)
            price = _WEIGHTS if costs else _NONE
            yield _mutant(function, f"{part}: {text}", source, price, *words)
        source = edited(function, f"conv {part}", f", {_INITIALIZER}", "")
        yield _mutant(function, f"{part}: no initializer", source, _WEIGHTS, *words)
        source = edited(function, f"conv {part}", "kernel_initializer", "bias_initializer")
        yield _mutant(function, f"{part}: of the bias", source, (3, 7, ()), *words)
    for text, costs in _DRAWS:
        source = replaced(function, _MADE, text)
        price = _WEIGHTS if costs else _NONE
        yield _mutant(function, f"everywhere: {text}", source, price, "convolution")
    other = {"identity_block": "glorot_uniform", "convolutional_block": "random_uniform"}
    own = {"identity_block": "random_uniform", "convolutional_block": "glorot_uniform"}
    source = replaced(function, f"initializer={own[function]}", f"initializer={other[function]}")
    yield _mutant(function, "default of initializer", source, _WEIGHTS, "default")
    source = replaced(function, f"initializer={own[function]}", "initializer")
    source = source.replace("initializer, training=None", "initializer, training")
    source = source.replace("s=2, ", "s, ")
    price = (4, 8, ("values",))
    yield _mutant(function, "no defaults", source, price, "wrong arguments", "default")


def _modes(function: str) -> Iterator[Mutant]:
    """Training: not passed on, passed as a constant, inverted, to the wrong place."""
    call = ", training=training)"
    for part in _parts(function, "norm"):
        words = (*_words("norm", part), "mode")
        for text, price in (
            (")", _MODE),
            (", training=None)", _MODE),
            (", training=False)", _MODE),
            (", training=True)", _MODE),
            (", training=not training)", _MODE),
            (", training=bool(training))", _NONE),
            (", training)", _ALL),
        ):
            if text == ", training)":
                continue
            source = edited(function, f"norm {part}", call, text)
            yield _mutant(function, f"{part}: training{text}", source, price, *words)
        source = edited(function, f"norm {part}", "axis=3)", "axis=3, trainable=False)")
        price = (3, 8, ("layers", "training"))
        yield _mutant(function, f"{part}: trainable=False", source, price, *words)
        tensor = "X_shortcut" if part == "shortcut" else "X"
        old = f"axis=3)({tensor}, training=training)"
        new = f"axis=3, trainable=training)({tensor})"
        source = edited(function, f"norm {part}", old, new)
        price = (4, 12, ())
        yield _mutant(function, f"{part}: trainable=training", source, price, *words)
    for text in (")", ", training=False)", ", training=True)", ", training=not training)"):
        source = replaced(function, call, text)
        yield _mutant(function, f"everywhere: training{text}", source, _MODE, "training", "mode")
    for value in ("True",):
        source = replaced(function, "training=None", f"training={value}")
        words = ("training",)
        yield _mutant(function, f"default: training={value}", source, _MODE, *words)
    source = replaced(function, "training=None", "training=False")
    yield _mutant(function, "default: training=False", source, _NONE)


def _layers(function: str) -> Iterator[Mutant]:
    """Hyperparameters, one at a time."""
    for part in _parts(function, "conv"):
        words, norm = _words("conv", part), _words("norm", part)
        changes: list[tuple[str, str, Price, tuple[str, ...]]] = [
            ("padding=", "use_bias=False, padding=", _ATTR, words),
            ("padding=", "activation='relu', padding=", _LAYER, (*words, *norm)),
            ("padding=", "trainable=False, padding=", _ATTR, words),
            ("padding=", "data_format=None, padding=", _NONE, ()),
        ]
        if part == "second":
            changes += [
                ("F2", "F1", _ATTR, words),
                ("F2", "F3", _ATTR, words),
                ("F2", "4", (4, 8, ("values",)), words),
                ("(f, f)", "(3, 3)", _ATTR, words),
                ("(f, f)", "f", _NONE, ()),
                ("(f, f)", "(2, 2)", (4, 8, ("values",)), words),
                ("strides=(1, 1), ", "", _NONE, ()),
            ]
        if part in ("first", "third", "shortcut"):
            changes.append(("'valid'", "'same'", _NONE, ()))
            changes.append(("(1, 1), strides", "1, strides", _NONE, ()))
        if part == "first":
            changes.append(("F1", "F2", _ATTR, words))
            changes.append(("F1", "2 * F1", _ATTR, words))
        for old, new, price, named in changes:
            source = edited(function, f"conv {part}", old, new)
            name = f"{part}: {old} becomes {new}"
            yield _mutant(function, name, source, price, *named)
    parts = _parts(function, "norm")
    for number, part in enumerate(parts):
        words = _words("norm", part)
        for old, new, price in (
            ("axis=3", "axis=1", _ATTR),
            ("axis=3", "axis=-1", _NONE),
            ("axis=3", "", _NONE),
            ("axis=3", "axis=3, epsilon=1e-5", _ATTR),
            ("axis=3", "axis=3, momentum=0.9", _NONE),
            ("axis=3", "axis=3, scale=False", _ATTR),
        )[number :: len(parts)]:
            source = edited(function, f"norm {part}", old, new)
            name = f"{part}: {old} becomes {new}"
            yield _mutant(function, name, source, price, *words)
    if function == "convolutional_block":
        unlike = ("different shapes",)
        source = edited(function, "conv first", "(s, s)", "(1, 1)")
        yield _mutant(function, "stride 1 at first", source, _ALL, *unlike)
        source = edited(function, "conv shortcut", "(s, s)", "(1, 1)")
        yield _mutant(function, "stride 1 on the shortcut", source, _ALL, *unlike)
        source = replaced(function, "(s, s)", "(2, 2)")
        yield _mutant(function, "stride 2", source, _BEHAVIOUR, "stride")
        source = replaced(function, "s=2", "s=1")
        yield _mutant(function, "default s=1", source, _BEHAVIOUR, "stride", "default")
        source = replaced(function, "s=2", "s=3")
        yield _mutant(function, "default s=3", source, _BEHAVIOUR, "stride", "default")
        source = edited(function, "conv first", "(s, s)", "(1, 1)")
        source = source.replace("(f, f), strides=(1, 1)", "(f, f), strides=(s, s)")
        yield _mutant(function, "stride on f by f", source, _SWAP, "swapped")


def _wiring(function: str) -> Iterator[Mutant]:
    """The sum, the ReLUs, layers missing or too many."""
    yield _mutant(function, "no sum", deleted(function, "add"), _SUM, "shortcut")
    for text in ("keras.layers.Concatenate()", "keras.layers.concatenate"):
        source = edited(function, "add", "Add()", text)
        name = f"sum: {text}"
        yield _mutant(function, name, source, _SUM, "Concatenate", "the addition")
    for kind in ("Multiply", "Average", "Maximum", "Subtract"):
        source = edited(function, "add", "Add()", f"keras.layers.{kind}()")
        price = (5, 25, ("wiring", "layers"))
        yield _mutant(function, f"sum: {kind}", source, price, kind)
    source = edited(function, "add", "[X, X_shortcut]", "[X, X]")
    yield _mutant(function, "X and X", source, _ONCE, "the addition")
    early = moved(function, "add", "relu final")
    price = (3, 9, ("wiring", "layers"))
    yield _mutant(function, "ReLU before the sum", early, price, "ReLU", "addition")
    source = deleted(function, "relu final")
    yield _mutant(function, "no last ReLU", source, _LAYER, "final ReLU", "final step")
    for part in ("second",):
        for kind in ("relu", "norm"):
            source = deleted(function, f"{kind} {part}")
            name = f"no {kind} {part}"
            yield _mutant(function, name, source, _LAYER, *_words(kind, part))
    source = deleted(function, "norm third")
    yield _mutant(function, "no norm third", source, _LAYER, *_words("norm", "third"))
    source = deleted(function, "conv second", "norm second", "relu second")
    yield _mutant(function, "no second component", source, (4, 25, ()), "second")
    source = inserted(function, "norm third", "X = Activation('relu')(X)")
    words = ("the addition", "one layer more", "ReLU")
    yield _mutant(function, "ReLU in the third", source, _LAYER, *words)
    source = inserted(function, "relu second", "X = keras.layers.Dropout(0.3)(X)")
    yield _mutant(function, "Dropout", source, _LAYER, "Dropout", "third")
    source = edited(function, "relu second", "'relu'", "'tanh'")
    yield _mutant(function, "tanh", source, _ATTR, "second component", "activation")
    for name, text in (("clip", "keras.ops.clip({}, 0, 6)"), ("where", "keras.ops.where({0} > 0.1, {0}, 0.0)")):
        source = edited(function, "relu final", "Activation('relu')(X)", text.format("X"))
        yield _mutant(function, f"{name} at last", source, _LAYER, "final ReLU")
    source = edited(function, "relu final", "'relu'", "'sigmoid'")
    yield _mutant(function, "sigmoid at last", source, _ATTR, "final", "activation")
    source = inserted(function, "relu final", "X = Activation('relu')(X)")
    yield _mutant(function, "ReLU twice", source, _NONE)
    source = moved(function, "norm second", "relu second")
    price = (4, 14, ())
    yield _mutant(function, "norm after ReLU", source, price, "second", "ReLU")
    if function == "convolutional_block":
        source = deleted(function, "norm shortcut")
        words = _words("norm", "shortcut")
        yield _mutant(function, "no norm on the shortcut", source, _LAYER, *words)
        source = inserted(function, "norm shortcut", "X_shortcut = Activation('relu')(X_shortcut)")
        yield _mutant(function, "ReLU on the shortcut", source, _LAYER, "addition")
        source = edited(function, "conv shortcut", "(X_shortcut)", "(X)")
        price = (4, 25, ())
        yield _mutant(function, "shortcut from X", source, price, "shortcut", "shapes")
    else:
        source = moved(function, "kept", "relu first")
        price = (4, 25, ())
        words = ("addition", "shapes")
        yield _mutant(function, "kept too late", source, price, *words)


def _heads(function: str) -> Iterator[Mutant]:
    """What is returned, and how the filters are unpacked."""
    for text, words in (
        ("return None", ("returns nothing",)),
        ("return X, training", ("returns tuple",)),
        ("raise NotImplementedError()", ("not written yet",)),
        ("return missing", ("not defined",)),
        ("return Activation('relu')", ("the layer Activation",)),
    ):
        source = edited(function, "return", "return X", text)
        yield _mutant(function, text, source, _ALL, *words)
    source = edited(function, "unpacked", "F1, F2, F3", "F2, F1, F3")
    yield _mutant(function, "F2, F1, F3", source, _SWAP, "swapped")
    source = inserted(function, "unpacked", "f = 3")
    yield _mutant(function, "f = 3", source, _ATTR, "second convolution")
    source = inserted(function, "unpacked", "training = training or False")
    yield _mutant(function, "training or False", source, _NONE)
    source = inserted(function, "unpacked", "training = True")
    yield _mutant(function, "training = True", source, _MODE, "training")
    source = inserted(function, "unpacked", "initializer = glorot_uniform")
    yield _mutant(function, "initializer = ...", source, _WEIGHTS, "convolution")
