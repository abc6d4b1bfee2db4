"""What model files say about probabilities, and where nothing was learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cell_events.engine.header import ModelFileError, ModelHeader
from cell_events.events import Event
from cell_events.jobs.checks import JobError
from cell_events.trust.calibration import Calibration

if TYPE_CHECKING:
    from cell_events.engine.held_out import HeldOut
    from cell_events.movie import Movie


def calibration_in(header: ModelHeader) -> Calibration | None:
    """Give the calibration of a model; None if it was never calibrated."""
    if not header.calibration:
        return None
    try:
        return Calibration.from_json(header.calibration)
    except ValueError as error:
        raise ModelFileError(str(error)) from error


def with_probabilities(
    events: Sequence[Event], calibration: Calibration | None
) -> tuple[Event, ...]:
    """Events of a model with one class, with the probabilities of their scores."""
    if calibration is None or not events:
        return tuple(events)
    found = calibration.of_scores(np.array([event.score or 0.0 for event in events]))
    told = zip(events, found.tolist(), strict=True)
    return tuple(replace(event, probability=probability) for event, probability in told)


def not_learned_from(movie: Movie, model: Path, header: ModelHeader) -> HeldOut | None:
    """Blocks of a movie that a model has not learned from; None if it has not seen the movie.

    A movie is known again by its pixels (`Movie.fingerprint`), or in models that have not kept
    those by its name.

    Raises
    ------
    JobError
        If the model has learned from all of the movie.
    """
    from cell_events.engine.held_out import HeldOut

    for entry in header.held_out:
        blocks = HeldOut.from_json(entry)
        if blocks.fingerprint == movie.fingerprint and blocks.held.any():
            return blocks
    if has_learned_from(movie, header):
        instead = "choose all crops, " * (header.settings.get("verb") == "update")
        raise JobError(
            f"{model.name} has learned from all of {movie.name}, so that nothing of it is left to "
            f"calibrate on; {instead}train with a part held out in blocks, or give an annotated "
            "movie that the model has never seen."
        )
    return None


def has_learned_from(movie: Movie, header: ModelHeader) -> bool:
    """Whether a movie, or a part of it, is among those that a model has learned from."""
    fingerprints = header.provenance.get("fingerprints")
    if fingerprints is None:
        return movie.name in (header.provenance.get("movies") or ())
    return movie.fingerprint in fingerprints
