"""Turning, scaling, mirroring and tilting a batch of images."""

from __future__ import annotations

import math

import torch
from torch.nn import functional

from resnet_data.training.chance import Chance


def motion(
    chance: Chance,
    degrees: float,
    scale: torch.Tensor,
    stretch: float = 0.12,
    tilt: float = 0.0,
) -> torch.Tensor:
    """A matrix for each image, from places in the new image to places in the old.

    Both are counted in pixels from the middle.

    Args:
        chance: where the random numbers come from.
        degrees: deviation of the angle; half of the images get a third of it.
        scale: how much larger things become, (batch,).
        stretch: how much one direction may be longer than the other.
        tilt: how much nearer one edge may be than the other.

    Returns:
        Projective matrices (batch, 3, 3).
    """
    spread = degrees * (1.0 - 0.67 * chance.happens(0.5))
    angle = spread * chance.uniform(-1.0, 1.0) * (math.pi / 180.0)
    cos, sin = angle.cos(), angle.sin()
    longer = chance.uniform(-stretch, stretch).exp()
    flip = 1.0 - 2.0 * chance.happens(0.5)
    shear = chance.uniform(-stretch, stretch)
    x, y = flip / (scale * longer), longer / scale
    zero, one = torch.zeros_like(scale), torch.ones_like(scale)
    px, py = chance.uniform(-tilt, tilt) / 32.0, chance.uniform(-tilt, tilt) / 32.0
    rows = [
        [cos * x, -sin * x + shear * cos * x, zero],
        [sin * y, cos * y + shear * sin * y, zero],
        [px, py, one],
    ]
    return torch.stack([torch.stack(row, dim=-1) for row in rows], dim=-2)


def moved(matrices: torch.Tensor, dx: torch.Tensor, dy: torch.Tensor) -> torch.Tensor:
    """Matrices that first go (dx, dy) pixels back: things come to lie there."""
    shift = torch.eye(3, device=dx.device).repeat(len(dx), 1, 1)
    shift[:, 0, 2], shift[:, 1, 2] = -dx, -dy
    return matrices @ shift


def warp(
    images: torch.Tensor,
    matrices: torch.Tensor,
    middle: torch.Tensor,
    size: int,
    fine: int = 1,
) -> torch.Tensor:
    """Draw images anew; beyond their edges, the edge goes on.

    Args:
        images: (batch, channels, h, w) float32.
        matrices: from new to old places, (batch, 3, 3), in pixels of the old images.
        middle: which place (x, y) of the old images is their middle, (batch, 2).
        size: side of the new images, in pixels of the old.
        fine: sub-pixels along each side of a pixel.

    Returns:
        (batch, channels, size * fine, size * fine) float32.
    """
    h, w = images.shape[2:]
    count = size * fine
    ramp = (torch.arange(count, device=images.device) + 0.5) / fine - size / 2.0
    y, x = torch.meshgrid(ramp, ramp, indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1).reshape(-1, 3)
    old = places @ matrices.transpose(1, 2)
    old = old[..., :2] / old[..., 2:] + middle[:, None]
    # The sampler counts from -1 to 1, from edge to edge.
    grid = 2.0 * old / torch.tensor([w, h], device=images.device) - 1.0
    return functional.grid_sample(
        images,
        grid.reshape(-1, count, count, 2),
        mode="bilinear",
        padding_mode="border",
        align_corners=False,
    )
