"""The identity block in other words."""

_HEAD = "def identity_block(X, f, filters, stage, block):\n"

_NAMES = """\
    conv = "res" + str(stage) + block + "_branch"
    bn = "bn" + str(stage) + block + "_branch"
    F1, F2, F3 = filters
    X_shortcut = X
"""

_MAIN = """\
    X = Conv2D(F1, 1, name=conv + "2a", kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn + "2a")(X)
    X = Activation("relu")(X)
    X = Conv2D(F2, f, padding="same", name=conv + "2b",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn + "2b")(X)
    X = Activation("relu")(X)
    X = Conv2D(F3, 1, name=conv + "2c", kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn + "2c")(X)
"""

_END = """\
    X = Add()([X, X_shortcut])
    return Activation("relu")(X)
"""


def _block(main: str = _MAIN, end: str = _END, names: str = _NAMES) -> str:
    return _HEAD + names + main + end


def _ended(*lines: str) -> str:
    return _block(end="".join(f"    {line}\n" for line in lines))


CASES = {
    "defaults left out, numbers for pairs": _block(),
    "plus": _ended("return Activation('relu')(X + X_shortcut)"),
    "plus in place": _ended("X += X_shortcut", "return Activation('relu')(X)"),
    "add function": _ended("return layers.ReLU()(layers.add([X_shortcut, X]))"),
    "ops": _ended("return ops.relu(ops.add(X, X_shortcut))"),
    "keras.ops": _ended("return keras.ops.relu(keras.ops.add(X_shortcut, X))"),
    "ops.maximum": _ended("return ops.maximum(X + X_shortcut, 0)"),
    "where": _ended("X = X + X_shortcut", "return ops.where(X > 0, X, ops.zeros_like(X))"),
    "a mask": _ended("X = X + X_shortcut", "return X * ops.cast(X > 0, 'float32')"),
    "half of two": _ended("X = X + X_shortcut", "return 0.5 * (X + ops.abs(X))"),
    "clip": _ended("return ops.clip(X + X_shortcut, 0, 1e30)"),
    "a function of its own": _ended("return Activation(lambda t: ops.maximum(t, 0))(X + X_shortcut)"),
    "stack and sum": _ended("return ReLU()(ops.sum(ops.stack([X, X_shortcut]), axis=0))"),
    "einsum": _ended("return ReLU()(ops.einsum('kbhwc->bhwc', ops.stack([X, X_shortcut])))"),
    "minus the negative": _ended("return ReLU()(X - (-X_shortcut))"),
    "scaled by one": _ended("return keras.layers.Rescaling(1.0)(ReLU()(1.0 * X + X_shortcut))"),
    "Sequential in the middle": _ended("return Sequential([layers.Identity(), ReLU()])(X + X_shortcut)"),
    "activations.relu": _ended("return activations.relu(X + X_shortcut)"),
    "relu activation object": _ended("return Activation(activations.relu)(Add()([X, X_shortcut]))"),
    "keras.ops.relu as activation": _ended(
        "return Activation(keras.activations.relu)(keras.layers.Add()([X, X_shortcut]))"
    ),
    "tf.keras": _block(
        _MAIN.replace("Conv2D", "tf.keras.layers.Conv2D").replace(
            "BatchNormalization", "tf.keras.layers.BatchNormalization"
        ),
        "    X = tf.keras.layers.Add()([X, X_shortcut])\n    return tf.keras.layers.Activation('relu')(X)\n",
    ),
    "layers by module": _block(
        _MAIN.replace("Conv2D", "layers.Conv2D").replace("BatchNormalization", "keras.layers.BatchNormalization")
    ),
    "one ReLU for all": _block(
        "    relu = ReLU()\n" + _MAIN.replace('Activation("relu")', "relu"), "    return relu(X + X_shortcut)\n"
    ),
    "axis from behind, or left out": _block(_MAIN.replace("axis=3", "axis=-1", 2).replace("axis=3, ", "")),
    "same padding everywhere": _block(_MAIN.replace("1, name", "1, padding='same', name")),
    "padding in capitals": _block(_MAIN.replace('"same"', '"SAME"')),
    "all written out": _block(
        _MAIN.replace("1, name", "(1, 1), strides=(1, 1), padding='valid', name").replace(
            "F2, f,", "filters=F2, kernel_size=(f, f), strides=1,"
        )
    ),
    "lists for pairs": _block(
        _MAIN.replace("1, name", "[1, 1], [1, 1], 'valid', name").replace("F2, f,", "F2, [f, f],")
    ),
    "channels named": _block(_MAIN.replace("name=conv", "data_format='channels_last', name=conv")),
    "Keras's own seed 0": _block(_MAIN.replace("glorot_uniform(", "keras.initializers.GlorotUniform(")),
    "momentum": _block(_MAIN.replace("axis=3", "axis=3, momentum=0.9")),
    "regulariser": _block(_MAIN.replace("name=conv", "kernel_regularizer='l2', name=conv")),
    "no activation": _block(_MAIN.replace("name=conv", "activation=None, name=conv")),
    "linear activations": _block(_MAIN.replace("name=conv", "activation='linear', name=conv")),
    "a linear layer": _ended("X = Activation('linear')(X)", "return Activation('relu')(X + X_shortcut)"),
    "a ReLU twice": _ended("X = Activation('relu')(X + X_shortcut)", "return Activation('relu')(X)"),
    "filters by number": _block(
        names=_NAMES.replace("F1, F2, F3 = filters", "F1 = filters[0]\n    F2 = filters[1]\n    F3 = filters[-1]")
    ),
    "starred": _block(names=_NAMES.replace("F1, F2, F3", "(F1, *rest)"))
    .replace("F2, f,", "rest[0], f,")
    .replace("F3, 1,", "rest[1], 1,"),
    "channels of the input": _block(_MAIN.replace("F3, 1,", "X_shortcut.shape[-1], 1,")),
    "f-strings": _block(
        names=_NAMES.replace('"res" + str(stage) + block + "_branch"', 'f"res{stage}{block}_branch"').replace(
            '"bn" + str(stage) + block + "_branch"', '"bn%s%s_branch" % (stage, block)'
        )
    ),
    "annotated": _block().replace(
        "X, f, filters, stage, block", "X: keras.KerasTensor, f: int, filters: list[int], stage: int, block: str"
    ),
    "parameters renamed": """
def identity_block(x, kernel, widths, number, letter):
    base = f"{number}{letter}_branch2"
    y = x
    for part, width, window in zip("abc", widths, (1, kernel, 1)):
        y = Conv2D(width, window, padding="same", name=f"res{base}{part}",
                   kernel_initializer=glorot_uniform(seed=0))(y)
        y = BatchNormalization(name=f"bn{base}{part}")(y)
        y = ReLU()(y) if part != "c" else y
    return ReLU()(Add()([y, x]))
""",
    "shortcut taken late": """
def identity_block(X, f, filters, stage, block):
    def unit(t, width, window, part, last=False):
        t = Conv2D(width, window, padding="same",
                   name="res%d%s_branch%s" % (stage, block, part),
                   kernel_initializer=glorot_uniform(seed=0))(t)
        t = BatchNormalization(name="bn%d%s_branch%s" % (stage, block, part))(t)
        return t if last else Activation("relu")(t)

    Y = unit(unit(X, filters[0], 1, "2a"), filters[1], f, "2b")
    X_shortcut = X
    return Activation("relu")(unit(Y, filters[2], 1, "2c", last=True) + X_shortcut)
""",
    "prints": _block(
        "    print('stage', stage, X.shape, type(X))\n" + _MAIN,
        "    import sys\n    print('done', file=sys.stderr)\n" + _END,
    ),
    "summary of its own": _block(
        end="""\
    Y = Activation("relu")(Add()([X, X_shortcut]))
    Model(X_shortcut, Y).summary()
    return Y
"""
    ),
    "try and except": _block(
        end="""\
    try:
        X = X + X_shortcut
    except ValueError as error:
        raise ValueError("the shapes differ") from error
    return Activation("relu")(X)
"""
    ),
    "nested Sequential": _block(
        """\
    path = Sequential([
        Conv2D(F1, 1, name=conv + "2a", kernel_initializer=glorot_uniform(seed=0)),
        BatchNormalization(name=bn + "2a"),
        ReLU(),
        Conv2D(F2, f, padding="same", name=conv + "2b",
               kernel_initializer=glorot_uniform(seed=0)),
        BatchNormalization(name=bn + "2b"),
        ReLU(),
        Conv2D(F3, 1, name=conv + "2c", kernel_initializer=glorot_uniform(seed=0)),
        BatchNormalization(name=bn + "2c"),
    ], name="main_path")
    X = path(X)
"""
    ),
    "nested Functional": _block(
        "    start = keras.Input(X.shape[1:])\n    X = start\n" + _MAIN,
        """\
    path = Model(start, X)
    return ReLU()(path(X_shortcut) + X_shortcut)
""",
    ),
    "nested block": _block(
        "    start = X = keras.Input(X.shape[1:])\n    X_own = start\n" + _MAIN,
        """\
    whole = keras.Model(start, ReLU()(X + X_own))
    return whole(X_shortcut)
""",
    ),
    "zeros around, then valid": """
def identity_block(X, f, filters, stage, block):
    conv, bn = (f"{kind}{stage}{block}_branch2" for kind in ("res", "bn"))
    seeded = functools.partial(Conv2D, kernel_initializer=glorot_uniform(seed=0))
    Y = seeded(filters[0], 1, name=conv + "a")(X)
    Y = ReLU()(BatchNormalization(name=bn + "a")(Y))
    before = (f - 1) // 2
    Y = ZeroPadding2D(((before, f - 1 - before), (before, f - 1 - before)))(Y)
    Y = seeded(filters[1], f, name=conv + "b")(Y)
    Y = ReLU()(BatchNormalization(name=bn + "b")(Y))
    Y = seeded(filters[2], 1, name=conv + "c")(Y)
    Y = BatchNormalization(name=bn + "c")(Y)
    return ReLU()(Add()([Y, X]))
""",
    "wrapped": """
def told(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        result = function(*args, **kwargs)
        print(function.__name__, tuple(result.shape))
        return result
    return wrapper

@told
"""
    + _block(),
    "wrapped without a signature": """
def twin(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper

@twin
"""
    + _block(),
    "stars": _block()
    .replace("X, f, filters, stage, block)", "X, *args, **kwargs)")
    .replace(
        "    conv =",
        "    given = dict(zip(('f', 'filters', 'stage', 'block'), args)) | kwargs\n"
        "    f, filters, stage, block = (\n"
        "        given[k] for k in ('f', 'filters', 'stage', 'block'))\n"
        "    conv =",
        1,
    ),
    "a lambda": """
_unit = lambda t, n, k, tag, part: BatchNormalization(name=f"bn{tag}{part}")(
    Conv2D(n, k, padding="same", name=f"res{tag}{part}",
           kernel_initializer=glorot_uniform(seed=0))(t))
identity_block = lambda X, f, filters, stage, block: ReLU()(Add()([X, _unit(
    ReLU()(_unit(ReLU()(_unit(X, filters[0], 1, f"{stage}{block}_branch", "2a")),
                 filters[1], f, f"{stage}{block}_branch", "2b")),
    filters[2], 1, f"{stage}{block}_branch", "2c")]))
""",
    "callable object": """
class Block:
    def __call__(self, X, f, filters, stage, block):
        Y = X
        for part, n, k in zip("abc", filters, (1, f, 1)):
            Y = Conv2D(n, (k, k), padding="same",
                       name=f"res{stage}{block}_branch2{part}",
                       kernel_initializer=glorot_uniform(seed=0))(Y)
            Y = BatchNormalization(name=f"bn{stage}{block}_branch2{part}")(Y)
            Y = Y if part == "c" else Activation("relu")(Y)
        return Activation("relu")(Add()([Y, X]))

identity_block = Block()
""",
    "unused layers beside": _block("    Conv2D(4, 3)(X)\n    unused = BatchNormalization()(X)\n" + _MAIN),
    "an identity layer": _ended(
        "X_shortcut = Identity()(X_shortcut)", "return Activation('relu')(Add()([X, X_shortcut]))"
    ),
    "sum of three zeros": _ended("return ReLU()(0 + X + X_shortcut)"),
    "training named": _block(_MAIN.replace('"2b")(X)', '"2b")(X, training=None)')),
    "initializer kept": _block("    same = glorot_uniform(seed=0)\n" + _MAIN.replace("glorot_uniform(seed=0)", "same")),
    "seed by position": _block(_MAIN.replace("(seed=0)", "(0)")),
    "names of all layers": _ended(
        "X = Add(name=f'add{stage}{block}')([X, X_shortcut])", "return Activation('relu', name=f'out{stage}{block}')(X)"
    ),
}
