"""Right versions of lesson 2's functions, as people write them."""

from tests.lessons.own_blocks import nested, renamed
from tests.lessons.source import source_of

_UNIT = """
def unit(X, n, k, initializer, training, s=1):
    X = Conv2D(n, k, strides=s, padding="same",
               kernel_initializer=initializer(seed=0))(X)
    return BatchNormalization()(X, training=training)

"""

_IDENTITY = {
    "identity: a helper": _UNIT
    + """
def identity_block(X, f, filters, initializer=random_uniform, training=None):
    F1, F2, F3 = filters
    Y = Activation("relu")(unit(X, F1, 1, initializer, training))
    Y = Activation("relu")(unit(Y, F2, f, initializer, training))
    Y = unit(Y, F3, 1, initializer, training)
    return Activation("relu")(Add()([X, Y]))
""",
    "identity: operators": _UNIT
    + """
def identity_block(X, f, filters, initializer=random_uniform, training=None):
    shortcut = X
    for number, (n, k) in enumerate(zip(filters, (1, f, 1))):
        X = unit(X, n, k, initializer, training)
        if number < 2:
            X = keras.ops.relu(X)
    return keras.ops.relu(X + shortcut)
""",
    "identity: where, stack and sum": _UNIT
    + """
def identity_block(X, f, filters, initializer=random_uniform, training=None):
    ops, kept = keras.ops, X
    for number, (n, k) in enumerate(zip(filters, (1, f, 1))):
        X = unit(X, n, k, initializer, training)
        if number == 2:
            X = ops.sum(ops.stack([X, kept]), axis=0)
        X = X if number == 2 else ops.where(X > 0, X, 0.0)
    return X * ops.cast(X > 0, X.dtype)
""",
    "identity: bool of training, one initializer": """
def identity_block(X, f, filters, initializer=random_uniform, training=None):
    mode = bool(training)
    start = initializer(seed=0)
    own = dict(kernel_initializer=start)
    shortcut = X
    X = Conv2D(filters[0], 1, **own)(X)
    X = keras.layers.ReLU()(BatchNormalization(-1)(X, training=mode))
    X = Conv2D(filters[1], f, padding="SAME", **own)(X)
    X = keras.layers.ReLU()(BatchNormalization(-1)(X, training=mode))
    X = Conv2D(filters[2], 1, **own)(X)
    X = BatchNormalization(-1)(X, training=mode)
    return keras.layers.ReLU()(keras.layers.add([shortcut, X]))
""",
    "identity: seed by position": """
def identity_block(X, f, filters, initializer=random_uniform, training=None):
    F1, F2, F3 = filters
    kept = X
    X = Conv2D(F1, (1, 1), kernel_initializer=initializer(0))(X)
    X = BatchNormalization(axis=3)(X, training=training)
    X = Activation("relu")(X)
    X = Conv2D(F2, (f, f), padding="same", kernel_initializer=initializer(0))(X)
    X = BatchNormalization(axis=3)(X, training=training)
    X = Activation("relu")(X)
    X = Conv2D(F3, (1, 1), kernel_initializer=initializer(0))(X)
    X = BatchNormalization(axis=3)(X, training=training)
    return Activation("relu")(Add()([kept, X]))
""",
    "identity: another order of parameters, renamed": _UNIT
    + """
def identity_block(x, kernel, widths, init=random_uniform, mode=None):
    y = Activation("relu")(unit(x, widths[0], 1, init, mode))
    y = Activation("relu")(unit(y, widths[1], kernel, init, mode))
    y = unit(y, widths[2], 1, init, mode)
    return Activation("relu")(x + y)
""",
    "identity: None taken for the default": _UNIT
    + """
def identity_block(X, f, filters, initializer=None, training=False):
    initializer = initializer or random_uniform
    a, b, c = filters
    Y = Activation("relu")(unit(X, a, 1, initializer, training))
    Y = Activation("relu")(unit(Y, b, (f, f), initializer, training))
    return Activation("relu")(Add()([unit(Y, c, 1, initializer, training), X]))
""",
    "identity: partial": """
def identity_block(X, f, filters, initializer=random_uniform, training=None):
    import functools
    conv = functools.partial(Conv2D, strides=1, padding="same")
    Y = X
    for last, n, k in ((0, filters[0], 1), (0, filters[1], f), (1, filters[2], 1)):
        Y = conv(n, k, kernel_initializer=initializer(seed=0))(Y)
        Y = BatchNormalization(axis=3)(Y, training=training)
        Y = Y if last else Activation(keras.activations.relu)(Y)
    return Activation(keras.activations.relu)(Add()((Y, X)))
""",
    "identity: training only where it is given": """
def identity_block(X, f, filters, initializer=random_uniform, training=None):
    more = {} if training is None else {"training": training}
    Y = X
    for last, n, k in ((0, filters[0], 1), (0, filters[1], f), (1, filters[2], 1)):
        Y = Conv2D(n, k, padding="same", kernel_initializer=initializer(seed=0))(Y)
        Y = BatchNormalization()(Y, **more)
        Y = Y if last else keras.layers.ReLU()(Y)
    return keras.layers.ReLU()(keras.layers.Add()([Y, X]))
""",
}

_PROJECTION = {
    "projection: a helper": _UNIT
    + """
def convolutional_block(X, f, filters, s=2, initializer=glorot_uniform,
                        training=None):
    F1, F2, F3 = filters
    side = unit(X, F3, 1, initializer, training, s)
    X = Activation("relu")(unit(X, F1, 1, initializer, training, s))
    X = Activation("relu")(unit(X, F2, f, initializer, training))
    X = unit(X, F3, 1, initializer, training)
    return Activation("relu")(Add()([side, X]))
""",
    "projection: paths in a loop": _UNIT
    + """
def convolutional_block(X, f, filters, s=2, initializer=glorot_uniform,
                        training=None):
    paths = [[(filters[0], 1, s), (filters[1], f, 1), (filters[2], 1, 1)],
             [(filters[2], 1, s)]]
    ends = []
    for path in paths:
        Y = X
        for number, (n, k, stride) in enumerate(path):
            if number:
                Y = Activation("relu")(Y)
            Y = unit(Y, n, k, initializer, training, stride)
        ends.append(Y)
    return Activation("relu")(sum(ends[1:], ends[0]))
""",
    "projection: keywords only": _UNIT
    + """
def convolutional_block(X, *, f, filters, s=2, initializer=glorot_uniform,
                        training=None):
    init, t = initializer, training
    Y = keras.layers.ReLU()(unit(X, filters[0], 1, init, t, (s, s)))
    Y = keras.layers.ReLU()(unit(Y, filters[1], f, init, t))
    Y = unit(Y, filters[2], 1, init, t)
    return keras.layers.ReLU()(Y + unit(X, filters[2], 1, init, t, (s, s)))
""",
    "projection: pooled by stride": _UNIT
    + """
def convolutional_block(X, f, filters, s=2, initializer=glorot_uniform,
                        training=None):
    cut = MaxPooling2D(1, strides=s)(X)
    Y = Activation("relu")(unit(cut, filters[0], 1, initializer, training))
    Y = Activation("relu")(unit(Y, filters[1], f, initializer, training))
    Y = unit(Y, filters[2], 1, initializer, training)
    side = unit(cut, filters[2], 1, initializer, training)
    return Activation("relu")(Add()([Y, side]))
""",
    "projection: default of s within": _UNIT
    + """
def convolutional_block(X, f, filters, s=None, initializer=glorot_uniform,
                        training=None):
    s = s or 2
    Y = Activation("relu")(unit(X, filters[0], 1, initializer, training, s))
    Y = Activation("relu")(unit(Y, filters[1], f, initializer, training))
    Y = unit(Y, filters[2], 1, initializer, training)
    side = unit(X, filters[2], 1, initializer, training, s)
    return Activation("relu")(keras.ops.add(Y, side))
""",
}

_HEAD = """
def ResNet50(input_shape=(64, 64, 3), classes=6, training=None):
    X_input = Input(input_shape)
    X = ZeroPadding2D(3)(X_input)
    X = Conv2D(64, 7, 2, kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3)(X, training=training)
    X = Activation("relu")(X)
    X = MaxPooling2D(3, strides=2)(X)
"""
_TAIL = """\
    X = AveragePooling2D(2)(X)
    X = Flatten()(X)
    X = Dense(classes, activation="softmax",
              kernel_initializer=glorot_uniform(seed=0))(X)
    return Model(inputs=X_input, outputs=X)
"""
_LOOP = """\
    for stage, count in enumerate((3, 4, 6, 3)):
        w = 64 * 2 ** stage
        filters = [w, w, 4 * w]
        X = convolutional_block(X, 3, filters, s=2 if stage else 1,
                                training=training)
        for _ in range(count - 1):
            X = identity_block(X, 3, filters, training=training)
"""

_NETWORK = {
    "network: one loop": _HEAD + _LOOP + _TAIL,
    "network: one by one, defaults": _HEAD
    + """\
    more = {"training": training}
    X = convolutional_block(X, 3, [64, 64, 256], 1, **more)
    X = identity_block(X, 3, [64, 64, 256], **more)
    X = identity_block(X, 3, [64, 64, 256], **more)
    X = convolutional_block(X, 3, [128, 128, 512], **more)
    X = identity_block(X, 3, (128, 128, 512), **more)
    X = identity_block(X, 3, (128, 128, 512), **more)
    X = identity_block(X, 3, (128, 128, 512), **more)
    X = convolutional_block(filters=[256, 256, 1024], f=3, X=X, **more)
    for k in range(5):
        X = identity_block(X, filters=[256, 256, 1024], f=3, **more)
    X = convolutional_block(X, f=3, s=2, filters=[512, 512, 2048], **more)
    X = identity_block(X, 3, [512, 512, 2048], random_uniform, training)
    X = identity_block(X, 3, [512, 512, 2048], random_uniform, training)
"""
    + _TAIL,
    "network: own initialisers written out": _HEAD
    + _LOOP.replace("4 * w]\n", "4 * w]\n        g, r = glorot_uniform, random_uniform\n")
    .replace("s=2 if stage else 1,", "s=2 if stage else 1, initializer=g,")
    .replace("filters, training", "filters, initializer=r, training")
    + _TAIL,
    "network: aliases and partial": """
import functools
"""
    + _HEAD
    + "    first = functools.partial(convolutional_block, f=3, training=training)\n"
    + "    other = functools.partial(identity_block, f=3, training=training)\n"
    + """\
    for w, s, n in ((64, 1, 2), (128, 2, 3), (256, 2, 5), (512, 2, 2)):
        X = first(X, filters=[w, w, 4 * w], s=s)
        for _ in range(n):
            X = other(X, filters=[w, w, 4 * w])
"""
    + _TAIL,
    "network: softmax apart, pool with keywords": _HEAD
    + _LOOP
    + """\
    X = AveragePooling2D(pool_size=(2, 2), strides=2, name="avg_pool")(X)
    X = keras.layers.Reshape((-1,))(X)
    X = Dense(classes, kernel_initializer=glorot_uniform(0))(X)
    return keras.Model(X_input, keras.layers.Softmax()(X), name="signs")
""",
    "network: pooling and softmax of operations": _HEAD
    + _LOOP
    + """\
    X = keras.ops.average_pool(X, 2)
    X = keras.ops.reshape(X, (-1, X.shape[1] * X.shape[2] * X.shape[3]))
    X = Dense(classes, kernel_initializer=glorot_uniform(0))(X)
    X = keras.ops.exp(keras.ops.log_softmax(X))
    return Model(X_input, X)
""",
    "network: bool of training": _HEAD.replace("    X_input", "    training = bool(training)\n    X_input")
    + _LOOP
    + _TAIL,
    "network: inlined": _HEAD
    + """\
    def unit(t, n, k, start, s=1):
        t = Conv2D(n, k, strides=s, padding="same",
                   kernel_initializer=start(seed=0))(t)
        return BatchNormalization()(t, training=training)

    for stage, count in enumerate((3, 4, 6, 3)):
        w = 64 * 2 ** stage
        for number in range(count):
            start = random_uniform if number else glorot_uniform
            s = 2 if stage and not number else 1
            kept = X
            X = Activation("relu")(unit(X, w, 1, start, s))
            X = Activation("relu")(unit(X, w, 3, start))
            X = unit(X, 4 * w, 1, start)
            if not number:
                kept = unit(kept, 4 * w, 1, start, s)
            X = Activation("relu")(Add()([X, kept]))
"""
    + _TAIL,
}

_SIGNATURE = """
def compile_and_fit(model, X, Y, epochs=20, batch_size=32,
                    validation_data=None):
"""
_COMPILE = """\
    model.compile(optimizer=keras.optimizers.Adam(1.5e-4),
                  loss="categorical_crossentropy", metrics=["accuracy"])
"""

_FIT = {
    "fit: objects": _SIGNATURE
    + """\
    model.compile(keras.optimizers.Adam(learning_rate=15e-5),
                  keras.losses.CategoricalCrossentropy(),
                  metrics=[keras.metrics.CategoricalAccuracy(name="right")])
    return model.fit(X, Y, batch_size, epochs, validation_data=validation_data)
""",
    "fit: functions": _SIGNATURE
    + """\
    import tensorflow as tf

    adam = tf.keras.optimizers.Adam()
    adam.learning_rate = 0.00015
    model.compile(optimizer=adam, loss=keras.losses.categorical_crossentropy,
                  metrics=["categorical_accuracy", "mse"])
    return model.fit(x=X, y=Y, epochs=epochs, batch_size=batch_size,
                     validation_data=validation_data, verbose=0)
""",
    "fit: batches of tf.data": _SIGNATURE
    + _COMPILE
    + """\
    import tensorflow as tf

    batches = tf.data.Dataset.from_tensor_slices((X, Y))
    batches = batches.shuffle(len(X)).batch(batch_size)
    return model.fit(batches, epochs=epochs, validation_data=validation_data)
""",
    "fit: validation as a data set": _SIGNATURE
    + _COMPILE
    + """\
    if validation_data is not None:
        import tensorflow as tf

        images, labels = validation_data
        validation_data = tf.data.Dataset.from_tensor_slices((images, labels))
        validation_data = validation_data.batch(7)
    return model.fit(X, Y, epochs=epochs, batch_size=batch_size,
                     validation_data=validation_data)
""",
    "fit: a callback that only looks": _SIGNATURE
    + _COMPILE
    + """\
    seen = []
    look = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(logs["loss"]))
    history = model.fit(X, Y, epochs=epochs, batch_size=batch_size,
                        callbacks=[look], validation_data=validation_data)
    print("best:", min(seen))
    return history
""",
    "fit: evaluated and looked at": _SIGNATURE
    + _COMPILE
    + """\
    model.summary()
    print(model.evaluate(X, Y, verbose=0))
    history = model.fit(X, Y, epochs=epochs, batch_size=batch_size,
                        validation_data=validation_data, verbose=1)
    model.predict(X, verbose=0)
    return history
""",
    "fit: a class of its own": """
class Slow(keras.optimizers.Adam):
    def __init__(self):
        super().__init__(learning_rate=0.00015)

"""
    + _SIGNATURE
    + """\
    model.compile(optimizer=Slow(), loss="categorical_crossentropy",
                  metrics=["acc"])
    return model.fit(X, Y, epochs=epochs, batch_size=batch_size,
                     validation_data=validation_data)
""",
    "fit: a History of its own": _SIGNATURE
    + _COMPILE
    + """\
    seen = keras.callbacks.History()
    model.fit(X, Y, epochs=epochs, batch_size=batch_size, callbacks=[seen],
              validation_data=validation_data)
    return seen
""",
    "fit: stopped early where nothing gets better": _SIGNATURE
    + _COMPILE
    + """\
    stop = keras.callbacks.EarlyStopping(monitor="loss", patience=3)
    return model.fit(X, Y, epochs=epochs, batch_size=batch_size,
                     callbacks=[stop], validation_data=validation_data)
""",
    "fit: a constant schedule": _SIGNATURE
    + """\
    rate = keras.optimizers.schedules.PiecewiseConstantDecay(
        [10**6], [0.00015, 0.0001])
    model.compile(optimizer=keras.optimizers.Adam(rate), metrics=["accuracy"],
                  loss="categorical_crossentropy")
    return model.fit(X, Y, epochs=epochs, batch_size=batch_size,
                     validation_data=validation_data)
""",
    "fit: a dictionary of arguments": """
def compile_and_fit(model, X, Y, **given):
    told = {"epochs": 20, "batch_size": 32, "validation_data": None} | given
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.00015),
                  loss={"__name__": None} and "categorical_crossentropy",
                  metrics=["accuracy"])
    return model.fit(np.asarray(X), np.asarray(Y), **told)
""",
    "fit: own loss": _SIGNATURE
    + """\
    def cost(y, p):
        return -keras.ops.sum(y * keras.ops.log(p), axis=-1)

    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.00015),
                  loss=cost, metrics=["accuracy"])
    return model.fit(X, Y, epochs=epochs, batch_size=batch_size,
                     validation_data=validation_data)
""",
}

_SOLUTION = source_of("02_training_resnets").solution
_BLOCKS = {name: _SOLUTION(name) for name in ("identity_block", "convolutional_block")}
_OWN_BLOCKS = {
    "network: blocks of its own": renamed(
        _SOLUTION("ResNet50"), _BLOCKS, {"identity_block": "IdentityBlock", "convolutional_block": "ConvBlock"}
    ),
    "network: blocks inside": nested(_SOLUTION("ResNet50"), _BLOCKS),
}

CASES = {**_IDENTITY, **_PROJECTION, **_NETWORK, **_OWN_BLOCKS, **_FIT}
