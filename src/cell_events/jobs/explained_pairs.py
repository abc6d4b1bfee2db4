"""What time-arrow networks and event classifiers look at in a pair of frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cell_events.jobs.checks import JobError
from cell_events.jobs.explainable import NOTHING, ORDERS, Asked
from cell_events.jobs.explained_network import ExplainedNetwork, Read

if TYPE_CHECKING:
    from torch import Tensor

    from cell_events.engine.header import ModelHeader
    from cell_events.engine.tiles import Window
    from cell_events.movie import Movie


def explained_time_arrow(
    movie: Movie, network: Any, header: ModelHeader, asked: Asked
) -> ExplainedNetwork:
    """Explain which of two frames came first: by the mean of what all places say."""
    from cell_events.time_arrow.folding import folded

    network = folded(network)
    delta = min(header.settings.get("deltas", [1]))
    crop = int(header.settings.get("crop_size", 96))
    index = ORDERS.index(asked.kind)
    _check_pair(movie, delta, 1)

    def logits(network: Any, pairs: Tensor) -> Tensor:
        contributions: Tensor = network.head.dense(network.pair_features(pairs))
        return contributions[0, index]

    return ExplainedNetwork(
        network,
        *asked,
        movie.shape[1:],
        movie.n_frames,
        (-delta, 0),
        crop,
        _pair_reader(movie, delta),
        logits,
        halo=network.halo,
        multiple=network.multiple,
        reach=crop // 2,
    )


def explained_classifier(
    movie: Movie,
    network: Any,
    header: ModelHeader,  # noqa: ARG001
    asked: Asked,
) -> ExplainedNetwork:
    """Explain an event class: by the mean probability of all crops, or the logit of one.

    The logit is that of detection, also where the crop sticks out of the frame; the mean is about
    crops that lie in it as a whole.
    """
    from cell_events.time_arrow.folding import folded

    network.tap = folded(network.tap)
    index = (NOTHING, *network.classes).index(asked.kind)
    _check_pair(movie, network.delta, network.window)

    def logits(network: Any, pairs: Tensor) -> Tensor:
        rows, columns = pairs.shape[-2:]
        filled = _filled_up(network.tap.pair_features(pairs), network.window // 2)
        every: Tensor = network.head(filled[0], filled[1])
        return every[0, index, :rows, :columns]

    def probabilities(network: Any, pairs: Tensor) -> Tensor:
        every: Tensor = network(pairs).softmax(1)
        return every[0, index]

    return ExplainedNetwork(
        network,
        *asked,
        movie.shape[1:],
        movie.n_frames,
        (-network.delta, 0),
        network.size,
        _pair_reader(movie, network.delta),
        logits,
        halo=max(network.tap.halo + network.window // 2, network.window),
        multiple=network.tap.multiple,
        first=network.window // 2,
        likely=probabilities,
    )


def _filled_up(z: Tensor, pixels: int) -> tuple[Tensor, Tensor]:
    """Features (B, C, y, x) of both frames, continued beyond the frame as detection does."""
    from torch.nn import functional

    edges = 4 * [pixels]
    first, second = (functional.pad(z[:, i], edges, mode="replicate") for i in (0, 1))
    return first, second


def _pair_reader(movie: Movie, delta: int) -> Read:
    """What reads pairs (1, 2, 1, y, x) that end with frame t."""

    def read(t: int, window: Window) -> NDArray[np.float32]:
        frames = [movie.read_normalised(frame, *window) for frame in (t - delta, t)]
        return np.stack(frames)[None, :, None]

    return read


def _check_pair(movie: Movie, delta: int, side: int) -> None:
    """Raise `JobError` unless the movie has a pair of frames as large as a crop."""
    if movie.n_frames < delta + 1:
        raise JobError(
            f"{movie.name} has {movie.n_frames} frame(s), but this model compares frames {delta} "
            f"apart and needs at least {delta + 1}; give a longer movie."
        )
    if min(movie.shape[1:]) < side:
        raise JobError(
            f"Frames of {movie.name} have {movie.shape[1]} x {movie.shape[2]} pixels, but this "
            f"model looks at {side} x {side}; give a larger movie."
        )
