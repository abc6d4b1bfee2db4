"""Which frames to annotate for another length of divisions than a plan has found."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.jobs.checks import JobError

if TYPE_CHECKING:
    from cell_events.mitosis.annotation_plan import AnnotationPlan


def frames_to_annotate(lengths: Path, length: int, n_frames: int) -> AnnotationPlan:
    """Plan anew with the events of an earlier plan; no network is asked.

    Parameters
    ----------
    lengths
        The file lengths.csv that `mitosis plan` has written.
    length
        k, in frames.
    n_frames
        Length of the movie.

    Raises
    ------
    ValueError
        If the file cannot be read, or the movie is shorter than `length`.
    """
    from cell_events.mitosis.annotation_plan import annotation_plan
    from cell_events.mitosis.length_statistics import PredictedEvent

    try:
        with lengths.open(newline="", encoding="utf-8") as file:
            events = [
                PredictedEvent(int(row["first"]), int(row["last"]), 0.0, 0.0, 0.0)
                for row in csv.DictReader(file)
            ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise JobError(f"{lengths} cannot be read; make the plan anew.") from error
    return annotation_plan(events, length, n_frames)
