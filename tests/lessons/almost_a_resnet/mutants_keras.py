"""Faults in the mended Keras functions."""

from collections.abc import Iterator

from tests.lessons.almost_a_resnet.edits import Edit, shifted
from tests.lessons.almost_a_resnet.edits import mutants as edited
from tests.lessons.mutant import Mutant

_H, _N, _W = (1.5, 4), (1, 4), (0.5, 4)
_LAYER, _EARLY, _LOST = (1.5, 7.5), (1.5, 4), (7.5, 15)
_HIDDEN, _ALL = (1, 4), (15, 15)
_ADD = "X = Add()([X, X_shortcut])\n"
_RELU = "X = Activation('relu')(X)\n"
_SEED = "kernel_initializer=glorot_uniform(seed=0)"
_PARTS = {"2a": 0, "2b": 1, "2c": 2, "1": 3}


def _component(part: str) -> Iterator[Edit]:
    """Faults that each component of a block may have."""
    filters = {"2a": "F1", "2b": "F2", "2c": "F3", "1": "F3"}[part]
    window = "(3, 3)" if part == "2b" else "(1, 1)"
    own = "X_shortcut = " if part == "1" else "X = "
    head = f"{own}Conv2D({filters}, {window}, "
    conv, norm = f"branch{part}", f"bn1a_branch{part}"
    other = {"F1": "F2", "F2": "F3", "F3": "F1"}[filters]
    if part != "2c" and part != "1":
        changed = head.replace(filters, other)
        yield Edit(f"{part}:filters", head, changed, _H, (conv, "filters"))
    larger = "(5, 5)" if part == "2b" else "(3, 3)"
    changed = head.replace(window, larger)
    if part == "2b":
        yield Edit(f"{part}:window", head, changed, _H, (conv, "kernel_size"))
        text = "padding='same', "
        yield Edit(f"{part}:padding", text, "", _ALL, ("padding",))
    name = f"conv_name_base + '{part}'"
    yield Edit(f"{part}:name", name, f"conv_name_base + '{part}x'", _N, (conv,))
    name = f"bn_name_base + '{part}'"
    yield Edit(f"{part}:bn name", name, "bn_name_base + 'x'", _N, (norm,))
    name = f"(axis=3, name=bn_name_base + '{part}')"
    found = f"(name=bn_name_base + '{part}', axis=2)"
    yield Edit(f"{part}:axis", name, found, _H, (norm, "axis"))
    found = name.replace(")", ", epsilon=1e-5)", 1)
    yield Edit(f"{part}:epsilon", name, found, _H, (norm, "epsilon"))
    found = name.replace(")", ", scale=False)", 1)
    yield Edit(f"{part}:scale", name, found, _H, (norm, "scale"))
    line = f"BatchNormalization{name}"
    inner = "X_shortcut" if part == "1" else "X"
    yield Edit(f"{part}:no bn", f"{line}({inner})", inner, _LAYER, (norm,))
    place = _PARTS[part]
    seed = _SEED.replace("0", "1")
    yield Edit(f"{part}:seed", _SEED, seed, _W, (conv, "seed 1"), place)
    yield Edit(f"{part}:no seed", f", {_SEED}", "", _W, (conv, "no seed"), place)
    bias = f"{_SEED}, use_bias=False"
    yield Edit(f"{part}:no bias", _SEED, bias, _H, (conv, "use_bias"), place)


def _block(projects: bool) -> Iterator[Edit]:
    for part in ("2a", "2b", "2c", "1")[: 4 if projects else 3]:
        yield from _component(part)
    first = "bn_name_base + '2a')(X)\n    " + _RELU
    second = "bn_name_base + '2b')(X)\n    " + _RELU
    yield Edit("no ReLU 2a", first, first.replace("    " + _RELU, ""), _LAYER, ("ReLU",))
    yield Edit("no ReLU 2b", second, second.replace("    " + _RELU, ""), _LAYER, ("ReLU",))
    limited = second.replace("Activation('relu')", "keras.layers.ReLU(max_value=6)")
    yield Edit("ReLU6 2b", second, limited, _H, ("max_value",))
    tanh = second.replace("relu", "tanh")
    yield Edit("tanh 2b", second, tanh, _H, ("activation", "ReLU"))
    end = f"{_ADD}    {_RELU}"
    yield Edit("early ReLU", end, f"{_RELU}    {_ADD}", _EARLY, ("ReLU",))
    yield Edit("ReLU twice", end, f"{_RELU}    {end}", (1.5, 7.5), ("Activation",))
    yield Edit("no last ReLU", end, _ADD, _LAYER, ("final ReLU",))
    yield Edit("no sum", f"    {_ADD}", "", _LOST, ("addition", "shortcut"))
    joined = "X = keras.layers.Concatenate()([X, X_shortcut])\n"
    yield Edit("concatenates", _ADD, joined, _LOST, ("Concatenate",))
    for kind in ("Multiply", "Subtract", "Average", "Maximum"):
        text = _ADD.replace("Add", f"keras.layers.{kind}")
        yield Edit(kind, _ADD, text, _LAYER, (kind,))
    yield Edit("main path twice", "[X, X_shortcut]", "[X, X]", (7.5, 7.5), ("addition",))
    yield Edit("filters swapped", "F1, F2, F3 = filters", "F2, F1, F3 = filters", (3, 3), ("swapped",))
    yield Edit("nothing returned", "    return X", "    X = X", _ALL, ("returns nothing",))
    yield Edit("the block's name", "stage) + block", "stage) + 'a'", _HIDDEN, ("name",), 0)
    yield Edit("the stage's name", "str(stage)", "'1'", _HIDDEN, ("name",), 1)
    yield Edit("dropout", end, f"{end}    X = keras.layers.Dropout(0.2)(X)\n", _LAYER, ("Dropout", "one layer more"))
    yield Edit(
        "layer is not called",
        "Activation('relu')(X)",
        "Activation('relu')",
        _ALL,
        ("returns", "raises", "passes", "works"),
        2,
    )
    yield Edit("syntax of names", "bn_name_base + '2b'", "bn_base + '2b'", _ALL, ("not defined",))


def _projection() -> Iterator[Edit]:
    yield Edit("stride main", "strides=(s, s), ", "", _ALL, ("branch2a: strides",), 0)
    yield Edit("stride shortcut", "strides=(s, s), ", "", _ALL, ("branch1: strides",), 1)
    yield Edit("stride 2 written down", "(s, s)", "(2, 2)", _HIDDEN, ("stride", "arguments"), -1)
    yield Edit("another default", "s=2):", "s=1):", (1, 15), ("stride", "default"))
    source = "glorot_uniform(seed=0))(X_shortcut)"
    yield Edit(
        "shortcut from the main path",
        source,
        source.replace("X_shortcut", "X"),
        (1.5, 15),
        ("branch1", "incompatible", "shortcut"),
    )
    norm = "X_shortcut = BatchNormalization(axis=3, name=bn_name_base + '1')(X_shortcut)"
    relu = f"{norm}\n    X_shortcut = Activation('relu')(X_shortcut)"
    yield Edit("ReLU on the shortcut", norm, relu, _LAYER, ("Activation",))


def _network() -> Iterator[Edit]:
    plan, calls, arg = (1, 4.5), (1, 6), (1, 4.5)
    for stage, filters in ((3, 128), (4, 256), (5, 512)):
        old = f"identity_block(X, [{filters}, {filters}, {4 * filters}]"
        for name, new in (
            ("265", f"identity_block(X, [{filters}, 265, {4 * filters}]"),
            ("narrow", f"identity_block(X, [{filters // 2}, {filters}, {4 * filters}]"),
        ):
            yield Edit(f"stage {stage}:{name}", old, new, plan, ("filters",))
        old = f"stage={stage}, block='a')"
        words = (f"block {stage}a",)
        yield Edit(f"stage {stage}:stride", old, old.replace(")", ", s=1)"), arg, ("s is 1",))
        yield Edit(f"stage {stage}:letter", old, old.replace("'a'", "'b'"), arg, words)
        yield Edit(
            f"stage {stage}:number", f"stage={stage}, block=block", f"stage={stage - 1}, block=block", arg, ("stage",)
        )
    for letters in ("'bcd'", "'bcdef'", "'bc'"):
        words = ("block", "stage")
        less, more = letters[:-2] + "'", letters[:-1] + "g'"
        yield Edit(f"{letters} less", f"in {letters}:", f"in {less}:", calls, words)
        yield Edit(f"{letters} more", f"in {letters}:", f"in {more}:", calls, words)
    old = "X = convolutional_block(X, [256, 256, 1024], stage=4, block='a')"
    new = old.replace("convolutional", "identity")
    yield Edit("wrong block", old, new, calls, ("block 4a",))
    pool = "GlobalAveragePooling2D(name='avg_pool')(X)"
    yield Edit("pool unnamed", "name='avg_pool'", "", (0.5, 3), ("avg_pool",))
    yield Edit(
        "max pooling", pool, "keras.layers.GlobalMaxPooling2D(name='avg_pool')(X)", (1, 4.5), ("GlobalMax", "avg_pool")
    )
    yield Edit("mean of ops", pool, "keras.ops.mean(X, axis=(1, 2))", (0.5, 3), ("avg_pool", "name"))
    yield Edit("mean of other axes", pool, "keras.ops.mean(X, axis=(2, 3))", (1, 4.5), ("mean over axis (2, 3)",))
    window = "keras.layers.AveragePooling2D(7, name='avg_pool')(X)"
    flat = f"keras.layers.Flatten()({window})"
    yield Edit("7x7 window", pool, flat, (0.5, 4.5), ("AveragePooling2D", "avg_pool"))
    yield Edit("no pooling", f"X = {pool}", "X = keras.layers.Flatten()(X)", (1, 6), ("avg_pool", "Flatten"))
    dense = "activation='softmax'"
    yield Edit("no softmax", f"{dense}, ", "", (1, 4.5), ("softmax",))
    yield Edit("sigmoid", dense, "activation='sigmoid'", (1, 4.5), ("activation",))
    yield Edit("fc name", "'fc' + str(classes)", "'fc'", (0.5, 4), ("fc6", "name"))
    yield Edit("fc written down", "'fc' + str(classes)", "'fc1000'", (0.5, 3), ("name",))
    yield Edit("fc units", "Dense(classes,", "Dense(1000,", (0.5, 3), ("units",))
    yield Edit("fc seed", _SEED, _SEED.replace("0", "3"), (0.5, 3), ("seed 3",), 1)
    yield Edit("fc bias", "Dense(classes,", "Dense(classes, use_bias=False,", (1, 4.5), ("use_bias",))
    yield Edit("input shape", "Input(input_shape)", "Input((224, 224, 3))", (0.5, 4), ("size", "arguments", "input"))
    yield Edit("default classes", "classes=1000):", "classes=6):", (0.5, 3), ("default",))
    yield Edit("default shape", "(224, 224, 3),", "(64, 64, 3),", (0.5, 3), ("default",))
    yield Edit(
        "no model", "return Model(inputs=X_input, outputs=X, name='ResNet50')", "return X", _ALL, ("not the model",)
    )
    yield Edit("conv1 stride", "strides=(2, 2), name='conv1'", "name='conv1'", (1, 4.5), ("conv1", "strides"))


def mutants() -> Iterator[Mutant]:
    """All of them."""
    yield from edited("identity_block", _block(projects=False))
    yield from edited("convolutional_block", [*_block(projects=True), *_projection()])
    yield from edited("ResNet50", _network())
    for more, fewer in (
        (("bcd", "bcde"), ("bcdef", "bcde")),
        (("bcdef", "bcdefg"), ("bcd", "bc")),
        (("bcd", "bcde"), ("bc", "b")),
    ):
        yield shifted("ResNet50", "for block in '{}':", more, fewer)
