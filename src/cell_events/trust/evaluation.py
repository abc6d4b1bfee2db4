"""Everything that is measured of found events when the true ones are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cell_events.events import Event
from cell_events.matching import Matching, Tolerance, match_events
from cell_events.trust.confusion import Confusion, confusion
from cell_events.trust.errors_over_time import ErrorsOverTime, errors_over_time
from cell_events.trust.event_scores import AUTO, EventScores, event_scores
from cell_events.trust.model_comparison import Candidate
from cell_events.trust.outcomes import Outcomes, outcomes
from cell_events.trust.quality import Quality, Resampling, quality


@dataclass(frozen=True, slots=True)
class EvaluationSettings:
    """What counts as found, and how sure the figures are to be.

    Attributes
    ----------
    tolerance
        How far apart a found and a true event may lie.
    threshold
        Least score that counts; None: every found event does.
    by
        What ranks the events: see `event_scores`.
    bin_frames
        Frames in a bin of the errors over time; None: so many that there are at most 60.
    """

    tolerance: Tolerance = field(default_factory=Tolerance)
    threshold: float | None = None
    by: str = AUTO
    resampling: Resampling = field(default_factory=Resampling)
    bin_frames: int | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one list of found events is worth.

    Attributes
    ----------
    matching
        Events at the threshold, matched with as many true ones as possible and as near as possible.
    scores
        What ranks all found events.
    outcomes
        All found events, matched by rank.
    quality
        Figures and the curve, of all kinds together.
    kinds
        The same for each kind.
    """

    matching: Matching
    scores: EventScores
    outcomes: Outcomes
    quality: Quality
    kinds: Mapping[str, Quality]
    confusion: Confusion
    over_time: ErrorsOverTime
    settings: EvaluationSettings

    def candidate(self, name: str) -> Candidate:
        """Give the list as one of two to compare."""
        return Candidate(name, self.matching, self.outcomes, self.settings.threshold)


def evaluated(
    found: Sequence[Event], truth: Sequence[Event], settings: EvaluationSettings | None = None
) -> Evaluation:
    """Match, count, and tell how sure that is.

    Raises
    ------
    ValueError
        If `settings.by` is unknown.
    """
    settings = settings or EvaluationSettings()
    scores = event_scores(found, settings.by)
    limits, least = settings.tolerance, settings.threshold
    kept = [e for e, value in zip(found, scores.values, strict=True) if value >= _least(least)]
    matching = match_events(kept, truth, radius_px=limits.radius_px, frames=limits.frames)
    ranked = outcomes(found, truth, scores.values, limits)
    kinds = sorted({event.kind for event in (*found, *truth)})
    return Evaluation(
        matching,
        scores,
        ranked,
        quality(ranked, least, settings.resampling),
        {kind: quality(ranked.of_kind(kind), least, settings.resampling) for kind in kinds},
        confusion(matching),
        errors_over_time(matching, settings.bin_frames),
        settings,
    )


def _least(threshold: float | None) -> float:
    return float("-inf") if threshold is None else threshold
