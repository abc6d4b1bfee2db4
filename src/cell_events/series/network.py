"""The U-Net for series (section 3.1, figure 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from cell_events.engine.model_file import register_architecture

LENGTH = 1024
"""Points of a snapshot."""

POOL = 4
"""Points that become one on the way from an encoding section to the next."""

FILTERS = (16, 32, 64, 128, 256)
KERNEL = 3


@register_architecture("series_unet")
class SeriesUNet(nn.Module):
    """Curves in, one curve of evidence for each kind of abnormal stretch out.

    The paper leaves open how points are repeated on the way up; each is repeated four times.

    Parameters
    ----------
    channels
        Curves that are read together, C.
    classes
        Kinds of abnormal stretches, M.
    exclusive
        A point is of one kind at most (softmax over M + 1, of which the last means normal), not of
        any number of kinds (sigmoid over M).
    filters
        Of each encoding section; the decoding sections have the same but the last, turned round.
    """

    def __init__(
        self,
        channels: int = 1,
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
        self.encoding = encoding_sections(channels, filters)
        self.decoding = decoding_sections(filters, filters[:-1])
        self.last = nn.Conv1d(filters[0], classes + exclusive, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Turn curves (B, C, T) into logits (B, M, T), or (B, M + 1, T) if kinds are exclusive.

        T is a multiple of 256; the paper's is 1024.
        """
        skipped = []
        for section in self.encoding[:-1]:
            x = section(x)
            skipped.append(x)  # (B, 16, T), (B, 32, T / 4), (B, 64, T / 16), (B, 128, T / 64)
            x = functional.max_pool1d(x, POOL)
        x = self.encoding[-1](x)  # (B, 256, T / 256)
        return decoded(x, skipped, self.decoding, self.last)

    def probabilities(self, logits: Tensor) -> Tensor:
        """Turn logits into probabilities (B, M, T) of each kind."""
        return probabilities(logits, self.exclusive)

    def sections(self) -> list[list[nn.Module]]:
        """Give the ten sections from the input to the output, the last layer being the tenth."""
        return [[section] for section in (*self.encoding, *self.decoding, self.last)]


def encoding_sections(channels: int, filters: Sequence[int]) -> nn.ModuleList:
    """One section after the other, each with more filters."""
    before = (channels, *filters)
    return nn.ModuleList(section(n_in, n_out) for n_in, n_out in zip(before, filters, strict=False))


def decoding_sections(filters: Sequence[int], skipped: Sequence[int]) -> nn.ModuleList:
    """Sections that read what comes from below beside the maps that were skipped to them."""
    levels = range(len(filters) - 2, -1, -1)
    return nn.ModuleList(
        section(filters[level + 1] + skipped[level], filters[level]) for level in levels
    )


def decoded(x: Tensor, skipped: list[Tensor], decoding: nn.ModuleList, last: nn.Module) -> Tensor:
    """Turn the maps (B, 256, T / 256) of the fifth section into logits."""
    for section, beside in zip(decoding, reversed(skipped), strict=True):
        x = functional.interpolate(x, scale_factor=POOL, mode="nearest")
        x = section(torch.cat([beside, x], dim=1))
    logits: Tensor = last(x)
    return logits


def probabilities(logits: Tensor, exclusive: bool) -> Tensor:
    """Probabilities (B, M, T) of each kind; without that of normal, where kinds are exclusive."""
    return logits.softmax(dim=1)[:, :-1] if exclusive else logits.sigmoid()


def section(n_in: int, n_out: int) -> nn.Sequential:
    """Two convolutions, each with batch normalisation and ReLU."""
    layers: list[nn.Module] = []
    for maps in (n_in, n_out):
        layers += [
            nn.Conv1d(maps, n_out, KERNEL, padding="same", bias=False),
            nn.BatchNorm1d(n_out),
            nn.ReLU(inplace=True),
        ]
    return nn.Sequential(*layers)
