"""The convolutional block in other words."""

_UNIT = """
def unit(X, n, k, part, stage, block, s=1):
    X = Conv2D(n, k, strides=s, padding="same", name=f"res{stage}{block}_branch{part}",
               kernel_initializer=glorot_uniform(seed=0))(X)
    return BatchNormalization(axis=3, name=f"bn{stage}{block}_branch{part}")(X)

"""
_HEAD = "def convolutional_block(X, f, filters, stage, block, s=2):\n"

CASES = {
    "helper": _UNIT
    + _HEAD
    + """\
    F1, F2, F3 = filters
    shortcut = X
    X = Activation("relu")(unit(X, F1, 1, "2a", stage, block, s))
    X = Activation("relu")(unit(X, F2, f, "2b", stage, block))
    X = unit(X, F3, 1, "2c", stage, block)
    return Activation("relu")(Add()([X, unit(shortcut, F3, 1, "1", stage, block, s)]))
""",
    "shortcut first": _UNIT
    + _HEAD
    + """\
    F1, F2, F3 = filters
    shortcut = unit(X, F3, 1, "1", stage, block, s)
    X = ReLU()(unit(X, F1, 1, "2a", stage, block, (s, s)))
    X = ReLU()(unit(X, F2, f, "2b", stage, block))
    return ReLU()(shortcut + unit(X, F3, 1, "2c", stage, block))
""",
    "layers made first": _HEAD
    + """\
    own = dict(kernel_initializer=glorot_uniform(seed=0))
    a, b, c, d = (
        Conv2D(n, k, strides=t, padding=p, name=f"res{stage}{block}_branch{part}",
               **own)
        for n, k, t, p, part in (
            (filters[2], 1, s, "valid", "1"),
            (filters[2], 1, 1, "valid", "2c"),
            (filters[1], f, 1, "same", "2b"),
            (filters[0], 1, s, "valid", "2a"),
        )
    )
    na, nb, nc, nd = (
        BatchNormalization(name=f"bn{stage}{block}_branch{p}")
        for p in ("1", "2c", "2b", "2a")
    )
    relu = Activation("relu")
    return relu(na(a(X)) + nb(b(relu(nc(c(relu(nd(d(X)))))))))
""",
    "list of paths": _UNIT
    + _HEAD
    + """\
    paths = {
        "main": [(filters[0], 1, "2a", s), (filters[1], f, "2b", 1),
                 (filters[2], 1, "2c", 1)],
        "shortcut": [(filters[2], 1, "1", s)],
    }
    ends = []
    for path in paths.values():
        t = X
        for i, (n, k, part, stride) in enumerate(path):
            if i:
                t = ReLU()(t)
            t = unit(t, n, k, part, stage, block, stride)
        ends.append(t)
    return ReLU()(Add()(ends))
""",
    "recursion": _UNIT
    + _HEAD
    + """\
    def path(t, parts):
        if not parts:
            return t
        (n, k, part, stride), *rest = parts
        t = unit(t, n, k, part, stage, block, stride)
        return path(ReLU()(t) if rest else t, rest)

    main = path(X, [(filters[0], 1, "2a", s), (filters[1], f, "2b", 1),
                    (filters[2], 1, "2c", 1)])
    return ops.relu(main + path(X, [(filters[2], 1, "1", s)]))
""",
    "pairs chosen by name": _HEAD
    + """\
    kinds = {"conv": keras.layers.Conv2D, "bn": keras.layers.BatchNormalization}
    add, relu = keras.layers.Add(), keras.layers.Activation("relu")
    def apply(t, part, n, k=1, strides=1):
        t = kinds["conv"](n, k, strides=(strides,) * 2, padding="same",
                          kernel_initializer=glorot_uniform(0),
                          name="".join(["res", str(stage), block, "_branch", part]))(t)
        return kinds["bn"](name="{}{}{}_branch{}".format("bn", stage, block, part))(t)
    Y = relu(apply(X, "2a", filters[0], strides=s))
    Y = relu(apply(Y, "2b", filters[1], f))
    Y = apply(Y, "2c", filters[2])
    return relu(add([Y, apply(X, "1", filters[2], strides=s)]))
""",
    "pooled by stride, then projected": _UNIT
    + _HEAD
    + """\
    F1, F2, F3 = filters
    cut = MaxPooling2D(1, strides=s)(X)
    Y = ReLU()(unit(cut, F1, 1, "2a", stage, block))
    Y = ReLU()(unit(Y, F2, f, "2b", stage, block))
    Y = unit(Y, F3, 1, "2c", stage, block)
    return ReLU()(Y + unit(cut, F3, 1, "1", stage, block))
""",
    "default left out": _UNIT
    + """\
def convolutional_block(X, f, filters, stage, block, s=None):
    s = 2 if s is None else s
    F1, F2, F3 = filters
    Y = ReLU()(unit(X, F1, 1, "2a", stage, block, s))
    Y = ReLU()(unit(Y, F2, f, "2b", stage, block))
    Y = unit(Y, F3, 1, "2c", stage, block)
    return ReLU()(Y + unit(X, F3, 1, "1", stage, block, s))
""",
    "keyword only": _UNIT
    + """\
def convolutional_block(X, *, f, filters, stage, block, s=2):
    F1, F2, F3 = filters
    Y = ReLU()(unit(X, F1, 1, "2a", stage, block, s))
    Y = ReLU()(unit(Y, F2, f, "2b", stage, block))
    Y = unit(Y, F3, 1, "2c", stage, block)
    return ReLU()(Y + unit(X, F3, 1, "1", stage, block, s))
""",
    "nested models": _HEAD
    + """\
    F1, F2, F3 = filters
    def unit(n, k, part, s=1):
        return [Conv2D(n, k, strides=s, padding="same",
                       name=f"res{stage}{block}_branch{part}",
                       kernel_initializer=glorot_uniform(seed=0)),
                BatchNormalization(name=f"bn{stage}{block}_branch{part}")]
    main = Sequential([*unit(F1, 1, "2a", s), ReLU(), *unit(F2, f, "2b"), ReLU(),
                       *unit(F3, 1, "2c")])
    side = Sequential(unit(F3, 1, "1", s))
    return ReLU()(Add()([main(X), side(X)]))
""",
    "reused ReLU, ops.add": _UNIT
    + """\
relu = keras.layers.ReLU()

"""
    + _HEAD
    + """\
    Y = relu(unit(X, filters[0], 1, "2a", stage, block, s))
    Y = relu(unit(Y, filters[1], f, "2b", stage, block))
    Y = unit(Y, filters[2], 1, "2c", stage, block)
    return relu(ops.add(unit(X, filters[2], 1, "1", stage, block, s), Y))
""",
}
