"""The steps of the job `calibrate`, for all kinds of models."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.engine.device import choose_device, prepare_cpu
from cell_events.engine.header import ModelFileError, ModelHeader, read_header
from cell_events.engine.model_file import load_model, save_model
from cell_events.jobs.calibrate import Calibrate, shares_of
from cell_events.jobs.checks import JobError
from cell_events.jobs.reports import Progress, Report, Result, StagePlan
from cell_events.trust.calibration_report import CalibrationReport, write_calibration_report
from cell_events.trust.calibration_scores import StepScores, judged_steps, judgements
from cell_events.trust.calibration_steps import (
    StepSettings,
    calibration_of,
    steps_allowed,
)
from cell_events.trust.evidence import Evidence, check_evidence
from cell_events.trust.labelled_logits import CalibrationError
from cell_events.trust.temperature import By

READ, ASK, JUDGE = "read the painted places", "ask the model", "judge the probabilities"
"""The stages of the job; the first is needed only where models are trained for comparison."""

LOWEST_SCORE = 0.05
"""Detections from this score on are calibrated on."""


@dataclass(frozen=True)
class Asked:
    """What a model said of what is known.

    Attributes
    ----------
    what
        What the rows of the evidence are, for sentences: "crops" or "detections".
    note
        What else people should know of how it was asked; may be empty.
    """

    evidence: Evidence
    settings: StepSettings
    what: str
    note: str = ""


Gather = Callable[[Calibrate, ModelHeader, str], Generator[Progress, None, Asked]]


def calibrated(job: Calibrate) -> Iterator[Report]:
    """Run the job; see `run_calibrate`."""
    prepare_cpu()
    device = choose_device(job.device)
    header, plan = read_header(job.model), StagePlan((READ, ASK, JUDGE))
    prior = _prior(job, header)
    try:
        asked = yield from _placed(_gather_for(header, job)(job, header, str(device)), plan)
        asked = replace(asked, settings=replace(asked.settings, prior=prior))
        check_evidence(asked.evidence, asked.what)
        last = steps_allowed(asked.evidence, asked.settings)[-1]
        calibration = calibration_of(last, asked.evidence, asked.settings)
        scores = yield from _judged(asked, plan, job.seed)
    except CalibrationError as error:
        raise JobError(str(error)) from error
    report = CalibrationReport(
        job.model.name, last, calibration, asked.evidence, tuple(scores), asked.note
    )
    header = _write_model(job, report, asked)
    yield Result(_values(job, header, report))


def _gather_for(header: ModelHeader, job: Calibrate) -> Gather:
    """What asks the model, as its kind needs it."""
    if header.kind == "events" and job.crops == "detections":
        from cell_events.jobs.calibrate_detections import ask_for_painted_detections

        return ask_for_painted_detections
    if header.kind == "events":
        from cell_events.jobs.calibrate_painted import ask_about_crops

        return ask_about_crops
    if header.kind == "mitosis":
        from cell_events.jobs.calibrate_mitoses import ask_for_detections

        return ask_for_detections
    raise ModelFileError(
        f"{job.model} is a model of kind '{header.kind}', which finds no events; expected one that "
        "train, update or mitosis train has written."
    )


def fitted_by(job: Calibrate) -> By:
    """What the temperature is fitted by."""
    return "likelihood" if job.by == "likelihood" else "calibration error"


def _placed(
    reports: Generator[Progress, None, Asked], plan: StagePlan
) -> Generator[Progress, None, Asked]:
    """Progress that tells what follows."""
    while True:
        try:
            report = next(reports)
        except StopIteration as end:
            asked: Asked = end.value
            return asked
        yield plan.placed(report)


def _judged(
    asked: Asked, plan: StagePlan, seed: int
) -> Generator[Progress, None, list[StepScores]]:
    """Judge each step on blocks that it was not learned from."""
    total = len(judgements(asked.evidence, asked.settings))
    scores: list[StepScores] = []
    yield plan.placed(Progress(JUDGE, 0, total))
    for found in judged_steps(asked.evidence, asked.settings, seed):
        scores.append(found)
        yield plan.placed(Progress(JUDGE, len(scores), total))
    return scores


def _prior(job: Calibrate, header: ModelHeader) -> NDArray[np.float64] | None:
    """Frequencies that were asked for, (K + 1,); None if they follow from the movie."""
    shares = shares_of(job.prior)
    if not shares:
        return None
    if header.kind != "events" or job.crops == "detections":
        raise JobError(
            "A model that is calibrated on its detections takes their frequency from the done "
            "frames; leave prior out, or calibrate a model of train on all crops."
        )
    if set(shares) != set(header.classes):
        raise JobError(
            f"prior names {', '.join(shares)}, but the classes of {job.model.name} are "
            f"{', '.join(header.classes)}; give a share for each."
        )
    events = [shares[name] for name in header.classes]
    return np.array([1 - sum(events), *events])


def _write_model(job: Calibrate, report: CalibrationReport, asked: Asked) -> ModelHeader:
    """Write the report, then the model file with its calibration."""
    if job.report is not None:
        write_calibration_report(job.report, report, job.seed)
    network, header = load_model(job.model)
    about = {
        "step": report.step,
        "by": job.by,
        "crops": job.crops,
        "counts": report.counts,
        "blocks": report.blocks,
        "prior": _told_prior(asked),
        "note": asked.note,
    }
    return save_model(
        job.target,
        network,
        replace(
            header,
            temperature=report.calibration.temperature,
            calibration={**report.calibration.to_json(), **about},
        ),
    )


def _told_prior(asked: Asked) -> dict[str, float] | None:
    """How frequent the classes are taken to be; None if nobody knows."""
    prior = asked.settings.prior if asked.settings.prior is not None else asked.evidence.prior
    names = asked.evidence.crops.names
    return None if prior is None else dict(zip(names, prior.tolist(), strict=True))


def _values(job: Calibrate, header: ModelHeader, report: CalibrationReport) -> dict[str, Any]:
    """What the job has achieved, for people and docks."""
    values: dict[str, Any] = {
        "model": str(job.target),
        "digest": header.weights_digest,
        **report.summary(),
    }
    if job.report is not None:
        values["report"] = str(job.report / "index.html")
    return values
