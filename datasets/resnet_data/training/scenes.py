"""Puts hands that were cut out before new walls, in new light."""

from __future__ import annotations

import torch
from torch.nn import functional

from resnet_data._layout import SIZE
from resnet_data.training.camera import blurred, photographed
from resnet_data.training.chance import Chance
from resnet_data.training.warp import motion, moved, warp

FINE = 2
DEGREES = 65.0
SMALLEST, LARGEST = 0.33, 1.08  # share of the frame's side that hand and arm span


def composed(cut: torch.Tensor, boxes: torch.Tensor, chance: Chance) -> torch.Tensor:
    """Photographs that could have been taken elsewhere.

    Args:
        cut: hands (batch, 4, 64, 64) float32, multiplied by their alpha, 0 to 255.
        boxes: middle x, middle y and half of the longer side of each, (batch, 3).
        chance: where the random numbers come from.

    Returns:
        (batch, 3, 64, 64) float32 between 0 and 1.
    """
    share = chance.uniform(SMALLEST, LARGEST)
    matrices = motion(chance, DEGREES, share * (SIZE / 2) / boxes[:, 2], 0.15, 0.2)
    room = SIZE / 2 * (1.06 - share).clamp(min=0.03)
    matrices = moved(
        matrices, chance.uniform(-1.0, 1.0) * room, chance.uniform(-1.0, 1.0) * room
    )
    cut = _open_edges(cut)
    layers = warp(cut, matrices, boxes[:, :2], SIZE, FINE)
    hand, alpha = layers[:, :3], layers[:, 3:] / 255.0
    wall = _wall(chance)
    for _ in range(2):  # a lamp, and at times a second one
        dx, dy = chance.uniform(-9.0, 9.0), chance.uniform(-9.0, 9.0)
        cast = warp(cut[:, 3:], moved(matrices, dx, dy), boxes[:, :2], SIZE, FINE)
        depth = chance.happens(0.7, 1, 1, 1) * chance.uniform(0.0, 0.45, 1, 1, 1)
        depth = depth * (1.0 - chance.uniform(0.0, 0.12, 3, 1, 1))  # it has a hue
        wall = wall * (1.0 - depth * _soft(cast / 255.0, chance))
    fine = _lit(hand, alpha, chance) + (1.0 - alpha) * wall
    return photographed(functional.avg_pool2d(fine, FINE), chance)


def _open_edges(cut: torch.Tensor) -> torch.Tensor:
    """Clear the edges through which no forearm comes: edges are drawn on outwards."""
    row = torch.arange(SIZE, device=cut.device)[:, None]
    column = torch.arange(SIZE, device=cut.device)[None, :]
    side = (column == 0) | (column == SIZE - 1)
    free = (row == 0) | (side & (row < SIZE // 2))
    return cut.masked_fill(free, 0.0)


def _ramps(chance: Chance) -> tuple[torch.Tensor, torch.Tensor]:
    """Ramps from -1 to 1 over the fine image, (1, 1, 1, n) and (1, 1, n, 1)."""
    ramp = torch.linspace(-1.0, 1.0, SIZE * FINE, device=chance.device)
    return ramp[None, None, None, :], ramp[None, None, :, None]


def _wall(chance: Chance) -> torch.Tensor:
    x, y = _ramps(chance)
    level = chance.uniform(135.0, 250.0, 1, 1, 1) + chance.uniform(-7.0, 7.0, 3, 1, 1)
    slope = chance.uniform(-28, 28, 1, 1, 1) * x + chance.uniform(-28, 28, 1, 1, 1) * y
    corners = chance.uniform(-35.0, 5.0, 1, 1, 1) * (x * x + y * y) / 2.0
    texture = functional.interpolate(
        chance.normal(1, 6, 6), (SIZE * FINE, SIZE * FINE), mode="bicubic"
    )
    # At times something else begins in the frame: another wall, a door, a table.
    angle = chance.uniform(-3.1416, 3.1416, 1, 1, 1)
    across = angle.cos() * x + angle.sin() * y - chance.uniform(0.3, 1.2, 1, 1, 1)
    other = torch.sigmoid(across * chance.uniform(8.0, 60.0, 1, 1, 1))
    other = other * chance.uniform(-70.0, 25.0, 1, 1, 1) * chance.happens(0.2, 1, 1, 1)
    texture = texture * chance.uniform(0.0, 6.0, 1, 1, 1)
    return (level + slope + corners + texture + other).clamp(40.0, 255.0)


def _soft(shadow: torch.Tensor, chance: Chance) -> torch.Tensor:
    """Shadows with wider or narrower penumbras."""
    small = blurred(blurred(functional.avg_pool2d(shadow, 4)))
    wide = functional.interpolate(
        small, shadow.shape[2:], mode="bilinear", align_corners=False
    )
    narrow = blurred(blurred(shadow))
    return narrow + chance.uniform(0.2, 1.0, 1, 1, 1) * (wide - narrow)


def _lit(hand: torch.Tensor, alpha: torch.Tensor, chance: Chance) -> torch.Tensor:
    """The hand in another light, and of another skin tone."""
    x, y = _ramps(chance)
    tone = chance.uniform(-0.9, 0.3, 1, 1, 1).exp()
    hue = (0.04 * chance.normal(3, 1, 1)).exp()
    light = 1.0 + chance.uniform(-0.35, 0.35, 1, 1, 1) * x
    light = light + chance.uniform(-0.35, 0.35, 1, 1, 1) * y
    return torch.minimum((hand * tone * hue * light).clamp(min=0.0), 255.0 * alpha)
