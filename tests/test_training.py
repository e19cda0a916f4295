"""The shipped model's training: what its batches are, and that it can be resumed."""

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="no PyTorch here: `make torch`")
from torch import nn

from resnet_data._layout import CLASSES, Images
from resnet_data.drawing.rendered import draw_image
from resnet_data.training import card, evaluate, examples, fit, network, resnet
from resnet_data.training.__main__ import EPOCHS
from resnet_data.training.chance import Chance
from resnet_data.training.matte import cut_out, hand_box
from resnet_data.training.scenes import composed
from resnet_data.training.warp import moved, warp

pytestmark = pytest.mark.slow


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


def test_a_composed_hand_leaves_no_edge_of_its_old_wall():
    """Where the hand is drawn on beyond its photograph, nothing but arm goes on."""
    cut = torch.zeros((8, 4, 64, 64))
    cut[:, :, :20, :20] = 255  # touches the upper and the left edge
    boxes = torch.tensor([[10.0, 10.0, 10.0]]).repeat(8, 1)
    images = composed(cut, boxes, Chance((1,), 8))
    assert images.shape == (8, 3, 64, 64)
    assert images.min() >= 0
    assert images.max() <= 1
    # At the largest scale the patch fills a quarter of the frame or so, never all.
    assert (images.std(dim=(1, 2, 3)) > 0.01).all()


def test_batches_are_fixed_by_seed_and_step(few):
    first, again = (examples.batch(few, seed=1, step=3) for _ in range(2))
    for other in (examples.batch(few, seed=2, step=3), examples.batch(few, 1, 4)):
        assert (first[0] - other[0]).abs().mean() > 0.01
    assert first[0].equal(again[0])
    assert first[1].equal(again[1])


def test_a_batch_mixes_its_sources_and_has_their_labels(few):
    x, y = examples.batch(few, seed=1, step=0)
    assert x.shape == (examples.BATCH, 3, 64, 64)
    assert y.shape == (examples.BATCH,)
    assert set(y.tolist()) <= set(range(CLASSES))
    assert x.min() >= 0
    assert x.max() <= 1


def test_labels_stay_with_their_images():
    """Images of one class only, in each source in turn: their labels are that class."""
    ones = Images(drawn(12).x, np.full(12, 1), np.arange(CLASSES))
    fours = Images(ones.x, np.full(12, 4), ones.classes)
    _, labels = examples.batch(examples.pool(ones, fours), 1, 0)
    drawn_part = slice(examples.COMPOSED, examples.COMPOSED + examples.DRAWN)
    assert (labels[drawn_part] == 4).all()
    assert (np.delete(labels.numpy(), np.r_[drawn_part]) == 1).all()


def test_nothing_moves_where_nothing_is_to():
    images = torch.rand((2, 3, 64, 64), generator=torch.Generator().manual_seed(1))
    still = torch.eye(3).repeat(2, 1, 1)
    middle = torch.full((2, 2), 32.0)
    torch.testing.assert_close(warp(images, still, middle, 64), images)
    aside = moved(still, torch.full((2,), 3.0), torch.full((2,), -2.0))
    there = warp(images, aside, middle, 64)
    torch.testing.assert_close(there[..., :-2, 3:], images[..., 2:, :-3])


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


class Small(nn.Module):
    """A network that trains in no time."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.layers = nn.Sequential(
            nn.Conv2d(3, 4, 8, 8),
            nn.BatchNorm2d(4),
            nn.Flatten(),
            nn.Linear(4 * 8 * 8, CLASSES),
        )

    def forward(self, x):
        return self.layers(x)


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(fit, "STEPS", 2)
    monkeypatch.setattr(fit, "MEASURE_EVERY", 1)


class Interrupted(Exception):
    pass


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(
    few, short, tmp_path, monkeypatch, capsys
):
    def run(network, folder):
        tests = {"same": drawn(12)}
        return fit.fit(network, few, tests, epochs=4, seed=1, folder=folder)

    straight = Small(1)
    whole = run(straight, tmp_path / "straight")

    keep = fit._keep

    def keep_and_stop(run, history, *rest):
        keep(run, history, *rest)
        if len(history) == 2:
            raise Interrupted

    with monkeypatch.context() as patch:
        patch.setattr(fit, "_keep", keep_and_stop)
        with pytest.raises(Interrupted):
            run(Small(1), tmp_path / "stopped")
    resumed = Small(2)  # other weights, which the checkpoint replaces
    history = run(resumed, tmp_path / "stopped")

    assert "Going on after epoch 2 of 4." in capsys.readouterr().out
    assert [line.number for line in history] == [1, 2, 3, 4]
    assert history[-1].loss == pytest.approx(whole[-1].loss, rel=1e-4)
    ours, theirs = resumed.state_dict(), straight.state_dict()
    for name, value in ours.items():
        torch.testing.assert_close(value, theirs[name], rtol=1e-3, atol=1e-5)


def test_a_finished_run_is_not_run_again(few, short, tmp_path):
    first = fit.fit(Small(1), few, {}, epochs=2, seed=1, folder=tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    again = Small(2)
    second = fit.fit(again, few, {}, epochs=2, seed=1, folder=tmp_path)
    assert second == first
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}


def test_a_run_is_not_mixed_with_another(few, short, tmp_path):
    fit.fit(Small(1), few, {}, epochs=1, seed=1, folder=tmp_path)
    with pytest.raises(fit.OtherRun, match=r"epochs 1, seed 1.* epochs 1, seed 2"):
        fit.fit(Small(1), few, {}, epochs=1, seed=2, folder=tmp_path)


def test_one_checkpoint_is_kept(few, short, tmp_path):
    fit.fit(Small(1), few, {}, epochs=3, seed=1, folder=tmp_path)
    assert [path.name for path in tmp_path.glob("*.pt")] == ["epoch-0003.pt"]


def test_the_network_is_the_lessons():
    """With weights and averages that are no defaults, both give one answer."""
    ours = resnet.build(1)
    second: Any = ours.blocks[1]
    assert not second.bn2c.weight.any()
    generator = torch.Generator().manual_seed(2)
    layer: Any
    for layer in ours.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.weight.data.uniform_(0.5, 1.5, generator=generator)
            layer.bias.data.normal_(0.0, 0.1, generator=generator)
            layer.running_mean.normal_(0.0, 0.1, generator=generator)
            layer.running_var.uniform_(0.8, 1.2, generator=generator)
    ours.fc.weight.data *= 0.01  # so that no answer is certain
    theirs = network.keras_network()
    resnet.copy_into(ours, theirs)
    assert theirs.count_params() == 23_600_006
    x = drawn(6).x.astype(np.float32) / 255
    one, two = fit.predictor(ours)(x), network.predictor(theirs)(x)
    assert one.max() < 0.999
    np.testing.assert_allclose(one, two, atol=1e-3)


def test_scores_count_each_image_once():
    labels, guesses = np.array([0, 0, 1, 5]), np.array([0, 2, 1, 4])
    images = Images(np.zeros((4, 64, 64, 3), np.uint8), labels, np.arange(CLASSES))
    score = evaluate.evaluate(lambda x: np.eye(CLASSES)[guesses], "some", images)
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
    begin, end = card.SCORES
    text = f"Before.\n\n{begin}\nold\n{end}\n\nAfter.\n"
    score = evaluate.Score("drawn hands", 0.1, 0.99, ((1,) * CLASSES,) * CLASSES)
    new = card.with_scores(text, [score])
    assert new.startswith("Before.")
    assert new.endswith("After.\n")
    assert "| drawn hands | 36 | 0.9900 | 0.100 |" in new
    assert "old" not in new
    assert card.with_scores(new, [score]) == new


def test_the_card_tells_mean_and_worst_of_people_left_out():
    right, wrong = ((4, 0, 0, 0, 0, 0),), ((3, 1, 0, 0, 0, 0),)
    rest = ((0,) * CLASSES,) * (CLASSES - 1)
    folds = [
        evaluate.Score("fold 1", 0.1, 1.0, right + rest),
        evaluate.Score("fold 2", 0.9, 0.75, wrong + rest),
    ]
    new = card.with_folds("\n".join(card.FOLDS), folds)
    assert "| fold 2 | 4 | 0.7500 | 0.900 |\n| mean |  | 0.8750 |  |" in new
    assert "| worst |  | 0.7500 |  |" in new


def test_a_card_without_a_place_for_scores_is_refused():
    with pytest.raises(ValueError, match="has no"):
        card.with_scores("no place", [])
