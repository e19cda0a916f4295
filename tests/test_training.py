"""The shipped model's training: what its batches are, and that it can be resumed."""

import keras
import numpy as np
import pytest

from resnet_data._layout import CLASSES, Images
from resnet_data.drawing.rendered import draw_image
from resnet_data.training import card, evaluate, examples, fit, network
from resnet_data.training.__main__ import EPOCHS
from resnet_data.training.matte import cut_out, hand_box
from resnet_data.training.scenes import composed

# Keras writes checkpoints in a way that NumPy 2 warns of.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)


def drawn(count: int, seed: int = 5) -> Images:
    y = np.arange(count) % CLASSES
    x = np.stack([draw_image(int(label), seed, n) for n, label in enumerate(y)])
    return Images(x, y, np.arange(CLASSES))


@pytest.fixture(scope="module")
def few() -> examples.Pool:
    images = drawn(24)
    return examples.pool(images, images)


def disc_on_wall() -> tuple[np.ndarray, np.ndarray]:
    """A skin-coloured disc with a forearm before a wall that darkens downwards."""
    y, x = np.mgrid[0:64, 0:64]
    wall = np.stack([225 - 0.8 * y, 224 - 0.8 * y, 226 - 0.7 * y], axis=-1)
    hand = (np.hypot(x - 30, y - 26) < 13) | ((abs(x - 30) < 6) & (y > 26))
    return np.where(hand[..., None], (190, 140, 110), wall).astype(np.uint8), hand


def test_a_hand_is_cut_out_along_its_outline():
    image, hand = disc_on_wall()
    alpha = cut_out(image)[..., 3]
    assert (alpha[hand] == 255).all()
    assert (alpha[~hand] == 0).all()


def test_a_cut_out_hand_keeps_its_colours():
    image, hand = disc_on_wall()
    np.testing.assert_allclose(cut_out(image)[hand][:, :3], image[hand], atol=1)


def test_the_box_holds_hand_and_forearm():
    alpha = cut_out(disc_on_wall()[0])[..., 3]
    x, y, half = hand_box(alpha)
    assert (x, y) == pytest.approx((30.5, 39), abs=1)
    assert half == pytest.approx(25, abs=1)


def test_an_empty_picture_has_the_whole_frame_as_its_box():
    assert hand_box(np.zeros((64, 64), dtype=np.uint8)) == (32, 32, 32)


def test_a_composed_hand_leaves_no_edge_of_its_old_wall(few):
    """Where the hand is drawn on beyond its photograph, nothing but arm goes on."""
    cut = np.zeros((1, 64, 64, 4), dtype=np.float32)
    cut[0, :20, :20] = 255  # touches the upper and the left edge
    seeds = [np.array([n, 1], dtype=np.int32) for n in range(8)]
    box = np.array([[10, 10, 10]], dtype=np.float32)
    images = [composed(cut, box, seed).numpy() for seed in seeds]
    assert all(image.shape == (1, 64, 64, 3) for image in images)
    assert all(image.min() >= 0 and image.max() <= 1 for image in images)
    # At the largest scale the patch fills a quarter of the frame or so, never all.
    assert all(image.std() > 0.01 for image in images)


def test_batches_are_fixed_by_seed_and_epoch(few):
    first = list(examples.batches(few, seed=1, first=3, last=4).take(2))
    again = list(examples.batches(few, seed=1, first=3, last=4).take(2))
    other = list(examples.batches(few, seed=2, first=3, last=4).take(2))
    np.testing.assert_array_equal(first[1][0], again[1][0])
    np.testing.assert_array_equal(first[1][1], again[1][1])
    assert np.abs(first[1][0].numpy() - other[1][0].numpy()).mean() > 0.01


def test_a_batch_mixes_its_sources_and_has_their_labels(few):
    x, y = next(iter(examples.batches(few, seed=1, first=0, last=1)))
    assert x.shape == (examples.BATCH, 64, 64, 3)
    assert y.shape == (examples.BATCH, CLASSES)
    assert (y.numpy().sum(axis=1) == 1).all()
    assert x.numpy().min() >= 0
    assert x.numpy().max() <= 1


def test_labels_stay_with_their_images():
    """Images of one class only, in each source in turn: their labels are that class."""
    ones = Images(drawn(12).x, np.full(12, 1), np.arange(CLASSES))
    fours = Images(ones.x, np.full(12, 4), ones.classes)
    _, y = next(iter(examples.batches(examples.pool(ones, fours), 1, 0, 1)))
    labels = y.numpy().argmax(axis=1)
    drawn_part = slice(examples.COMPOSED, examples.COMPOSED + examples.DRAWN)
    assert (labels[drawn_part] == 4).all()
    assert (np.delete(labels, np.r_[drawn_part]) == 1).all()


def test_learning_rate_rises_then_falls_to_nothing():
    steps = 20 * fit.STEPS
    rates = [fit.learning_rate(step, 20) for step in range(steps)]
    top = rates.index(max(rates))
    assert rates[top] == pytest.approx(fit.LEARNING_RATE)
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] < 1e-3 * fit.LEARNING_RATE


def test_the_moving_averages_have_time_to_catch_up():
    """While the rate is below 1 % of its top, 0.99 ** steps falls below 1 %."""
    rates = [fit.learning_rate(step, EPOCHS) for step in range(EPOCHS * fit.STEPS)]
    slow = sum(rate < 0.01 * fit.LEARNING_RATE for rate in rates[len(rates) // 2 :])
    assert 0.99**slow < 0.04


def small_model(seed: int):
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.layers.Input((64, 64, 3)),
            keras.layers.Conv2D(4, 8, strides=8),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
            keras.layers.Dense(CLASSES, activation="softmax"),
        ]
    )


@pytest.fixture
def short(monkeypatch):
    for module in (fit, examples):
        monkeypatch.setattr(module, "STEPS", 2)
    monkeypatch.setattr(fit, "MEASURE_EVERY", 1)


class Interrupted(Exception):
    pass


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(
    few, short, tmp_path, monkeypatch, capsys
):
    def run(model, folder):
        tests = {"same": few.drawn}
        return fit.fit(model, few, tests, epochs=4, seed=1, folder=folder)

    straight = small_model(1)
    whole = run(straight, tmp_path / "straight")

    keep = fit._keep

    def keep_and_stop(model, history, *rest):
        keep(model, history, *rest)
        if len(history) == 2:
            raise Interrupted

    stopped = small_model(1)
    with monkeypatch.context() as patch:
        patch.setattr(fit, "_keep", keep_and_stop)
        with pytest.raises(Interrupted):
            run(stopped, tmp_path / "stopped")
    resumed = small_model(2)  # other weights, which the checkpoint replaces
    history = run(resumed, tmp_path / "stopped")

    assert "Going on after epoch 2 of 4." in capsys.readouterr().out
    assert [line.number for line in history] == [1, 2, 3, 4]
    assert history[-1].loss == pytest.approx(whole[-1].loss, rel=1e-4)
    for ours, theirs in zip(resumed.get_weights(), straight.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-5)


def test_a_finished_run_is_not_run_again(few, short, tmp_path):
    first = fit.fit(small_model(1), few, {}, epochs=2, seed=1, folder=tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    second = fit.fit(small_model(1), few, {}, epochs=2, seed=1, folder=tmp_path)
    assert second == first
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}


def test_a_run_is_not_mixed_with_another(few, short, tmp_path):
    fit.fit(small_model(1), few, {}, epochs=1, seed=1, folder=tmp_path)
    with pytest.raises(fit.OtherRun, match=r"epochs 1, seed 1.* epochs 1, seed 2"):
        fit.fit(small_model(1), few, {}, epochs=1, seed=2, folder=tmp_path)


def test_one_checkpoint_is_kept(few, short, tmp_path):
    fit.fit(small_model(1), few, {}, epochs=3, seed=1, folder=tmp_path)
    assert [path.name for path in tmp_path.glob("*.h5")] == ["epoch-0003.weights.h5"]


def test_the_network_is_the_lessons():
    model = network.build(1)
    assert model.count_params() == 23_600_006
    assert not model.get_layer("bn3b_branch2c").gamma.numpy().any()
    first, second = (model.get_layer(f"res2{block}_branch2b") for block in "ab")
    assert np.abs(first.kernel.numpy() - second.kernel.numpy()).mean() > 0.01


class Table:
    """A model that knows its answers."""

    def __init__(self, guesses):
        self._guesses = guesses

    def predict(self, x, *_, **__):
        return np.eye(CLASSES)[self._guesses[: len(x)]]


def test_scores_count_each_image_once():
    labels, guesses = np.array([0, 0, 1, 5]), np.array([0, 2, 1, 4])
    images = Images(np.zeros((4, 64, 64, 3), np.uint8), labels, np.arange(CLASSES))
    score = evaluate.evaluate(Table(guesses), "some", images)
    assert score.accuracy == 0.5
    assert score.images == 4
    assert score.confusion[0] == (1, 0, 1, 0, 0, 0)
    assert score.confusion[5][4] == 1
    assert [score.recall(label) for label in (0, 1, 5)] == [0.5, 1.0, 0.0]


def test_scores_of_sets_that_are_not_here_are_kept(tmp_path):
    empty = ((0,) * CLASSES,) * CLASSES
    path = tmp_path / "scores.json"
    evaluate.write_scores([evaluate.Score(n, 1.0, 0.5, empty) for n in "ab"], path)
    evaluate.write_scores([evaluate.Score("b", 2.0, 0.25, empty)], path)
    assert [(s.name, s.loss) for s in evaluate.read_scores(path)] == [
        ("a", 1.0),
        ("b", 2.0),
    ]


def test_the_card_takes_new_scores_and_keeps_its_text():
    text = f"Before.\n\n{card.BEGIN}\nold\n{card.END}\n\nAfter.\n"
    score = evaluate.Score("drawn hands", 0.1, 0.99, ((1,) * CLASSES,) * CLASSES)
    new = card.with_scores(text, [score])
    assert new.startswith("Before.")
    assert new.endswith("After.\n")
    assert "| drawn hands | 36 | 0.9900 | 0.100 |" in new
    assert "old" not in new
    assert card.with_scores(new, [score]) == new


def test_a_card_without_a_place_for_scores_is_refused():
    with pytest.raises(ValueError, match="has no"):
        card.with_scores("no place", [])
