"""Learn to forecast the mass of cells: the job `anomalies train`."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from cell_events import __version__
from cell_events.jobs.anomalies_curves import frame_interval_s, read_curves
from cell_events.jobs.anomalies_train import AUTO, AnomaliesTrain
from cell_events.jobs.checks import make_folder_of
from cell_events.jobs.reports import Progress, Report, Result, StagePlan, training_progress

if TYPE_CHECKING:
    from cell_events.dry_mass.curves import MassCurve
    from cell_events.dry_mass.train import TrainedForecaster
    from cell_events.dry_mass.train_settings import ForecastSettings

READ, LEARN = "read the curves", "learn to forecast"
STAGES = (READ, LEARN)

NOT_LEARNED_WITH = ("tracks", "model", "checkpoint", "device")
"""Settings of the job that the model file does not keep."""


def run_anomalies_train(job: AnomaliesTrain) -> Iterator[Report]:
    """Read, cut windows, learn, reporting every batch, then write the model file."""
    from cell_events.dry_mass.train import TrainedForecaster, train_forecaster
    from cell_events.engine.device import choose_device, prepare_cpu

    make_folder_of(job.model, job.checkpoint)
    stages = StagePlan(STAGES)
    curves, interval_s = yield from _read(job, stages)
    settings = forecast_settings(job, curves)
    device = choose_device(job.device)
    prepare_cpu(threads=1)  # more threads only wait for each other in a network this small
    for report in train_forecaster(curves, settings, device, job.checkpoint):
        if isinstance(report, TrainedForecaster):
            values = _saved(job, report, curves, interval_s)
            if job.checkpoint is not None:
                job.checkpoint.unlink(missing_ok=True)
            yield Result(values)
        else:
            yield stages.placed(training_progress(LEARN, report))


def forecast_settings(job: AnomaliesTrain, curves: Sequence[MassCurve]) -> ForecastSettings:
    """Settings of the training that follow from a job and the lengths of its curves."""
    from cell_events.dry_mass.train_settings import ForecastSettings
    from cell_events.dry_mass.windows import fitting_shape

    past, future = job.past, job.future
    if past == AUTO:
        shape = fitting_shape(curves, job.gap)
        past, future = str(shape.past), future or shape.future
    return ForecastSettings(
        past=int(past),
        future=max(1, int(past) // 2) if future is None else future,
        gap=job.gap,
        logarithm=job.logarithm,
        both_ways=job.backwards,
        steps=job.steps,
        batch=job.batch,
        learning_rate=job.learning_rate,
        validation=job.validation,
        test=job.test,
        validate_every=job.validate_every,
        checkpoint_every=job.checkpoint_every,
        seed=job.seed,
    )


def _read(
    job: AnomaliesTrain, stages: StagePlan
) -> Generator[Progress, None, tuple[list[MassCurve], float | None]]:
    """Curves of all tables, and the frame interval if they share one."""
    curves: list[MassCurve] = []
    intervals: set[float | None] = set()
    for number, path in enumerate(job.tracks, 1):
        tracks, found = read_curves(path, job.column, job.pixel_size_um)
        curves += found
        intervals.add(frame_interval_s(tracks))
        yield stages.placed(Progress(READ, number, len(job.tracks)))
    return curves, intervals.pop() if len(intervals) == 1 else None


def _saved(
    job: AnomaliesTrain,
    trained: TrainedForecaster,
    curves: Sequence[MassCurve],
    interval_s: float | None,
) -> dict[str, Any]:
    """Write the model file; give what the job has achieved."""
    from cell_events.dry_mass.forecaster_file import forecaster_header
    from cell_events.engine.model_file import save_model

    long_enough = sum(len(c.mass_pg) >= trained.settings.shape.frames for c in curves)
    learned = {
        "curves": len(curves),
        "long_enough": long_enough,
        "windows": trained.windows,
        "past": trained.settings.past,
        "future": trained.settings.future,
        "steps": trained.settings.steps,
        "validation": trained.validation,
        "test": trained.test,
    }
    header = forecaster_header(trained, {**_provenance(job), **learned}, interval_s)
    digest = save_model(job.model, trained.network, header).weights_digest
    notes = _notes(curves, long_enough, job, trained.settings)
    return {"model": str(job.model), "digest": digest, **learned, "notes": notes}


def _provenance(job: AnomaliesTrain) -> dict[str, Any]:
    """Where a forecaster comes from, for people."""
    names = [field.name for field in fields(job) if field.name not in NOT_LEARNED_WITH]
    return {
        "tracks": [path.name for path in job.tracks],
        "version": __version__,
        "learned_with": {name: getattr(job, name) for name in names},
    }


def _notes(
    curves: Sequence[MassCurve], long_enough: int, job: AnomaliesTrain, settings: ForecastSettings
) -> list[str]:
    """Say so if most curves are too short for the windows, and which would fit."""
    from cell_events.dry_mass.windows import fitting_shape

    if 2 * long_enough >= len(curves):
        return []
    shape = fitting_shape(curves, job.gap)
    return [
        f"Only {long_enough} of {len(curves)} curves are as long as a window of {settings.shape}; "
        f"{shape.past} past and {shape.future} future frames, as past auto chooses them, would "
        "judge most of them."
    ]
