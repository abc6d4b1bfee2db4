"""What time-arrow networks and event classifiers look at in a pair of frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cell_events.jobs.checks import JobError
from cell_events.jobs.explained_network import ExplainedNetwork, Read, chosen

if TYPE_CHECKING:
    from torch import Tensor

    from cell_events.engine.header import ModelHeader
    from cell_events.engine.tiles import Window
    from cell_events.movie import Movie
    from cell_events.time_arrow.network import TimeArrowNetwork

ORDERS = ("in the order given", "reversed")
"""What a time-arrow network can say of a pair."""

NOTHING = "nothing"
"""What a classifier says where no event is."""


def explained_time_arrow(
    movie: Movie, network: Any, header: ModelHeader, kind: str, layer: str
) -> ExplainedNetwork:
    """Explain which of two frames came first: by the mean of what all places say."""
    from cell_events.time_arrow.folding import folded

    network = folded(network)
    delta = min(header.settings.get("deltas", [1]))
    crop = int(header.settings.get("crop_size", 96))
    index = ORDERS.index(chosen("class", kind, ORDERS))
    layers = tap_layers(network)
    _check_pair(movie, delta, 1)

    def logits(network: Any, pairs: Tensor) -> Tensor:
        contributions: Tensor = network.head.dense(network.pair_features(pairs))
        return contributions[0, index]

    return ExplainedNetwork(
        network,
        ORDERS,
        ORDERS[index],
        layers,
        chosen("layer", layer, layers, usual_layer(network)),
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
    kind: str,
    layer: str,
) -> ExplainedNetwork:
    """Explain an event class: by the mean probability of all crops, or the logit of one."""
    from cell_events.time_arrow.folding import folded

    network.tap = folded(network.tap)
    classes = (NOTHING, *network.classes)
    index = classes.index(chosen("class", kind, classes, classes[1]))
    layers = (*(f"tap.{name}" for name in tap_layers(network.tap)), *_head_layers(network))
    default = f"tap.{usual_layer(network.tap)}"
    _check_pair(movie, network.delta, network.window)

    def logits(network: Any, pairs: Tensor) -> Tensor:
        every: Tensor = network(pairs)
        return every[0, index]

    def probabilities(network: Any, pairs: Tensor) -> Tensor:
        every: Tensor = network(pairs).softmax(1)
        return every[0, index]

    return ExplainedNetwork(
        network,
        classes,
        classes[index],
        layers,
        chosen("layer", layer, layers, default),
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


def tap_layers(tap: TimeArrowNetwork) -> tuple[str, ...]:
    """Layers of a time-arrow network, from the input to the output."""
    levels = len(tap.backbone.up)
    down = [f"backbone.down.{level}" for level in range(levels + 1)]
    up = [f"backbone.up.{level}" for level in reversed(range(levels))]
    return (*down, *up, "backbone.to_features", "projection")


def usual_layer(tap: TimeArrowNetwork) -> str:
    """The first level after the deepest: it has seen far around, and still tells places apart.

    Chosen among several layers by `benchmarks/grad_cam.py` on a movie that is not reported on.
    """
    return f"backbone.up.{len(tap.backbone.up) - 1}"


def _head_layers(network: Any) -> tuple[str, ...]:
    """Layers of a head that still are maps; the pyramid sums up crops at once and has none."""
    names = {"linear": ("standardise",), "resnet": ("convolution", "block")}
    return tuple(f"head.{name}" for name in names.get(network.head_settings.name, ()))


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
