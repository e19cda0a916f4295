"""Lesson 1's ResNet50 in PyTorch, in which the model that ships is trained.

The layers bear Keras's names, so that their weights find their places in the lesson's
network; `tests/test_training.py` holds the two networks' answers equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from resnet_data._layout import CLASSES

# Blocks and widths of stages 2 to 5 (He et al. 2016, table 1, arXiv:1512.03385).
STAGES = ((3, 64), (4, 128), (6, 256), (3, 512))
# Keras's defaults: how much of the moving averages stays, and what is added to the
# variance.
_KEPT, _EPSILON = 0.99, 1e-3
_ARRAYS = {
    "weight": "gamma",
    "bias": "beta",
    "running_mean": "moving_mean",
    "running_var": "moving_variance",
}


class Block(nn.Module):
    """A bottleneck block whose stride is in its first convolution.

    Args:
        into: channels that come in.
        width: channels of the first two convolutions; four times as many go out.
        stride: of the first convolution.
        projects: whether the shortcut has a convolution.
        name: stage and letter of the block, as "2a".
    """

    def __init__(
        self, into: int, width: int, stride: int, projects: bool, name: str
    ) -> None:
        super().__init__()
        self.name, self.projects = name, projects
        self.branch2a, self.bn2a = _convolution(into, width, 1, stride)
        self.branch2b, self.bn2b = _convolution(width, width, 3)
        self.branch2c, self.bn2c = _convolution(width, 4 * width, 1)
        if projects:
            self.branch1, self.bn1 = _convolution(into, 4 * width, 1, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From (m, into, h, w) to (m, 4 * width, h / stride, w / stride)."""
        shortcut = self.bn1(self.branch1(x)) if self.projects else x
        x = functional.relu(self.bn2a(self.branch2a(x)))
        x = functional.relu(self.bn2b(self.branch2b(x)))
        return functional.relu(self.bn2c(self.branch2c(x)) + shortcut)


class ResNet50(nn.Module):
    """The network without its softmax."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.bn_conv1 = _convolution(3, 64, 7, 2, padding=3)
        blocks, channels = [], 64
        for stage, (count, width) in enumerate(STAGES, 2):
            for number in range(count):
                first = number == 0
                stride = 2 if first and stage > 2 else 1
                name = f"{stage}{'abcdef'[number]}"
                blocks.append(Block(channels, width, stride, first, name))
                channels = 4 * width
        self.blocks = nn.Sequential(*blocks)
        self.fc = nn.Linear(channels, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From images (m, 3, 64, 64) between 0 and 1 to logits (m, 6)."""
        x = functional.relu(self.bn_conv1(self.conv1(x)))
        x = self.blocks(functional.max_pool2d(x, 3, 2))
        # (m, 2048, 2, 2) is left
        return self.fc(functional.avg_pool2d(x, 2).flatten(1))


def _convolution(
    into: int, out: int, kernel: int, stride: int = 1, padding: int | None = None
) -> tuple[nn.Conv2d, nn.BatchNorm2d]:
    padding = kernel // 2 if padding is None else padding
    return (
        nn.Conv2d(into, out, kernel, stride, padding),
        nn.BatchNorm2d(out, _EPSILON, 1.0 - _KEPT),
    )


def build(seed: int) -> ResNet50:
    """An untrained network: He's initial weights (2015, arXiv:1502.01852).

    The last gamma of each block is 0, so that each block begins as its shortcut
    (Goyal et al. 2017, arXiv:1706.02677, section 5.1).
    """
    generator = torch.Generator().manual_seed(seed)
    network = ResNet50()
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(
                module.weight, nonlinearity="relu", generator=generator
            )
            nn.init.zeros_(module.bias)  # pyright: ignore[reportArgumentType]
        elif isinstance(module, Block):
            nn.init.zeros_(module.bn2c.weight)
    nn.init.xavier_uniform_(network.fc.weight, generator=generator)
    nn.init.zeros_(network.fc.bias)
    return network


def layers(network: ResNet50) -> Iterator[tuple[str, nn.Module]]:
    """The layers that have weights, with the names that they have in lesson 1."""
    yield "conv1", network.conv1
    yield "bn_conv1", network.bn_conv1
    for block in network.blocks:
        assert isinstance(block, Block)
        for part in ("2a", "2b", "2c", "1") if block.projects else ("2a", "2b", "2c"):
            yield f"res{block.name}_branch{part}", getattr(block, f"branch{part}")
            yield f"bn{block.name}_branch{part}", getattr(block, f"bn{part}")
    yield f"fc{CLASSES}", network.fc


def arrays(layer: nn.Module) -> dict[str, npt.NDArray[np.float32]]:
    """A layer's weights as Keras names and orders them."""
    found = {
        name: value.detach().float().cpu().numpy()
        for name, value in layer.state_dict().items()
    }
    if isinstance(layer, nn.BatchNorm2d):
        return {keras: found[name] for name, keras in _ARRAYS.items()}
    # (out, in, h, w) to (h, w, in, out), (out, in) to (in, out)
    order = (2, 3, 1, 0) if isinstance(layer, nn.Conv2d) else (1, 0)
    return {"kernel": found["weight"].transpose(order), "bias": found["bias"]}


def copy_into(network: ResNet50, model: Any) -> None:
    """Put a network's weights into lesson 1's Keras model."""
    for name, layer in layers(network):
        values = arrays(layer)
        for variable in model.get_layer(name).weights:
            variable.assign(values[variable.name])
