"""What is captured of the family's functions: counts and aliases."""

import keras
import numpy as np
import pytest

from grader.capture import capture, values
from grader.capture.aliases import redirected
from grader.judge.counts import multiply_adds, parameters
from grader.lessons import get_lesson
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow

LESSON = get_lesson("04_resnet_family")
SOURCE = source_of("04_resnet_family")


@pytest.mark.parametrize("function", ["count_params", "count_flops"])
def test_challenge_models_count_as_keras_does(function):
    for seed in ("one", "two", "three"):
        for call in LESSON.challenge(function, seed)["calls"]:
            model = values.build(call["input_shape"], call["layers"])
            counted = parameters(call["input_shape"], call["layers"])
            assert counted == model.count_params()


def test_multiply_adds_are_those_of_a_loop():
    layers = [
        {"kind": "Conv2D", "filters": 3, "kernel_size": [3, 2], "strides": [2, 1],
         "padding": "same", "use_bias": True, "inputs": [0]},
        {"kind": "Flatten", "inputs": [1]},
        {"kind": "Dense", "units": 5, "use_bias": True, "inputs": [2]},
    ]  # fmt: skip
    model = values.build([7, 6, 2], layers)
    _, height, width, filters = model.layers[1].output.shape
    multiplied = 0
    for _ in np.ndindex(height, width, filters):
        multiplied += 3 * 2 * 2
    assert multiply_adds([7, 6, 2], layers) == multiplied + height * width * filters * 5


@pytest.mark.parametrize(
    ("returned", "number"),
    [(3, 3), (np.int64(4), 4), (np.float64(5.0), 5), (6.0, 6), (np.array(7), 7)],
)
def test_whole_numbers(returned, number):
    assert values.whole(returned) == number


def test_a_tensor_is_a_number():
    assert values.whole(keras.ops.sum(keras.ops.ones((3,)))) == 3


@pytest.mark.parametrize("returned", [None, "3", 2.5, True, [3], np.ones(2), np.inf])
def test_other_things_are_no_counts(returned):
    with pytest.raises((TypeError, ValueError, OverflowError)):
        values.whole(returned)


def test_a_function_answers_by_another_while_redirected():
    def twice(x, factor=2):
        return factor * x

    table = {"f": twice}
    with redirected(twice, lambda *args, **kwargs: (args, kwargs)):
        assert table["f"](3, factor=4) == ((3,), {"factor": 4})
    assert table["f"](3) == 6
    assert "__stand_ins_of_aliases__" not in twice.__globals__


def test_a_function_with_free_variables_stays_as_it_is():
    offset = 5

    def shifted(x):
        return x + offset

    with redirected(shifted, lambda x: None):
        assert shifted(1) == 6


def test_blocks_work_after_a_capture():
    names = SOURCE.namespace()
    block = names["basic_block"]
    capture(LESSON.challenge("resnet", "one"), names)
    x = keras.Input((8, 8, 4))
    assert names["basic_block"] is block
    assert block(x, 4).shape == (None, 8, 8, 4)


def test_count_params_of_keras_is_refused_in_the_capture_alone():
    challenge = LESSON.challenge("count_params", "one")
    own = capture(challenge, {"count_params": lambda model: model.count_params()})
    assert {call["status"] for call in own["calls"]} == {"raised"}
    assert values.build([2], [{"kind": "ReLU", "inputs": [0]}]).count_params() == 0


@pytest.mark.parametrize(
    "counts",
    [
        "model.count_params()",
        "keras.layers.Layer.count_params(model)",
        "keras.Model.count_params(model)",
        "sum(type(layer).count_params(layer) for layer in model.layers)",
        "sum(super(type(layer), layer).count_params() for layer in model.layers)",
        "taken(model)",
        "summary_utils.count_params(model.weights)",
        "model.summary() or 0",
    ],
)
def test_keras_does_not_count_for_the_learner(counts):
    names = {}
    exec(
        "import keras\n"
        "from keras.src.utils import summary_utils\n"
        "taken = keras.layers.Layer.count_params\n"
        f"def count_params(model):\n    return {counts}\n",
        names,
    )
    outcome = source_of("04_resnet_family").judge("count_params", names, "one")
    assert outcome.lost == 8
    dense = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    assert dense.count_params() == 9
