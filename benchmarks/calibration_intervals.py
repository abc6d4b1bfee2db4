"""How good the probabilities of detections are, with intervals that draw whole blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.trust.calibration_error import classwise_calibration_error
from cell_events.trust.intervals import Interval, block_bootstrap

REPEATS = 1000
FIGURES = ("promised per right one", "ECE", "NLL", "Brier")
"""Of divisions alone: the Brier score is the mean of (probability - 1 or 0) squared."""


@dataclass(frozen=True)
class Told:
    """Detections, by whether they are right, and what each way tells of them.

    Attributes
    ----------
    label, block
        1 for right ones, and block of each detection.
    ways
        Probability of each detection, by where it comes from.
    """

    label: Sequence[int]
    block: Sequence[int]
    ways: Mapping[str, Sequence[float]]


def together(every: Sequence[Told]) -> Told:
    """Detections of several models in the same blocks; ways that any model lacks are left out."""
    ways = [way for way in every[0].ways if all(way in told.ways for told in every)]
    return Told(
        list(chain(*(told.label for told in every))),
        list(chain(*(told.block for told in every))),
        {way: list(chain(*(told.ways[way] for told in every))) for way in ways},
    )


def figures_of(told: Told, way: str) -> dict[str, Interval]:
    """The figures of one way."""
    return _drawn(told, lambda rows: _figures(told, way, rows))


def change(told: Told, way: str, before: str) -> dict[str, Interval]:
    """What a way changes."""
    return _drawn(told, lambda rows: _figures(told, way, rows) - _figures(told, before, rows))


def _drawn(
    told: Told, statistic: Callable[[NDArray[np.int64]], NDArray[np.float64]]
) -> dict[str, Interval]:
    drawn = block_bootstrap(np.array(told.block), statistic, REPEATS)
    return {name: Interval(*(float(end[i]) for end in drawn)) for i, name in enumerate(FIGURES)}


def _figures(told: Told, way: str, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """`FIGURES` of some detections; NaN where none is right."""
    label, event = np.array(told.label, np.int64)[rows], np.array(told.ways[way])[rows]
    right = label.sum()
    both = np.stack([1 - event, event], axis=1)
    return np.array(
        [
            event.sum() / right if right else np.nan,
            classwise_calibration_error(both, label)[1],
            -np.log(both[np.arange(len(label)), label]).mean(),
            ((event - label) ** 2).mean(),
        ]
    )


def figure_table(results: Mapping[str, Told]) -> str:
    """Each way of each seed, then of all seeds together, then what it changes there."""
    every = {**results, "all": together(list(results.values()))}
    rows = [
        {
            "seed": seed,
            "probabilities from": way,
            "detections": len(told.label),
            "right": sum(told.label),
            "promised": f"{sum(told.ways[way]):.1f}",
        }
        | {name: shown(figure) for name, figure in figures_of(told, way).items()}
        for seed, told in every.items()
        for way in told.ways
    ]
    changes = [
        f"{way} less {before}, all seeds: "
        + ", ".join(f"{n} {shown(value)}" for n, value in change(every["all"], way, before).items())
        for before, way in combinations(every["all"].ways, 2)
    ]
    return "\n".join([markdown(pd.DataFrame(rows)), "", *changes])


def shown(figure: Interval) -> str:
    """A figure with its interval."""
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"


def markdown(table: pd.DataFrame) -> str:
    """A table as Markdown."""
    lines = ["| " + " | ".join(table.columns) + " |", "|---" * len(table.columns) + "|"]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in table.itertuples(index=False)]
    return "\n".join(lines)
