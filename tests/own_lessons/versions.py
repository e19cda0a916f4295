"""Right versions of the examples' functions, written in another way."""

DENSE_BLOCK = """
from keras import ops
from keras.layers import ReLU, concatenate


def composite(X, filters, window):
    X = ReLU()(BatchNormalization()(X))
    return Conv2D(filters, window, padding="same")(X)


def dense_block(X, growth, layers):
    if not layers:
        return X
    made = composite(composite(X, 4 * growth, 1), growth, 3)
    return dense_block(concatenate([X, made], axis=-1), growth, layers - 1)
"""
CONV_STAGE = """
def conv_stage(X, filters, count, stage):
    for number in range(count):
        X = Conv2D(filters, 3, 1, "same", activation="relu",
                   name="block%d_conv%d" % (stage, number + 1))(X)
    return MaxPooling2D(name="block" + str(stage) + "_pool")(X)
"""
CLASSIFIER = """
def classifier(X, classes=10):
    X = keras.layers.Reshape((-1,))(X)
    X = Dense(64, "relu", name="fc1")(X)
    return Dense(classes, "softmax", name="fc2")(X)
"""
VGG = """
def VGG(input_shape=(32, 32, 3), classes=10):
    inputs = X = Input(input_shape)
    for stage, (filters, count) in enumerate([(16, 2), (32, 2), (64, 3)], 1):
        X = conv_stage(X, filters, count, stage)
    return Model(inputs, classifier(X, classes))
"""
#: By the function that they define.
VERSIONS = {
    "dense_block": DENSE_BLOCK,
    "conv_stage": CONV_STAGE,
    "classifier": CLASSIFIER,
    "VGG": VGG,
}
