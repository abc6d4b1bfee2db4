"""Put divisions on tracks, for programs that know tracks and not events: the job `export`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.jobs.checks import JobError, check_at_least, check_positive, make_folder_of
from cell_events.jobs.reports import Report, Result

if TYPE_CHECKING:
    import pandas as pd

    from cell_events.movie import Movie
    from cell_events.track_divisions import DivisionsOnTracks


@dataclass(frozen=True, slots=True)
class Export:
    """Tell which track divides into which two, and write it for other programs.

    Attributes
    ----------
    events
        CSV of events; its divisions count, unless a person rejected them.
    tracks
        Tracks: a CSV with one row `track_id,t,y,x` for each cell and frame, or a file of TrackMate
        or the Cell Tracking Challenge.
    csv
        CSV of the tracks to write, with the parents found.
    ctc
        Track file of the Cell Tracking Challenge to write, such as `res_track.txt`.
    geff
        GEFF folder to write: a graph of cells and divisions.
    unmatched
        CSV to write of the divisions that no tracks fit, with the reason.
    labels
        Labels movie that the tracks were made of; the CTC tracks are checked against it.
    radius_px
        Largest distance, in pixels, between a division and the ends of its tracks.
    frames
        How many frames earlier or later than the division tracks may end and begin.
    pixel_size_um
        Width of a pixel in micrometres, written to the GEFF.
    frame_interval_s
        Seconds between frames, written to the GEFF.
    """

    events: Path
    tracks: Path
    csv: Path | None = None
    ctc: Path | None = None
    geff: Path | None = None
    unmatched: Path | None = None
    labels: Path | None = None
    radius_px: float = 40.0
    frames: int = 1
    pixel_size_um: float | None = None
    frame_interval_s: float | None = None

    def __post_init__(self) -> None:
        if not any((self.csv, self.ctc, self.geff)):
            raise JobError("Nothing would be written; name a file with --csv, --ctc or --geff.")
        if self.labels is not None and self.ctc is None:
            raise JobError("labels are what a CTC file is checked against; name one with --ctc.")
        check_positive("radius", self.radius_px)
        check_at_least("frames", self.frames, 0)
        check_positive("pixel_size_um", self.pixel_size_um)
        check_positive("frame_interval_s", self.frame_interval_s)


def run_export(job: Export) -> Iterator[Report]:
    """Join, then write; a single result."""
    from cell_events.events import read_events
    from cell_events.track_divisions import divisions_on_tracks, with_parents
    from cell_events.track_files import read_any_tracks

    make_folder_of(job.csv, job.ctc, job.unmatched)
    tracks = read_any_tracks(job.tracks, job.pixel_size_um)
    found = divisions_on_tracks(read_events(job.events), tracks, job.radius_px, job.frames)
    _write(job, with_parents(tracks, found.parents), found)
    written = {name: getattr(job, name) for name in ("csv", "ctc", "geff", "unmatched")}
    yield Result(
        {
            **{name: str(path) for name, path in written.items() if path is not None},
            "divisions": len(found.divisions),
            "unmatched_divisions": dict(Counter(reason for _, reason in found.unmatched)),
        }
    )


def _write(job: Export, tracks: pd.DataFrame, found: DivisionsOnTracks) -> None:
    """Write what was asked for, the file that can be refused first."""
    from cell_events.events import write_events
    from cell_events.track_ctc import check_against_labels, ctc_table, write_ctc
    from cell_events.track_geff import write_geff
    from cell_events.tracks import write_tracks

    if job.ctc is not None:
        if job.labels is not None:
            check_against_labels(ctc_table(tracks), _open_labels(job.labels))
        write_ctc(job.ctc, tracks)
    if job.geff is not None:
        write_geff(job.geff, tracks, found.divisions, job.pixel_size_um, job.frame_interval_s)
    if job.csv is not None:
        write_tracks(job.csv, tracks)
    if job.unmatched is not None:
        told = (replace(one, extra={**one.extra, "reason": why}) for one, why in found.unmatched)
        write_events(job.unmatched, told, job.pixel_size_um, job.frame_interval_s)


def _open_labels(path: Path) -> Movie:
    """Labels have the axes T, Y and X, whatever their file calls them."""
    from cell_events.movie import open_movie

    return open_movie(path, axes="TYX", missing_chunks="fill")
