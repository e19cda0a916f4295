"""What tells of work that was not done earns nothing, or little.

The code of a kernel can patch the recorder and send any capture it likes: the
challenge, then, has to ask for what only the work gives.
"""

import base64
import copy
import functools
import json
import textwrap
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from grader.capture.arrays import encode
from grader.challenge import challenge_weight
from grader.judge.sample import read_array
from tests.lessons.source import in_folder, source_of

pytestmark = pytest.mark.slow

TRAINING, TENSORS = "02_training_resnets", "03_resnet_from_tensors"
FIT = "compile_and_fit"
SEED = "forged"


@functools.cache
def _captured(name, function, seed):
    from grader.capture import capture

    source = source_of(name)
    with in_folder(source.folder):
        challenge = source.lesson.challenge(function, seed)
        return json.dumps(capture(challenge, source.namespace()))


def honest(name, function, seed=SEED):
    """What is captured of the solution."""
    return json.loads(_captured(name, function, seed))


def reports(name, function, captured):
    lesson = source_of(name).lesson
    return lesson.judge(function, lesson.challenge(function, SEED), captured)


def points(name, function, captured):
    return sum(r.points for r in reports(name, function, captured).values())


def earned(name, function, text):
    """The points of a function that runs where it is captured."""
    outcome = source_of(name).judge(function, textwrap.dedent(text), SEED)
    return sum(outcome.points.values())


# Lesson 2: trainings


def told(
    *,
    optimizer="Adam",
    rate=0.00015,
    loss="categorical_crossentropy",
    metrics=("accuracy",),
    compiled=True,
):
    """A record of the training that is asked for, made up without any training."""
    calls = []
    for call in source_of(TRAINING).lesson.challenge(FIT, SEED)["calls"]:
        epochs = call["arguments"].get("epochs", 20)
        size, images = call["arguments"].get("batch_size", 32), call["images"]
        rows = [list(range(images))[i : i + size] for i in range(0, images, size)]
        steps = [{"rows": r, "labels": True, "weighted": False} for r in epochs * rows]
        history = {n: [0.5] * epochs for n in ("loss", "accuracy", "val_loss")}
        shapes = {"kernel": (48, call["classes"]), "bias": (call["classes"],)}
        compilation = {
            "optimizer": {"class": optimizer, "learning_rate": rate, "others": {}},
            "loss": {"name": loss, "others": {}},
            "metrics": list(metrics),
        }
        fit = {"compiled": int(compiled), "steps": len(steps), "epochs": epochs,
               "weighted": False, "history": history, "arguments": {}}  # fmt: skip
        calls.append(
            {
                "id": call["id"],
                "status": "captured",
                "compiled": [compilation] * compiled,
                "fits": [fit],
                "steps": steps,
                "returned": {"type": "History", "own": True},
                **{
                    name: encode(challenge_weight(SEED, 0, name, shape))
                    for name, shape in shapes.items()
                },
            }
        )
    return {"function": FIT, "status": "captured", "calls": calls}


def with_weights(captured, change):
    for call in captured["calls"]:
        for name in ("kernel", "bias"):
            call[name] = encode(change(read_array(call[name])))
    return captured


def test_a_training_that_happened_earns_all():
    assert points(TRAINING, FIT, honest(TRAINING, FIT)) == 20


@pytest.mark.parametrize(
    ("change", "most"),
    [
        ({}, 8),
        ({"optimizer": "SGD"}, 3),
        ({"optimizer": "Mine"}, 3),
        ({"rate": 0.001}, 4),
        ({"loss": "mse"}, 3),
        ({"metrics": ()}, 4),
        ({"compiled": False}, 0),
    ],
    ids=str,
)
def test_a_training_that_is_only_told_of_earns_what_it_knows_of_compile(change, most):
    found = reports(TRAINING, FIT, told(**change))
    assert found[f"{FIT}-compile"].points == most
    assert found[f"{FIT}-fit"].points == found[f"{FIT}-values"].points == 0


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf, 3e38, -1.0])
def test_weights_that_nobody_trained(value):
    captured = with_weights(told(), lambda w: w * 0 + np.float32(value))
    assert points(TRAINING, FIT, captured) <= 8


def test_weights_that_were_moved_anywhere():
    rng = np.random.default_rng(0)
    captured = with_weights(told(), lambda w: w + 1e-3 * rng.standard_normal(w.shape))
    assert points(TRAINING, FIT, captured) <= 8


def test_a_training_of_another_challenge():
    assert points(TRAINING, FIT, honest(TRAINING, FIT, "another")) <= 8


def test_one_call_that_happened_and_others_that_are_told_of():
    captured = told()
    captured["calls"][0] = honest(TRAINING, FIT)["calls"][0]
    assert points(TRAINING, FIT, captured) <= 10


def test_a_fit_that_was_never_compiled_is_no_record():
    captured = honest(TRAINING, FIT)
    captured["calls"][0]["compiled"] = []
    assert points(TRAINING, FIT, captured) == 0


HEAD = """
def compile_and_fit(model, X, Y, epochs=20, batch_size=32, validation_data=None):
    adam = keras.optimizers.Adam(0.00015)
"""
COMPILE = """
    model.compile(adam, "categorical_crossentropy", metrics=["accuracy"])
"""
RUN = """
    return model.fit(X, Y, batch_size, epochs, 0, validation_data=validation_data)
"""
HOSTILE = {
    "steps that change nothing": (
        COMPILE + "\n    model.optimizer.apply = lambda *args, **kwargs: None" + RUN,
        8,
    ),
    "compiled for the record, after the training": (
        '\n    model.compile("sgd", "mse")'
        + RUN.replace("return", "history =")
        + COMPILE
        + "    return history",
        6,
    ),
    "compiled past the recorder": (
        '\n    keras.Model.compile(model, "sgd", "mse", run_eagerly=True)' + RUN,
        12,
    ),
    "notes of its own": (
        COMPILE
        + """
    rows = list(range(len(X)))
    batches = [rows[i:i + batch_size] for i in range(0, len(X), batch_size)]
    model.notes["steps"] += [
        {"rows": r, "labels": True, "weighted": False} for r in epochs * batches]
    history = keras.callbacks.History()
    history.history = {"loss": epochs * [1.0], "accuracy": epochs * [0.5]}
    model.histories.append(history)
    model.notes["fits"].append({
        "compiled": 1, "arguments": {}, "weighted": False, "epochs": epochs,
        "steps": len(model.notes["steps"]), "history": history.history})
    return history
""",
        8,
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_a_function_does_to_its_recorder(case):
    body, most = HOSTILE[case]
    assert earned(TRAINING, FIT, HEAD + body) <= most


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (COMPILE + RUN.replace("batch_size,", "1,"), 16),
        (
            COMPILE + RUN.replace("0, ", "0, class_weight={0: 3, 1: 1, 2: 1, 3: 1}, "),
            16,
        ),
        (COMPILE.replace("adam", '"sgd"') + RUN, 15),
    ],
    ids=["small batches", "weighted", "sgd"],
)
def test_a_training_with_a_mistake_is_one(body, left):
    assert earned(TRAINING, FIT, HEAD + body) == left


# Lesson 3: tensors


def runs(captured):
    for call in captured["calls"]:
        yield from call["runs"].values()


def drawn(sample, rng):
    """Other values in a captured tensor's place."""
    count = len(base64.b64decode(sample["data"])) // 4
    values = rng.standard_normal(count).astype("<f4")
    sample["data"] = base64.b64encode(values.tobytes()).decode()


NETS = {
    "bottleneck": "x, h_out, n_out, stride=None, is_training=True, scope='b'",
    "block": "x, n_out, n, init_stride=2, is_training=True, scope='block'",
    "ResNet50": "x, num_classes=1000, is_training=True, scope='resnet50'",
}


@pytest.mark.parametrize("function", NETS)
def test_a_variable_alone_is_no_network(function):
    """Nothing of it is called, and what it gives is not what is asked for."""
    returned = "x, x" if function == "ResNet50" else "x + 1"
    text = f"""
        def {function}({NETS[function]}):
            create_var("gain", [1], "zeros")
            return {returned}
        """
    assert earned(TENSORS, function, text) == 0


@pytest.mark.parametrize(
    ("when", "lost"),
    [
        # what the lesson shows is in training: a function that fails there has nothing
        ("is_training", {"variables", "training", "moving", "inference"}),
        ("not is_training", {"inference"}),
    ],
)
def test_a_check_of_which_no_call_ended_is_not_passed(when, lost):
    solution = source_of(TENSORS).solution("batch_norm")
    head, _, body = solution.partition(":\n")
    text = f"{head}:\n    if {when}:\n        raise ValueError()\n{body}"
    outcome = source_of(TENSORS).judge("batch_norm", text, SEED)
    given = {check.partition("-")[2]: n for check, n in outcome.points.items()}
    asked = {"variables": 5, "training": 5, "moving": 6, "inference": 4}
    assert given == {**asked, **dict.fromkeys(lost, 0)}


@pytest.mark.parametrize(
    ("function", "most"),
    [("conv2d", 4), ("batch_norm", 5), ("avg_pool", 0), ("max_pool", 0), ("fc", 4)],
)
def test_variables_without_a_result_earn_what_they_are_worth(function, most):
    captured, rng = honest(TENSORS, function), np.random.default_rng(0)
    assert points(TENSORS, function, captured) > most
    for run in runs(captured):
        for sample in (*run["outputs"].values(), *run["changed"].values()):
            drawn(sample, rng)
    assert points(TENSORS, function, captured) == most


@pytest.mark.parametrize("function", ["conv2d", "avg_pool", "fc", "bottleneck"])
def test_results_of_another_challenge(function):
    assert points(TENSORS, function, honest(TENSORS, function, "another")) == 0


@pytest.mark.parametrize("function", ["bottleneck", "block", "ResNet50"])
def test_calls_that_were_given_anything(function):
    captured, rng = honest(TENSORS, function), np.random.default_rng(0)
    for run in runs(captured):
        for called in run["calls"]:
            drawn(called["input"], rng)
        for sample in run["outputs"].values():
            drawn(sample, rng)
    assert points(TENSORS, function, captured) == 0


def test_a_second_run_does_not_stand_in_for_the_recorded_one():
    captured = honest(TENSORS, "bottleneck")
    asked = copy.deepcopy(captured)
    # calls of the network's size have the recorded run alone
    for call in (call for call in captured["calls"] if "real" in call["runs"]):
        call["runs"]["real"]["variables"] = call["runs"]["real"]["variables"][:1]
        call["runs"]["real"]["changed"] = {}
        del call["runs"]["recorded"]
    assert points(TENSORS, "bottleneck", asked) == 20
    for run in runs(captured):
        drawn(run["outputs"]["output"], np.random.default_rng(0))
    assert points(TENSORS, "bottleneck", captured) == 0


def test_tensors_that_lie_about_what_they_are():
    text = f"""
        class Liar:
            def __init__(self, shape):
                self.shape = shape
            def __array__(self, dtype=None, copy=None):
                return np.zeros(self.shape, dtype)

        def bottleneck({NETS["bottleneck"]}):
            with variable_scope(scope):
                for n in range(1, 5):
                    h = conv2d(Liar(x.shape), n_out, 1, stride=1, scope=f"conv_{{n}}")
                    h = batch_norm(Liar(h.shape), is_training=is_training,
                                   scope=f"bn_{{n}}")
            return h
        """
    assert earned(TENSORS, "bottleneck", text) <= 4


def test_variables_that_claim_not_to_have_changed(monkeypatch):
    kind: Any = type(tf.Variable(tf.zeros([])))
    honestly: Any = kind.numpy
    monkeypatch.setattr(kind, "numpy", honestly)  # put back after the lie
    solution = source_of(TENSORS).solution("batch_norm")
    lie = """
_first = {}
_numpy = type(tf.Variable(0.0)).numpy
type(tf.Variable(0.0)).numpy = lambda v: _first.setdefault(id(v), _numpy(v))
_own = batch_norm
def batch_norm(x, decay=0.999, epsilon=1e-3, is_training=True, scope="batch_norm"):
    with variable_scope(scope):
        for name, start in (("moving_mean", "zeros"), ("moving_variance", "ones")):
            create_var(name, [x.shape[-1]], start, trainable=False).numpy()
    return _own(x, decay, epsilon, is_training, scope)
"""
    assert earned(TENSORS, "batch_norm", solution + lie) <= 14
