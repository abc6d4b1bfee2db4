"""What scores and probabilities promise of detections in held-out blocks, and what is right."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import softmax

from cell_events.engine.header import ModelHeader, read_header
from cell_events.engine.held_out import HeldOut
from cell_events.events import Event
from cell_events.jobs import Calibrate
from cell_events.jobs.calibrate_detections import ask_for_painted_detections
from cell_events.jobs.calibrate_painted import ask_about_crops
from cell_events.jobs.calibrating import Asked
from cell_events.matching import Tolerance, match_events
from cell_events.trust.calibration import log_odds_of_scores, logits_of_log_odds
from cell_events.trust.calibration_steps import steps_allowed
from cell_events.trust.cross_fit import cross_fitted
from cell_events.trust.held_out_events import held_out_events
from cell_events.trust.labelled_logits import CalibrationError, LabelledLogits

TOLERANCE = Tolerance(10, 1)


def detections(job: Calibrate, found: list[Event], truth: list[Event]) -> dict[str, Any]:
    """What scores and probabilities promise in the held-out blocks, and what is right."""
    header = read_header(job.model)
    judged = judged_detections(header, found, truth)
    ways, counts = {"scores": softmax(judged.logits, axis=1)}, {}
    on_detections = replace(job, crops="detections")
    for name, asking in (
        ("crops", ask_about_crops(job, header, "cpu")),
        ("detections", ask_for_painted_detections(on_detections, header, "cpu")),
    ):
        try:
            asked = last_value(asking)
        except CalibrationError as error:  # too few even for the sums
            print(error)
            continue
        step = steps_allowed(asked.evidence, asked.settings)[-1]
        ways[name] = cross_fitted(step, asked.evidence, judged, asked.settings)
        label = asked.evidence.crops.label
        counts[name] = f"{(label > 0).sum()} and {(label == 0).sum()}"
    told = {way: probabilities[:, 1].tolist() for way, probabilities in ways.items()}
    label, block = judged.label.tolist(), judged.group.tolist()
    return {"learned from": counts, "told": {"label": label, "block": block, "ways": told}}


def judged_detections(
    header: ModelHeader, found: list[Event], truth: list[Event]
) -> LabelledLogits:
    """Detections in the held-out blocks, by whether a true division is matched to them."""
    blocks = HeldOut.from_json(header.held_out[0])
    size, delta = int(header.arguments["size"]), int(header.arguments["delta"])
    kept, true = held_out_events(found, truth, blocks, size, delta, TOLERANCE)
    matching = match_events(kept, true, radius_px=TOLERANCE.radius_px, frames=TOLERANCE.frames)
    right = np.zeros(len(kept), np.int64)
    right[[i for i, _ in matching.pairs]] = 1
    odds = log_odds_of_scores(np.array([event.score for event in kept]))
    places = np.array([(e.t - delta, round(e.y), round(e.x)) for e in kept])
    logits = logits_of_log_odds(odds[:, None])
    return LabelledLogits(header.classes, logits, right, blocks.block_of(places))


def last_value(asking: Generator[object, None, Asked]) -> Asked:
    """What a generator returns at its end."""
    while True:
        try:
            next(asking)
        except StopIteration as end:
            return end.value
