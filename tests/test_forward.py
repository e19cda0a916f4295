"""The NumPy pass against TensorFlow, on random graphs of the allowed layers."""

import json

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import stream
from grader.capture import graph as captured_graph
from grader.capture import outputs
from grader.challenge import call_input
from grader.judge.network.forward import forward
from grader.judge.network.graph import Graph, Node
from grader.judge.network.reading import read_graph
from grader.judge.network.weights_for import NotComputable, challenge_weights
from grader.judge.sizes import output_shape

pytestmark = pytest.mark.slow

SEED = "forward"
WINDOWS = st.tuples(st.integers(1, 3), st.integers(1, 3))
PADDINGS = st.sampled_from(["valid", "same"])
PROFILE = settings(
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=list(HealthCheck),
)


def convolution(draw, x):
    window, padding = draw(WINDOWS), draw(PADDINGS)
    strides = draw(st.integers(1, 2))
    return keras.layers.Conv2D(
        2 * draw(st.integers(1, 3)),
        window,
        strides=strides,
        padding=padding,
        dilation_rate=draw(st.integers(1, 2)) if strides == 1 else 1,
        groups=draw(st.sampled_from([1, 2])) if x.shape[-1] % 2 == 0 else 1,
        use_bias=draw(st.booleans()),
        activation=draw(st.sampled_from(ACTIVATIONS)),
    )


ACTIVATIONS = [
    *("linear", "relu", "sigmoid", "tanh", "elu", "selu", "softplus", "silu"),
    *("softmax", "relu6", "leaky_relu", "softsign", "gelu", "mish"),
    *("hard_sigmoid", "hard_silu", "exponential"),
]


def normalisation(draw, x):
    return keras.layers.BatchNormalization(
        axis=draw(st.sampled_from([1, 2, 3, -1])),
        epsilon=draw(st.sampled_from([1e-3, 1e-5])),
        center=draw(st.booleans()),
        scale=draw(st.booleans()),
        trainable=draw(st.booleans()),
    )


def pooling(draw, x):
    kind = draw(st.sampled_from(["MaxPooling2D", "AveragePooling2D"]))
    return getattr(keras.layers, kind)(
        draw(WINDOWS),
        strides=draw(st.one_of(st.none(), st.integers(1, 2))),
        padding=draw(PADDINGS),
    )


def padding(draw, x):
    sides = st.tuples(st.integers(0, 2), st.integers(0, 2))
    return keras.layers.ZeroPadding2D((draw(sides), draw(sides)))


def activation(draw, x):
    return draw(
        st.sampled_from(
            [
                *(lambda n=name: keras.layers.Activation(n) for name in ACTIVATIONS),
                lambda: keras.layers.ReLU(max_value=1.0),
                lambda: keras.layers.ReLU(negative_slope=0.1),
                lambda: keras.layers.ReLU(threshold=0.2),
                lambda: keras.layers.Softmax(axis=-1),
                lambda: keras.layers.Identity(),
                lambda: keras.layers.Dropout(0.0),
            ]
        )
    )()


def merge(draw, x, earlier):
    """A merge with an earlier tensor of the same shape, or with a number."""
    partners = [t for t in earlier if t.shape == x.shape] or [x]
    other = draw(st.sampled_from(partners))
    return draw(
        st.sampled_from(
            [
                lambda: keras.layers.Add()([x, other]),
                lambda: keras.layers.Subtract()([x, other]),
                lambda: keras.layers.Multiply()([x, other]),
                lambda: keras.layers.Average()([x, other, x]),
                lambda: keras.layers.Maximum()([x, other]),
                lambda: keras.layers.Minimum()([other, x]),
                lambda: keras.layers.Concatenate()([x, other]),
                lambda: keras.layers.Concatenate(axis=1)([other, x]),
                lambda: x + other,
                lambda: x - other,
                lambda: 0.5 * x,
                lambda: 1.5 - x,
                lambda: keras.ops.relu(x),
                lambda: keras.ops.maximum(x, 0.1),
            ]
        )
    )()


def head(draw, x):
    layers = keras.layers
    return draw(
        st.sampled_from(
            [
                lambda: x,
                lambda: layers.Flatten()(x),
                lambda: layers.Dense(3)(layers.Flatten()(x)),
                lambda: layers.Dense(3, activation="softmax")(
                    layers.GlobalAveragePooling2D()(x)
                ),
                lambda: layers.GlobalMaxPooling2D(keepdims=True)(x),
                lambda: layers.Dense(2, use_bias=False)(layers.Reshape((-1,))(x)),
            ]
        )
    )()


def network(draw):
    """A symbolic input, and a tensor that some layers make of it.

    No strategy of its own: Keras draws from `random`, which strategies must not.
    """
    x = inputs = keras.Input((draw(st.integers(4, 9)), draw(st.integers(4, 9)), 2))
    earlier = [x]
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.integers(0, 5))
        if kind == 5:
            x = merge(draw, x, earlier)
        else:
            make = (convolution, normalisation, pooling, padding, activation)[kind]
            if min(x.shape[1:3]) < 5 and make in (convolution, pooling):
                continue
            x = make(draw, x)(x)
        earlier.append(x)
    return inputs, head(draw, x)


def both_ways(inputs, output, training, seed=SEED):
    """What TensorFlow and what NumPy computes, from the same drawn weights."""
    flat = captured_graph.flatten(inputs, output)
    written = json.loads(json.dumps(captured_graph.to_json(flat, {}, initial=True)))
    outputs.set_challenge_weights(flat, seed)
    x = call_input(seed, "x", 3, inputs.shape[1:])
    theirs = outputs.run(flat, x, training=training)
    ours = forward(
        read_graph(written), x, challenge_weights(seed), training=training, seed=seed
    )
    return theirs, ours


@PROFILE
@given(st.data(), st.booleans())
def test_numpy_computes_what_tensorflow_does(data, training):
    theirs, ours = both_ways(*network(data.draw), training)
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, atol=1e-4 * (1 + np.abs(ours).max()))


L = keras.layers
SAME = {"padding": "same"}
LAYERS = [
    L.DepthwiseConv2D(3, strides=2, depth_multiplier=2, **SAME),
    L.DepthwiseConv2D(2, dilation_rate=2, use_bias=False, activation="relu"),
    L.SeparableConv2D(3, (2, 3), depth_multiplier=2, activation="gelu"),
    L.SeparableConv2D(5, 3, strides=2, use_bias=False, **SAME),
    *(
        L.Conv2DTranspose(3, size, strides=strides, padding=padding)
        for size in (1, 2, 3, 4)
        for strides in (1, 2, 3)
        for padding in ("same", "valid")
    ),
    L.Conv2DTranspose(3, 3, strides=2, output_padding=1, activation="tanh", **SAME),
    L.Conv2DTranspose(3, (3, 2), dilation_rate=2, use_bias=False),
    L.UpSampling2D((2, 3)),
    L.Cropping2D(((1, 0), (2, 1))),
    L.LayerNormalization(epsilon=1e-2),
    L.LayerNormalization(axis=1, center=False),
    L.GroupNormalization(2),
    L.GroupNormalization(4, scale=False),
    L.SpatialDropout2D(0.5),
    L.ReLU(6.0),
    L.LeakyReLU(0.1),
    L.ELU(0.5),
]


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_each_kind_of_layer_is_computed(layer):
    inputs = keras.Input((6, 7, 4))
    output = layer(inputs)
    theirs, ours = both_ways(inputs, output, training=False)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)
    flat = captured_graph.flatten(inputs, output)
    node = read_graph(captured_graph.to_json(flat, {}, initial=True)).nodes[1]
    assert output_shape(node.kind, node.attrs, (6, 7, 4)) == ours.shape[1:]


def test_a_gate_of_fewer_axes_scales_channels():
    inputs = keras.Input((5, 4, 3))
    gate = L.Dense(3, activation="sigmoid")(L.GlobalAveragePooling2D()(inputs))
    theirs, ours = both_ways(inputs, L.Multiply()([inputs, gate]), training=False)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("training", [False, True])
def test_a_layer_called_twice_shares_its_weights(training):
    inputs = keras.Input((5, 5, 4))
    conv = keras.layers.Conv2D(4, 3, padding="same")
    norm = keras.layers.BatchNormalization()
    theirs, ours = both_ways(inputs, norm(conv(norm(conv(inputs)))), training)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("training", [False, True])
def test_a_layer_called_in_training_mode(training):
    inputs = keras.Input((5, 5, 4))
    output = keras.layers.BatchNormalization()(inputs, training=True)
    theirs, ours = both_ways(inputs, output, training)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)


def test_a_nested_model_is_opened():
    inner = keras.Sequential(
        [keras.Input((5, 5, 2)), keras.layers.Conv2D(3, 2), keras.layers.ReLU()]
    )
    start = keras.Input((5, 5, 2))
    outer = keras.Model(start, keras.layers.BatchNormalization()(inner(start)))
    inputs = keras.Input((5, 5, 2))
    theirs, ours = both_ways(inputs, outer(inputs), False)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("step", [1, 3, 50])
def test_a_sample_of_a_kernel_is_that_of_the_whole(step):
    shape = (3, 3, 5, 7)
    whole = stream.glorot_uniform(0, shape).reshape(-1)
    assert np.array_equal(stream.glorot_sample(0, shape, step), whole[::step])


def _node(kind, *inputs, **attrs):
    return Node(kind, kind, attrs, inputs)


@pytest.mark.parametrize(
    "layers",
    [
        [_node("Dense", 0, units=4096), _node("Dense", 1, units=4096)],
        [_node("ZeroPadding2D", 0, padding=4096)],
        [_node("ZeroPadding2D", 0, padding=1200)] * 4 + [_node("Add", 1, 2, 3, 4)],
        [_node("Block", 0, filters=(1, 1, 4096), s=1, place=0)],
        [
            _node("Reshape", 0, target_shape=(-1, 1)),
            _node("Reshape", 0, newshape=(1, -1)),
            _node("Add", 1, 2),
        ],
    ],
    ids=["dense", "padding", "held", "block", "broadcast"],
)
def test_what_is_too_large_is_not_computed(layers):
    graph = Graph((Node("Input"), *layers), len(layers))
    x = np.zeros((1, 100, 100, 3))
    with pytest.raises(NotComputable, match="too"):
        forward(graph, x, challenge_weights(SEED))
