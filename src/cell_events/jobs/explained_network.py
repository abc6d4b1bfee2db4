"""A network that can be explained, as `cell_events.trust` looks at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor, nn

    from cell_events.engine.tiles import Window

Read = Callable[[int, "Window"], NDArray[np.float32]]
Outputs = Callable[["nn.Module", "Tensor"], "Tensor"]


@dataclass(frozen=True)
class ExplainedNetwork:
    """A network, a class of it, and how both are read (a `cell_events.trust` `DenseNetwork`).

    Attributes
    ----------
    kinds, kind
        Classes that can be explained, and the one that is.
    layers, layer
        Layers that can be explained with, and the one that is.
    steps
        Frames that the network reads to explain frame t, relative to t.
    size
        Side in pixels of the crops that are shown.
    reader, logits, likely
        See `read`, `outputs` and `frame_outputs`.
    """

    network: nn.Module
    kinds: tuple[str, ...]
    kind: str
    layers: tuple[str, ...]
    layer: str
    frame_px: tuple[int, int]
    n_frames: int
    steps: tuple[int, ...]
    size: int
    reader: Read = field(repr=False)
    logits: Outputs = field(repr=False)
    halo: int = 0
    multiple: int = 1
    pixels: int = 1
    first: int = 0
    reach: int = 0
    likely: Outputs | None = field(default=None, repr=False)

    def read(self, t: int, window: Window) -> NDArray[np.float32]:
        """Input of the network to explain frame `t`, of a window of places."""
        return self.reader(t, window)

    def outputs(self, inputs: Tensor) -> Tensor:
        """Logits (y, x) of the class."""
        return self.logits(self.network, inputs)

    def frame_outputs(self, inputs: Tensor) -> Tensor:
        """What is averaged over a frame, (y, x): probabilities where events are rare, or logits."""
        return (self.likely or self.logits)(self.network, inputs)

    def frames_read(self, t: int) -> tuple[int, ...]:
        """Frames that are looked at to explain frame `t`."""
        start = min(max(0, t + self.steps[0]), self.n_frames - len(self.steps))
        if len(self.steps) == 2:
            return t + self.steps[0], t
        return tuple(range(start, start + len(self.steps)))

    @property
    def delta(self) -> int:
        """Step between the two frames that are shown."""
        return -self.steps[0] if len(self.steps) == 2 else 1

    @property
    def first_frame(self) -> int:
        """First frame that can be explained."""
        return -self.steps[0] if len(self.steps) == 2 else 0
