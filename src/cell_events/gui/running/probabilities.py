"""Probabilities for events that a model found before it was calibrated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cell_events.events import Event, read_events, write_events
from cell_events.project import Edit, EventChange, Project
from cell_events.trust.calibration import Calibration


@dataclass(frozen=True)
class CalibratedModel:
    """A model file that says what its scores mean.

    Attributes
    ----------
    source
        What its events name as their source: the name of the file.
    calibration
        From logits to probabilities, for "nothing" and one class.
    """

    source: str
    calibration: Calibration

    def told(self, events: Iterable[Event]) -> list[Event]:
        """The events, in their order; those of this model with their probabilities."""
        events = list(events)
        rows = [
            row
            for row, event in enumerate(events)
            if event.source == self.source and event.score is not None
        ]
        scores = np.array([events[row].score for row in rows], dtype=float)
        for row, probability in zip(rows, self.calibration.of_scores(scores), strict=True):
            events[row] = replace(events[row], probability=float(probability))
        return events


def calibrated_model(source: str, header: Mapping[str, Any]) -> CalibratedModel | None:
    """What a header says; None if scores alone do not tell probabilities, as of several classes."""
    if not header.get("calibration") or len(header.get("classes", ())) != 1:
        return None
    return CalibratedModel(source, Calibration.from_json(header["calibration"]))


def tell_probabilities(project: Project, model: CalibratedModel) -> int:
    """Give all events of a project that this model found their probabilities; how many it found.

    Proposals keep their rows, and with them their ids. Decisions change by one edit, that undo
    takes back.
    """
    changes: list[EventChange] = []
    found = 0
    for movie_id in project.movies:
        found += _tell_proposals(project, movie_id, model)
        before = project.events(movie_id)
        for event_id, event in zip(before, model.told(before.values()), strict=True):
            if event != before[event_id]:
                changes.append(EventChange(movie_id, event_id, before[event_id], event))
    if changes:
        project.apply(Edit("tell probabilities", tuple(changes)))
    return found


def _tell_proposals(project: Project, movie_id: str, model: CalibratedModel) -> int:
    """Rewrite the proposals of a movie; how many of them the model found."""
    name = project.value(f"proposals/{movie_id}")
    path = project.path / str(name) if name else None
    if path is None or not path.exists():
        return 0
    events, reference = read_events(path), project.movies[movie_id]
    told = model.told(events)
    if told != events:
        write_events(path, told, reference.pixel_size_um, reference.frame_interval_s)
    return sum(event.source == model.source for event in told)
