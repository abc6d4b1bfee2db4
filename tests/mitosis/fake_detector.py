"""Stand-ins for frames and networks whose answers are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cell_events.mitosis.network import MitosisDetector


@dataclass(frozen=True)
class GivenFrames:
    """Frames (T, C, Y, X) that are there already."""

    values: NDArray[np.float32]
    shrink: int = 1

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return self.values.shape  # type: ignore[return-value]

    def read(self, t: int) -> NDArray[np.float32]:
        return self.values[t]


class Reader(MitosisDetector):
    """Takes the first map of each frame for the log-odds."""

    def forward(self, x: Tensor) -> Tensor:
        return x[:, :, 0]


class OrderReader(MitosisDetector):
    """Gives each frame its number in the window as log-odds."""

    def forward(self, x: Tensor) -> Tensor:
        steps = torch.arange(x.shape[1], dtype=x.dtype)[None, :, None, None]
        return steps.expand(x.shape[0], -1, *x.shape[-2:])
