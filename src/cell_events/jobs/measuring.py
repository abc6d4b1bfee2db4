"""How the job `measure` is done: find cells, measure and link them, write the tables."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from cell_events.jobs.checks import make_folder_of
from cell_events.jobs.label_movie import label_writer, open_labels
from cell_events.jobs.measure import Measure
from cell_events.jobs.reports import Progress, Report, Result, StagePlan

if TYPE_CHECKING:
    import pandas as pd

    from cell_events.dry_mass.measure import MeasuredTracks
    from cell_events.dry_mass.phase_scale import PhaseScale
    from cell_events.movie import Movie

FIND, MEASURE, WRITE = "find cells", "measure cells", "write labels"


def run_measure(job: Measure) -> Iterator[Report]:
    """Measure every frame, then link cells to tracks and write them."""
    from cell_events.tracks import write_tracks

    make_folder_of(job.out, job.labels_out)
    movie = job.movies[0].open()
    scale = scale_of(job, movie)
    stages = StagePlan(_stages(job))
    with _workplace(job) as folder:
        labels = yield from _labels(job, movie, folder, stages)
        found = yield from _measured(job, movie, labels, scale, stages)
        write_tracks(job.out, found.tracks)
        if job.labels_out is not None:
            yield from _write_labels(job.labels_out, labels, found.labels, stages)
    yield Result(_summary(job, movie, found))


def scale_of(job: Measure, movie: Movie) -> PhaseScale:
    """Picograms for each grey value of a pixel, from the job and what the file says.

    Raises
    ------
    PhaseScaleError
        If something is missing; the message asks for it.
    """
    from cell_events.dry_mass.phase_scale import phase_scale
    from cell_events.dry_mass.stored_unit import stored_unit

    unit = job.unit
    if unit is None and job.pg_per_grey is None:
        unit = stored_unit(movie)
    return phase_scale(
        unit,
        movie.pixel_size_um,
        wavelength_um=job.wavelength_um,
        pg_per_grey=job.pg_per_grey,
        refraction_increment=job.refraction_increment,
    )


def _stages(job: Measure) -> Iterator[str]:
    if job.segment:
        yield FIND
    yield MEASURE
    if job.labels_out is not None:
        yield WRITE


@contextmanager
def _workplace(job: Measure) -> Iterator[Path]:
    """Folder for the cells that are found, deleted at the end; it takes no space otherwise."""
    with tempfile.TemporaryDirectory(prefix=".measure-", dir=job.out.parent) as folder:
        yield Path(folder)


def _labels(
    job: Measure, movie: Movie, folder: Path, stages: StagePlan
) -> Generator[Progress, None, Movie]:
    """Open the labels, or find cells first."""
    from cell_events.dry_mass.segmentation import SegmentationSettings, cell_threshold, segmented

    if job.labels is not None:
        return open_labels(job.labels)
    threshold = cell_threshold(movie) if job.threshold is None else job.threshold
    settings = SegmentationSettings(threshold, job.min_area_px)
    with label_writer(folder / "found.zarr", movie.shape) as write:
        for t in range(movie.n_frames):
            labels = segmented(movie.read(t), settings)
            write(t, labels)
            counted = {"cells": float(labels.max()), "threshold": threshold}
            yield stages.placed(Progress(FIND, t + 1, movie.n_frames, counted))
    return open_labels(folder / "found.zarr")


def _measured(
    job: Measure, movie: Movie, labels: Movie, scale: PhaseScale, stages: StagePlan
) -> Generator[Progress, None, MeasuredTracks]:
    from cell_events.dry_mass.cell_links import Link
    from cell_events.dry_mass.measure import MeasuredTracks, MeasureSettings, measured_tracks

    # What was found frame by frame knows nothing of time.
    link = "laptrack" if job.segment and job.link == "auto" else job.link
    settings = MeasureSettings(job.background, cast("Link", link), job.gap, job.max_step_px)
    for report in measured_tracks(movie, labels, scale, settings, _parents(job)):
        if isinstance(report, MeasuredTracks):
            return report
        counted = {"cells": float(report.cells)}
        yield stages.placed(Progress(MEASURE, report.t + 1, report.n_frames, counted))
    raise RuntimeError("Measuring ended without tracks.")


def _parents(job: Measure) -> dict[int, int] | None:
    from cell_events.track_ctc import read_ctc

    if job.parents is None:
        return None
    table = read_ctc(job.parents)
    daughters = table[table["P"] > 0]
    return dict(zip(daughters["L"].tolist(), daughters["P"].tolist(), strict=True))


def _write_labels(
    path: Path, labels: Movie, rows: pd.DataFrame, stages: StagePlan
) -> Iterator[Progress]:
    """Write labels whose values are the tracks of the table; cells in no track are left out."""
    rows = rows.set_index("t")
    with label_writer(path, labels.shape) as write:
        for t in range(labels.n_frames):
            frame = labels.read(t)
            write(t, _renumbered(frame, rows[rows.index == t]))
            yield stages.placed(Progress(WRITE, t + 1, labels.n_frames))


def _renumbered(frame: NDArray[Any], rows: pd.DataFrame) -> NDArray[np.int64]:
    """Labels of one frame with the tracks of these rows instead of their values."""
    values, where = np.unique(frame, return_inverse=True)
    tracks = rows.set_index("label")["track_id"].reindex(values, fill_value=0).to_numpy(np.int64)
    return tracks[where].reshape(frame.shape)


def _summary(job: Measure, movie: Movie, found: MeasuredTracks) -> dict[str, Any]:
    from cell_events.dry_mass.conservation import conservation

    kept = conservation(found.tracks)
    return {
        "tracks": str(job.out),
        **({"labels": str(job.labels_out)} if job.labels_out is not None else {}),
        "frames": movie.n_frames,
        "cells": int(found.tracks["track_id"].nunique()),
        "rows": len(found.tracks),
        "divisions": kept.divisions,
        "doubtful": int((found.tracks["doubt"] != "").sum()),
        "left_out": found.left_out,
        "linked_by": found.linked_by.way,
        "same_label": _json_number(found.linked_by.same_label),
        "conservation": {name: _json_number(value) for name, value in asdict(kept).items()},
    }


def _json_number(value: float) -> float | None:
    """JSON knows no NaN."""
    return None if np.isnan(value) else value
