"""Wrong versions of the two blocks."""

# A line a mutant, however long: a table is read by its columns
from collections.abc import Iterator

from tests.lessons.mutant import Mutant
from tests.lessons.resnet_family.made import SOURCE, Price, made

_ARGUMENT: Price = (3, 8)
_LAYER: Price = (3, 12)
_RELU: Price = (3, 8)
_HIDDEN: Price = (3, 8)
_ALL_BLOCK: Price = (20, 20)
_NORM = "BatchNormalization()(X)"


def block(function: str) -> Iterator[Mutant]:
    basic = function == "basic_block"
    width = "filters" if basic else "4 * filters"
    call = f"shortcut(X, {width}, s, option)"
    ordinals = ("first", "second") if basic else ("first", "second", "third")
    windows = ("(3, 3)", "(3, 3)") if basic else ("(1, 1)", "(3, 3)", "(1, 1)")

    def one(name, old, new, number, price, *words, checks=()):
        return made(function, name, ((old, new, number),), price, words, checks)

    convs = [line.strip().removeprefix("X = ") for line in SOURCE.solution(function).splitlines() if "Conv2D" in line]
    for place, (conv, ordinal) in enumerate(zip(convs, ordinals, strict=True)):
        about = f"{ordinal} convolution"
        inside = conv[: -len(")(X)")]
        last = place + 1 == len(convs)
        for name, new, word in (
            ("no bias", f"{inside}, use_bias=False)(X)", "use_bias"),
            ("other window", conv.replace(windows[place], "(5, 5)"), "kernel_size"),
            ("dilated", f"{inside}, dilation_rate=2)(X)", "dilation"),
            ("frozen", f"{inside}, trainable=False)(X)", "trainable"),
            ("activation", f"{inside}, activation='relu')(X)", ordinal),
        ):
            if name == "other window" and windows[place] == "(1, 1)":
                new = conv.replace("(1, 1)", "(3, 3)", 1)[:-4] + ", padding='same')(X)"
            if name == "dilated" and (windows[place] == "(1, 1)" or place == 0):
                continue
            price = _LAYER if name == "activation" else _ARGUMENT
            yield one(f"{ordinal}, {name}", conv, new, 0, price, word, about)
        if place == 0:
            yield one("first, no stride", "strides=(s, s)", "strides=(1, 1)", 0,
                      (20, 20) if basic is None else (3, 20), "stride", "shapes")  # fmt: skip
            yield one("first, stride written down", "strides=(s, s)",
                      "strides=(min(s, 2), min(s, 2))", 0, _HIDDEN, "other arguments")  # fmt: skip
            more = conv.replace("filters,", "2 * filters,", 1)
            yield one("first, twice the filters", conv, more, 0, _ARGUMENT, "filters")
        elif not last:
            more = conv.replace("filters,", "2 * filters,", 1)
            yield one("second, twice the filters", conv, more, 0, _ARGUMENT, "filters")
        if last:
            more = conv.replace("filters,", "filters + 1,", 1)
            yield one(f"{ordinal}, other filters", conv, more, 0, _ALL_BLOCK, "shapes")
        yield one(f"{ordinal} convolution left out", conv, "X", 0,
                  (3, 20), ordinal, "convolution", "shapes")  # fmt: skip
        yield one(f"{ordinal} convolution doubled", f"X = {conv}",
                  f"X = {conv}\n    X = {conv.replace('(s, s)', '(1, 1)')}", 0, (3, 20),
                  "one layer more", ordinal)  # fmt: skip
    if not basic:
        yield one("stride in the 3×3 convolution", "strides=(s, s)", "strides=(1, 1)", 0,
                  (3, 20), "stride", "shapes")  # fmt: skip
        moved = (("strides=(s, s)", "strides=(0, 0)", 0), ("strides=(1, 1)", "strides=(s, s)", 0),
                 ("strides=(0, 0)", "strides=(1, 1)", 0))  # fmt: skip
        yield made(function, "stride moved to the 3×3 convolution", moved, (6, 6),
                    ("swapped",), ("layers",))  # fmt: skip
    for place, ordinal in enumerate(ordinals):
        for name, new, word in (
            ("left out", "X", "batch normalisation"),
            ("epsilon", "BatchNormalization(epsilon=1.001e-05)(X)", "epsilon"),
            ("axis", "BatchNormalization(axis=1)(X)", "axis"),
            ("no scale", "BatchNormalization(scale=False)(X)", "scale"),
            ("training", "BatchNormalization()(X, training=True)", "training"),
        ):
            price = _LAYER if name == "left out" else _ARGUMENT
            yield one(f"{ordinal} normalisation, {name}", _NORM, new, place, price, word)
    relu = "Activation('relu')(X)"
    relus = len(ordinals)
    for place in range(relus):
        which = "final" if place + 1 == relus else ordinals[place]
        for name, new in (
            ("left out", "X"),
            ("sigmoid", "Activation('sigmoid')(X)"),
            ("leaky", "LeakyReLU(0.1)(X)"),
            ("relu6", "Activation('relu6')(X)"),
            ("clip", "ops.clip(X, 0, 6)"),
        ):
            if name == "leaky":
                new = "keras.layers.ReLU(negative_slope=0.1)(X)"
            yield one(f"{which} ReLU, {name}", relu, new, place, _LAYER, "ReLU",
                      "activation")  # fmt: skip
    add = "X = Add()([X, X_shortcut])"
    final = f"{add}\n    X = {relu}"
    yield one("ReLU before the sum", final, f"X = {relu}\n    {add}", 0, _RELU, "ReLU")
    yield one("ReLU on both sides", add, f"X = {relu}\n    {add}", 0, _RELU,
              "one layer more", "ReLU")  # fmt: skip
    yield one("ReLU on the shortcut", call, f"keras.layers.ReLU()({call})", 0, _LAYER,
              "one layer more", "ReLU")  # fmt: skip
    yield one("no sum", f"{add}\n", "\n", 0, (8, 15), "addition", "shortcut")
    for kind in ("Concatenate", "Multiply", "Average", "Maximum", "Subtract"):
        source = f"X = keras.layers.{kind}()([X, X_shortcut])"
        price = (10, 20) if kind == "Concatenate" else (3, 15)
        yield one(f"{kind} for Add", add, source, 0, price, kind, "addition")
    yield one("sum with itself", "[X, X_shortcut]", "[X, X]", 0, (15, 15), "addition",
              checks=("wiring",))  # fmt: skip
    yield one("input for shortcut", call, "X", 0, (3, 15), "shortcut", "shapes")
    arguments = (
        ("s left at 1", call.replace(", s,", ", 1,"), (3, 20), ("s is", "shapes")),
        ("option A", call.replace("option", "'A'"), _ARGUMENT, ("option",)),
        ("option B", call.replace("option", "'B'"), _HIDDEN, ("option", "projection",
                                                             "other arguments")),
        ("option C", call.replace("option", "'C'"), _ARGUMENT, ("option",)),
    )  # fmt: skip
    for name, new, price, words in arguments:
        yield one(f"shortcut, {name}", call, new, 0, price, *words)
    late = ((f"    X_shortcut = {call}\n", "", 0),
            (f"    {add}", f"    X_shortcut = {call.replace(', s,', ', 1,')}\n    {add}", 0))  # fmt: skip
    yield made(function, "shortcut of the main path", late, (8, 20),
                ("shortcut", "addition"))  # fmt: skip
    other = "B" if basic else "A"
    own = "A" if basic else "B"
    yield one("default of option", f"option='{own}'", f"option='{other}'", 0, _HIDDEN,
              "other arguments")  # fmt: skip
    yield one("default of s", "s=1", "s=2", 0, _HIDDEN, "other arguments")
    yield one("returns nothing", "    return X", "    return None", 0, _ALL_BLOCK,
              "returns")  # fmt: skip
    yield one("returns the shortcut", "    return X", "    return X_shortcut", 0, (8, 20),
              "no layers", "missing", "never reaches")  # fmt: skip
    yield one("raises", add, "X = Add()(X, X_shortcut)", 0, _ALL_BLOCK, "tensor",
              "argument")  # fmt: skip
    yield one("dropout", add, f"X = keras.layers.Dropout(0.2)(X)\n    {add}", 0, _LAYER,
              "Dropout")  # fmt: skip
    yield one("filters written down", f"    X_shortcut = {call}",
              f"    filters = 4\n    X_shortcut = {call}", 0, _HIDDEN,
              "other arguments")  # fmt: skip
