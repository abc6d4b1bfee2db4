"""Measure the dry mass of every cell in every frame: the job `measure`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cell_events.jobs.checks import JobError, check_at_least, check_choice, check_positive
from cell_events.jobs.label_movie import check_labels_out
from cell_events.jobs.mitosis_checks import check_one_movie
from cell_events.jobs.movie_source import MovieSource

UNITS = ("rad", "nm", "um", "pg")
LINKS = ("auto", "labels", "laptrack")


@dataclass(frozen=True, slots=True)
class Measure:
    """Measure dry mass, area and shape of every labelled cell, and write them as tracks.

    Units and scale are never assumed: what neither the file nor an option says is asked for.

    Attributes
    ----------
    movies
        Movie of phase; one at a time.
    labels
        Labels movie (T, Y, X) of the cells: 0 is background, each cell has its own value.
    out
        CSV of tracks to write.
    unit
        What grey values are: "rad" (phase), "nm" or "um" (optical path difference), or "pg"
        (calibrated); by default what the file says.
    wavelength_um
        Wavelength of the light in micrometres; needed for phase in rad.
    pg_per_grey
        Calibrated dry mass, in pg, of one grey value of one pixel.
    refraction_increment
        Specific refraction increment in um3/pg.
    background
        Subtract from each cell the grey value of its surroundings.
    link
        "labels" if a cell keeps its value from frame to frame, "laptrack" to link cells by place,
        "auto" to find out.
    gap
        Frames in which a cell may be missing when cells are linked by place.
    max_step_px
        Farthest that a cell moves between two frames when cells are linked by place, in pixels; by
        default the median diameter of a cell.
    parents
        Track file of the Cell Tracking Challenge (such as res_track.txt) that says which label
        came from which.
    segment
        Find the cells by threshold and watershed instead of reading labels.
    threshold
        Grey value from which on a pixel belongs to a cell, for `segment`; found if not given.
    min_area_px
        Smallest area of a cell in pixels, for `segment`.
    labels_out
        Labels movie to write, a zarr, in which each value is the track of the table.
    """

    movies: tuple[MovieSource, ...]
    labels: Path | None = None
    out: Path = Path("tracks.csv")
    unit: str | None = None
    wavelength_um: float | None = None
    pg_per_grey: float | None = None
    refraction_increment: float = 0.19
    background: bool = False
    link: str = "auto"
    gap: int = 2
    max_step_px: float | None = None
    parents: Path | None = None
    segment: bool = False
    threshold: float | None = None
    min_area_px: int = 100
    labels_out: Path | None = None

    def __post_init__(self) -> None:
        check_one_movie(self.movies)
        if self.unit is not None:
            check_choice("unit", self.unit, UNITS)
        check_choice("link", self.link, LINKS)
        check_positive("wavelength_um", self.wavelength_um)
        check_positive("pg_per_grey", self.pg_per_grey)
        check_positive("refraction_increment", self.refraction_increment)
        check_positive("max_step_px", self.max_step_px)
        check_at_least("gap", self.gap, 0)
        check_at_least("min_area_px", self.min_area_px, 1)
        check_labels_out(self.labels_out)
        self._check_labels()

    def _check_labels(self) -> None:
        if self.labels is None and not self.segment:
            raise JobError(
                "Cells are unknown; give their labels, or have cells found by threshold (segment)."
            )
        if self.labels is not None and self.segment:
            raise JobError("Give either labels or segment, which finds cells without labels.")
        if self.parents is not None and self.labels is None:
            raise JobError("parents say which label came from which; give the labels, too.")
        if self.parents is not None and self.link == "laptrack":
            raise JobError("parents are known by labels; leave out the link laptrack, or parents.")
