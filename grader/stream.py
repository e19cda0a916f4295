"""The seeded stream that fixes every initial weight of the course.

The published outputs of the original assignment come from one generator,
Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"),
with a fixed key and the initialiser's seed in the upper half of the counter.
Written in NumPy it gives the same numbers on each machine, device and version.
"""

import functools
import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

KEY = 87654321
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_WEYL = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10
_LOW = 0xFFFFFFFF


def philox4x32(counters: np.ndarray, key: int) -> np.ndarray:
    """Encrypts 128-bit counters into random words.

    Args:
        counters: uint64 array of shape (n, 4); each entry holds 32 bits, lowest first.
        key: 64-bit key.

    Returns:
        uint32 array of shape (n, 4).
    """
    c0, c1, c2, c3 = (counters[:, i] for i in range(4))
    k0, k1 = key & _LOW, key >> 32
    for _ in range(_ROUNDS):
        p0, p1 = c0 * _MULTIPLIERS[0], c2 * _MULTIPLIERS[1]
        c0, c1, c2, c3 = (
            (p1 >> 32) ^ c1 ^ k0,
            p1 & _LOW,
            (p0 >> 32) ^ c3 ^ k1,
            p0 & _LOW,
        )
        k0, k1 = (k0 + _WEYL[0]) & _LOW, (k1 + _WEYL[1]) & _LOW
    return np.stack([c0, c1, c2, c3], axis=1).astype(np.uint32)


def uniform(seed: int, n: int) -> np.ndarray:
    """Returns the first `n` numbers in [0, 1) of the stream of `seed`.

    Args:
        seed: non-negative integer below 2**64.
        n: how many numbers.

    Returns:
        Read-only float32 array of shape (n,).
    """
    size = 1 << max(10, (n - 1).bit_length())
    return _prefix(seed, size)[:n]


@functools.lru_cache(maxsize=4)
def _prefix(seed: int, n: int) -> np.ndarray:
    floats = _floats(_words(seed, np.arange(n // 4)).reshape(-1))
    floats.flags.writeable = False
    return floats


def _words(seed: int, rows: np.ndarray) -> np.ndarray:
    """Returns some rows of a stream, four words each."""
    counters = np.zeros((len(rows), 4), dtype=np.uint64)
    counters[:, 0] = rows
    counters[:, 2] = seed & _LOW
    counters[:, 3] = seed >> 32
    return philox4x32(counters, KEY)


def _floats(words: np.ndarray) -> np.ndarray:
    return ((words & 0x7FFFFF) | 0x3F800000).view(np.float32) - np.float32(1)


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """Returns fan-in and fan-out of a kernel.

    Args:
        shape: (height, width, channels in, channels out), (inputs, outputs), or
            (outputs,) of a bias, which counts as both.
    """
    if len(shape) == 1:
        return shape[0], shape[0]
    receptive = math.prod(shape[:-2])
    return receptive * shape[-2], receptive * shape[-1]


def glorot_uniform(seed: int, shape: Sequence[int]) -> np.ndarray:
    """Draws a kernel as Glorot and Bengio (2010, equation 16) propose.

    Each kernel with one seed starts at the same point of the stream.

    Args:
        seed: non-negative integer.
        shape: kernel shape, at least two axes.

    Returns:
        float32 array of `shape`, uniform in ±sqrt(6 / (fan_in + fan_out)).
    """
    return _spread(uniform(seed, math.prod(shape)), shape).reshape(shape)


def glorot_sample(seed: int, shape: Sequence[int], step: int) -> np.ndarray:
    """Returns every `step`-th value of a kernel, without the work for the others.

    Returns:
        float32 array, `glorot_uniform(seed, shape).reshape(-1)[::step]`.
    """
    places = np.arange(0, math.prod(shape), step)
    words = _words(seed, places // 4)[np.arange(len(places)), places % 4]
    return _spread(_floats(words), shape)


def _spread(drawn: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """Moves numbers in [0, 1) into the range of a kernel."""
    limit = np.float32(math.sqrt(6 / sum(fans(shape))))
    return drawn * (2 * limit) - limit


#: Half of the range that Keras's own `RandomUniform` has where it is told none.
RANGE = 0.05


def random_uniform(seed: int, shape: Sequence[int]) -> np.ndarray:
    """Draws a kernel whose range does not depend on its shape.

    Args:
        seed: non-negative integer.
        shape: kernel shape.

    Returns:
        float32 array of `shape`, uniform in ±0.05.
    """
    return _within_range(uniform(seed, math.prod(shape))).reshape(shape)


def random_sample(seed: int, shape: Sequence[int], step: int) -> np.ndarray:
    """Returns every `step`-th value of a kernel, as `glorot_sample` does.

    Returns:
        float32 array, `random_uniform(seed, shape).reshape(-1)[::step]`.
    """
    places = np.arange(0, math.prod(shape), step)
    words = _words(seed, places // 4)[np.arange(len(places)), places % 4]
    return _within_range(_floats(words))


def _within_range(drawn: np.ndarray) -> np.ndarray:
    limit = np.float32(RANGE)
    return drawn * (2 * limit) - limit


def challenge_rng(seed: str, *place: object) -> np.random.Generator:
    """Returns the generator of one array of a challenge.

    Keyed by its place, so that the array does not depend on how many others
    are drawn before it, or in which order.

    Args:
        seed: the challenge's seed.
        place: what the array is for, such as `("kernel", 3)`.
    """
    text = "/".join([seed, *map(str, place)])
    key = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
    return np.random.Generator(np.random.Philox(key=key))


def block_scale(seed: str, place: int, width: int) -> np.ndarray:
    """Draws the factors by which a block's stand-in scales its channels.

    Returns:
        float32 array of shape (width,), in [0.5, 1.5).
    """
    drawn = challenge_rng(seed, "block", place).uniform(0.5, 1.5, width)
    return drawn.astype(np.float32)


#: Functions on tensors whose place a stand-in can take, with the arguments that give
#: the output's stride and its channels; None for 1, or for as many as the input has.
STAND_INS: dict[str, tuple[str | None, str | None]] = {
    "conv2d": ("stride", "num_outputs"),
    "batch_norm": (None, None),
    "max_pool": ("stride", None),
    "avg_pool": ("pool_size", None),
    "fc": (None, "num_outputs"),
    "bottleneck": ("stride", "n_out"),
    "block": ("init_stride", "n_out"),
}


def stand_in_extent(
    function: str, channels: int, arguments: Mapping[str, Any]
) -> tuple[int, int]:
    """Returns stride and channels of a stand-in's output.

    Args:
        function: one of `STAND_INS`.
        channels: of the input.
        arguments: of the call; a stride of None is 1 where the channels agree, else 2.

    Raises:
        ValueError: if they are not positive whole numbers.
    """
    by_stride, by_width = STAND_INS[function]
    width: Any = channels if by_width is None else arguments.get(by_width)
    stride: Any = 1 if by_stride is None else arguments.get(by_stride)
    if stride is None:
        stride = 1 if width == channels else 2
    for number in (stride, width):
        if type(number) is not int or number < 1:
            raise ValueError(f"{function}: strides and channels are positive numbers")
    return stride, width


def stand_in(
    seed: str, place: int, x: np.ndarray, stride: int, width: int, *, valid: bool
) -> np.ndarray:
    """Computes what takes the place of a layer: the right shape, little work.

    Every `stride`-th row and column is kept; output channel k is input channel k
    modulo C, scaled and shifted by what the challenge draws for the call. Shifts go
    down and up by turns, so that a ReLU before or behind is seen.

    Args:
        seed: the challenge's seed.
        place: number of the call.
        x: input, (m, height, width, C), or (m, C), which has no rows.
        stride: of rows and columns.
        width: channels of the output.
        valid: whether the last rows and columns are left out where they fill no
            window of that stride.

    Returns:
        float32 array.
    """
    if x.ndim == 4:
        rows, columns = ((n // stride) * stride if valid else n for n in x.shape[1:3])
        x = x[:, :rows:stride, :columns:stride]
    scale = block_scale(seed, place, width)
    shift = challenge_rng(seed, "shift", place).uniform(0.2, 0.6, width)
    shift[::2] *= -1
    y = x[..., np.arange(width) % x.shape[-1]] * scale + shift.astype(np.float32)
    return y.astype(np.float32)


def call_input(
    seed: str, call: str, batch: int, input_shape: Sequence[int]
) -> np.ndarray:
    """Draws a call's input, standard normal.

    The call named `published` gets the input of the original assignment.

    Returns:
        float32 array of shape (batch, *input_shape).
    """
    shape = (batch, *input_shape)
    if call == "published":
        return np.random.RandomState(1).randn(*shape).astype(np.float32)
    rng = challenge_rng(seed, "input", call)
    return rng.standard_normal(shape, dtype=np.float32)


def challenge_weight(
    seed: str, place: int, role: str, shape: Sequence[int]
) -> np.ndarray:
    """Draws one variable of a challenge.

    Spreads are such that a deep network's numbers neither vanish nor explode, and
    that its softmax does not saturate.

    Args:
        seed: the challenge's seed.
        place: number of the layer in the captured graph.
        role: the variable's name in its layer, such as "kernel".
        shape: the variable's shape.

    Returns:
        float32 array of `shape`.
    """
    rng = challenge_rng(seed, "weight", place, role)
    if role == "gamma":
        drawn = rng.uniform(0.3, 0.9, shape)
    elif role == "moving_variance":
        drawn = rng.uniform(0.5, 1.5, shape)
    else:
        gain = 2 if len(shape) == 4 else 0.2
        spread = math.sqrt(gain / max(1, fans(shape)[0])) if len(shape) > 1 else 0.3
        drawn = spread * rng.standard_normal(shape, dtype=np.float32)
    return np.asarray(drawn, dtype=np.float32)


def training_set(
    seed: str, call: str, part: str, sizes: Mapping[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    """Draws a small set of images whose classes can be learned.

    Each class has a picture of its own, and each image is its class's with noise.

    Args:
        seed: the challenge's seed.
        call: the call's id.
        part: "train" or "validation".
        sizes: how many `images` and `classes`, and the `shape` of an image.

    Returns:
        float32 images (images, *shape) and one-hot labels (images, classes).
    """
    count, classes, shape = sizes["images"], sizes["classes"], tuple(sizes["shape"])
    pictures = challenge_rng(seed, "pictures", call).uniform(0, 1, (classes, *shape))
    rng = challenge_rng(seed, "images", call, part)
    labels = rng.permutation(np.arange(count) % classes)
    noise = rng.uniform(0, 1, (count, *shape))
    images = (pictures[labels] + noise) / 2
    one_hot = np.eye(classes, dtype=np.float32)[labels]
    return images.astype(np.float32), one_hot


#: Names of vectors whose sign is free; others may be variances.
_SIGNED = ("beta", "bias", "moving_mean")


def named_weight(seed: str, path: str, shape: Sequence[int]) -> np.ndarray:
    """Draws a variable that is known by its path, such as conv1/kernel.

    Args:
        seed: the challenge's seed.
        path: the variable's scopes and name.
        shape: the variable's shape.

    Returns:
        float32 array of `shape`; a vector of an unknown name is positive.
    """
    role = path.rpartition("/")[2]
    if len(shape) == 1 and role not in ("gamma", *_SIGNED):
        role = "moving_variance"
    return challenge_weight(f"{seed}/{path}", 0, role, shape)
