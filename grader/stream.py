"""The seeded stream that fixes every initial weight of the course.

The published outputs of the original assignment come from one generator,
Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"),
with a fixed key and the initialiser's seed in the upper half of the counter.
Written in NumPy it gives the same numbers on each machine, device and version.
"""

import functools
import math
from collections.abc import Sequence

import numpy as np

KEY = 87654321
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_WEYL = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10
_LOW = 0xFFFFFFFF
#: numbers of a stream that are drawn once: it takes longer to draw a sample of them
_SHORT = 1 << 14


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


# A ResNet-50 asks for kernels of a dozen powers of two.
@functools.lru_cache(maxsize=12)
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
    return _spread(_every(seed, math.prod(shape), step), shape)


def _every(seed: int, n: int, step: int) -> np.ndarray:
    """Every `step`-th of the first `n` numbers of a stream."""
    if n <= _SHORT:
        return uniform(seed, n)[::step]
    places = np.arange(0, n, step)
    return _floats(_words(seed, places // 4)[np.arange(len(places)), places % 4])


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
    return _within_range(_every(seed, math.prod(shape), step))


def _within_range(drawn: np.ndarray) -> np.ndarray:
    limit = np.float32(RANGE)
    return drawn * (2 * limit) - limit
