"""Detections of which it is known whether they are right, as evidence for a calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event
from cell_events.matching import Tolerance, close_pairs, match_events
from cell_events.trust.calibration import logits_of_log_odds
from cell_events.trust.evidence import Evidence, check_counts
from cell_events.trust.labelled_logits import LabelledLogits


@dataclass(frozen=True, eq=False)
class JudgedDetections:
    """Detections of one movie where nothing was learned, and what is truly there.

    Attributes
    ----------
    events
        N detections.
    log_odds
        Of each class 1..K against all else, (N, K).
    label
        What is there, 0..K, (N,).
    block
        Block of the movie that each one lies in, (N,).
    blocks
        Number of blocks of the movie.
    """

    events: Sequence[Event]
    log_odds: NDArray[np.float64]
    label: NDArray[np.int64]
    block: NDArray[np.int64]
    blocks: int

    def select(self, rows: NDArray[np.bool_]) -> JudgedDetections:
        """Some of the detections."""
        events = [event for event, kept in zip(self.events, rows, strict=True) if kept]
        log_odds, label, block = self.log_odds[rows], self.label[rows], self.block[rows]
        return JudgedDetections(events, log_odds, label, block, self.blocks)


def evidence_of_detections(
    found: Sequence[JudgedDetections], classes: tuple[str, ...], instead: str = ""
) -> Evidence:
    """Detections of all movies, as often right as they come.

    Raises
    ------
    CalibrationError
        If too few are right, or too few are wrong; `instead` says what else may help.
    """
    first = np.cumsum([0, *(each.blocks for each in found)]).tolist()
    label = np.concatenate([each.label for each in found])
    block = np.concatenate([start + each.block for start, each in zip(first, found, strict=False)])
    check_counts(label, block, ("nothing", *classes), "detections", instead)
    logits = logits_of_log_odds(np.concatenate([each.log_odds for each in found]))
    return Evidence(LabelledLogits(classes, logits, label, block))


def what_is_there(
    found: Sequence[Event], truth: Sequence[Event], classes: Sequence[str], tolerance: Tolerance
) -> NDArray[np.int64]:
    """Label 0..K of each found event (N,), matched one to one; 0 where there is no true event.

    A true event is first given to what was found of its own class. Something found of another class
    at the same place shows it, too.
    """
    label = np.zeros(len(found), np.int64)
    others = [(thought, true) for thought in classes for true in classes if thought != true]
    for thought, true in [*((name, name) for name in classes), *others]:
        rows = [i for i, e in enumerate(found) if e.kind == thought and label[i] == 0]
        as_true = [replace(found[i], kind=true) for i in rows]
        matching = match_events(
            as_true,
            [event for event in truth if event.kind == true],
            radius_px=tolerance.radius_px,
            frames=tolerance.frames,
        )
        label[[rows[i] for i, _ in matching.pairs]] = classes.index(true) + 1
    return label


def beside_a_missed_event(
    found: Sequence[Event], truth: Sequence[Event], tolerance: Tolerance, beside: Tolerance
) -> NDArray[np.bool_]:
    """Whether each found event (N,) lies near a true one that nothing matches.

    Nobody knows whether such a one is wrong, or lies a little off.
    """
    matching = match_events(found, truth, radius_px=tolerance.radius_px, frames=tolerance.frames)
    near = close_pairs(found, matching.unmatched_truth, beside)[:, 0]
    return np.isin(np.arange(len(found)), near)


def amid_known_frames(
    found: Sequence[Event], known: frozenset[int], n_frames: int
) -> NDArray[np.bool_]:
    """Whether each found event (N,) is not in the first or last frame of a known stretch.

    An event that it belongs to may be annotated just outside.
    """
    around = [{t for t in (e.t - 1, e.t, e.t + 1) if 0 <= t < n_frames} for e in found]
    return np.array([frames <= known for frames in around], bool)
