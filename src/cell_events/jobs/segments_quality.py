"""How good the stretches of `segments detect` are, where the truth is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell_events.jobs.segments_detect import SegmentsDetect
from cell_events.jobs.segments_findings import Findings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cell_events.series.labelled_series import Series

MODEL, ANY = "model", "any kind"

BETWEEN = 0.5
"""Where, for any kind, all thresholds come to lie."""


@dataclass(frozen=True, eq=False)
class _Judged:
    """One series with what is true (K + 1, T) and what was told (K + 1, T); last: any kind."""

    series: Series
    truth: NDArray[np.bool_]
    told: NDArray[np.floating]


def quality_rows(job: SegmentsDetect, found: Findings) -> list[dict[str, Any]]:
    """Quality of the model for each kind and for any, and that of baselines for any kind.

    Baselines know no kinds, and their threshold is the best one for these very labels: a favour
    that the model is not done.
    """
    if job.truth is None:
        return []
    judged = list(_judged(job.truth, found))
    kinds = (*found.model.settings.looked_for, ANY)
    limits = [*_thresholds(found), BETWEEN]
    rows = [
        {"score": MODEL, "kind": kind, **_quality(judged, number, limits[number])}
        for number, kind in enumerate(kinds)
        if any(one.truth[number].any() for one in judged)
    ]
    return [*rows, *(_baselines(judged, job.seed) if job.baselines else ())]


def _judged(truth: Path, found: Findings) -> Iterator[_Judged]:
    """Put curves, labels and probabilities of each series together."""
    import numpy as np

    from cell_events.jobs.segments_tables import of_table, refuse_doubtful
    from cell_events.series.labelled_series import kinds_of, label_masks
    from cell_events.series.segment_tables import read_segments
    from cell_events.series.series_tables import joined_series

    labels = read_segments(truth)
    curves = [[joined_series(parts) for parts in t.curves.values()] for t in found.tables]
    refuse_doubtful(labels, [[one.name for one in table] for table in curves])
    told_kinds, all_kinds = found.model.settings.looked_for, kinds_of(labels)
    for table, series in zip(found.tables, curves, strict=True):
        own = of_table(labels, table.path.stem, series, len(curves) > 1)
        for one in series:
            masks = dict(zip(all_kinds, label_masks(one, own, all_kinds), strict=True))
            nothing = np.zeros(len(one.times), bool)
            true = [masks.get(kind, nothing) for kind in told_kinds]
            union = np.any([nothing, *masks.values()], axis=0)
            told = np.concatenate([r.probabilities for r in table.reports[one.name]], axis=1)
            told = np.nan_to_num(told)
            surest = _above(told, _thresholds(found)).max(axis=0)
            yield _Judged(one, np.stack([*true, union]), np.vstack([told, surest]))


def _thresholds(found: Findings) -> list[float]:
    """Of each kind that is looked for."""
    settings = found.model.settings
    return [settings.stretches_of(kind).threshold for kind in settings.looked_for]


def _above(told: NDArray[np.floating], thresholds: Sequence[float]) -> NDArray[np.floating]:
    """Probabilities (K, T) drawn out so that the threshold of each kind becomes a half."""
    import numpy as np

    limit = np.array(thresholds)[:, None]
    below = BETWEEN * told / limit
    above = BETWEEN + (1 - BETWEEN) * (told - limit) / (1 - limit)
    below = np.minimum(below, np.nextafter(BETWEEN, 0))
    return np.asarray(np.where(told >= limit, above, below))


def _quality(
    judged: Sequence[_Judged],
    row: int,
    threshold: float | None,
    scores: Sequence[NDArray[np.floating]] | None = None,
) -> dict[str, float | None]:
    """Quality of one kind over all series."""
    import numpy as np

    from cell_events.series.segment_quality import best_threshold, segment_quality

    scores = [one.told[row] for one in judged] if scores is None else scores
    truth, padded, mask = _padded(judged, row, scores)
    if threshold is None:
        threshold = best_threshold(truth, padded, mask)
    found = segment_quality(truth, padded, threshold, mask)
    values = {
        "threshold": threshold,
        "iou": found.iou,
        "precision": found.precision.value,
        "recall": found.recall.value,
        "vus_pr": found.vus_pr,
        "affiliation_precision": found.affiliation_precision,
        "affiliation_recall": found.affiliation_recall,
    }
    return {k: float(v) if np.isfinite(v) else None for k, v in values.items()}


def _padded(
    judged: Sequence[_Judged], row: int, scores: Sequence[NDArray[np.floating]]
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.bool_]]:
    """Truth, scores and what was measured (N, T), of series that may differ in length."""
    import numpy as np

    shape = (len(judged), max(len(one.series.times) for one in judged))
    truth, padded, mask = np.zeros(shape, bool), np.zeros(shape), np.zeros(shape, bool)
    for place, (one, score) in enumerate(zip(judged, scores, strict=True)):
        span = slice(0, len(score))
        truth[place, span], padded[place, span] = one.truth[row], score
        mask[place, span] = one.series.measured
    return truth, padded, mask


def _baselines(judged: Sequence[_Judged], seed: int) -> Iterator[Mapping[str, Any]]:
    import numpy as np

    from cell_events.series.resampling import filled
    from cell_events.series.simple_scores import SIMPLE_SCORES, random_score

    for name, score in SIMPLE_SCORES.items():
        scores = []
        for number, one in enumerate(judged):
            values = np.stack([filled(row, one.series.times) for row in one.series.values])[None]
            curves = np.asarray(values, np.float32)
            told = random_score(curves, seed + number) if name == "random" else score(curves)
            scores.append(told[0])
        yield {"score": name, "kind": ANY, **_quality(judged, -1, None, scores)}
