"""The images that training sees: photographs, recomposed ones, drawn hands."""

from __future__ import annotations

import concurrent.futures
import functools
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from resnet_data._layout import CLASSES, SIZE, Images, read_file, write_file
from resnet_data.drawing.rendered import SHA256, draw_image
from resnet_data.training.camera import photographed
from resnet_data.training.chance import Chance
from resnet_data.training.matte import cut_out, hand_box
from resnet_data.training.scenes import composed
from resnet_data.training.warp import motion, moved, warp

BATCH = 64
STEPS = 32  # batches an epoch
# Of each batch: photographs put before new walls, drawn hands, photographs as taken.
COMPOSED, DRAWN = 28, 26
DRAWN_SEED = 2016  # not the seed of the images that the lessons use


@dataclass(frozen=True)
class Pool:
    """What batches are made from, on the device where they are made.

    Attributes:
        photos: images (m, 3, 64, 64) uint8.
        photo_labels: (m,).
        cut: the same hands cut out, (m, 4, 64, 64) uint8.
        boxes: where they are (m, 3): middle x, middle y, half of the longer side.
        drawn: drawn hands (n, 3, 64, 64) uint8.
        drawn_labels: (n,).
    """

    photos: torch.Tensor
    photo_labels: torch.Tensor
    cut: torch.Tensor
    boxes: torch.Tensor
    drawn: torch.Tensor
    drawn_labels: torch.Tensor


def pool(photos: Images, drawn: Images, device: torch.device | str = "cpu") -> Pool:
    """Cut the photographs' hands out and put everything together."""
    cut, boxes = _cut_out(photos)
    return Pool(
        _tensor(photos.x, device),
        torch.from_numpy(photos.y).to(device),
        _tensor(cut, device),
        torch.from_numpy(boxes).to(device),
        _tensor(drawn.x, device),
        torch.from_numpy(drawn.y).to(device),
    )


def _cut_out(photos: Images) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """The hands of photographs, and where they are, as `Pool` has them."""
    cut = np.stack([cut_out(image) for image in photos.x])
    boxes = np.array([hand_box(each[..., 3]) for each in cut], dtype=np.float32)
    return cut, boxes


def drawn_hands(count: int, folder: Path) -> Images:
    """`count` drawn hands, kept in a folder for the next time.

    They are drawn on all cores, from another seed than those of the lessons.
    """
    path = folder / f"drawn-{DRAWN_SEED}-{count}-{SHA256[:12]}.h5"
    if path.is_file():
        return read_file(path, "train")
    labels = np.arange(count) % CLASSES
    draw = functools.partial(_draw, labels)
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as workers:
        x = np.stack(list(workers.map(draw, range(count), chunksize=100)))
    images = Images(x, labels, np.arange(CLASSES))
    write_file(path, "train", images)
    return images


def _draw(labels: npt.NDArray[np.int64], number: int) -> npt.NDArray[np.uint8]:
    return draw_image(int(labels[number]), DRAWN_SEED, number)


def batch(pool: Pool, seed: int, step: int) -> tuple[torch.Tensor, torch.Tensor]:
    """A batch of the run, fixed by its seed and the number of the step.

    Returns:
        Images (64, 3, 64, 64) float32 between 0 and 1, labels (64,).
    """
    device = pool.cut.device
    chance = Chance((seed, step), BATCH, device)
    of_photos = chance.below(len(pool.photos))
    of_drawn = chance.below(len(pool.drawn))[:DRAWN]
    recomposed, as_taken = of_photos[:COMPOSED], of_photos[COMPOSED + DRAWN :]
    images = torch.cat(
        [
            composed(
                pool.cut[recomposed].float(),
                pool.boxes[recomposed],
                Chance((seed, step, 1), COMPOSED, device),
            ),
            varied(
                torch.cat([pool.drawn[of_drawn], pool.photos[as_taken]]).float(),
                Chance((seed, step, 2), BATCH - COMPOSED, device),
            ),
        ]
    )
    labels = torch.cat(
        [
            pool.photo_labels[recomposed],
            pool.drawn_labels[of_drawn],
            pool.photo_labels[as_taken],
        ]
    )
    return images, labels


def varied(images: torch.Tensor, chance: Chance) -> torch.Tensor:
    """Whole images, a little turned and scaled, mirrored, in other light.

    Args:
        images: (batch, 3, 64, 64) float32, 0 to 255.
        chance: where the random numbers come from.

    Returns:
        (batch, 3, 64, 64) float32 between 0 and 1.
    """
    matrices = motion(chance, 20.0, chance.uniform(-0.15, 0.15).exp())
    matrices = moved(matrices, chance.uniform(-3.0, 3.0), chance.uniform(-3.0, 3.0))
    middle = torch.full((len(images), 2), SIZE / 2.0, device=images.device)
    return photographed(warp(images, matrices, middle, SIZE), chance)


def in_new_scenes(photos: Images, count: int = 384, seed: int = 3) -> Images:
    """Photographs put before other walls: the same people, but harder pictures."""
    cut, boxes = _cut_out(photos)
    which = np.resize(np.arange(len(photos.y)), count)
    images = composed(
        _tensor(cut[which], "cpu").float(),
        torch.from_numpy(boxes[which]),
        Chance((seed,), count),
    )
    x = (images * 255).round().byte().permute(0, 2, 3, 1).numpy()
    return Images(np.ascontiguousarray(x), photos.y[which], photos.classes)


def _tensor(images: npt.NDArray[np.uint8], device: torch.device | str) -> torch.Tensor:
    """(m, h, w, channels) as PyTorch has it, (m, channels, h, w)."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous().to(device)
