"""Long recordings as snapshots, and back; how scores of points are judged and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from cell_events.series.examples import SeriesExamples
from cell_events.series.network import LENGTH
from cell_events.series.scaling import scaled_by_sample
from cell_events.series.segment_quality import segment_quality
from cell_events.series.task import snapshot_probabilities
from cell_events.series.train import TrainedSeries, train_series
from cell_events.series.train_settings import SeriesTrainSettings
from cell_events.series.transfer import SeriesNetwork


@dataclass(frozen=True)
class Recording:
    """One recording: values (C, T) without NaN, measured (T,), labels (M, T)."""

    values: NDArray[np.float32]
    measured: NDArray[np.bool_]
    labels: NDArray[np.bool_]


def filled(values: NDArray[np.floating]) -> NDArray[np.float32]:
    """Values (T,) with lines across what is missing."""
    known = np.flatnonzero(np.isfinite(values))
    return np.interp(np.arange(len(values)), known, values[known]).astype(np.float32)


def snapshots(
    recordings: Sequence[Recording], step: int, kinds: tuple[str, ...], rescale: bool = True
) -> SeriesExamples:
    """Overlapping snapshots of 1024 points, each brought to one scale by itself unless told."""
    parts = [
        (recording, slice(begin, begin + LENGTH))
        for recording in recordings
        for begin in begins(recording.values.shape[1], step)
    ]
    masks = np.stack([recording.measured[part] for recording, part in parts])
    values = np.stack([recording.values[:, part] for recording, part in parts])
    labels = np.stack([recording.labels[:, part] for recording, part in parts])
    values = scaled_by_sample(values, masks) if rescale else values
    return SeriesExamples(values, masks, labels, kinds)


def begins(points: int, step: int) -> list[int]:
    """Where snapshots begin; the last ends with the recording."""
    return [*range(0, points - LENGTH, step), points - LENGTH]


def probabilities(
    network: SeriesNetwork, recording: Recording, step: int, rescale: bool = True
) -> NDArray[np.float32]:
    """Probabilities (M, T): each point is judged in several snapshots, the mean counts."""
    examples = snapshots([recording], step, (), rescale)
    points = recording.values.shape[1]
    total, times = np.zeros((network.classes, points), np.float32), np.zeros(points)
    told = snapshot_probabilities(network, examples.values)
    for begin, found in zip(begins(points, step), told, strict=True):
        total[:, begin : begin + LENGTH] += found
        times[begin : begin + LENGTH] += 1
    return (total / times).astype(np.float32)


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
            of_kind[row, :length] = score[kind]
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
