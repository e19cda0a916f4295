"""Random numbers for a batch, fixed by a seed whatever ran before."""

from __future__ import annotations

import numpy as np
import torch


class Chance:
    """Numbers for the images of one batch; the same seed draws the same again.

    Args:
        seed: of the run, which batch, and what for.
        batch: how many images the numbers are for.
        device: where they are needed; each kind of device has numbers of its own.
    """

    def __init__(
        self, seed: tuple[int, ...], batch: int, device: torch.device | str = "cpu"
    ) -> None:
        self.batch, self.device = batch, torch.device(device)
        self._generator = torch.Generator(self.device)
        mixed = np.random.SeedSequence(seed).generate_state(1, np.uint64)[0]
        self._generator.manual_seed(int(mixed >> np.uint64(1)))

    def uniform(self, low: float, high: float, *shape: int) -> torch.Tensor:
        """Numbers between low and high, (batch, *shape)."""
        part = torch.rand(
            (self.batch, *shape), generator=self._generator, device=self.device
        )
        return low + (high - low) * part

    def normal(self, *shape: int) -> torch.Tensor:
        """Numbers of mean 0 and deviation 1, (batch, *shape)."""
        return torch.randn(
            (self.batch, *shape), generator=self._generator, device=self.device
        )

    def happens(self, probability: float, *shape: int) -> torch.Tensor:
        """1.0 with this probability, else 0.0, (batch, *shape)."""
        return (self.uniform(0.0, 1.0, *shape) < probability).float()

    def below(self, count: int) -> torch.Tensor:
        """Whole numbers from 0 to count - 1, (batch,)."""
        return torch.randint(
            count, (self.batch,), generator=self._generator, device=self.device
        )
