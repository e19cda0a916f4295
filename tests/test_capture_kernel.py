"""A capture leaves the kernel as it found it."""

import gc
import json
import random
import weakref

import keras
import numpy as np
import pytest
import tensorflow as tf

from grader.capture import capture
from tests.lessons.residual_networks.solution import (
    FUNCTIONS,
    LESSON,
    namespace,
    solution,
)
from tests.lessons.source import run

pytestmark = pytest.mark.slow

RAISING = {
    "identity_block": "def identity_block(X, f, filters, stage, block):\n"
    "    Conv2D(2, 1)(X)\n    raise RuntimeError('stop')",
    "convolutional_block": "def convolutional_block(X, f, filters, stage, block,"
    " s=2):\n"
    "    Conv2D(2, 1)(X)\n    raise RuntimeError('stop')",
    "ResNet50": "def ResNet50(input_shape=(64, 64, 3), classes=6):\n"
    "    X = convolutional_block(Input(input_shape), 3, [2, 2, 4], 2, 'a')\n"
    "    raise RuntimeError('stop')",
}
NOISY = (
    "    import random\n    random.seed(3)\n    np.random.seed(3)\n"
    "    tf.random.set_seed(3)\n    keras.utils.set_random_seed(3)\n"
    "    keras.config.set_floatx('float64')\n"
    "    keras.mixed_precision.set_global_policy('mixed_float16')\n"
    "    keras.backend.clear_session()\n"
)


def take(function, names):
    challenge = LESSON.challenge(function, "kernel")
    return json.loads(json.dumps(capture(challenge, names)))


def names_of(kind, function):
    if kind == "solution":
        return namespace()
    if kind == "raising":
        return namespace(**{function: RAISING[function]})
    head, _, rest = solution(function).partition("\n")
    return namespace(**{function: f"{head}\n{NOISY}{rest}"})


@pytest.fixture(params=["solution", "raising", "noisy"])
def kind(request):
    return request.param


@pytest.fixture(params=FUNCTIONS)
def function(request):
    return request.param


def test_random_states_are_put_back(kind, function):
    names = names_of(kind, function)
    keras.utils.set_random_seed(11)
    expected = draws()
    keras.utils.set_random_seed(11)
    take(function, names)
    assert draws() == expected


def draws():
    return (
        random.random(),
        float(np.random.rand()),
        float(tf.random.uniform(())),
        float(keras.random.uniform(())),
        float(tf.random.uniform((), seed=5)),
    )


def test_automatic_names_go_on(kind, function):
    names = names_of(kind, function)
    keras.backend.clear_session()
    first = keras.layers.Conv2D(1, 1).name
    take(function, names)
    assert (first, keras.layers.Conv2D(1, 1).name) == ("conv2d", "conv2d_1")
    assert keras.layers.BatchNormalization().name == "batch_normalization"
    assert keras.Input((2,)).name == "keras_tensor"


def test_settings_are_put_back(kind, function):
    names = names_of(kind, function)
    policy = keras.mixed_precision.global_policy()
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    tf.config.experimental.enable_tensor_float_32_execution(True)
    try:
        take(function, names)
        assert keras.mixed_precision.global_policy().name == "mixed_bfloat16"
        assert keras.config.floatx() == "float32"
        assert keras.config.image_data_format() == "channels_last"
        assert tf.config.experimental.tensor_float_32_execution_enabled()
        assert not keras.config.is_nnx_enabled()
    finally:
        keras.mixed_precision.set_global_policy(policy)


def test_names_are_put_back(kind, function):
    names = names_of(kind, function)
    before = dict(names)
    take(function, names)
    assert names.keys() == before.keys()
    changed = [name for name in before if names[name] is not before[name]]
    assert changed == []


def test_absent_blocks_stay_absent():
    names = namespace()
    del names["identity_block"]
    captured = take("ResNet50", names)
    assert "identity_block" not in names
    assert captured["calls"][0]["status"] == "captured"


def test_keras_itself_is_as_before(kind, function):
    from keras.src.models.functional import Functional

    init = Functional.__init__
    take(function, names_of(kind, function))
    assert Functional.__init__ is init


def test_no_model_is_kept():
    kept = []
    names = namespace()
    original = names["Model"]

    def remembered(*args, **kwargs):
        model = original(*args, **kwargs)
        kept.append(weakref.ref(model))
        return model

    names["Model"] = remembered
    take("ResNet50", names)
    gc.collect()
    assert kept
    assert [ref() for ref in kept if ref() is not None] == []


def test_a_users_model_lives_on():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="own")])
    before = model.get_weights()
    for function in FUNCTIONS:
        take(function, namespace())
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert model(np.zeros((1, 3), np.float32)).shape == (1, 2)


def test_what_it_prints_is_dropped(capfd):
    names = namespace()
    run("def identity_block(*a, **k):\n    print('from the learner')", names)
    take("identity_block", names)
    assert "from the learner" not in capfd.readouterr().out


def test_interrupt_reaches_the_user():
    names = namespace()
    run("def identity_block(*a, **k):\n    raise KeyboardInterrupt", names)
    with pytest.raises(KeyboardInterrupt):
        take("identity_block", names)


@pytest.mark.parametrize("error", ["SystemExit(1)", "GeneratorExit()", "MemoryError()"])
def test_other_exceptions_stay_within(error):
    names = namespace()
    run(f"def identity_block(*a, **k):\n    raise {error}", names)
    assert take("identity_block", names)["calls"][0]["status"] == "raised"
