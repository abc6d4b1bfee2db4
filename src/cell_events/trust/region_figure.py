"""Pictures of what a network looks at: numbered regions, and maps beside those of random weights.

The regions follow figure 2 of Chen et al. 2024.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cell_events.engine import atomic
from cell_events.movie import Movie
from cell_events.trust.explained_events import ExplainedEvent
from cell_events.trust.sanity import SanityStage
from cell_events.trust.top_regions import RegionCrops, window_around

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

COLUMNS = 2
"""Pairs of crops in a row."""

MAP_COLOURS = "inferno"

BEYOND = "lightgrey"
"""Where a crop sticks out of the movie."""


def write_region_figure(
    path: Path,
    movie: Movie,
    attention: NDArray[np.float32],
    crops: Sequence[RegionCrops],
    delta: int = 1,
    title: str = "",
) -> None:
    """Write a PNG: the frame with the map over it and numbered boxes, and the numbered crops.

    Parameters
    ----------
    attention
        Map (Y, X) of the frame of the regions.
    crops
        Regions of one frame, at least one.
    """
    from matplotlib.figure import Figure

    rows = -(-len(crops) // COLUMNS)
    height, width = movie.shape[1:]
    left = 6.0 * min(1.6, width / height)
    figure = Figure(figsize=(left + 6.2, max(6.4, 1.75 * rows + 0.6)), layout="constrained")
    parts: Any = figure.subfigures(1, 2, width_ratios=(left, 6.2))
    _draw_frame(parts[0].subplots(), movie, attention, crops)
    _draw_crops(parts[1], crops, delta, rows)
    figure.suptitle(title, fontsize=10)
    _save(figure, path)


def write_sanity_figure(
    path: Path, attention: NDArray[np.float32], stages: Sequence[SanityStage], title: str = ""
) -> None:
    """Write a PNG: the map beside those under random weights, and how alike they are."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 6.6), layout="constrained")
    parts: Any = figure.subfigures(2, 1, height_ratios=(1, 1.25))
    panels = parts[0].subplots(1, 1 + len(stages), squeeze=False)[0]
    _draw_map(panels[0], attention, "trained")
    for axes, stage in zip(panels[1:], stages, strict=True):
        _draw_map(axes, stage.attention, f"random down to\n{stage.part}")
    _draw_similarity(parts[1].subplots(), stages)
    figure.suptitle(title, fontsize=10)
    _save(figure, path)


def write_event_figure(path: Path, event: ExplainedEvent, title: str = "") -> None:
    """Write a PNG: the frames around an event, and the same with the maps over them."""
    from matplotlib.figure import Figure

    count = len(event.frames)
    figure = Figure(figsize=(max(4.0, 2.0 * count), 4.8), layout="constrained")
    panels = figure.subplots(2, count, squeeze=False)
    highest = max(event.highest, float(np.finfo(np.float32).tiny))
    for column, (t, crop, attention) in enumerate(
        zip(event.frames, event.crops, event.maps, strict=True)
    ):
        for axes in panels[:, column]:
            axes.imshow(crop, cmap="gray", vmin=0, vmax=1)
            axes.set(xticks=[], yticks=[], facecolor=BEYOND)
        strength = 0.7 * (np.nan_to_num(attention) / highest) ** 0.5
        panels[1, column].imshow(attention, cmap=MAP_COLOURS, vmin=0, vmax=highest, alpha=strength)
        panels[0, column].set_title(f"t = {t}", fontsize=8)
    figure.suptitle(title, fontsize=9)
    _save(figure, path)


def _draw_frame(
    axes: Axes, movie: Movie, attention: NDArray[np.float32], crops: Sequence[RegionCrops]
) -> None:
    """Show a frame, the map over it, and a numbered box for each region."""
    from matplotlib.patches import Rectangle

    t = crops[0].region.t
    highest = max(float(attention.max()), float(np.finfo(np.float32).tiny))
    strength = (attention / highest) ** 0.5
    axes.imshow(movie.read_normalised(t).clip(0, 1), cmap="gray", vmin=0, vmax=1)
    axes.imshow(attention, cmap=MAP_COLOURS, alpha=0.7 * strength)
    for crop in crops:
        height, width = crop.after.shape
        top = window_around(crop.region.y, height, movie.shape[1]).start - 0.5
        left = window_around(crop.region.x, width, movie.shape[2]).start - 0.5
        axes.add_patch(Rectangle((left, top), width, height, fill=False, ec="white", lw=1))
        axes.text(left + 4, top + 4, str(crop.region.rank), color="white", va="top", fontsize=10)
    axes.set(xticks=[], yticks=[], xlim=(-0.5, movie.shape[2] - 0.5))
    axes.set_ylim(movie.shape[1] - 0.5, -0.5)
    axes.set_title(f"frame {t}", fontsize=9)


def _draw_crops(part: SubFigure, crops: Sequence[RegionCrops], delta: int, rows: int) -> None:
    """Show the pairs of crops, numbered as in the frame."""
    panels = part.subplots(rows, 2 * COLUMNS, squeeze=False)
    for axes in panels.flat:
        axes.axis("off")
    for place, crop in enumerate(crops):
        row, column = divmod(place, COLUMNS)
        pair = panels[row, 2 * column : 2 * column + 2]
        titles = (f"{crop.region.rank}: t = {crop.region.t - delta}", f"t = {crop.region.t}")
        for axes, image, text in zip(pair, (crop.before, crop.after), titles, strict=True):
            axes.imshow(image, cmap="gray", vmin=0, vmax=1)
            axes.set_title(text, fontsize=8)


def _draw_map(axes: Axes, attention: NDArray[np.float32], title: str) -> None:
    axes.imshow(attention, cmap=MAP_COLOURS, vmin=0)
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, fontsize=8)


def _draw_similarity(axes: Axes, stages: Sequence[SanityStage]) -> None:
    """Draw both similarities over the parts that were drawn anew."""
    places = range(len(stages))
    correlations = [stage.similarity.rank_correlation for stage in stages]
    axes.plot(places, correlations, "o-", label="rank correlation (Spearman)")
    axes.plot(places, [stage.similarity.structural for stage in stages], "s-", label="SSIM")
    axes.axhline(0, color="grey", lw=0.8)
    axes.set_xticks(places, [stage.part for stage in stages], rotation=40, ha="right", fontsize=8)
    axes.set_ylim(-1.05, 1.05)
    axes.set_ylabel("similarity to the trained map")
    axes.set_xlabel("random from the output down to ...")
    axes.legend(fontsize=8, loc="lower left")


def _save(figure: Figure, path: Path) -> None:
    """Write a PNG, whole or not at all."""
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=110)
    atomic.write_bytes(path, content.getvalue())
