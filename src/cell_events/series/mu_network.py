"""The MU-Net: a U-Net with an encoder of its own for each channel (section 4.2, figure 5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from cell_events.engine.model_file import register_architecture
from cell_events.series.network import (
    FILTERS,
    POOL,
    decoded,
    decoding_sections,
    encoding_sections,
    probabilities,
    section,
)


@register_architecture("series_munet")
class SeriesMUNet(nn.Module):
    """Several curves in, one curve of evidence for each kind of abnormal stretch out.

    Each channel has four encoding sections of its own. What they give is put together before the
    fifth section, and on each skip connection.

    Parameters
    ----------
    channels, classes, exclusive, filters
        As those of the U-Net.
    """

    def __init__(
        self,
        channels: int,
        classes: int = 3,
        exclusive: bool = False,
        filters: Sequence[int] = FILTERS,
    ) -> None:
        super().__init__()
        self.arguments: dict[str, Any] = {
            "channels": channels,
            "classes": classes,
            "exclusive": exclusive,
            "filters": list(filters),
        }
        self.channels, self.classes, self.exclusive = channels, classes, exclusive
        self.encoders = nn.ModuleList(encoding_sections(1, filters[:-1]) for _ in range(channels))
        self.fifth = section(channels * filters[-2], filters[-1])
        self.decoding = decoding_sections(filters, [channels * n for n in filters[:-1]])
        self.last = nn.Conv1d(filters[0], classes + exclusive, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Turn curves (B, C, T) into logits (B, M, T), or (B, M + 1, T) if kinds are exclusive."""
        curves = list(x.split(1, dim=1))  # C of (B, 1, T)
        skipped = []
        for level in zip(*self.encoders, strict=True):
            curves = [encode(curve) for encode, curve in zip(level, curves, strict=True)]
            skipped.append(torch.cat(curves, dim=1))  # (B, C 16, T) to (B, C 128, T / 64)
            curves = [functional.max_pool1d(curve, POOL) for curve in curves]
        x = self.fifth(torch.cat(curves, dim=1))  # (B, 256, T / 256)
        return decoded(x, skipped, self.decoding, self.last)

    def probabilities(self, logits: Tensor) -> Tensor:
        """Turn logits into probabilities (B, M, T) of each kind."""
        return probabilities(logits, self.exclusive)

    def sections(self) -> list[list[nn.Module]]:
        """Give the ten sections from input to output; the first four are one for each channel."""
        levels = [list(level) for level in zip(*self.encoders, strict=True)]
        return [*levels, *([layer] for layer in (self.fifth, *self.decoding, self.last))]
