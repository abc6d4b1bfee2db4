"""Thresholds that `segments train` fits to the series which it has held out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cell_events.jobs.segments_tables import LabelledSeries, given_scale
from cell_events.jobs.segments_train import SegmentsTrain, settled_step

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cell_events.series.transfer import SeriesNetwork


def held_out_thresholds(
    job: SegmentsTrain, network: SeriesNetwork, judged: LabelledSeries | None
) -> dict[str, float]:
    """Threshold of each kind, 0.5 for too few stretches; none at all if nothing is held out."""
    import numpy as np

    from cell_events.series.thresholds import fitted_thresholds

    if judged is None:
        return {}
    pairs = list(_truth_and_told(job, network, judged))
    truth, told = (np.concatenate(parts, axis=1) for parts in zip(*pairs, strict=True))
    return dict(zip(judged.kinds, fitted_thresholds(truth, told).tolist(), strict=True))


def _truth_and_told(
    job: SegmentsTrain, network: SeriesNetwork, judged: LabelledSeries
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.float32]]]:
    """Labels and probabilities (M, T) of the measured points of each series, as detection sees it.

    A normal point follows each series, so that stretches of two never touch.
    """
    import numpy as np

    from cell_events.series.detect import DetectSettings, detect_segments
    from cell_events.series.labelled_series import label_masks

    settings = DetectSettings(
        judged.kinds,
        length=job.length,
        step=settled_step(job.length, job.step),
        scale=given_scale(job.center, job.spread),
    )
    for one in judged.series:
        reports = detect_segments([one], network, settings)
        told = np.concatenate([report.probabilities for report in reports], axis=1)
        truth = label_masks(one, judged.segments, judged.kinds)
        yield tuple(  # type: ignore[misc]
            np.pad(part[:, one.measured], ((0, 0), (0, 1))) for part in (truth, told)
        )
