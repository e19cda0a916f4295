"""Lesson 2's numbers: what its text prints, the saved run, training in NumPy."""

import importlib.util
import json
import re

import keras
import matplotlib
import numpy as np
import pytest

import resnet_data
from grader import stream
from grader.capture import capture
from grader.capture.initializer import choose, describe_initializer, glorot_uniform
from grader.capture.training import MOST_STEPS
from grader.capture.uniform import random_uniform
from grader.challenge import call_input, challenge_weight, training_set
from grader.judge.network.dialect import KERAS
from grader.judge.network.forward import forward
from grader.judge.network.specify import spec_of
from grader.judge.network.summary import summarise
from grader.judge.training.regression import train
from grader.lessons import idiom
from grader.lessons.training_resnets import SHOWN, TASK
from resnet_data._layout import Images
from resnet_data.training import twenty_epochs
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow

SOURCE = source_of("02_training_resnets")
RUN = json.loads((SOURCE.folder / "twenty_epochs.json").read_text("utf-8"))
TWIN = (SOURCE.folder / "training_resnets.pct.py").read_text("utf-8")
BLOCKS = ("identity_block", "convolutional_block")
CONSTANTS = {"gamma": 1.0, "moving_variance": 1.0}


@pytest.fixture(scope="module")
def utils():
    path = SOURCE.folder / "training_utils.py"
    spec = importlib.util.spec_from_file_location("training_utils", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def pages(monkeypatch):
    """Figures that are shown, as their axes' titles."""
    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    seen = []
    monkeypatch.setattr(plt, "show", lambda: seen.append(plt.gcf()))
    yield seen
    plt.close("all")


def printed(function, training):
    """The slice that the lesson prints, by the NumPy pass."""
    call = {**SHOWN[function]["call"], "training": training}
    draw = getattr(stream, call["initializer"])

    def weights(node, role, shape):
        if role == "kernel":
            return draw(0, shape)
        return np.full(shape, CONSTANTS.get(role, 0.0))

    graph = spec_of(idiom.BLOCKS[function], call, KERAS).graph
    x = call_input("", "published", 3, (4, 4, 6))
    return forward(graph, x, weights)[1, 1, 0]


@pytest.mark.parametrize("function", BLOCKS)
@pytest.mark.parametrize("training", [False, True])
def test_the_text_prints_what_the_blocks_compute(function, training):
    numbers = printed(function, training).astype("float32")
    with np.printoptions(precision=4, suppress=True):
        assert f"training={training}: out | `{numbers}`" in TWIN
    if training:
        np.testing.assert_allclose(SHOWN[function]["out"], numbers, atol=1e-6)


@pytest.mark.parametrize("shape", [(1, 1, 64, 64), (3, 3, 128, 128), (1, 1, 512, 2048)])
def test_the_text_gives_the_ranges_of_kernels(shape):
    (row,) = [line for line in TWIN.splitlines() if f"`{shape}` |" in line]
    for kernel in (stream.glorot_uniform(0, shape), stream.random_uniform(0, shape)):
        assert f"−{-kernel.min():.4f} to {kernel.max():.4f}" in row


def test_the_text_gives_the_range_of_all_kernels():
    graph = spec_of(idiom.RESNET50, {}, KERAS, opened=True).graph
    limits = []
    channels = {0: 3}
    for index, node in enumerate(graph.nodes):
        if index:
            before = channels[node.sources[0]]
            channels[index] = node.attrs.get("filters", before)
        if node.kind == "Conv2D":
            shape = (*node.attrs["kernel_size"], before, node.attrs["filters"])
            limits.append((6 / sum(stream.fans(shape))) ** 0.5)
    assert len(limits) == 53
    assert f"±{min(limits):.3f} in the widest" in TWIN
    assert f"±{max(limits):.3f} in the narrowest" in TWIN


def test_random_uniform_is_seeded_and_within_its_range():
    kernel = keras.ops.convert_to_numpy(random_uniform(seed=3)((3, 3, 5, 7)))
    again = stream.random_uniform(3, (3, 3, 5, 7))
    np.testing.assert_array_equal(kernel, again)
    assert np.abs(kernel).max() <= stream.RANGE
    assert kernel.std() == pytest.approx(stream.RANGE / 3**0.5, rel=0.1)
    sample = stream.random_sample(3, (3, 3, 5, 7), 5)
    np.testing.assert_array_equal(again.reshape(-1)[::5], sample)
    with pytest.raises(ValueError, match="whole number"):
        random_uniform(seed=-1)


def test_an_initializer_of_a_challenge_needs_its_seed():
    chosen = choose({"kind": "glorot_uniform"})
    with_seed = keras.ops.convert_to_numpy(chosen(seed=0)((1, 1, 8, 8)))
    np.testing.assert_array_equal(with_seed, stream.glorot_uniform(0, (1, 1, 8, 8)))
    without = keras.ops.convert_to_numpy(chosen()((1, 1, 8, 8)))
    assert np.abs(with_seed - without).max() > 0.01
    assert describe_initializer(chosen())["seed"] is None
    assert choose("glorot_uniform") is glorot_uniform


def test_the_network_has_the_published_parameters():
    spec = spec_of(idiom.RESNET50, {}, KERAS, opened=True)
    rows = summarise(spec.graph, (64, 64, 3))
    assert sum(row.params for row in rows) == 23_600_006
    assert len(rows) == 177
    assert sum(row.kind == "BatchNormalization" for row in rows) == 53


def test_what_is_left_of_the_averages_start():
    left = {epoch: round(0.99 ** (34 * epoch), 2) for epoch in (1, 2, 5, 10)}
    assert left == {1: 0.71, 2: 0.50, 5: 0.18, 10: 0.03}
    assert "0.71 after one epoch, 0.18 after five, 0.03\n# after ten" in TWIN
    assert "0.99<sup>68</sup> ≈ 0.50" in TWIN


def test_the_run_is_what_the_text_says_of_it():
    history = {name: np.array(values) for name, values in RUN["history"].items()}
    assert {len(values) for values in history.values()} == {20}
    loss, accuracy = history["loss"], history["accuracy"]
    assert f"falls from {loss[0]:.1f} to {loss[-1]:.5f}, and from epoch 14" in TWIN
    assert list(accuracy).index(1) == 13
    assert set(accuracy[13:]) == {1}
    test, by_batch = history["val_accuracy"], history["batch_accuracy"]
    assert np.all(test[:11] < 0.22)
    assert np.all(accuracy[2:] > 0.95)
    early = f"variance: {by_batch[0]:.2f} after one\n#   epoch, {by_batch[4]:.2f}"
    assert early in TWIN
    assert f"catch up: {test[11]:.2f} in epoch 12, {test[-1]:.2f} at the end" in TWIN
    assert np.all(np.diff(test[10:]) > 0)
    highest, last = history["val_loss"].max(), history["val_loss"][-1]
    assert f"rises to {highest:.1f} before it falls to {last:.2f}" in TWIN
    for name in ("accuracy", "val_accuracy"):
        assert f"| {history[name][-1]} |" in TWIN
    # What lesson 2 promises of the studio
    assert test[-1] >= 0.85


@pytest.mark.parametrize(
    ("name", "title", "accuracy"),
    [("", "studio", "val_accuracy"), ("open_", "open set", "open_accuracy")],
)
def test_the_runs_answers_are_those_of_the_text(name, title, accuracy):
    p, labels = np.array(RUN[f"{name}probabilities"]), np.array(RUN[f"{name}labels"])
    assert p.shape == (120, 6)
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=2e-3)
    right = p.argmax(axis=1) == labels
    assert f"| {title} | right: {right.sum()} of 120 |" in TWIN
    assert right.mean() == pytest.approx(RUN["history"][accuracy][-1], abs=1e-3)


def test_the_runs_mistakes_are_what_the_text_says_of_them():
    p, labels = np.array(RUN["open_probabilities"]), np.array(RUN["open_labels"])
    answers = p.argmax(axis=1)
    right = answers == labels
    often = np.isin(answers, (1, 4)).mean()
    assert often == pytest.approx(0.5, abs=0.02)
    assert ((answers == 2).sum(), (right & (answers == 2)).sum()) == (5, 1)
    taken = np.bincount(answers[labels == 2], minlength=6)
    assert sorted(np.argsort(taken)[-2:]) == [1, 4]
    sure = p.max(axis=1) > 0.9
    assert f"(above 0.9) of {sure[~right].mean():.0%}".replace("%", " %") in TWIN
    worst = np.argsort(p[np.arange(120), labels])[:8]
    assert (p[worst].max(axis=1) > 0.98).sum() == 7
    assert not right[worst].any()


def test_the_runs_labels_are_those_of_the_drawn_test_images():
    for variety, name in (("studio", "labels"), ("open", "open_labels")):
        drawn = resnet_data.load_dataset(variety=variety, verbose=False)
        np.testing.assert_array_equal(drawn[3][0], RUN[name])


def test_a_run_is_written_with_both_test_sets(tmp_path, monkeypatch):
    monkeypatch.setattr(twenty_epochs, "SAVED", tmp_path / "run.json")
    rng = np.random.default_rng(1)
    x = rng.integers(0, 256, (12, 8, 8, 3), dtype=np.uint8)
    images = Images(x, np.arange(12) % 6, np.arange(6))
    other = Images(255 - x[:7], images.y[:7], images.classes)

    def network(input_shape):
        inputs = keras.Input((8, 8, 3))
        outputs = keras.layers.Dense(6, "softmax")(keras.layers.Flatten()(inputs))
        return keras.Model(inputs, outputs)

    monkeypatch.setattr(twenty_epochs, "solution", lambda folder: {"ResNet50": network})
    twenty_epochs.twenty_epochs(images, images, other, epochs=2)
    kept = json.loads((tmp_path / "run.json").read_text("utf-8"))
    history = kept["history"]
    assert {len(values) for values in history.values()} == {2}
    # Without batch normalisation both ways to answer are one.
    assert history["batch_accuracy"] == history["val_accuracy"]
    for name, labels in (("", images.y), ("open_", other.y)):
        assert kept[f"{name}labels"] == labels.tolist()
        answers = np.argmax(kept[f"{name}probabilities"], axis=1)
        right = (answers == labels).mean()
        last = history["open_accuracy" if name else "val_accuracy"][-1]
        assert last == pytest.approx(right, abs=1e-3)


def test_pictures_of_the_run(utils, pages):
    run = utils.load_saved_run()
    utils.show_curves(run.history, "curves")
    answers = run.probabilities.argmax(axis=1)
    confusion = np.zeros((6, 6), int)
    np.add.at(confusion, (run.labels, answers), 1)
    utils.show_confusion(confusion, "matrix")
    utils.show_mistakes(
        np.zeros((120, 8, 8, 3)), run.labels, run.probabilities, range(6), "worst"
    )
    history = {name: [0.1, 0.2] for name in ("loss", "accuracy", "val_accuracy")}
    utils.show_curves(history | {"open_accuracy": [0.1, 0.3]}, "both test sets")
    curves, matrix, worst, both = pages
    names = [text.get_text() for text in both.axes[1].get_legend().get_texts()]
    assert names == ["training", "test", "open test set"]
    assert [axis.get_ylabel() for axis in curves.axes] == ["loss", "accuracy"]
    assert len(curves.axes[1].get_lines()) == 5
    assert sum(int(t.get_text()) for t in matrix.axes[0].texts) == 120
    titles = [axis.get_title() for axis in worst.axes]
    assert titles[0] == (
        f"a {run.labels[0]}, said {answers[0]} ({run.probabilities[0].max():.0%})"
    )
    assert titles[6:] == ["", ""]


def test_a_quick_run_keeps_a_few_images(utils, monkeypatch):
    images = np.zeros((100, 2))
    monkeypatch.delenv("RESNET_COURSE_QUICK", raising=False)
    assert [len(array) for array in utils.shortened(images, images)] == [100, 100]
    monkeypatch.setenv("RESNET_COURSE_QUICK", "1")
    assert [len(array) for array in utils.shortened(images, images)] == [8, 8]


def test_averages_are_put_back(utils):
    inputs = keras.Input((3,))
    layer = keras.layers.BatchNormalization()
    model = keras.Model(inputs, layer(inputs))
    with utils.averages_kept(model):
        model(np.ones((4, 3), "float32"), training=True)
        assert float(keras.ops.max(layer.moving_mean)) > 0
    assert float(keras.ops.max(layer.moving_mean)) == 0


def test_training_in_numpy_is_keras():
    rate = 0.01
    sizes = {"images": 10, "classes": 3, "shape": [2, 2, 3]}
    x, y = training_set("seed", "call", "train", sizes)
    start = [challenge_weight("s", 0, r, n) for r, n in
             (("kernel", (12, 3)), ("bias", (3,)))]  # fmt: skip
    inputs = keras.Input((2, 2, 3))
    layer = keras.layers.Dense(3, activation="softmax")
    model = keras.Model(inputs, layer(keras.layers.Flatten()(inputs)))
    layer.set_weights(start)
    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    seen = model.fit(x, y, epochs=3, batch_size=4, shuffle=False, verbose=0).history
    batches = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    own = train(x.reshape(10, -1), y, (start[0], start[1]), [batches] * 3, rate)
    np.testing.assert_allclose([e.loss for e in own], seen["loss"], rtol=1e-5)
    np.testing.assert_allclose([e.accuracy for e in own], seen["accuracy"], rtol=1e-6)
    for weights, mine in zip(
        layer.get_weights(), (own[-1].kernel, own[-1].bias), strict=True
    ):
        np.testing.assert_allclose(mine, weights, atol=1e-5)


def test_endless_training_is_stopped():
    def compile_and_fit(model, X, Y, **given):
        model.compile("sgd", "mse")
        while True:
            model.train_on_batch(X, Y)

    challenge = SOURCE.lesson.challenge("compile_and_fit", "s")
    challenge["calls"] = challenge["calls"][:1]
    (call,) = capture(challenge, {"compile_and_fit": compile_and_fit})["calls"]
    assert call["status"] == "raised"
    assert str(MOST_STEPS) in call["error"]["message"]


def test_the_text_says_what_is_asked():
    assert "learning rate of\n#   0.00015" in TWIN
    assert TASK.learning_rate == 0.00015
    assert re.search(r"epochs=20, batch_size=32,\s+validation_data=None", TWIN)
    assert (TASK.epochs, TASK.batch_size) == (20, 32)
