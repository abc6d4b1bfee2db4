"""Learn from synthetic curves what abnormal stretches look like: the job `segments pretrain`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from cell_events import __version__
from cell_events.jobs.checks import make_folder_of
from cell_events.jobs.reports import Report, Result, training_progress
from cell_events.jobs.segments_pretrain import SegmentsPretrain

if TYPE_CHECKING:
    from cell_events.series.train import TrainedSeries
    from cell_events.series.train_settings import SeriesTrainSettings

LEARN = "learn from synthetic curves"
NOT_LEARNED_WITH = ("model", "checkpoint", "device")
"""Settings of the job that the model file does not keep."""


def run_segments_pretrain(job: SegmentsPretrain) -> Iterator[Report]:
    """Learn, reporting every batch, then write the model file."""
    from cell_events.engine.device import choose_device, prepare_cpu
    from cell_events.engine.seeds import derived_seed
    from cell_events.series.pretraining import synthetic_examples, synthetic_source
    from cell_events.series.train import TrainedSeries, train_series

    make_folder_of(job.model, job.checkpoint)
    prepare_cpu(threads=1)  # more threads only wait for each other in a network this small
    curves: Any = job.curves
    source = synthetic_source(curves, job.batch, job.seed)
    held = synthetic_examples(curves, job.held_out, derived_seed(job.seed, 0, "held out curves"))
    settings, device = _settings(job), choose_device(job.device)
    for report in train_series(source, settings, device, job.checkpoint, held=held):
        if isinstance(report, TrainedSeries):
            yield Result(_saved(job, report))
        else:
            yield training_progress(LEARN, report)


def _settings(job: SegmentsPretrain) -> SeriesTrainSettings:
    from cell_events.series.train_settings import SeriesTrainSettings

    return SeriesTrainSettings(
        steps=job.steps,
        batch=job.batch,
        learning_rate=job.learning_rate,
        validate_every=job.validate_every,
        checkpoint_every=job.checkpoint_every,
        seed=job.seed,
    )


def _saved(job: SegmentsPretrain, trained: TrainedSeries) -> dict[str, Any]:
    """Write the model file; give what the job has achieved."""
    from cell_events.engine.model_file import save_model
    from cell_events.series.pretraining import SYNTHETIC_KINDS
    from cell_events.series.series_file import series_header

    curves: Any = job.curves
    kinds = SYNTHETIC_KINDS[curves]
    names = [field.name for field in fields(job) if field.name not in NOT_LEARNED_WITH]
    provenance = {
        "version": __version__,
        "learned_with": {name: getattr(job, name) for name in names},
        "validation": trained.validation,
    }
    header = save_model(
        job.model, trained.network, series_header(trained.network, kinds, provenance)
    )
    if job.checkpoint is not None:
        job.checkpoint.unlink(missing_ok=True)
    return {
        "model": str(job.model),
        "digest": header.weights_digest,
        "kinds": list(kinds),
        "curves": job.steps * job.batch,
        "validation": trained.validation,
    }
