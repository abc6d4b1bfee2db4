"""From a phase movie and labels to tracks with the dry mass of every cell in every frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.dry_mass.cell_links import (
    Link,
    LinkedBy,
    MeasuredCells,
    tracks_by_label,
    tracks_by_place,
    way_to_link,
)
from cell_events.dry_mass.cell_pixels import CellPixels, cell_pixels
from cell_events.dry_mass.doubts import kept_rows, with_doubts, with_overlaps
from cell_events.dry_mass.frame_cells import Columns, frame_columns, in_order
from cell_events.dry_mass.label_checks import check_frame_of_labels, check_labels, refuse_mask
from cell_events.dry_mass.overlaps import Overlaps, overlaps
from cell_events.dry_mass.phase_scale import PhaseScale
from cell_events.movie import Movie, MovieError
from cell_events.tracks import track_table


@dataclass(frozen=True, slots=True)
class MeasureSettings:
    """How cells are measured and linked.

    Attributes
    ----------
    background
        Whether the grey value around a cell is subtracted from it.
    link
        "labels": a cell keeps its value over time; "laptrack": link by place; "auto": find out.
    gap
        Frames in a row in which a cell linked by place may be missing.
    max_step_px
        Farthest step of a cell linked by place; None for the median diameter of the cells.
    """

    background: bool = False
    link: Link = "auto"
    gap: int = 2
    max_step_px: float | None = None


@dataclass(frozen=True, slots=True)
class FrameMeasured:
    """One frame is done: `t` of `n_frames`, with so many cells."""

    t: int
    n_frames: int
    cells: int


@dataclass(frozen=True, eq=False)
class MeasuredTracks:
    """The cells of a whole movie.

    Attributes
    ----------
    tracks
        Track table with the measurements.
    labels
        track_id, t and label of each row: which value a cell has in the labels.
    linked_by
        How cells became tracks.
    left_out
        Cells without a positive mass, which are in no track.
    """

    tracks: pd.DataFrame
    labels: pd.DataFrame
    linked_by: LinkedBy
    left_out: int


@dataclass
class _Collected:
    """Cells of the frames so far, and which overlap."""

    frames: list[Columns] = field(default_factory=list)
    pairs: list[Overlaps] = field(default_factory=list)
    before: CellPixels | None = None
    n_before: int = 0
    n: int = 0

    def add(self, t: int, cells: CellPixels, columns: Columns) -> None:
        if self.before is not None:
            found = overlaps(self.before, cells)
            first, second = found.earlier + self.n - self.n_before, found.later + self.n
            self.pairs.append(Overlaps(first, second, found.pixels))
        self.frames.append({"t": np.full(cells.n, t), **columns})
        self.before, self.n_before = cells, cells.n
        self.n += cells.n

    def measured(self) -> MeasuredCells:
        joined = {
            name: np.concatenate([columns[name] for columns in self.frames])
            for name in self.frames[0]
        }
        names = ("earlier", "later", "pixels")
        pairs = {
            name: np.concatenate([getattr(one, name) for one in self.pairs] or [np.empty(0, int)])
            for name in names
        }
        found = Overlaps(**pairs)
        return MeasuredCells(with_overlaps(pd.DataFrame(joined), found), found)


def measured_tracks(
    movie: Movie,
    labels: Movie,
    scale: PhaseScale,
    settings: MeasureSettings | None = None,
    parents: Mapping[int, int] | None = None,
) -> Iterator[FrameMeasured | MeasuredTracks]:
    """Measure frame by frame, one of them in memory, then link; the last report holds the tracks.

    Parameters
    ----------
    labels
        (T, Y, X) whole numbers: 0 is background, each cell of a frame has a value of its own.
    parents
        Which label came from which, where that is known; then labels are tracks.

    Raises
    ------
    MovieError
        If labels do not fit the movie, hold no cell, or most cells have no positive mass.
    TracksError
        If what `parents` says is impossible.
    """
    settings = settings or MeasureSettings()
    check_labels(movie, labels)
    collected = _Collected()
    for t in range(movie.n_frames):
        frame = labels.read(t)
        check_frame_of_labels(frame, t, labels.name)
        if t == 0:
            refuse_mask(frame, labels.name)
        cells = cell_pixels(frame)
        columns = frame_columns(movie.read(t), cells, scale, settings.background)
        collected.add(t, cells, columns)
        yield FrameMeasured(t, movie.n_frames, cells.n)
    yield _linked(movie, collected.measured(), scale, settings, parents)


def _linked(
    movie: Movie,
    measured: MeasuredCells,
    scale: PhaseScale,
    settings: MeasureSettings,
    parents: Mapping[int, int] | None,
) -> MeasuredTracks:
    positive = (measured.cells["dry_mass_pg"] > 0).to_numpy()
    _refuse_no_mass(movie, positive)
    linked_by = way_to_link(measured, settings.link if parents is None else "labels")
    if linked_by.way == "labels":
        tracks = tracks_by_label(measured, parents)
    else:
        step = settings.max_step_px or _median_diameter_px(measured, scale)
        tracks = tracks_by_place(measured, step, settings.gap)
    tracks = kept_rows(with_doubts(tracks), positive)
    checked = track_table(tracks, name=movie.name)
    labels = checked[["track_id", "t", "label"]]
    return MeasuredTracks(
        in_order(checked, scale, movie.frame_interval_s), labels, linked_by, int((~positive).sum())
    )


def _median_diameter_px(measured: MeasuredCells, scale: PhaseScale) -> float:
    """Diameter of a round cell of median area."""
    area_px = measured.cells[f"area_{scale.area_name}"] / (scale.pixel_size_um or 1.0) ** 2
    return float(2 * np.sqrt(area_px.median() / np.pi))


def _refuse_no_mass(movie: Movie, positive: NDArray[np.bool_]) -> None:
    if positive.size == 0:
        raise MovieError(
            "The labels hold no cell in any frame; give labels in which each cell has a value "
            "above 0."
        )
    if positive.mean() < 0.5:
        raise MovieError(
            f"{positive.size - positive.sum()} of {positive.size} cells of {movie.name} have no "
            "positive mass, so cells seem to be darker than their surroundings; give a movie in "
            "which phase grows with mass, or subtract the background."
        )
