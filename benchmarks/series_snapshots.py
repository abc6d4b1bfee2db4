"""Long recordings for the package's own functions; how scores of points are judged and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from cell_events.series.affiliation import stretches
from cell_events.series.detect import DetectSettings, detect_segments
from cell_events.series.examples import SeriesExamples
from cell_events.series.labelled_series import Segment, Series
from cell_events.series.labelled_snapshots import labelled_snapshots
from cell_events.series.resampling import filled
from cell_events.series.scaling import Scale
from cell_events.series.segment_quality import segment_quality
from cell_events.series.train import TrainedSeries, train_series
from cell_events.series.train_settings import SeriesTrainSettings
from cell_events.series.transfer import SeriesNetwork

AS_IT_IS = Scale(0.0, 1.0)
"""For values that were brought to one scale as a whole recording."""


@dataclass(frozen=True)
class Recording:
    """One recording: values (C, T), NaN where missing, and labels (M, T) of the kinds."""

    name: str
    values: NDArray[np.float32]
    labels: NDArray[np.bool_]
    kinds: tuple[str, ...]

    @property
    def series(self) -> Series:
        channels = tuple(f"channel {number}" for number in range(1, len(self.values) + 1))
        times = np.arange(self.values.shape[1], dtype=float)
        return Series(self.name, times, self.values, channels)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Labelled stretches."""
        return tuple(
            Segment(self.name, kind, float(begin), float(end - 1))
            for kind, row in zip(self.kinds, self.labels, strict=True)
            for begin, end in stretches(row)
        )

    @property
    def measured(self) -> NDArray[np.bool_]:
        """(T,), where there are values."""
        return self.series.measured

    @property
    def whole(self) -> NDArray[np.float32]:
        """Values (C, T) with lines across what is missing, for simple scores."""
        times = self.series.times
        return np.stack([filled(curve, times) for curve in self.values]).astype(np.float32)

    def part(self, span: slice) -> Recording:
        return Recording(self.name, self.values[:, span], self.labels[:, span], self.kinds)


def snapshots(
    recordings: Sequence[Recording], step: int, scale: Scale | None = None
) -> SeriesExamples:
    """Overlapping snapshots with their labels."""
    return labelled_snapshots(
        [recording.series for recording in recordings],
        [segment for recording in recordings for segment in recording.segments],
        recordings[0].kinds,
        step=step,
        scale=scale,
    )


def probabilities(
    network: SeriesNetwork, recording: Recording, step: int, scale: Scale | None = None
) -> NDArray[np.float32]:
    """Probabilities (M, T), NaN where nothing was measured."""
    kinds = tuple(str(number) for number in range(network.classes))
    settings = DetectSettings(kinds, step=step, scale=scale)
    reports = detect_segments([recording.series], network, settings)
    return np.concatenate([report.probabilities for report in reports], axis=1)


def trained_network(
    examples: SeriesExamples, settings: SeriesTrainSettings, start: SeriesNetwork | None
) -> SeriesNetwork:
    """Learn to the end."""
    *_, trained = train_series(examples, settings, start=start)
    assert isinstance(trained, TrainedSeries)
    return trained.network


def quality(
    recordings: Sequence[Recording],
    scores: Sequence[NDArray[np.floating]],
    threshold: NDArray[np.floating],
) -> dict[str, float]:
    """How well scores (M, T) of each recording find its stretches, means over kinds."""
    rows = []
    for kind in range(recordings[0].labels.shape[0]):
        points = max(recording.values.shape[1] for recording in recordings)
        truth, mask = (np.zeros((len(recordings), points), bool) for _ in range(2))
        of_kind = np.full((len(recordings), points), -np.inf)
        for row, (recording, score) in enumerate(zip(recordings, scores, strict=True)):
            length = recording.values.shape[1]
            truth[row, :length] = recording.labels[kind]
            mask[row, :length] = recording.measured
            of_kind[row, :length] = np.nan_to_num(score[kind], nan=-np.inf)
        of_kind[~np.isfinite(of_kind)] = of_kind[np.isfinite(of_kind)].min()
        found = segment_quality(truth, of_kind, float(threshold[kind]), mask)
        rows.append(
            {
                "IoU": found.iou,
                "precision": found.precision.value,
                "recall": found.recall.value,
                "VUS-PR": found.vus_pr,
                "affiliation precision": found.affiliation_precision,
                "affiliation recall": found.affiliation_recall,
            }
        )
    return {name: float(np.nanmean([row[name] for row in rows])) for name in rows[0]}


def table(results: Mapping[str, Sequence[Mapping[str, float]]], columns: Sequence[str]) -> str:
    """Rows are methods; mean and, of several runs, deviation."""
    lines = [f"| method | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for method, runs in results.items():
        cells = [_cell([run[column] for run in runs if column in run]) for column in columns]
        lines.append(f"| {method} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(values: Sequence[float]) -> str:
    if not values:
        return "-"
    whole = all(float(value).is_integer() and value > 1 for value in values)
    mean = f"{np.mean(values):.{1 if whole and len(values) > 1 else 0 if whole else 3}f}"
    return mean + (f" ± {np.std(values):.{1 if whole else 3}f}" if len(values) > 1 else "")


def single_thread() -> None:
    """Small networks are fastest alone on a core."""
    torch.set_num_threads(1)
