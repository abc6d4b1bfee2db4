"""What the studies of painted events begin with: the parted movie, the network, the folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from cell_events.engine.device import choose_device
from cell_events.engine.model_file import network_digest
from cell_events.events import read_events
from cell_events.jobs.annotations import open_masks
from cell_events.jobs.study_painted import PaintedStudy
from cell_events.jobs.study_parts import PaintedPart, parts_of, whole_movie
from cell_events.jobs.time_arrow_model import load_time_arrow, time_arrow_path
from cell_events.recognition.crops import CropSettings
from cell_events.time_arrow.network import TimeArrowNetwork
from cell_events.trust.field_parts import FieldCut
from cell_events.trust.study_table import told_resolution

if TYPE_CHECKING:
    import torch


FILES = ("movies", "paints", "out", "done", "truth", "tap", "cache")
FREE = (*FILES, "device", "seeds")
"""Settings that a row does not depend on, or that a folder knows by their contents."""


@dataclass(frozen=True)
class OpenedStudy:
    """A painted movie, whole and in two parts, and the time-arrow network."""

    whole: PaintedPart
    learned: PaintedPart
    judged: PaintedPart
    cut: FieldCut
    tap: TimeArrowNetwork
    device: torch.device

    @property
    def words(self) -> str:
        """How the movie was parted, for the report."""
        number = len(self.judged.events)
        counts = f"{len(self.learned.events)} events to learn, {number} to find."
        return f"{self.cut.words} {counts} {told_resolution(number)}"


def opened(job: PaintedStudy) -> OpenedStudy:
    """Open movie, mask and network, and cut the field.

    Raises
    ------
    ValueError
        If the movie does not suffice for a study, in one sentence.
    """
    movies = [source.open() for source in job.movies]
    (mask,) = open_masks(job, movies, CropSettings(size=job.crop_size, delta=job.delta))
    truth = None if job.truth is None else read_events(job.truth)
    whole = whole_movie(movies[0], mask, job.delta, truth)
    learned, judged, cut = parts_of(whole, job.held_out)
    tap, _ = load_time_arrow(time_arrow_path(job.tap))
    device = choose_device(job.device)
    return OpenedStudy(whole, learned, judged, cut, tap.to(device), device)


def settings_of(
    name: str, job: PaintedStudy, study: OpenedStudy, free: Sequence[str]
) -> dict[str, Any]:
    """What all rows of a folder have in common; `free` names further settings that may differ."""
    own = {f.name: getattr(job, f.name) for f in fields(job) if f.name not in (*FREE, *free)}
    return {
        "study": name,
        "movie": study.whole.movie.fingerprint,
        "paint": study.whole.mask.movie.fingerprint,
        "done": sorted(study.whole.mask.done),
        "events": [(e.t, e.y, e.x, e.kind) for e in study.whole.events],
        "tap": network_digest(study.tap),
        **own,
    }


def shown_settings(job: PaintedStudy) -> dict[str, object]:
    """Settings as the page lists them, with the names of the files."""
    files = {"movie": job.movies[0].path.name, "paint": job.paints[0].name}
    others = {f.name: getattr(job, f.name) for f in fields(job) if f.name not in FILES}
    done = ", ".join(job.done)
    return {**files, "done": done, **{name: _told(value) for name, value in others.items()}}


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
