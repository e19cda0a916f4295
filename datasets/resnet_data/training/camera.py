"""What a camera and its user add: blur or sharpening, light, colour cast, grain."""

from __future__ import annotations

import torch
from torch.nn import functional

from resnet_data.training.chance import Chance


def photographed(pixels: torch.Tensor, chance: Chance) -> torch.Tensor:
    """Vary a batch of images as cameras do.

    Args:
        pixels: (batch, 3, h, w) float32, 0 to 255.
        chance: where the random numbers come from.

    Returns:
        (batch, 3, h, w) float32 between 0 and 1, rounded to 256 levels.
    """
    soft = blurred(pixels)
    # Below 0 it blurs, above 0 it sharpens, as telephones do.
    keenness = chance.uniform(-1.0, 0.7, 1, 1, 1)
    x = (pixels + keenness * (pixels - soft)) / 255.0
    x = x.clamp(1e-3, 1.0) ** chance.uniform(-0.35, 0.35, 1, 1, 1).exp()
    grey = x.mean(dim=1, keepdim=True)
    x = grey + chance.uniform(0.5, 1.4, 1, 1, 1) * (x - grey)
    x = x * chance.uniform(0.75, 1.2, 1, 1, 1) * chance.uniform(0.94, 1.06, 3, 1, 1)
    middle = x.mean(dim=(1, 2, 3), keepdim=True)
    x = middle + chance.uniform(0.65, 1.3, 1, 1, 1) * (x - middle)
    shape = pixels.shape[2:]
    grain = 0.8 * chance.normal(1, *shape) + 0.6 * chance.normal(3, *shape)
    x = x + chance.uniform(0.0, 0.025, 1, 1, 1) * grain
    return (x.clamp(0.0, 1.0) * 255.0).round() / 255.0


def blurred(images: torch.Tensor) -> torch.Tensor:
    """A batch of images, each pixel mixed with its eight neighbours (1-2-1)."""
    channels = images.shape[1]
    line = torch.tensor([0.25, 0.5, 0.25], device=images.device)
    kernel = (line[:, None] * line).expand(channels, 1, 3, 3)
    padded = functional.pad(images, (1, 1, 1, 1), mode="replicate")
    return functional.conv2d(padded, kernel, groups=channels)
