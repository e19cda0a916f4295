"""What lesson 4 needs beside Keras: small networks to train, curves, pictures.

`python family_utils.py` trains the three small networks anew and writes their
curves to curves.json, beside this file: some minutes on two cores.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

# Set before TensorFlow is imported: keeps its log lines off the page
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from grader.capture.settings import keras

layers = keras.layers

CURVES = Path(__file__).with_name("curves.json")
#: Name, depth and whether there are shortcuts: the three that are compared.
CONTENDERS = (
    ("plain, 20 layers", 20, False),
    ("plain, 56 layers", 56, False),
    ("residual, 56 layers", 56, True),
)
#: Filters of the three stages; He et al. have 16, 32, 64.
WIDTHS = (8, 16, 32)
SIZE, EPOCHS, BATCH, RATE = 32, 20, 32, 0.05


def quick() -> bool:
    """Whether long cells are to be cut short (RESNET_COURSE_QUICK=1), for tests."""
    return os.environ.get("RESNET_COURSE_QUICK") == "1"


def small_net(depth: int, shortcuts: bool, classes: int = 6) -> Any:
    """A network for small images, as He et al. (2015) have it in section 4.2.

    Args:
        depth: 6n + 2 layers with weights: 20, 32, 44, 56, ...
        shortcuts: around each pair of convolutions, option A; otherwise plain.
        classes: numbers that come out.

    Returns:
        a Keras model from images (m, 32, 32, 3) to probabilities (m, classes).

    Raises:
        ValueError: if there is no such depth.
    """
    pairs, rest = divmod(depth - 2, 6)
    if rest or pairs < 1:
        raise ValueError(f"depth is 6n + 2, such as 20 or 56, not {depth}")
    inputs = keras.Input((SIZE, SIZE, 3))
    x = _conv(inputs, WIDTHS[0])
    for stage, filters in enumerate(WIDTHS):
        for pair in range(pairs):
            stride = 2 if stage and not pair else 1
            y = _conv(_conv(x, filters, stride), filters, relu=False)
            if shortcuts:
                y = layers.Add()([y, _resized(x, filters, stride)])
            x = layers.ReLU()(y)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(x))


def _conv(x: Any, filters: int, stride: int = 1, relu: bool = True) -> Any:
    x = layers.Conv2D(
        filters,
        3,
        strides=stride,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
    )(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x) if relu else x


def _resized(x: Any, filters: int, stride: int) -> Any:
    """Each stride-th pixel, and zeros for the channels that are new."""
    if stride == 1:
        return x
    x = layers.MaxPooling2D(1, strides=stride)(x)
    return keras.ops.pad(x, [(0, 0), (0, 0), (0, 0), (0, filters - x.shape[-1])])


def small_hands() -> tuple[np.ndarray, np.ndarray]:
    """The hands of the course's open set, scaled to 32×32.

    Returns:
        images (1080, 32, 32, 3) float32, from -1 to 1, and labels (1080,).
    """
    import resnet_data

    images, labels, *_ = resnet_data.load_dataset(variety="open", verbose=False)
    count, side = len(images), SIZE
    blocks = images.reshape(count, side, 2, side, 2, 3).astype("float32")
    return blocks.mean(axis=(2, 4)) / 127.5 - 1, labels[0]


def train(
    depth: int,
    shortcuts: bool,
    epochs: int = EPOCHS,
    seed: int = 1,
    say: Callable[[str], object] = print,
) -> dict[str, list[float]]:
    """Trains a small network and says how it goes.

    Stochastic gradient descent with momentum 0.9, as in the paper.

    Returns:
        loss and error (share of training images it gets wrong), a number an epoch.
    """
    images, labels = small_hands()
    if quick():
        images, labels, epochs = images[:64], labels[:64], 1
    keras.utils.set_random_seed(seed)
    net = small_net(depth, shortcuts)
    net.compile(
        optimizer=keras.optimizers.SGD(RATE, momentum=0.9),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    # made inside the first step, its variables take longer
    net.optimizer.build(net.trainable_variables)
    curves: dict[str, list[float]] = {"loss": [], "error": []}
    for epoch in range(1, epochs + 1):
        logs = net.fit(images, labels, batch_size=BATCH, verbose=0).history
        curves["loss"].append(round(logs["loss"][0], 4))
        curves["error"].append(round(1 - logs["accuracy"][0], 4))
        loss, error = curves["loss"][-1], curves["error"][-1]
        say(f"epoch {epoch:2} of {epochs}: loss {loss:.3f}, training error {error:.0%}")
    return curves


def load_curves() -> dict[str, list[dict[str, list[float]]]]:
    """Reads the curves of a run that was made before: for each net, a run a seed."""
    return json.loads(CURVES.read_text("utf-8"))["runs"]


def show_curves(
    runs: Mapping[str, Sequence[Mapping[str, Sequence[float]]]], title: str
) -> None:
    """Draws the training error of each net, epoch by epoch."""
    import matplotlib.pyplot as plt

    plt.figure(figsize=(7, 3.5))
    for number, (name, seeds) in enumerate(runs.items()):
        for place, run in enumerate(seeds):
            epochs = range(1, len(run["error"]) + 1)
            label = name if place == 0 else None
            percent = [100 * error for error in run["error"]]
            plt.plot(epochs, percent, "os^"[number], ls="-", color=f"C{number}",
                     markersize=4, alpha=1 - 0.5 * place, label=label)  # fmt: skip
    plt.xlabel("epoch")
    plt.gca().xaxis.get_major_locator().set_params(integer=True)
    plt.ylabel("training error in %")
    plt.ylim(0, 100)
    plt.title(title)
    plt.grid(alpha=0.3)
    plt.legend()
    plt.show()


def show_costs(costs: Mapping[int, tuple[int, int]], title: str) -> None:
    """Draws what each depth costs.

    Args:
        costs: depth to parameters and multiply-adds.
        title: above the drawing.
    """
    import matplotlib.pyplot as plt

    depths = sorted(costs)
    _, axes = plt.subplots(1, 2, figsize=(8, 3.4), layout="constrained")
    names = ("parameters, millions", "multiply-adds, billions")
    for axis, name, unit, place in zip(axes, names, (1e6, 1e9), (0, 1), strict=True):
        values = [costs[depth][place] / unit for depth in depths]
        basic = [depth < 50 for depth in depths]
        for is_basic, marker, label in (
            (True, "o", "basic"),
            (False, "s", "bottleneck"),
        ):
            at = [i for i, own in enumerate(basic) if own == is_basic]
            axis.plot([depths[i] for i in at], [values[i] for i in at],
                      f"{marker}-", label=f"{label} blocks")  # fmt: skip
        axis.set(xlabel="depth", ylabel=name, ylim=(0, None))
        axis.set_xticks(depths)
        axis.grid(alpha=0.3)
    axes[0].legend()
    plt.suptitle(title)
    plt.show()


def main(seeds: Sequence[int] = (1, 2)) -> None:
    """Trains all contenders, once a seed, and writes their curves."""
    runs: dict[str, list[dict[str, list[float]]]] = {}
    for name, depth, shortcuts in CONTENDERS:
        for seed in seeds:
            print(f"{name}, seed {seed}", flush=True)
            own = train(depth, shortcuts, seed=seed, say=lambda s: print(s, flush=True))
            runs.setdefault(name, []).append(own)
    about = (
        "Training loss and error by epoch, one run a seed. Made by family_utils.py "
        f"on the course's open set, {SIZE}x{SIZE}: filters {list(WIDTHS)}, "
        f"stochastic gradient descent, momentum 0.9, learning rate {RATE}, "
        f"batches of {BATCH}."
    )
    text = json.dumps({"about": about, "seeds": list(seeds), "runs": runs}, indent=1)
    # one line a curve
    lines = text.replace(",\n     ", ", ").replace("[\n     ", "[")
    CURVES.write_text(lines.replace("\n    ]", "]") + "\n", "utf-8", newline="\n")


if __name__ == "__main__":
    main()
