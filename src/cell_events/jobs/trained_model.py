"""The model files, and the report, that training painted events leaves behind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cell_events.engine.header import ModelHeader
    from cell_events.jobs.train import Train
    from cell_events.jobs.update import Update
    from cell_events.movie import Movie
    from cell_events.recognition.quick_update import QuickClassifier
    from cell_events.recognition.train import TrainedClassifier

LEARNED_WITH = (
    *("features", "criterion", "min_painted_px", "split", "validation"),
    *("epochs", "pairs_per_epoch", "batch", "learning_rate", "rehearsals", "seed"),
)
"""Settings that the model file keeps, besides those that its architecture holds."""


def saved_classifier(
    job: Train, trained: TrainedClassifier, movies: list[Movie], tap_header: ModelHeader
) -> dict[str, Any]:
    """Write the model file and the report; give what the job has achieved."""
    from cell_events import __version__
    from cell_events.engine.model_file import save_model
    from cell_events.recognition.classifier import events_header

    report = trained.report
    metrics = report.metrics() if report else {}
    provenance = {
        "movies": [movie.name for movie in movies],
        "fingerprints": [movie.fingerprint for movie in movies],
        "version": __version__,
        "tap_digest": tap_header.weights_digest,
        "trained_on": dict(zip(("nothing", *job.classes), trained.trained_on, strict=True)),
        "metrics": metrics,
    }
    settings = {name: getattr(job, name) for name in LEARNED_WITH}
    settings["shift"] = list(trained.shift)
    header = events_header(trained.classifier, settings, provenance, movies[0])
    header = replace(header, held_out=tuple(each.to_json() for each in trained.held_out))
    header = save_model(job.model, trained.classifier, header)
    values: dict[str, Any] = {"model": str(job.model), "digest": header.weights_digest}
    if job.report is not None and report is not None:
        values["report"] = [str(path) for path in report.write(job.report)]
    return {**values, "trained_on": provenance["trained_on"], "validation": metrics}


def saved_update(
    job: Update, trained: QuickClassifier, movies: list[Movie], tap_header: ModelHeader
) -> dict[str, Any]:
    """Write the model file; give what was learned."""
    from cell_events import __version__
    from cell_events.engine.model_file import save_model
    from cell_events.recognition.classifier import events_header

    provenance = {
        "movies": [movie.name for movie in movies],
        "fingerprints": [movie.fingerprint for movie in movies],
        "version": __version__,
        "tap_digest": tap_header.weights_digest,
        "trained_on": dict(zip(("nothing", *job.classes), trained.trained_on, strict=True)),
        "went_on": trained.went_on,
    }
    settings = {"verb": "update", "steps": job.steps, "seed": job.seed}
    settings["shift"] = list(trained.shift)
    header = events_header(trained.classifier, settings, provenance, movies[0])
    header = save_model(job.model, trained.classifier, header)
    values = {name: provenance[name] for name in ("trained_on", "went_on")}
    return {"model": str(job.model), "digest": header.weights_digest, **values}
