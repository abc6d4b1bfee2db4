"""What a mitosis detector looks at in a window of frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cell_events.jobs.checks import JobError
from cell_events.jobs.explainable import Asked
from cell_events.jobs.explained_network import ExplainedNetwork

if TYPE_CHECKING:
    from torch import Tensor, nn

    from cell_events.engine.header import ModelHeader
    from cell_events.engine.tiles import Window
    from cell_events.mitosis.frames import FrameSource
    from cell_events.movie import Movie


def explained_detector(
    movie: Movie, network: Any, header: ModelHeader, asked: Asked
) -> ExplainedNetwork:
    """Explain a mitosis: by the log-odds of the frame in the middle of the window it is read in."""
    from cell_events.jobs.detect_mitoses import shrink_for
    from cell_events.jobs.detector_frames import features_of, frames_read

    length, shrink = int(header.settings["length"]), shrink_for(movie, header)
    if movie.n_frames < length:
        raise JobError(
            f"{movie.name} has {movie.n_frames} frames, but this model reads {length} at once; "
            "give a longer movie."
        )
    device = next(network.parameters()).device
    frames = frames_read(movie, shrink, features_of(network), device)
    reading = _WindowReader(frames, length)
    return ExplainedNetwork(
        network,
        *asked,
        movie.shape[1:],
        movie.n_frames,
        tuple(range(-(length // 2), length - length // 2)),
        12 * shrink,
        reading.read,
        reading.logits,
        halo=length + 2**network.convolutions + 1,
        pixels=shrink,
        likely=lambda network, inputs: reading.logits(network, inputs).sigmoid(),
    )


class _WindowReader:
    """Windows of frames around a target frame; remembers where in the window the target lies."""

    def __init__(self, frames: FrameSource, length: int) -> None:
        self._frames, self._length = frames, length
        self._target = 0

    def read(self, t: int, window: Window) -> NDArray[np.float32]:
        """Maps (1, T, C, y, x) of the frames around `t`, as many as the detector reads."""
        start = min(max(0, t - self._length // 2), self._frames.shape[0] - self._length)
        self._target = t - start
        frames = range(start, start + self._length)
        maps = [self._frames.read(frame)[(slice(None), *window)] for frame in frames]
        return np.stack(maps)[None]

    def logits(self, network: nn.Module, inputs: Tensor) -> Tensor:
        """Log-odds (y, x) of the target frame that was read last."""
        odds: Tensor = network(inputs)
        return odds[0, self._target]
