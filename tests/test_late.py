"""Variables that are made late are like any, whatever a learner does with them."""

import keras
import numpy as np
import pytest

from grader.capture.arrays import encode_sample
from grader.capture.late import assign, constant, made_late

pytestmark = pytest.mark.slow

SHAPES = [(), (3,), (300,), (3, 3, 16, 8), (0,)]


def nothing(variable):
    pass


def late(shape=(3,), initializer="ones", then=nothing):
    with made_late():
        layer = keras.layers.Layer()
        variable = layer.add_weight(shape=shape, initializer=initializer)
        then(variable)
        return variable


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("initializer", ["zeros", "ones"])
def test_what_is_written_is_what_it_would_hold(shape, initializer):
    variable = late(shape, initializer)
    written = constant(variable, whole=256)
    assert written == encode_sample(variable.value)
    assert constant(variable, whole=256) is None


def assign_itself(variable):
    variable.assign(np.full(3, 2.0))


def assign_by_challenge(variable):
    assign(variable, np.full(3, 2.0, "float32"))


def add_to_it(variable):
    variable.assign_add(np.ones(3))


@pytest.mark.parametrize("change", [assign_itself, assign_by_challenge, add_to_it])
@pytest.mark.parametrize("at_once", [True, False])
def test_it_takes_values_before_it_was_read(change, at_once):
    variable = late(then=change if at_once else nothing)
    if not at_once:
        change(variable)
    assert variable.numpy().tolist() == [2.0, 2.0, 2.0]
    assert type(variable) is keras.Variable


def test_it_is_a_variable_of_its_layer():
    with made_late():
        layer = keras.layers.BatchNormalization()
        layer(keras.Input((4, 4, 3)))
    assert len(layer.variables) == 4
    assert len(layer.trainable_variables) == 2
    layer(np.ones((2, 4, 4, 3), "float32"), training=True)
    assert not np.array_equal(layer.moving_mean.numpy(), np.zeros(3))
    layer.set_weights([np.full(3, n, "float32") for n in range(4)])
    assert layer.get_weights()[3].tolist() == [3.0, 3.0, 3.0]


def test_others_are_made_at_once():
    with made_late():
        layer = keras.layers.Dense(2)
        layer(keras.Input((3,)))
    assert constant(layer.kernel, whole=256) is None
    assert constant(layer.bias, whole=256) is not None
