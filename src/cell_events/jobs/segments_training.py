"""Learn abnormal stretches of curves from labelled ones: the job `segments train`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from cell_events import __version__
from cell_events.jobs.checks import make_folder_of
from cell_events.jobs.reports import Progress, Report, Result, StagePlan, training_progress
from cell_events.jobs.segments_checks import series_model
from cell_events.jobs.segments_held_out import held_out
from cell_events.jobs.segments_tables import LabelledSeries, given_scale, labelled_series
from cell_events.jobs.segments_thresholds import held_out_thresholds
from cell_events.jobs.segments_train import SCRATCH, SegmentsTrain, settled_step

if TYPE_CHECKING:
    from cell_events.engine.header import ModelHeader
    from cell_events.series.examples import SeriesExamples
    from cell_events.series.train import TrainedSeries
    from cell_events.series.train_settings import SeriesTrainSettings
    from cell_events.series.transfer import SeriesNetwork

READ, LEARN = "read series and labels", "learn abnormal stretches"
STAGES = (READ, LEARN)
FEW = 5
"""Labelled stretches of a kind from which little can be learned."""

NOT_LEARNED_WITH = ("series", "labels", "model", "checkpoint", "device")
"""Settings of the job that the model file does not keep."""


def run_segments_train(job: SegmentsTrain) -> Iterator[Report]:
    """Read, cut snapshots, learn, reporting every batch, then write the model file."""
    from cell_events.engine.device import choose_device, prepare_cpu
    from cell_events.series.train import TrainedSeries, train_series

    make_folder_of(job.model, job.checkpoint)
    stages = StagePlan(STAGES)
    start = starting_model(job)
    labelled = labelled_series(job)
    learned, judged = held_out(labelled, job.held_out, job.seed)
    examples = _examples(job, learned)
    held = None if judged is None else _examples(job, judged)
    yield stages.placed(Progress(READ, 1, 1))
    prepare_cpu(threads=1)  # more threads only wait for each other in a network this small
    device = choose_device(job.device)
    settings = series_settings(job, len(labelled.series[0].channels))
    for report in train_series(examples, settings, device, job.checkpoint, start, held):
        if isinstance(report, TrainedSeries):
            thresholds = held_out_thresholds(job, report.network, judged)
            yield Result(_saved(job, report, labelled, thresholds))
        else:
            yield stages.placed(training_progress(LEARN, report))


def starting_model(job: SegmentsTrain) -> SeriesNetwork | None:
    """Network that training starts from."""
    if job.based_on == SCRATCH:
        return None
    from cell_events.series.series_file import load_series_network

    return load_series_network(series_model(job.based_on))[0]


def series_settings(job: SegmentsTrain, channels: int) -> SeriesTrainSettings:
    """Settings of the training that follow from a job."""
    from cell_events.series.train_settings import SeriesTrainSettings

    network: Any = job.network
    transfer: Any = job.settled_transfer(channels)
    return SeriesTrainSettings(
        steps=job.steps,
        batch=job.batch,
        learning_rate=job.learning_rate,
        augmentations=job.augmentations,
        rescale=job.center is None,
        exclusive=job.exclusive,
        network=network,
        transfer=transfer,
        validate_every=job.validate_every,
        checkpoint_every=job.checkpoint_every,
        seed=job.seed,
    )


def _examples(job: SegmentsTrain, labelled: LabelledSeries) -> SeriesExamples:
    from cell_events.series.labelled_snapshots import labelled_snapshots

    return labelled_snapshots(
        labelled.series,
        labelled.segments,
        labelled.kinds,
        job.length,
        settled_step(job.length, job.step),
        given_scale(job.center, job.spread),
    )


def _saved(
    job: SegmentsTrain,
    trained: TrainedSeries,
    labelled: LabelledSeries,
    thresholds: dict[str, float],
) -> dict[str, Any]:
    """Write the model file; give what the job has achieved."""
    from cell_events.engine.model_file import save_model

    counts = Counter(one.kind for one in labelled.segments)
    learned = {
        "series": len(labelled.series),
        "snapshots": trained.examples,
        "channels": list(labelled.series[0].channels),
        "stretches": {kind: counts[kind] for kind in labelled.kinds},
        "validation": trained.validation,
        "thresholds": thresholds,
    }
    header = save_model(job.model, trained.network, _header(job, trained, labelled, learned))
    if job.checkpoint is not None:
        job.checkpoint.unlink(missing_ok=True)
    few = [kind for kind in labelled.kinds if counts[kind] < FEW]
    notes = [f"There are fewer than {FEW} labelled stretches of {', '.join(few)}; label more."]
    place = {"model": str(job.model), "digest": header.weights_digest}
    return {**place, **learned, "notes": notes if few else []}


def _header(
    job: SegmentsTrain, trained: TrainedSeries, labelled: LabelledSeries, learned: dict[str, Any]
) -> ModelHeader:
    """Header of the model file: all that detection needs."""
    from cell_events.series.series_file import series_header

    names = [field.name for field in fields(job) if field.name not in NOT_LEARNED_WITH]
    provenance = {
        "tables": [path.name for path in job.series],
        "version": __version__,
        "learned_with": {name: getattr(job, name) for name in names},
        **learned,
    }
    needed = {
        "points": job.length,
        "step": settled_step(job.length, job.step),
        "thresholds": learned["thresholds"],
    }
    channels = labelled.series[0].channels
    header = series_header(trained.network, labelled.kinds, provenance, channels, settings=needed)
    if job.center is None:
        return header
    scale = {"kind": "given", "center": job.center, "spread": job.spread}
    return replace(header, normalisation=scale)
