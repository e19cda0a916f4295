"""ResNet50 in other words, with its blocks or without calls of them."""

from tests.lessons.own_blocks import nested, renamed
from tests.lessons.residual_networks.solution import solution

_HEAD = "def ResNet50(input_shape=(64, 64, 3), classes=6):\n"

_STEM = """\
    X_input = Input(input_shape)
    X = ZeroPadding2D((3, 3))(X_input)
    X = Conv2D(64, (7, 7), strides=(2, 2), name="conv1",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name="bn_conv1")(X)
    X = Activation("relu")(X)
    X = MaxPooling2D((3, 3), strides=(2, 2))(X)
"""

_LOOP = """\
    for stage, width, letters in ((2, 64, "bc"), (3, 128, "bcd"), (4, 256, "bcdef"),
                                  (5, 512, "bc")):
        filters = [width, width, 4 * width]
        X = convolutional_block(X, 3, filters, stage, "a", s=1 if stage == 2 else 2)
        for block in letters:
            X = identity_block(X, 3, filters, stage, block)
"""

_POOL = '    X = AveragePooling2D((2, 2), name="avg_pool")(X)\n'

_HEADS = """\
    X = Flatten()(X)
    X = Dense(classes, activation="softmax", name="fc" + str(classes),
              kernel_initializer=glorot_uniform(seed=0))(X)
"""

_END = '    return Model(inputs=X_input, outputs=X, name="ResNet50")\n'


def _net(blocks: str = _LOOP, pool: str = _POOL, head: str = _HEADS, end: str = _END, stem: str = _STEM) -> str:
    return _HEAD + stem + blocks + pool + head + end


_INLINE = """\
    def unit(t, n, k, part, s=1):
        t = Conv2D(n, k, strides=s, padding="same", name=f"res{part}",
                   kernel_initializer=glorot_uniform(seed=0))(t)
        return BatchNormalization(name=f"bn{part}")(t)

    for stage, width, letters in ((2, 64, "abc"), (3, 128, "abcd"), (4, 256, "abcdef"),
                                  (5, 512, "abc")):
        for block in letters:
            tag, first = f"{stage}{block}_branch", block == "a"
            s = 2 if first and stage > 2 else 1
            kept = X
            X = ReLU()(unit(X, width, 1, tag + "2a", s))
            X = ReLU()(unit(X, width, 3, tag + "2b"))
            X = unit(X, 4 * width, 1, tag + "2c")
            if first:
                kept = unit(kept, 4 * width, 1, tag + "1", s)
            X = ReLU()(Add()([X, kept]))
"""

_ANY_BLOCK = """
def any_block(X, f, filters, stage, block, s):
    name = f"{stage}{block}_branch"
    Y = X
    for part, n, k, t in zip("abc", filters, (1, f, 1), (s or 1, 1, 1)):
        Y = Conv2D(n, k, strides=t, padding="same", name=f"res{name}2{part}",
                   kernel_initializer=glorot_uniform(seed=0))(Y)
        Y = BatchNormalization(name=f"bn{name}2{part}")(Y)
        Y = Y if part == "c" else ReLU()(Y)
    if s:
        X = Conv2D(filters[2], 1, strides=s, name=f"res{name}1",
                   kernel_initializer=glorot_uniform(seed=0))(X)
        X = BatchNormalization(name=f"bn{name}1")(X)
    return ReLU()(Add()([Y, X]))

"""

CASES = {
    "loop": _net(),
    "softmax by hand": _net(
        head=_HEADS.replace('activation="softmax", ', "")
        + "    X = ops.exp(X - ops.max(X, axis=-1, keepdims=True))\n    X = X / ops.sum(X, axis=-1, keepdims=True)\n"
    ),
    "defaults of s": _net(
        """\
    X = convolutional_block(X, 3, [64, 64, 256], 2, "a", 1)
    X = identity_block(X, 3, [64, 64, 256], 2, "b")
    X = identity_block(X, 3, [64, 64, 256], 2, "c")
    for stage, n in [(3, 4), (4, 6), (5, 3)]:
        w = 16 * 2 ** stage
        X = convolutional_block(X, 3, [w, w, 4 * w], stage, "a")
        for letter in range(1, n):
            X = identity_block(X, 3, [w, w, 4 * w], stage, chr(ord("a") + letter))
"""
    ),
    "plan as a dictionary": """
PLAN = {
    2: dict(filters=[64, 64, 256], s=1, blocks="abc"),
    3: dict(filters=[128, 128, 512], s=2, blocks="abcd"),
    4: dict(filters=[256, 256, 1024], s=2, blocks="abcdef"),
    5: dict(filters=[512, 512, 2048], s=2, blocks="abc"),
}

"""
    + _net(
        """\
    for stage, row in PLAN.items():
        for block in row["blocks"]:
            given = dict(f=3, filters=row["filters"], stage=stage, block=block)
            if block == "a":
                X = convolutional_block(X, **given, s=row["s"])
            else:
                X = identity_block(X, **given)
"""
    ),
    "keywords in another order": _net(
        _LOOP.replace("(X, 3, filters, stage, block)", "(block=block, stage=stage, filters=filters, f=3, X=X)")
    ),
    "aliases inside": _net(
        "    first, other = convolutional_block, identity_block\n"
        + _LOOP.replace("convolutional_block(", "first(").replace("identity_block(", "other(")
    ),
    "aliases outside": "first = convolutional_block\nother = identity_block\n\n"
    + _net(_LOOP.replace("convolutional_block(", "first(").replace("identity_block(", "other(")),
    "partial": _net(
        "    block3 = functools.partial(identity_block, f=3)\n"
        + _LOOP.replace(
            "identity_block(X, 3, filters, stage, block)", "block3(X, filters=filters, stage=stage, block=block)"
        )
    ),
    "partial outside": "block3 = functools.partial(identity_block, f=3)\n\n"
    + _net(
        _LOOP.replace(
            "identity_block(X, 3, filters, stage, block)", "block3(X, filters=filters, stage=stage, block=block)"
        )
    ),
    "a helper for a stage": """
def add_stage(X, stage, filters, letters, s):
    X = convolutional_block(X, 3, filters, stage, letters[0], s)
    for block in letters[1:]:
        X = identity_block(X, 3, filters, stage, block)
    return X

"""
    + _net(
        """\
    X = add_stage(X, 2, [64, 64, 256], "abc", 1)
    X = add_stage(X, 3, [128, 128, 512], "abcd", 2)
    X = add_stage(X, 4, [256, 256, 1024], "abcdef", 2)
    X = add_stage(X, 5, [512, 512, 2048], "abc", 2)
"""
    ),
    "a table of functions": _net(
        """\
    blocks = {"a": convolutional_block}
    for stage, w, s, letters in ((2, 64, 1, "abc"), (3, 128, 2, "abcd"),
                                 (4, 256, 2, "abcdef"), (5, 512, 2, "abc")):
        for block in letters:
            build = blocks.get(block, identity_block)
            more = {"s": s} if block == "a" else {}
            X = build(X, 3, (w, w, 4 * w), stage, block, **more)
"""
    ),
    "inlined": _net(_INLINE),
    "inlined, sum by plus": _net(_INLINE.replace("Add()([X, kept])", "kept + X").replace("ReLU()(", "ops.relu(")),
    "stem in lists and numbers": _net(
        stem="""\
    X_input = keras.Input(shape=list(input_shape))
    X = ZeroPadding2D(3)(X_input)
    X = Conv2D(64, 7, 2, name="conv1", kernel_initializer=glorot_uniform(0))(X)
    X = ReLU()(BatchNormalization(name="bn_conv1")(X))
    X = MaxPool2D(3, 2)(X)
"""
    ),
    "padding within the convolution's model": _net(
        stem="""\
    X_input = Input(input_shape, name="images")
    stem = Sequential([
        ZeroPadding2D(3),
        Conv2D(64, 7, strides=2, name="conv1", kernel_initializer=glorot_uniform(0)),
        BatchNormalization(name="bn_conv1"),
        ReLU(),
        MaxPooling2D(3, 2),
    ])
    X = stem(X_input)
"""
    ),
    "ReLU after pooling": _net(
        stem=_STEM.replace('    X = Activation("relu")(X)\n', "") + '    X = Activation("relu")(X)\n'
    ),
    "softmax apart": _net(
        head="""\
    X = Flatten()(X)
    X = Dense(classes, name=f"fc{classes}",
              kernel_initializer=glorot_uniform(seed=0))(X)
    X = Activation("softmax")(X)
"""
    ),
    "Softmax layer": _net(
        head="""\
    X = Flatten()(X)
    X = Dense(classes, name=f"fc{classes}",
              kernel_initializer=glorot_uniform(seed=0))(X)
    X = Softmax()(X)
"""
    ),
    "ops.softmax": _net(
        head="""\
    X = Flatten()(X)
    X = Dense(units=classes, name="fc%d" % classes,
              kernel_initializer=glorot_uniform(seed=0))(X)
    X = ops.softmax(X)
"""
    ),
    "Reshape for Flatten": _net(head=_HEADS.replace("Flatten()", "Reshape((-1,))")),
    "Flatten twice": _net(head="    X = Flatten()(X)\n" + _HEADS),
    "pool without a pair": _net(pool='    X = AveragePooling2D(pool_size=2, strides=2, name="avg_pool")(X)\n'),
    "model by position, its own name": _net(end="    return keras.Model(X_input, X)\n"),
    "lists of ends": _net(end="    return tf.keras.Model(inputs=[X_input], outputs=[X], name='signs')\n"),
    "model kept, printed, compiled": _net(
        end="""\
    model = Model(inputs=X_input, outputs=X, name="ResNet50")
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    model.summary()
    print("parameters:", model.count_params())
    return model
"""
    ),
    "classes and shape by other names": _net()
    .replace("input_shape=(64, 64, 3), classes=6", "shape=(64, 64, 3), n_classes=6")
    .replace("Input(input_shape)", "Input(shape)")
    .replace("Dense(classes", "Dense(n_classes")
    .replace("str(classes)", "str(n_classes)"),
    "stage and filters as text and tuples": _net(_LOOP.replace("filters, stage,", "tuple(filters), str(stage),")),
    "numpy's numbers": _net(
        _LOOP.replace("filters = [", "filters = list(np.array([").replace("4 * width]", "4 * width]))")
    ),
    "a ReLU between blocks": _net(_LOOP + '        X = Activation("relu")(X)\n'),
    "blocks and network in one cell": """
def part(X, n, k, name, s=1):
    X = Conv2D(n, k, strides=s, padding="same", name="res" + name,
               kernel_initializer=glorot_uniform(seed=0))(X)
    return BatchNormalization(name="bn" + name)(X)

def main_path(X, f, filters, name, s=1):
    X = ReLU()(part(X, filters[0], 1, name + "2a", s))
    X = ReLU()(part(X, filters[1], f, name + "2b"))
    return part(X, filters[2], 1, name + "2c")

def identity_block(X, f, filters, stage, block):
    return ReLU()(main_path(X, f, filters, f"{stage}{block}_branch") + X)

def convolutional_block(X, f, filters, stage, block, s=2):
    name = f"{stage}{block}_branch"
    Y = main_path(X, f, filters, name, s)
    return ReLU()(Y + part(X, filters[2], 1, name + "1", s))

"""
    + _net(),
    "blocks that take s, both": _ANY_BLOCK
    + """
def identity_block(X, f, filters, stage, block):
    return any_block(X, f, filters, stage, block, None)

def convolutional_block(X, f, filters, stage, block, s=2):
    return any_block(X, f, filters, stage, block, s)

"""
    + _net(),
    "network without calls of the blocks": _ANY_BLOCK
    + _net(
        _LOOP.replace(
            "identity_block(X, 3, filters, stage, block)", "any_block(X, 3, filters, stage, block, None)"
        ).replace("convolutional_block(", "any_block(")
    ),
}

_BLOCKS = {name: solution(name) for name in ("identity_block", "convolutional_block")}
CASES |= {
    "blocks of its own": renamed(
        solution("ResNet50"), _BLOCKS, {"identity_block": "IdentityBlock", "convolutional_block": "ConvBlock"}
    ),
    "blocks inside": nested(solution("ResNet50"), _BLOCKS),
    "one block for both": _ANY_BLOCK.replace("stage, block, s)", "s=None, *, stage, block)")
    + _net(
        _LOOP.replace(
            "identity_block(X, 3, filters, stage, block)", "any_block(X, 3, filters, stage=stage, block=block)"
        ).replace(
            'convolutional_block(X, 3, filters, stage, "a", ', 'any_block(X, 3, filters, stage=stage, block="a", '
        )
    ),
}
