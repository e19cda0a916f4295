"""What is drawn for a challenge: inputs, weights, and what stand-ins give.

Each array is keyed by the challenge's seed and by its place, so that capture and judge
draw the same numbers without handing them over.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.random.bit_generator import ISeedSequence

from grader.stream import fans

#: By how much an input is larger on which limits of unknown operations would show.
LARGE = np.float32(1e4)


def challenge_rng(seed: str, *place: object) -> np.random.Generator:
    """Returns the generator of one array of a challenge.

    Keyed by its place, so that the array does not depend on how many others
    are drawn before it, or in which order.

    Args:
        seed: the challenge's seed.
        place: what the array is for, such as `("kernel", 3)`.
    """
    text = "/".join([seed, *map(str, place)])
    key: Any = _Key(hashlib.sha256(text.encode()).digest()[:16])
    return np.random.Generator(np.random.Philox(key))


class _Key(ISeedSequence):
    """A generator's 128-bit key, highest byte first.

    `Philox(key=...)` gives the same stream, but first asks the system for a seed that
    it does not need, which takes longer than the few numbers of a weight.
    """

    def __init__(self, key: bytes):
        self._words = np.frombuffer(key, dtype=">u8")[::-1].astype(np.uint64)

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> np.ndarray:
        """The key as Philox asks for it: two words of 64 bits, lowest first."""
        return self._words


def named_arguments(challenge: Mapping[str, Any]) -> list[str]:
    """The names of the arguments that a challenge's calls pass by name, each once.

    They are in the signature's order, as those of each call are.
    """
    found: list[str] = []
    for call in challenge["calls"]:
        place = len(found)
        more = ("validation_data",) if call.get("validation") else ()
        for name in reversed((*call.get("arguments", {}), *more)):
            if name not in found:
                found.insert(place, name)
            place = found.index(name)
    return found


def block_scale(seed: str, place: int, width: int) -> np.ndarray:
    """Draws the factors by which a block's stand-in scales its channels.

    Returns:
        float32 array of shape (width,), in [0.5, 1.5).
    """
    drawn = challenge_rng(seed, "block", place).uniform(0.5, 1.5, width)
    return drawn.astype(np.float32)


@dataclass(frozen=True)
class Extent:
    """How the size of a function's output follows from its arguments.

    It travels in a challenge, as a dictionary.

    Attributes:
        stride: the argument that gives the stride of rows and columns; "" for 1.
        width: the argument that gives the channels; "" for those of the input.
        valid: whether rows and columns that fill no window of that stride are left out.
    """

    stride: str = ""
    width: str = ""
    valid: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The extent as plain data."""
        return asdict(self)

    def of(self, channels: int, arguments: Mapping[str, Any]) -> tuple[int, int]:
        """Returns stride and channels of an output.

        Args:
            channels: of the input.
            arguments: of the call; a stride of None is 1 where the channels agree,
                else 2.

        Raises:
            ValueError: if they are not positive whole numbers.
        """
        width: Any = arguments.get(self.width) if self.width else channels
        stride: Any = arguments.get(self.stride) if self.stride else 1
        if stride is None:
            stride = 1 if width == channels else 2
        for number in (stride, width):
            if type(number) is not int or number < 1:
                raise ValueError("strides and channels are positive numbers")
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
