"""Right versions of the family's functions, as people write them."""

_SHORTCUT = """
def shortcut(X, filters, s, option):
    more = filters - X.shape[-1]
    if option == "C" or (option == "B" and (s > 1 or more)):
        return BatchNormalization()(Conv2D(filters, 1, strides=s)(X))
    if s > 1 or more:
{zeros}
    return X
"""


def _zeros(*lines: str) -> str:
    return _SHORTCUT.format(zeros="\n".join(f"        {line}" for line in lines))


_PAD = "X = ops.pad(X, [(0, 0), (0, 0), (0, 0), (0, more)])"

_BASIC = """
def basic_block(X, filters, s=1, option="A"):
    Y = Conv2D(filters, 3, strides=s, padding="same")(X)
    Y = BatchNormalization()(Y)
    Y = Activation("relu")(Y)
    Y = Conv2D(filters, 3, padding="same")(Y)
    Y = BatchNormalization()(Y)
{end}
"""


def _basic(*lines: str) -> str:
    return _BASIC.format(end="\n".join(f"    {line}" for line in lines))


_RESNET = """
def resnet(depth, input_shape=(224, 224, 3), classes=1000, option=None):
    X_input = Input(input_shape)
    X = ZeroPadding2D(3)(X_input)
    X = Conv2D(64, 7, strides=2)(X)
    X = BatchNormalization()(X)
    X = Activation("relu")(X)
    X = ZeroPadding2D(1)(X)
    X = MaxPooling2D(3, strides=2)(X)
{rest}
    return Model(X_input, X)
"""


def _resnet(*lines: str) -> str:
    return _RESNET.format(rest="\n".join(f"    {line}" for line in lines))


_HEAD = ("X = GlobalAveragePooling2D()(X)", "X = Dense(classes, activation='softmax')(X)")
_REPEATS = (
    "repeats = {18: [2] * 4, 34: (3, 4, 6, 3), 50: (3, 4, 6, 3),",
    "           101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}[depth]",
)
_CHOICE = ("block = basic_block if depth < 50 else bottleneck_block", "option = option or ('A' if depth < 50 else 'B')")
_STACK = (
    *_REPEATS,
    *_CHOICE,
    "for stage, count in enumerate(repeats):",
    "    for k in range(count):",
    "        X = block(X, 64 << stage, 2 if stage and not k else 1, option)",
)

_OWN_WAY = """
def way(X, filters, s, option):
    changes = s != 1 or X.shape[-1] != filters
    if option == "C" or (option == "B" and changes):
        return BatchNormalization()(Conv2D(filters, 1, strides=s)(X))
    if changes:
        {first}
        X = {second}
    return X
"""

_OWN_BASIC = """
def basic_block(X, filters, s=1, option="A"):
    Y = Conv2D(filters, 3, strides=s, padding="same")(X)
    Y = Activation("relu")(BatchNormalization()(Y))
    Y = BatchNormalization()(Conv2D(filters, 3, padding="same")(Y))
    return Activation("relu")(way(X, filters, s, option) + Y)
"""

_OWN_BOTTLENECK = """
def bottleneck_block(X, filters, s=1, option="B"):
    Y = Activation("relu")(BatchNormalization()(Conv2D(filters, 1, strides=s)(X)))
    Y = Conv2D(filters, 3, padding="same")(Y)
    Y = Activation("relu")(BatchNormalization()(Y))
    Y = BatchNormalization()(Conv2D(4 * filters, 1)(Y))
    return Activation("relu")(way(X, 4 * filters, s, option) + Y)
"""


def _own_way(first: str, second: str, block: str) -> str:
    return _OWN_WAY.format(first=first, second=second) + block


_MORE = "[(0, 0), (0, 0), (0, 0), (0, filters - X.shape[-1])]"

CASES = {
    "shortcut: average pooling": _zeros("X = keras.layers.AveragePooling2D(1, strides=s)(X)", _PAD, "return X"),
    "shortcut: slice": _zeros("X = X[:, ::s, ::s]", _PAD, "return X"),
    "shortcut: slice of four axes": _zeros("X = X[:, ::s, ::s, :]", _PAD, "return X"),
    "shortcut: pooling only with a stride": _zeros(
        "if s > 1:",
        "    X = MaxPooling2D(pool_size=1, strides=s, padding='same')(X)",
        "if more:",
        f"    {_PAD}",
        "return X",
    ),
    "shortcut: zeros first, pooling then": _zeros(_PAD, "return MaxPooling2D((1, 1), (s, s))(X)"),
    "shortcut: concatenated zeros": _zeros(
        "X = MaxPooling2D(1, strides=s)(X)",
        "while X.shape[-1] < filters:",
        "    zeros = ops.zeros_like(X)[..., :filters - X.shape[-1]]",
        "    X = keras.layers.Concatenate()([X, zeros])",
        "return X",
    ),
    "shortcut: X times 0": _zeros(
        "X = X[:, ::s, ::s]",
        "zeros = ops.repeat(X[..., :1] * 0, more, axis=-1)",
        "return keras.layers.concatenate([X, zeros]) if more else X",
    ),
    "shortcut: permuted and padded": _zeros(
        "X = keras.layers.Permute((1, 3, 2))(X[:, ::s, ::s])",
        "X = ZeroPadding2D(((0, 0), (0, more)))(X)",
        "return keras.layers.Permute((1, 3, 2))(X)",
    ),
    "shortcut: Lambda": _zeros(
        "def zeros(x, n=more, s=s):",
        "    return ops.pad(x[:, ::s, ::s], [[0, 0], [0, 0], [0, 0], [0, n]])",
        "return keras.layers.Lambda(zeros)(X)",
    ),
    "shortcut: zeros through a Reshape": _zeros(
        "X = keras.layers.AveragePooling2D(1, strides=s)(X)",
        "h, w, c = X.shape[1:]",
        "X = keras.layers.Reshape((h * w, c, 1))(X)",
        "X = ZeroPadding2D(((0, 0), (0, more)))(X)",
        "return keras.layers.Reshape((h, w, filters))(X)",
    ),
    "shortcut: keras through TensorFlow": """
import tensorflow as tf

def shortcut(X, filters, s, option):
    L = tf.keras.layers
    if option == "C" or (option == "B" and (s != 1 or X.shape[-1] != filters)):
        return L.BatchNormalization()(L.Conv2D(filters, 1, strides=s)(X))
    if s == 1 and X.shape[-1] == filters:
        return X
    pool = L.Lambda(lambda x: tf.pad(x, [[0, 0]] * 3 + [[0, filters - x.shape[-1]]]))
    return pool(L.MaxPool2D(1, s)(X))
""",
    "shortcut: idle layers": """
def shortcut(X, filters, s, option):
    if option == "A" or (option == "B" and s == 1 and filters == X.shape[-1]):
        X = MaxPooling2D(1, strides=s)(X)
        X = Activation("linear")(X)
        return ops.pad(X, ((0, 0), (0, 0), (0, 0), (0, filters - X.shape[-1])))
    X = Conv2D(filters=filters, kernel_size=1, strides=s, padding="same",
               kernel_initializer="he_normal", name=None)(X)
    return BatchNormalization(axis=-1, momentum=0.9)(X)
""",
    "shortcut: match": """
def project(X, filters, s):
    conv = keras.layers.Conv2D(filters, (1, 1), (s, s), "valid")
    return keras.Sequential([conv, keras.layers.BatchNormalization(axis=3)])(X)

def shortcut(X, filters, s, option):
    same = (s, X.shape[-1]) == (1, filters)
    match option, same:
        case "C", _:
            return project(X, filters, s)
        case _, True:
            return X
        case "B", _:
            return project(X, filters, s)
    pads = [(0, 0)] * 3 + [(0, filters - X.shape[-1])]
    return ops.pad(X[:, ::s, ::s], pads)
""",
    "basic: plus": _basic("return Activation('relu')(Y + shortcut(X, filters, s, option))"),
    "basic: where, stack and sum": _basic(
        "Y = ops.sum(ops.stack([Y, shortcut(X, filters, s=s, option=option)], axis=-1), axis=-1)",
        "return ops.where(Y < 0, 0.0, Y)",
    ),
    "basic: ops": _basic("return ops.relu(ops.add(shortcut(X, filters, s=s, option=option), Y))"),
    "basic: keywords": _basic(
        "Z = shortcut(X=X, filters=filters, s=s, option=option)", "return keras.layers.ReLU()(keras.layers.add([Z, Y]))"
    ),
    "basic: shortcut where it is needed": _basic(
        "if option == 'C' or s != 1 or X.shape[-1] != filters:",
        "    X = shortcut(X, filters, s, option)",
        "return Activation('relu')(Add()([Y, X]))",
    ),
    "basic: a doubled ReLU, initialisers, momentum": """
def basic_block(X, filters, s=1, option="A"):
    around, parts = shortcut(X, filters, s, option), []
    for stride in (s, 1):
        X = Conv2D(filters, 3, strides=stride, padding="same",
                   kernel_initializer="he_normal", bias_initializer="ones",
                   kernel_regularizer="l2")(X)
        X = BatchNormalization(momentum=0.9, gamma_initializer="zeros")(X)
        parts.append(X)
        if len(parts) == 1:
            X = Activation("relu")(Activation("relu")(X))
    return Activation("relu")(X + around)
""",
    "basic: helper": """
def conv_bn(X, filters, window, stride=1):
    X = Conv2D(filters, window, strides=stride, padding="same")(X)
    return BatchNormalization()(X)

def basic_block(X, filters, s=1, option="A"):
    relu = keras.layers.ReLU()
    Y = conv_bn(relu(conv_bn(X, filters, 3, s)), filters, 3)
    return relu(Y + shortcut(X, filters, s, option))
""",
    "basic: shortcut under another name": """
def basic_block(X, filters, s=1, option="A"):
    way = shortcut
    Y = Conv2D(filters, (3, 3), strides=(s, s), padding="same")(X)
    Y = keras.layers.ReLU()(keras.layers.BatchNormalization()(Y))
    Y = Conv2D(filters, (3, 3), padding="same", data_format="channels_last")(Y)
    Y = keras.layers.BatchNormalization(axis=-1, epsilon=0.001)(Y)
    return keras.activations.relu(way(X, filters, s, option) + Y)
""",
    "bottleneck: loop": """
def bottleneck_block(X, filters, s=1, option="B"):
    Y = X
    for width, window, stride in ((1, 1, s), (1, 3, 1), (4, 1, 1)):
        Y = Conv2D(width * filters, window, strides=stride, padding="same")(Y)
        Y = BatchNormalization()(Y)
        if width == 1:
            Y = Activation("relu")(Y)
    Y = Add()([shortcut(X, filters * 4, s, option), Y])
    return Activation("relu")(Y)
""",
    "bottleneck: Sequential": """
def bottleneck_block(X, filters, s=1, option="B"):
    L = keras.layers
    main = keras.Sequential([
        L.Conv2D(filters, 1, strides=s), L.BatchNormalization(), L.ReLU(),
        L.Conv2D(filters, 3, padding="SAME"), L.BatchNormalization(), L.ReLU(),
        L.Conv2D(4 * filters, 1), L.BatchNormalization()])
    return L.ReLU()(main(X) + shortcut(X, 4 * filters, s, option))
""",
    "bottleneck: other names of parameters": """
def bottleneck_block(inputs, width, stride=1, kind="B"):
    x = Activation("relu")(BatchNormalization()(Conv2D(width, 1, stride)(inputs)))
    x = Conv2D(width, 3, padding="same")(x)
    x = Activation("relu")(BatchNormalization()(x))
    x = BatchNormalization()(Conv2D(4 * width, 1)(x))
    return ops.relu(ops.add(x, shortcut(inputs, 4 * width, stride, kind)))
""",
    "basic: shortcut as a partial": """
import functools
way = functools.partial(shortcut)

def basic_block(X, filters, s=1, option="A"):
    Y = Conv2D(filters, 3, strides=s, padding="same")(X)
    Y = Activation("relu")(BatchNormalization()(Y))
    Y = BatchNormalization()(Conv2D(filters, 3, padding="same")(Y))
    return Activation("relu")(way(X, filters, s, option) + Y)
""",
    "basic: a shortcut of its own": _own_way("X = MaxPooling2D(1, strides=s)(X)", f"ops.pad(X, {_MORE})", _OWN_BASIC),
    "bottleneck: a shortcut of its own": _own_way(f"X = ops.pad(X, {_MORE})", "X[:, ::s, ::s]", _OWN_BOTTLENECK),
    "resnet: arguments by position": _resnet(*_STACK, *_HEAD),
    "resnet: softmax apart, pooling kept and flattened": _resnet(
        *_STACK,
        "X = GlobalAveragePooling2D(keepdims=True)(X)",
        "X = Dense(classes)(keras.layers.Flatten()(X))",
        "X = keras.layers.Softmax()(X)",
    ),
    "resnet: mean of ops": _resnet(
        *_STACK, "X = ops.mean(X, axis=(1, 2))", "X = Dense(classes, activation='softmax')(X)"
    ),
    "resnet: sum by number, softmax by hand": _resnet(
        *_STACK,
        "X = ops.sum(X, axis=(1, 2)) / (X.shape[1] * X.shape[2])",
        "X = ops.exp(Dense(classes)(X))",
        "X = X / ops.sum(X, axis=1, keepdims=True)",
    ),
    "resnet: first block apart": _resnet(
        *_REPEATS,
        *_CHOICE,
        "for stage, count in enumerate(repeats, start=2):",
        "    filters = 2 ** (stage + 4)",
        "    X = block(X, filters, s=1 if stage == 2 else 2, option=option)",
        "    for _ in range(count - 1):",
        "        X = block(X, filters, option=option)",
        *_HEAD,
    ),
    "resnet: table outside": """
TABLE = {18: (basic_block, 2, 2, 2, 2), 34: (basic_block, 3, 4, 6, 3),
         50: (bottleneck_block, 3, 4, 6, 3), 101: (bottleneck_block, 3, 4, 23, 3),
         152: (bottleneck_block, 3, 8, 36, 3)}
OWN = {basic_block: "A", bottleneck_block: "B"}
"""
    + _resnet(
        "block, *repeats = TABLE[depth]",
        "option = OWN[block] if option is None else option",
        "for stage, count in enumerate(repeats):",
        "    for k in range(count):",
        "        s = 1 + (stage > 0 and k == 0)",
        "        X = block(X, 64 * 2 ** stage, s, option)",
        *_HEAD,
    ),
    "resnet: a model a stage": """
def stage(X, block, filters, count, s, option):
    start = Input(X.shape[1:])
    Y = block(start, filters, s=s, option=option)
    for _ in range(count - 1):
        Y = block(Y, filters, option=option)
    return Model(start, Y)(X)
"""
    + _resnet(
        *_REPEATS,
        *_CHOICE,
        "for n, count in enumerate(repeats):",
        "    X = stage(X, block, 64 * 2 ** n, count, 2 if n else 1, option)",
        *_HEAD,
    ),
    "resnet: blocks by name": _resnet(
        *_REPEATS,
        "kind = 'basic' if depth < 50 else 'bottleneck'",
        "option = option or ('A' if depth < 50 else 'B')",
        "for stage, count in enumerate(repeats):",
        "    for k in range(count):",
        "        s = 2 if stage > 0 and k == 0 else 1",
        "        block = globals()[kind + '_block']",
        "        X = block(X, filters=64 * 2 ** stage, option=option, s=s)",
        *_HEAD,
    ),
    "resnet: option only where it matters": _resnet(
        *_REPEATS,
        *_CHOICE,
        "for stage, count in enumerate(repeats):",
        "    for k in range(count):",
        "        if k and option != 'C':",
        "            X = block(X, 64 * 2 ** stage)",
        "        else:",
        "            s = 2 if stage > 0 and k == 0 else 1",
        "            X = block(X, 64 * 2 ** stage, s=s, option=option)",
        *_HEAD,
    ),
    "resnet: stages as a helper": """
def stack(X, block, filters, count, s, option):
    X = block(X, filters, s=s, option=option)
    for _ in range(1, count):
        X = block(X, filters, option=option)
    return X
"""
    + _resnet(
        *_REPEATS,
        *_CHOICE,
        "X = stack(X, block, 64, repeats[0], 1, option)",
        "X = stack(X, block, 128, repeats[1], 2, option)",
        "X = stack(X, block, 256, repeats[2], 2, option)",
        "X = stack(X, block, 512, repeats[3], 2, option)",
        *_HEAD,
    ),
    "count_params: weights of the model": """
def count_params(model):
    return sum(int(np.prod(w.shape)) for w in model.weights)
""",
    "count_params: arrays": """
def count_params(model):
    return np.sum([w.size for layer in model.layers for w in layer.get_weights()])
""",
    "count_params: by kinds": """
def count_params(model):
    total = 0
    for layer in model.layers:
        if isinstance(layer, (Conv2D, Dense)):
            total += int(ops.size(layer.kernel))
            if layer.use_bias:
                total += layer.bias.shape[0]
        elif isinstance(layer, BatchNormalization):
            total += 4 * layer.gamma.shape[0]
    return float(total)
""",
    "count_flops: formula": """
def count_flops(model):
    flops = 0
    for layer in model.layers:
        if type(layer) is Conv2D:
            _, h, w, c_out = layer.output.shape
            k_h, k_w = layer.kernel_size
            flops += h * w * c_out * k_h * k_w * layer.input.shape[-1]
        if type(layer) is Dense:
            flops += layer.input.shape[-1] * layer.units
    return np.int64(flops)
""",
    "count_flops: from the weights": """
def count_flops(model):
    total = 0
    for layer in model.layers:
        if layer.weights and not isinstance(layer, BatchNormalization):
            places = math.prod(layer.output.shape[1:-1])
            total += places * math.prod(layer.weights[0].shape)
    return total
""",
    "count_flops: compute_output_shape": """
def count_flops(model):
    def cost(layer):
        if not isinstance(layer, (Conv2D, Dense)):
            return 0
        shape = layer.compute_output_shape(layer.input.shape)
        return np.prod(shape[1:-1]) * np.prod(layer.kernel.shape)
    return sum(cost(layer) for layer in model.layers)
""",
}
