"""The training run: resumable, the same for the same seed on the same machine."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from resnet_data._layout import Images
from resnet_data.training.evaluate import Floats, Probabilities, evaluate
from resnet_data.training.examples import STEPS, Pool, batch

LEARNING_RATE = 1e-3
WARM_UP = 5  # epochs
LABEL_SMOOTHING = 0.05
WEIGHT_DECAY = 0.02
CLIP = 5.0  # the longest gradient, all weights taken together
AVERAGED = 0.998  # how much of the average of the weights stays at each step
MEASURE_EVERY = 5  # epochs, from one checkpoint to the next
HISTORY = "history.json"


@dataclass(frozen=True)
class Epoch:
    """One line of the history; `tests` has loss and accuracy for each test set."""

    number: int
    seconds: float
    loss: float
    accuracy: float
    tests: dict[str, tuple[float, float]]


class OtherRun(Exception):
    """The folder keeps a run that began with other numbers."""


def learning_rate(step: int, epochs: int) -> float:
    """A linear warm-up, then half a cosine down to nothing.

    Near its end the weights stand still, so that the moving averages of
    BatchNorm2d, which follow at 1 % a step, catch up with them.
    """
    if step < WARM_UP * STEPS:
        return LEARNING_RATE * (step + 1) / (WARM_UP * STEPS)
    part = (step - WARM_UP * STEPS) / max((epochs - WARM_UP) * STEPS, 1)
    return LEARNING_RATE * 0.5 * (1.0 + math.cos(math.pi * min(part, 1.0)))


def best_device() -> torch.device:
    """A graphics card where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def multiplies_half(device: torch.device) -> bool:
    """Whether bfloat16 is multiplied faster than float32 there.

    With it a step on two cores takes six tenths of the time.
    """
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return bool(torch.cpu.get_capabilities().get("amx_bf16", False))


def predictor(network: nn.Module) -> Probabilities:
    """What `evaluate` asks of a network."""

    def probabilities(x: Floats) -> Floats:
        device = next(network.parameters()).device
        images = torch.from_numpy(x).permute(0, 3, 1, 2)
        network.eval()
        with torch.inference_mode():
            logits = [network(part.to(device)) for part in images.split(128)]
        return torch.cat(logits).softmax(dim=1).cpu().numpy()

    return probabilities


def fit(
    network: nn.Module,
    pool: Pool,
    tests: dict[str, Images],
    *,
    epochs: int,
    seed: int,
    folder: Path,
) -> list[Epoch]:
    """Train a network, or go on where an earlier run of this folder stopped.

    At the end the network has the moving average of its weights.

    Args:
        network: untrained, on the device of the pool.
        pool: what the batches are made from.
        tests: sets whose loss and accuracy are noted along the way; nothing is
            chosen by them.
        epochs: of 32 batches of 64 images each.
        seed: of the batches.
        folder: where checkpoints and the history are kept.

    Returns:
        The whole history.

    Raises:
        OtherRun: the folder has a run with other numbers.
    """
    plan = {
        "epochs": epochs,
        "seed": seed,
        "photographs": len(pool.photos),
        "drawn": len(pool.drawn),
    }
    run = _Run(network, pool, epochs, seed)
    history = _resume(run, folder, plan)
    if history:
        print(f"Going on after epoch {len(history)} of {epochs}.", flush=True)
    for number in range(len(history), epochs):
        begun = time.monotonic()
        loss, accuracy = run.epoch(number)
        seconds = time.monotonic() - begun
        due = (number + 1) % MEASURE_EVERY == 0 or number + 1 == epochs
        scores = [
            evaluate(predictor(run.average.module), name, images)
            for name, images in (tests.items() if due else ())
        ]
        measured = {score.name: (score.loss, score.accuracy) for score in scores}
        history.append(Epoch(number + 1, seconds, loss, accuracy, measured))
        if due:
            _keep(run, history, plan, folder)
        typical = float(np.median([each.seconds for each in history[-20:]]))
        print(_told(history[-1], epochs, typical), flush=True)
    network.load_state_dict(run.average.module.state_dict())
    return history


class _Run:
    """A network in training, its optimizer, and the average of its weights."""

    def __init__(self, network: nn.Module, pool: Pool, epochs: int, seed: int) -> None:
        self.network = network.to(memory_format=torch.channels_last)  # pyright: ignore
        self._pool, self._epochs, self._seed = pool, epochs, seed
        self._half = multiplies_half(pool.photos.device)
        self.optimizer = torch.optim.AdamW(_groups(network), LEARNING_RATE)
        # The moving averages of BatchNorm2d are averaged, too.
        self.average = AveragedModel(
            network, multi_avg_fn=get_ema_multi_avg_fn(AVERAGED), use_buffers=True
        )
        self._loss = nn.CrossEntropyLoss(label_smoothing=LABEL_SMOOTHING)

    def epoch(self, number: int) -> tuple[float, float]:
        """Train for an epoch; mean loss and accuracy of its batches."""
        self.network.train()
        losses, right = [], []
        for step in range(number * STEPS, (number + 1) * STEPS):
            for group in self.optimizer.param_groups:
                group["lr"] = learning_rate(step, self._epochs)
            images, labels = batch(self._pool, self._seed, step)
            images = images.contiguous(memory_format=torch.channels_last)
            with torch.autocast(images.device.type, torch.bfloat16, enabled=self._half):
                logits = self.network(images).float()
            loss = self._loss(logits, labels)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(self.network.parameters(), CLIP)
            self.optimizer.step()
            self.average.update_parameters(self.network)
            losses.append(loss.detach())
            right.append((logits.argmax(dim=1) == labels).float().mean())
        return float(torch.stack(losses).mean()), float(torch.stack(right).mean())

    def state(self) -> dict[str, Any]:
        """All that a checkpoint keeps."""
        return {name: part.state_dict() for name, part in self._parts()}

    def load(self, state: dict[str, Any]) -> None:
        """Go back to a checkpoint."""
        for name, part in self._parts():
            part.load_state_dict(state[name])

    def _parts(self) -> Iterator[tuple[str, Any]]:
        yield "network", self.network
        yield "optimizer", self.optimizer
        yield "average", self.average


def _groups(network: nn.Module) -> list[dict[str, Any]]:
    """Kernels are decayed, biases, shifts and scales are not."""
    parts: dict[bool, list[nn.Parameter]] = {True: [], False: []}
    for value in network.parameters():
        parts[value.ndim > 1].append(value)
    return [
        {"params": parts[True], "weight_decay": WEIGHT_DECAY},
        {"params": parts[False], "weight_decay": 0.0},
    ]


def _resume(run: _Run, folder: Path, plan: dict[str, int]) -> list[Epoch]:
    """Load the last checkpoint, the optimizer's state included, and its history."""
    path = folder / HISTORY
    if not path.is_file():
        return []
    kept = json.loads(path.read_text(encoding="utf-8"))
    if kept["plan"] != plan:
        raise OtherRun(
            f"{folder} has a run with {_words(kept['plan'])}; this one has "
            f"{_words(plan)}. Remove that folder, or name another one."
        )
    run.load(torch.load(folder / kept["checkpoint"], weights_only=True))
    return [Epoch(**line) for line in kept["epochs"]]


def _words(plan: dict[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in plan.items())


def _keep(run: _Run, history: list[Epoch], plan: dict[str, int], folder: Path) -> None:
    """Write a checkpoint; the history, written last, says which one counts."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"epoch-{history[-1].number:04}.pt"
    torch.save(run.state(), folder / name)
    lines = [asdict(line) for line in history]
    text = json.dumps({"plan": plan, "checkpoint": name, "epochs": lines})
    new = folder / f"{HISTORY}.new"
    new.write_text(text, encoding="utf-8")
    new.replace(folder / HISTORY)
    for old in folder.glob("epoch-*.pt"):
        if old.name != name:
            old.unlink()


def _told(line: Epoch, epochs: int, typical: float) -> str:
    left = (epochs - line.number) * typical
    tests = "".join(
        f"  {name} {accuracy:.3f} ({loss:.3f})"
        for name, (loss, accuracy) in line.tests.items()
    )
    return (
        f"epoch {line.number:3}/{epochs}  loss {line.loss:.3f}  "
        f"accuracy {line.accuracy:.3f}  {line.seconds:4.0f} s, "
        f"{left / 60:3.0f} min left{tests}"
    )
