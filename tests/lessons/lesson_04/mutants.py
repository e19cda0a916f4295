"""Wrong versions of the family's functions, one fault each.

The price list of the lesson:

shortcut, 15: one hyperparameter of the projection, or a layer of it, 3 to 5; a case of
an option wrong 3 to 5; an option that never works, its points: A 7, B 5, C 3; nothing
works, 15.
basic_block, bottleneck_block, 20 each: one hyperparameter or argument 3 to 8; a layer
missing, too many or of another kind 3 to 12; ReLU before the sum 3 to 8; shortcut
forgotten 8 to 20; concatenated 10 to 20; what only shows under other arguments 3 to 8;
a function that raises, 20.
resnet, 25: a number of blocks, of one depth, 4 to 8; an argument of blocks 4 to 8;
strides of 1 in stages 3 to 5, 8 to 15; the other kind of block 6 to 10; a stage lost 5
to 12; a depth that raises 5 to 8; the head 3 to 5; options, sizes, defaults 3 to 5.
count_params, 8: one slip 3. count_flops, 12: one slip 4. Other wrong counts: more than
half, all where none is right.
"""

# A line a mutant, however long: a table is read by its columns
# ruff: noqa: E501
from collections.abc import Iterator

from tests.lessons.mutant import Mutant
from tests.lessons.source import source_of

_SOURCE = source_of("04_resnet_family")
Price = tuple[float, float]

_ARGUMENT: Price = (3, 8)
_LAYER: Price = (3, 12)
_RELU: Price = (3, 8)
_HIDDEN: Price = (3, 8)
_ALL_BLOCK: Price = (20, 20)


def _nth(function: str, old: str, new: str, number: int) -> str:
    """The solution with the `number`-th occurrence of a text replaced, from 0."""
    source = _SOURCE.solution(function)
    parts = source.split(old)
    assert 0 <= number < len(parts) - 1, f"{old!r} is {len(parts) - 1} times in it"
    return old.join(parts[: number + 1]) + new + old.join(parts[number + 1 :])


def _made(
    function: str,
    name: str,
    edits: tuple[tuple[str, str, int], ...],
    price: Price,
    words: tuple[str, ...],
    checks: tuple[str, ...] = (),
) -> Mutant:
    """Applies edits (old, new, which occurrence) from the last to the first."""
    source = _SOURCE.solution(function)
    for old, new, number in edits:
        if number < 0:
            assert old in source, old
            source = source.replace(old, new)
        else:
            parts = source.split(old)
            assert number < len(parts) - 1, f"{old!r} is {len(parts) - 1} times"
            source = old.join(parts[: number + 1]) + new + old.join(parts[number + 1 :])
    return Mutant(f"{function}:{name}", function, source, *price, checks, words, name)


# ------------------------------------------------------------------ shortcut
_PAD = "ops.pad(X, [(0, 0), (0, 0), (0, 0), (0, filters - n_C)])"
_POOL = "MaxPooling2D((1, 1), strides=(s, s))(X)"
_CONV = "Conv2D(filters, (1, 1), strides=(s, s))(X)"
_NORM = "BatchNormalization()(X)"
_IF = "if option == 'C' or (option == 'B' and changes):"


def _shortcut() -> Iterator[Mutant]:
    def one(name, old, new, price, *words, checks=()):
        return _made("shortcut", name, ((old, new, 0),), price, words, checks)

    conv = "the convolution of the shortcut"
    both = ("B",)
    for name, new, words in (
        ("window 3", "Conv2D(filters, (3, 3), strides=(s, s), padding='same')(X)",
         ("kernel_size",)),
        ("no stride", "Conv2D(filters, (1, 1))(X)", ("strides",)),
        ("other filters", "Conv2D(filters + 1, (1, 1), strides=(s, s))(X)",
         ("filters",)),
        ("channels kept", "Conv2D(n_C, (1, 1), strides=(s, s))(X)", ("filters",)),
        ("no bias", "Conv2D(filters, (1, 1), strides=(s, s), use_bias=False)(X)",
         ("use_bias",)),
        ("frozen", "Conv2D(filters, (1, 1), strides=(s, s), trainable=False)(X)",
         ("trainable",)),
        ("oblong stride", "Conv2D(filters, (1, 1), strides=(s, 1))(X)", ("strides",)),
    ):  # fmt: skip
        yield one(f"projection, {name}", _CONV, new, (3, 5), *words, checks=both)
    yield one("projection, stride written down", "Conv2D(filters, (1, 1), strides=(s, s))",
              "Conv2D(filters, (1, 1), strides=min(s, 2))", (3, 5), conv, "stride",
              checks=both)  # fmt: skip
    yield one("projection, ReLU", _CONV, _CONV[:-4] + ", activation='relu')(X)",
              (3, 5), "one layer more", "relu", checks=both)  # fmt: skip
    for name, new, words in (
        (
            "ReLU after",
            "keras.layers.ReLU()(BatchNormalization()(X))",
            ("ReLU", "one layer more"),
        ),
        ("no normalisation", "X", ("batch normalisation",)),
        ("epsilon", "BatchNormalization(epsilon=1e-05)(X)", ("epsilon",)),
        ("axis", "BatchNormalization(axis=1)(X)", ("axis",)),
        ("no offset", "BatchNormalization(center=False)(X)", ("center",)),
        ("training fixed", "BatchNormalization()(X, training=True)", ("training",)),
    ):
        yield one(f"projection, {name}", _NORM, new, (3, 5), *words, checks=both)
    for name, new in (
        (
            "average of 2×2",
            "keras.layers.AveragePooling2D((2, 2), strides=(s, s), padding='same')(X)",
        ),
        ("max of 2×2", "MaxPooling2D((2, 2), strides=(s, s), padding='same')(X)"),
        ("max of 3×3", "MaxPooling2D((3, 3), strides=(s, s), padding='same')(X)"),
        ("odd pixels", "ops.roll(X, -1, axis=1)[:, ::s, ::s]"),
    ):
        yield one(f"A, {name}", _POOL, new, (5, 7), "pixels 0, s, 2s", checks=("A",))
    yield one("A, no pooling", _POOL, "X", (5, 7), "pixels", checks=("A",))
    yield one("A, stride written down", "MaxPooling2D((1, 1), strides=(s, s))",
              "MaxPooling2D((1, 1), strides=(min(s, 2), min(s, 2)))", (3, 5),
              "other arguments", checks=("A",))  # fmt: skip
    yield one("A, stride of rows only", _POOL, "MaxPooling2D((1, 1), strides=(s, 1))(X)",
              (5, 7), "pixels", checks=("A",))  # fmt: skip
    for name, new, words in (
        ("zeros before", _PAD.replace("(0, filters - n_C)", "(filters - n_C, 0)"),
         ("stand before",)),
        ("zeros on both sides",
         _PAD.replace("(0, filters - n_C)",
                      "((filters - n_C) // 2, filters - n_C - (filters - n_C) // 2)"),
         ("both sides",)),
        ("ones for zeros", _PAD[:-1] + ", constant_values=1.0)", ("not zero",)),
        ("reflected", "ops.take(X, [k % n_C for k in range(filters)], axis=-1)",
         ("not zero",)),
        ("no zeros", "X", ("channels",)),
        ("twice the channels", "ops.pad(X, [(0, 0), (0, 0), (0, 0), (0, n_C)])",
         ("channels",)),
        ("rows padded", "ops.pad(X, [(0, 0), (0, filters - n_C), (0, 0), (0, 0)])",
         ("pixels", "channels")),
        ("a projection", _CONV, ("parameters",)),
    ):  # fmt: skip
        yield one(f"A, {name}", _PAD, new, (3, 7), *words, checks=("A",))
    yield one("A, one channel more", "filters - n_C)])", "filters - n_C + 1)])", (5, 7),
              "channels", checks=("A",))  # fmt: skip
    yield one("A always zeros and ReLU", _PAD, f"ops.relu({_PAD})", (5, 7), "pixels",
              checks=("A",))  # fmt: skip
    yield one("B is C", _IF, "if option in ('B', 'C'):", (3, 5), "stay as it is",
              checks=("B",))  # fmt: skip
    yield one("C is B", _IF, "if option in ('B', 'C') and changes:", (3, 3),
              "no projection", checks=("C",))  # fmt: skip
    yield one("A is B", _IF, "if option == 'C' or changes:", (5, 7), "parameters",
              checks=("A",))  # fmt: skip
    yield one("B is A", _IF, "if option == 'C':", (5, 5), "no projection",
              checks=("B",))  # fmt: skip
    yield one("C is A", _IF, "if option == 'B' and changes:", (3, 3), "no projection",
              checks=("C",))  # fmt: skip
    yield one("A and B swapped", "if option not in",
              "option = {'A': 'B', 'B': 'A'}.get(option, option)\n    if option not in",
              (10, 12), "parameters", "no projection")  # fmt: skip
    yield one("changes: stride alone", "changes = s != 1 or n_C != filters",
              "changes = s != 1", (6, 8), "s=1")  # fmt: skip
    yield one("changes: channels alone", "changes = s != 1 or n_C != filters",
              "changes = n_C != filters", (6, 8), "s=2")  # fmt: skip
    yield one("changes: both", "s != 1 or n_C", "s != 1 and n_C", (6, 9), "s=")
    yield one("changes never", "changes = s != 1 or n_C != filters", "changes = False",
              (12, 12), "unchanged", "no projection")  # fmt: skip
    yield one(
        "nothing returned", "    return X", "    return None", (15, 15), "returns"
    )
    yield one("raises", "n_C = X.shape[-1]", "n_C = X.channels", (15, 15), "channels")


# -------------------------------------------------------------------- blocks
def _block(function: str) -> Iterator[Mutant]:
    basic = function == "basic_block"
    width = "filters" if basic else "4 * filters"
    call = f"shortcut(X, {width}, s, option)"
    ordinals = ("first", "second") if basic else ("first", "second", "third")
    windows = ("(3, 3)", "(3, 3)") if basic else ("(1, 1)", "(3, 3)", "(1, 1)")

    def one(name, old, new, number, price, *words, checks=()):
        return _made(function, name, ((old, new, number),), price, words, checks)

    convs = [
        line.strip().removeprefix("X = ")
        for line in _SOURCE.solution(function).splitlines()
        if "Conv2D" in line
    ]
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
        yield _made(function, "stride moved to the 3×3 convolution", moved, _ARGUMENT,
                    ("strides",), ("layers",))  # fmt: skip
    for place, ordinal in enumerate(ordinals):
        for name, new, word in (
            ("left out", "X", "batch normalisation"),
            ("epsilon", "BatchNormalization(epsilon=1.001e-05)(X)", "epsilon"),
            ("axis", "BatchNormalization(axis=1)(X)", "axis"),
            ("no scale", "BatchNormalization(scale=False)(X)", "scale"),
            ("training", "BatchNormalization()(X, training=True)", "training"),
        ):
            price = _LAYER if name == "left out" else _ARGUMENT
            yield one(
                f"{ordinal} normalisation, {name}", _NORM, new, place, price, word
            )
    relu = "Activation('relu')(X)"
    relus = len(ordinals)
    for place in range(relus):
        which = "final" if place + 1 == relus else ordinals[place]
        for name, new in (
            ("left out", "X"),
            ("sigmoid", "Activation('sigmoid')(X)"),
            ("leaky", "LeakyReLU(0.1)(X)"),
            ("relu6", "Activation('relu6')(X)"),
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
    yield one("sum with itself", "[X, X_shortcut]", "[X, X]", 0, (8, 20), "addition",
              "shortcut")  # fmt: skip
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
    yield _made(function, "shortcut of the main path", late, (8, 20),
                ("shortcut", "addition"))  # fmt: skip
    other = "B" if basic else "A"
    own = "A" if basic else "B"
    yield one("default of option", f"option='{own}'", f"option='{other}'", 0, _HIDDEN,
              "other arguments")  # fmt: skip
    yield one("default of s", "s=1", "s=2", 0, _HIDDEN, "other arguments")
    yield one("returns nothing", "    return X", "    return None", 0, _ALL_BLOCK,
              "returns")  # fmt: skip
    yield one("returns the shortcut", "    return X", "    return X_shortcut", 0, (8, 20),
              "no layers", "missing")  # fmt: skip
    yield one("raises", add, "X = Add()(X, X_shortcut)", 0, _ALL_BLOCK, "tensor",
              "argument")  # fmt: skip
    yield one("dropout", add, f"X = keras.layers.Dropout(0.2)(X)\n    {add}", 0, _LAYER,
              "Dropout")  # fmt: skip
    yield one("filters written down", f"    X_shortcut = {call}",
              f"    filters = 4\n    X_shortcut = {call}", 0, _HIDDEN,
              "other arguments")  # fmt: skip


# -------------------------------------------------------------------- resnet
_PLAN = "resnet"


def _resnet() -> Iterator[Mutant]:
    def one(name, old, new, price, *words, checks=("plan",)):
        return _made(_PLAN, name, ((old, new, 0),), price, words, checks)

    counts: Price = (4, 8)
    plans = {
        18: (2, 2, 2, 2),
        34: (3, 4, 6, 3),
        50: (3, 4, 6, 3),
        101: (3, 4, 23, 3),
        152: (3, 8, 36, 3),
    }
    for depth, repeats in plans.items():
        block = "basic_block" if depth < 50 else "bottleneck_block"
        option = "A" if depth < 50 else "B"
        old = f"{depth}: ({block}, '{option}', {list(repeats)})"
        for stage in range(4):
            for change in (1, -1):
                if change == -1 and stage % 2:
                    continue
                wrong = list(repeats)
                wrong[stage] += change
                new = f"{depth}: ({block}, '{option}', {wrong})"
                word = f"stage {stage + 2} has {wrong[stage]} blocks"
                yield one(f"{depth}, stage {stage + 2}: {wrong[stage]} blocks", old, new,
                          counts, word)  # fmt: skip
        other = "bottleneck_block" if depth < 50 else "basic_block"
        new = old.replace(block, other)
        yield one(f"{depth}, {other}", old, new, (6, 10), f"resnet({depth})", other)
        new = old.replace(f"'{option}'", "'C'")
        yield one(f"{depth}, option C", old, new, (4, 8), "option is 'C'")
        yield one(
            f"{depth} missing", f"{depth}: (", f"{depth + 1}: (", (5, 8), "KeyError"
        )
    yield one("34 for 18 and 18 for 34", "18: (basic_block, 'A', [2, 2, 2, 2]), 34: (basic_block, 'A', [3, 4, 6, 3])",
              "34: (basic_block, 'A', [2, 2, 2, 2]), 18: (basic_block, 'A', [3, 4, 6, 3])",
              (8, 17), "resnet(18)", "resnet(34)")  # fmt: skip
    yield one(
        "101 has 152's", "[3, 4, 23, 3]", "[3, 8, 36, 3]", (5, 10), "stage 4 has 36"
    )
    stride = "s = 2 if stage > 0 and number == 0 else 1"
    yield one("strides of 1", stride, "s = 1", (8, 15), "s is 1")
    yield one("stride in stage 2, too", stride, "s = 2 if number == 0 else 1", (4, 8),
              "s is 2")  # fmt: skip
    yield one("stride in the last block", stride,
              "s = 2 if stage > 0 and number == repeats[stage] - 1 else 1", (6, 17),
              "s is")  # fmt: skip
    yield one("stride in each block", stride, "s = 2 if stage > 0 else 1", (4, 20), "s is",
              "shrinks", checks=())  # fmt: skip
    yield one("no stride in stage 5", stride,
              "s = 2 if 0 < stage < 3 and number == 0 else 1", (4, 8), "s is 1")  # fmt: skip
    yield one("no stride in stage 3", stride,
              "s = 2 if stage > 1 and number == 0 else 1", (4, 8), "s is 1")  # fmt: skip
    yield one("stride of 3", stride, "s = 3 if stage > 0 and number == 0 else 1", (4, 12),
              "s is 3")  # fmt: skip
    filters = "64 * 2 ** stage"
    for name, new, price in (
        ("filters from 32", "32 * 2 ** stage", (4, 17)),
        ("filters doubled", "128 * 2 ** stage", (4, 17)),
        ("filters always 64", "64", (4, 20)),
        ("filters grow by 64", "64 * (stage + 1)", (4, 17)),
        ("filters of the old text", "min(64 * 2 ** stage, 256)", (4, 12)),
    ):
        yield one(name, filters, new, price, "filters is", "blocks")
    yield one("stage 5 lost", "range(4)", "range(3)", (5, 12), "stage 5")
    yield one("stage 2 lost", "range(4)", "range(1, 4)", (5, 17), "stage 2", "blocks")
    for depth_option in ("A", "B", "C"):
        yield one(f"option always {depth_option}", "option=option)",
                  f"option='{depth_option}')", (3, 13), "option", checks=())  # fmt: skip
    yield one("option not handed on", ", option=option)", ")", (3, 8), "option",
              checks=("values",))  # fmt: skip
    yield one("own option always", "if option is None:", "if True:", (3, 8), "option",
              checks=("values",))  # fmt: skip
    yield one(
        "own option never", "option = own_option", "option = 'B'", (4, 8), "option"
    )
    pool = "GlobalAveragePooling2D()(X)"
    around = ("layers",)
    for name, new in (
        ("max", "keras.layers.GlobalMaxPooling2D()(X)"),
        (
            "average over 2×2",
            "keras.layers.Flatten()(keras.layers.AveragePooling2D((2, 2))(X))",
        ),
        ("flat", "keras.layers.Flatten()(X)"),
    ):
        yield one(f"pooling: {name}", pool, new, (3, 8), "pooling", checks=())
    dense = "Dense(classes, activation='softmax')(X)"
    for name, new, word in (
        ("no softmax", "Dense(classes)(X)", "softmax"),
        ("sigmoid", "Dense(classes, activation='sigmoid')(X)", "softmax"),
        ("no bias", "Dense(classes, activation='softmax', use_bias=False)(X)", "use_bias"),
        ("one class more", "Dense(classes + 1, activation='softmax')(X)", "units"),
        ("two layers", "Dense(classes, activation='softmax')(Dense(64)(X))", "one layer"),
        ("dropout", "Dense(classes, activation='softmax')(keras.layers.Dropout(0.5)(X))",
         "Dropout"),
    ):  # fmt: skip
        yield one(f"head: {name}", dense, new, (3, 5), word, checks=around)
    yield one("classes written down", dense, "Dense(6, activation='softmax')(X)", (3, 5),
              "other arguments", "units", checks=("values",))  # fmt: skip
    yield one("input shape written down", "Input(input_shape)", "Input((64, 64, 3))", (3, 5),
              "input_shape", "size", checks=("values",))  # fmt: skip
    yield one("default of classes", "classes=1000", "classes=6", (3, 5), "default",
              checks=("values",))  # fmt: skip
    yield one("default of input_shape", "(224, 224, 3)", "(64, 64, 3)", (3, 5),
              "default", "size", checks=("values",))  # fmt: skip
    yield one("default of option", "option=None", "option='B'", (3, 5), "option",
              checks=())  # fmt: skip
    for name, old, new, word in (
        ("stem window", "Conv2D(64, (7, 7)", "Conv2D(64, (3, 3)", "kernel_size"),
        ("stem filters", "Conv2D(64, (7, 7)", "Conv2D(32, (7, 7)", "filters"),
        ("stem padding", "ZeroPadding2D((3, 3))", "ZeroPadding2D((2, 2))", "padding"),
        ("no second padding", "X = ZeroPadding2D((1, 1))(X)\n", "\n", "padding"),
        ("pool window", "MaxPooling2D((3, 3)", "MaxPooling2D((2, 2)", "pool_size"),
        (
            "average pool",
            "MaxPooling2D((3, 3)",
            "keras.layers.AveragePooling2D((3, 3)",
            "pooling",
        ),
        ("no stem ReLU", "X = Activation('relu')(X)\n", "\n", "ReLU"),
    ):
        yield one(f"given part: {name}", old, new, (3, 5), word, checks=around)
    yield one("nothing returned", "    return Model(inputs=X_input, outputs=X)",
              "    Model(inputs=X_input, outputs=X)", (25, 25), "returns nothing")  # fmt: skip
    yield one("a tensor returned", "return Model(inputs=X_input, outputs=X)", "return X",
              (25, 25), "returns KerasTensor")  # fmt: skip
    yield one("no block called", "X = block(X,", "block(X,", (17, 25), "without a call of",
              "no layers", checks=())  # fmt: skip


# -------------------------------------------------------------------- counts
def _counts() -> Iterator[Mutant]:
    def params(name, old, new, price, *words):
        return _made("count_params", name, ((old, new, 0),), price, words, ("values",))

    slip: Price = (3, 3)
    product = "math.prod(weight.shape)"
    each = "for weight in layer.weights:"
    yield params("trained only", each, "for weight in layer.trainable_weights:", slip,
                 "moving averages")  # fmt: skip
    yield params("kernels only", each, "for weight in layer.weights[:1]:", (3, 8),
                 "count")  # fmt: skip
    yield params("no biases", each,
                 "for weight in [w for w in layer.weights if 'bias' not in w.path]:",
                 slip, "biases")  # fmt: skip
    yield params("no normalisation", "for layer in model.layers:",
                 "for layer in [n for n in model.layers if not isinstance(n, BatchNormalization)]:",
                 slip, "batch normalisation")  # fmt: skip
    yield params("no dense layers", "for layer in model.layers:",
                 "for layer in [n for n in model.layers if not isinstance(n, Dense)]:",
                 slip, "dense")  # fmt: skip
    yield params("convolutions only", "for layer in model.layers:",
                 "for layer in [n for n in model.layers if isinstance(n, Conv2D)]:",
                 slip, "only convolutions")  # fmt: skip
    yield params("shared twice", each,
                 "for weight in layer.weights * len(layer._inbound_nodes):", slip,
                 "called twice")  # fmt: skip
    yield params("sum for product", product, "sum(weight.shape)", (5, 8), "count")
    yield params("number of weights", product, "1", (8, 8), "no model right")
    yield params("last layer", "total += math", "total = math", (5, 8), "counts")
    yield params("Keras counts", "total = 0", "return model.count_params()", (8, 8),
                 "count yourself")  # fmt: skip
    yield params("Keras counts layers", f"{each}\n            total += {product}",
                 "total += layer.count_params()", (8, 8), "count yourself")  # fmt: skip
    yield params("returns nothing", "return total", "total", (8, 8), "returns nothing")
    yield params(
        "returns text", "return total", "return str(total)", (8, 8), "returns str"
    )
    yield params(
        "always 138", "return total", "return 138", (8, 8), "138 for each model"
    )
    yield params("bytes", product, f"4 * {product}", (8, 8), "no model right")
    yield params("stops early", "    return total", "            return total", (5, 8),
                 "count", "returns")  # fmt: skip

    def flops(name, old, new, price, *words):
        return _made("count_flops", name, ((old, new, 0),), price, words, ("values",))

    slip = (4, 4)
    conv = "height * width * math.prod(layer.kernel.shape)"
    for name, new, word in (
        ("input's size", "layer.input.shape[1:3]", "those of its input"),
        ("no places", None, "once for each place"),
        ("no window", None, "window"),
        ("no channels", None, "channels"),
        ("no filters", None, "number of filters"),
    ):
        if new:
            yield flops(name, "layer.output.shape[1:3]", new, slip, word)
        else:
            part = {"no places": "math.prod(layer.kernel.shape)",
                    "no window": "height * width * math.prod(layer.kernel.shape[2:])",
                    "no channels": f"{conv} // layer.kernel.shape[2]",
                    "no filters": f"{conv} // layer.filters"}[name]  # fmt: skip
            yield flops(name, conv, part, slip, word)
    dense = "elif isinstance(layer, Dense):\n            total += math.prod(layer.kernel.shape)"
    yield flops("no dense layers", dense, "", slip, "dense")
    yield flops("no convolutions", conv, "0", slip, "convolutions are not")
    yield flops("biases of both", "total = 0",
                "total = sum(math.prod(n.output.shape[1:3]) * n.filters if isinstance(n, Conv2D)"
                " else n.units for n in model.layers"
                " if getattr(n, 'use_bias', False))", slip, "biases")  # fmt: skip
    yield flops("normalisation counted", "total = 0",
                "total = sum(math.prod(n.output.shape[1:]) for n in model.layers"
                " if isinstance(n, BatchNormalization))", slip,
                "batch normalisation")  # fmt: skip
    yield flops("doubled", "return total", "return 2 * total", slip, "as two")
    yield flops("height twice", "height * width", "height * height", (8, 12), "count")
    yield flops("a window's side once", "math.prod(layer.kernel.shape)\n        elif",
                "math.prod(layer.kernel.shape[1:])\n        elif", (8, 12), "count")  # fmt: skip
    yield flops("last layer", "total += height", "total = height", (8, 12), "count")
    yield flops("dense: units only", "total += math.prod(layer.kernel.shape)",
                "total += layer.units", (4, 12), "dense", "count")  # fmt: skip
    yield flops("dense counted at each place", dense, dense + " * 9", (8, 12), "dense")
    yield flops("strides forgotten", "layer.output.shape[1:3]",
                "[n - k + 1 for n, k in zip(layer.input.shape[1:3], layer.kernel_size)]",
                (8, 12), "count", "convolution")  # fmt: skip
    yield flops("parameters", conv, "sum(math.prod(w.shape) for w in layer.weights)",
                (8, 12), "count", "no model")  # fmt: skip
    yield flops("returns nothing", "return total", "total", (12, 12), "returns nothing")
    yield flops("always 3896", "return total", "return 3896", (12, 12), "3896 for each")
    yield flops("raises", "layer.output.shape[1:3]", "layer.output_shape[1:3]", (8, 12),
                "output_shape")  # fmt: skip
    yield flops("activation layers, too", "if isinstance(layer, Conv2D)",
                "if len(layer.output.shape) == 4", (8, 12), "kernel", "AttributeError")  # fmt: skip


MUTANTS = (
    *_shortcut(),
    *_block("basic_block"),
    *_block("bottleneck_block"),
    *_resnet(),
    *_counts(),
)
