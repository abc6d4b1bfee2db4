"""The forecaster: a 1-D convolutional network from past to future mass (section 2.1)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cell_events.engine.model_file import register_architecture

LEAST_SHARE = 0.01
"""Masses count as at least this share of the level, so that there is a logarithm."""

CONVOLUTIONS = 3
KERNEL = 5


@register_architecture("mass_forecast")
class MassForecast(nn.Module):
    """Past mass of a cell in, its future mass out, both in pg.

    Each window is divided by its level, the mean mass of its past: cells that grow by the same
    share then look alike, whatever they weigh, and a forecast is as good for large cells as for
    small ones. What comes out is multiplied by the level again.

    The paper gives lengths, loss and optimiser; the number of layers and maps is our choice.

    Parameters
    ----------
    past, future
        Frames that are seen and told.
    spread
        Typical deviation of a mass from the level of its window, as a share.
    logarithm
        Look at logarithms of masses, in which exponential growth is a straight line.
    both_ways
        Hold a second network that tells what was before.
    maps
        Number of maps of the convolutions.
    """

    def __init__(
        self,
        past: int,
        future: int,
        spread: float = 0.1,
        logarithm: bool = False,
        both_ways: bool = False,
        maps: int = 32,
    ) -> None:
        super().__init__()
        self.arguments = {
            "past": past,
            "future": future,
            "spread": spread,
            "logarithm": logarithm,
            "both_ways": both_ways,
            "maps": maps,
        }
        self.past, self.future, self.spread = past, future, spread
        self.logarithm, self.both_ways = logarithm, both_ways
        ways = 2 if both_ways else 1
        self.ways = nn.ModuleList(_one_way(past, future, maps) for _ in range(ways))

    def forward(self, past: Tensor, backwards: bool = False) -> Tensor:
        """Turn past masses (B, P) into future ones (B, F), in pg.

        Backwards, both are given from the last frame to the first.
        """
        level = level_of(past)  # (B, 1)
        share = past / level
        if self.logarithm:
            share = share.clamp(min=LEAST_SHARE).log() + 1
        told: Tensor = self.ways[int(backwards)](((share - 1) / self.spread)[:, None])
        change = told * self.spread
        return level * (change.exp() if self.logarithm else change + 1)


def level_of(past: Tensor) -> Tensor:
    """Level (B, 1) of each window, the mean mass of its past, in pg."""
    return past.mean(dim=1, keepdim=True).clamp(min=1e-6)


def squared_errors(forecast: Tensor, truth: Tensor, past: Tensor, logarithm: bool) -> Tensor:
    """Squared differences (B, F) between forecast and truth: in pg, or of the logarithms."""
    if not logarithm:
        return (forecast - truth).square()
    least = LEAST_SHARE * level_of(past)
    return (forecast.maximum(least).log() - truth.maximum(least).log()).square()


def root_mean(squares: Tensor, seen: Tensor) -> Tensor:
    """Root of the mean (B,) of squares (B, F) over the frames that were measured (equation 1)."""
    kept = torch.where(seen, squares, 0).sum(dim=1)
    return (kept / seen.sum(dim=1).clamp(min=1) + 1e-12).sqrt()


def _one_way(past: int, future: int, maps: int) -> nn.Sequential:
    """Convolutions, each of which halves the time, and two dense layers."""
    layers: list[nn.Module] = []
    channels, frames = 1, past
    for _ in range(CONVOLUTIONS):
        layers += [
            nn.Conv1d(channels, maps, KERNEL, padding="same"),
            nn.ReLU(),
            nn.MaxPool1d(2, ceil_mode=True),
        ]
        channels, frames = maps, (frames + 1) // 2
    dense = 4 * maps
    return nn.Sequential(
        *layers, nn.Flatten(), nn.Linear(maps * frames, dense), nn.ReLU(), nn.Linear(dense, future)
    )
