"""How much of a movie a crop should show: the content-view study (Chen et al. 2024, table 6)."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace

from cell_events.movie import Movie
from cell_events.time_arrow.network import TimeArrowNetwork
from cell_events.time_arrow.pretrain import PretrainSettings, initial_network, pretrain
from cell_events.time_arrow.rescale import at_double_resolution, at_half_resolution


@dataclass(frozen=True, slots=True)
class ContentView:
    """One way of looking at a movie, and how well the time arrow is told that way.

    Attributes
    ----------
    crop_size
        Side of the crops in pixels, at the resolution of the study's row.
    resolution
        Relative to the movie: 0.5, 1 or 2.
    view_px
        What a crop shows, in pixels of the original movie.
    accuracy
        Share of held-out pairs whose order is told; None while the row is being trained.
    """

    crop_size: int
    resolution: float
    view_px: float
    step: int
    steps: int
    accuracy: float | None


def content_view_study(
    train: Movie,
    validation: Movie,
    settings: PretrainSettings,
    start: TimeArrowNetwork | None = None,
    **network: object,
) -> Iterator[ContentView]:
    """Train anew for halved and doubled crop size and resolution; report every step.

    The reports with an accuracy are the rows of the table, five in all: the settings as given,
    and each of the four changes alone. Each begins with a copy of `start`, which stays as it is, or
    with random weights; `network` are then arguments of the network.

    Raises
    ------
    ValueError
        If half the crop size is not a size that the network can pool.
    """
    for crop_size, resolution in views(settings.crops.size):
        yield from learn_view(train, validation, settings, crop_size, resolution, start, **network)


def views(size: int) -> tuple[tuple[int, float], ...]:
    """Crop size and resolution of each row of the table, for crops of `size` pixels."""
    return (size, 1.0), (size // 2, 1.0), (2 * size, 1.0), (size, 0.5), (size, 2.0)


def learn_view(
    train: Movie,
    validation: Movie,
    settings: PretrainSettings,
    crop_size: int,
    resolution: float,
    start: TimeArrowNetwork | None = None,
    **network: object,
) -> Iterator[ContentView]:
    """Train for one crop size and resolution; the last report has the accuracy."""
    run = pretrain(
        deepcopy(start) if start else initial_network(settings.seed, **network),
        [at_resolution(train, resolution)],
        [at_resolution(validation, resolution)],
        replace(settings, crops=replace(settings.crops, size=crop_size)),
    )
    for report in run:
        last = report.step == report.steps
        accuracy = report.metrics["accuracy"] if last else None
        view = crop_size / resolution
        yield ContentView(crop_size, resolution, view, report.step, report.steps, accuracy)


def at_resolution(movie: Movie, resolution: float) -> Movie:
    """Give the movie as it is, or with half or twice as many pixels along each side."""
    if resolution == 1:
        return movie
    return at_half_resolution(movie) if resolution < 1 else at_double_resolution(movie)
