"""Wrong answers that once passed, right ones that once failed, slow ones.

Each was found by trying to get a mark that is not deserved, or by writing the lesson
as people with habits of their own do.
"""

import pytest

from tests.lessons.residual_networks.solution import (
    FUNCTIONS,
    judge,
    namespace,
    solution,
)
from tests.lessons.source import run

pytestmark = pytest.mark.slow


def judged(function, source, seed="seed 0"):
    """Judges a function whose cell was replaced."""
    names = namespace()
    run(source, names, "<case>")
    for later in FUNCTIONS[FUNCTIONS.index(function) + 1 :]:
        if f"def {later}" not in source:
            run(solution(later), names, f"<cell {later}>")
    return judge(function, names, seed)


def changed(function, old, new):
    source = solution(function)
    assert old in source
    return source.replace(old, new)


LAST_SUM = "X = Add()([X, X_shortcut])"
IMAGES = "X_input = Input(input_shape)"

WRONG = {
    "a constant added to the shortcut": changed(
        "identity_block", LAST_SUM, "X = Add()([X, X_shortcut + 0.5])"
    ),
    "the larger of two paths for the ReLU": changed(
        "identity_block", LAST_SUM, "X = Maximum()([X, X_shortcut])"
    ),
    "a ReLU that gives nothing but 0": changed(
        "ResNet50",
        "X = MaxPooling2D(",
        "X = ReLU(max_value=0)(X)\n    X = MaxPooling2D(",
    ),
    "whole numbers for images": changed(
        "ResNet50", IMAGES, "X_input = Input(input_shape, dtype='uint8')"
    ),
    "a nested model that always trains": changed(
        "identity_block",
        "X = BatchNormalization(axis=3, name=bn_name_base + '2c')(X)",
        "X = Sequential([BatchNormalization(axis=3, name=bn_name_base + '2c')])"
        "(X, training=True)",
    ),
    "strides of 1 never": "def convolutional_block(X, f, filters, stage, block, s=2):\n"
    "    s = max(s, 2)\n" + solution("convolutional_block").split("\n", 1)[1],
    "strides of 3 never": "def convolutional_block(X, f, filters, stage, block, s=2):\n"
    "    s = min(s, 2)\n" + solution("convolutional_block").split("\n", 1)[1],
    "layers kept from call to call": "MADE = {}\n"
    "def once(make, *args, name, **options):\n"
    "    if name not in MADE:\n"
    "        MADE[name] = make(*args, name=name, **options)\n"
    "    return MADE[name]\n"
    + solution("identity_block")
    .replace("= Conv2D(", "= once(Conv2D, ")
    .replace("= BatchNormalization(", "= once(BatchNormalization, "),
    "a model that computes something else": "class Liar(keras.Model):\n"
    "    def call(self, x, training=None, mask=None):\n"
    "        return 1 - super().call(x)\n"
    + changed("ResNet50", "return Model(", "return Liar("),
    "never more than ten classes": changed(
        "ResNet50", "Dense(classes,", "Dense(min(classes, 10),"
    ),
    "one weight that never learns": changed(
        "ResNet50",
        "return Model(",
        "X._keras_history.operation.kernel.trainable = False\n    return Model(",
    ),
}

RIGHT = {
    "blocks under a plain decorator": "def timed(block):\n"
    "    def wrapper(*args, **kwargs):\n"
    "        return block(*args, **kwargs)\n"
    "    return wrapper\n"
    "identity_block = timed(identity_block)\n"
    "convolutional_block = timed(convolutional_block)\n" + solution("ResNet50"),
    "a network that counts its own parameters": changed(
        "ResNet50", "return Model(", "model = Model("
    )
    + "\n    assert model.count_params() == "
    "23547294 + 53120 - 408 or model.count_params() == 23600006 or classes != 6 "
    "or input_shape[2] != 3\n    return model",
    "keywords only": "def identity_block(X, **cfg):\n"
    "    f, filters, stage, block = (cfg[k] for k in "
    "('f', 'filters', 'stage', 'block'))\n"
    + solution("identity_block").split("\n", 1)[1],
    "stages checked": "def identity_block(X, f, filters, stage, block):\n"
    "    assert stage in range(1, 6)\n" + solution("identity_block").split("\n", 1)[1],
    "strides checked": "def convolutional_block(X, f, filters, stage, block, s=2):\n"
    "    if s not in (1, 2):\n"
    "        raise ValueError('s')\n"
    + solution("convolutional_block").split("\n", 1)[1],
    "a model of two inputs for the sum": changed(
        "identity_block",
        LAST_SUM,
        "a, b = Input(X.shape[1:]), Input(X.shape[1:])\n"
        "    X = Model([a, b], Add()([a, b]))([X, X_shortcut])",
    ),
}


def graded(source):
    return next(name for name in reversed(FUNCTIONS) if f"def {name}" in source)


@pytest.mark.parametrize("case", WRONG)
def test_wrong_answers_lose_points(case):
    for seed in ("seed 0", "seed 1", "seed 2"):
        assert judged(graded(WRONG[case]), WRONG[case], seed).lost > 0


@pytest.mark.parametrize("case", RIGHT)
def test_right_answers_lose_none(case):
    outcome = judged(graded(RIGHT[case]), RIGHT[case])
    assert outcome.lost == 0, outcome.first


@pytest.mark.parametrize(
    "source",
    [
        # one slip in each of 53 layers, in a network without blocks of its own name
        "first, other = convolutional_block, identity_block\n"
        + solution("ResNet50")
        .replace("convolutional_block(", "first(")
        .replace("identity_block(", "other("),
        changed(
            "identity_block",
            LAST_SUM,
            "for _ in range(60):\n        X = Add()([X, X])\n    " + LAST_SUM,
        ),
        changed(
            "identity_block",
            LAST_SUM,
            "for _ in range(400):\n        X = Activation('tanh')(X)\n    " + LAST_SUM,
        ),
        changed(
            "ResNet50", "ZeroPadding2D((3, 3))", "ZeroPadding2D((1500, 1500))"
        ).replace("strides=(2, 2), name='conv1'", "strides=(64, 64), name='conv1'"),
    ],
    ids=["blocks by other names", "doubled sixty times", "a long chain", "huge images"],
)
def test_judging_ends(source):
    """Each of these once held the judge for minutes, or took all memory."""
    assert judged(graded(source), source).lost >= 0
