"""The model of the job `segments detect`, and what it says about how to use it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cell_events.jobs.anomalies_train import MASS
from cell_events.jobs.segments_checks import series_model
from cell_events.jobs.segments_detect import SegmentsDetect
from cell_events.jobs.segments_tables import given_scale, series_table
from cell_events.jobs.segments_train import settled_step

if TYPE_CHECKING:
    from pathlib import Path

    from cell_events.engine.header import ModelHeader
    from cell_events.series.detect import DetectSettings
    from cell_events.series.scaling import Scale
    from cell_events.series.series_tables import SeriesTable
    from cell_events.series.transfer import SeriesNetwork

POINTS = 1024


@dataclass(frozen=True)
class SeriesModel:
    """A network, how it is used, and which columns it has learned from."""

    path: Path
    network: SeriesNetwork
    settings: DetectSettings
    channels: tuple[str, ...]


def model_for(job: SegmentsDetect) -> SeriesModel:
    """Read the model; what the job leaves open follows from what it has learned."""
    from cell_events.engine.device import choose_device
    from cell_events.series.detect import DetectSettings
    from cell_events.series.series_file import load_series_network
    from cell_events.series.stretches import StretchSettings
    from cell_events.series.thresholds import UNFITTED

    path = series_model(job.model)
    network, header = load_series_network(path, choose_device(job.device))
    found = header.settings
    length = int(found.get("points", POINTS)) if job.length is None else job.length
    step = job.step if job.step is not None or job.length is not None else found.get("step")
    settings = DetectSettings(
        kinds=header.classes,
        told=job.kinds,
        length=length,
        step=min(length, settled_step(length, step)),
        scale=_scale(job, header),
        stretches=StretchSettings(job.threshold or UNFITTED, job.least, job.gap),
        thresholds=_thresholds(job, header),
    )
    return SeriesModel(path, network, settings, tuple(found.get("channels", ())))


def table_for(job: SegmentsDetect, path: Path, model: SeriesModel) -> SeriesTable:
    """Give a table of a job; the model decides on channels that are left open.

    They are those that it has learned from, or for a single one the mass that `measure` writes.
    """
    table = series_table(job, path)
    if job.channels:
        return table
    columns = set(table.numbers())
    mass = (MASS,) if model.network.channels == 1 else ()
    known = (some for some in (model.channels, mass) if some and columns.issuperset(some))
    return replace(table, channels=next(known, ()))


def _thresholds(job: SegmentsDetect, header: ModelHeader) -> dict[str, float]:
    """Thresholds that were fitted when the model was made, unless the job has one for all."""
    if job.threshold is not None:
        return {}
    known = header.settings.get("thresholds", {})
    return {kind: float(known[kind]) for kind in header.classes if kind in known}


def _scale(job: SegmentsDetect, header: ModelHeader) -> Scale | None:
    if job.center is not None:
        return given_scale(job.center, job.spread)
    known = header.normalisation
    return given_scale(known.get("center"), known.get("spread"))
