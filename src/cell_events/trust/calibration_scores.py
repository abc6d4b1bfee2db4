"""How good the probabilities of each step are, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.trust.calibration_error import (
    brier_score,
    calibration_error,
    classwise_calibration_error,
    negative_log_likelihood,
)
from cell_events.trust.calibration_steps import MEANING, Step, StepSettings, steps_allowed
from cell_events.trust.cross_fit import cross_fitted
from cell_events.trust.evidence import Evidence
from cell_events.trust.intervals import Interval, block_bootstrap
from cell_events.trust.labelled_logits import LabelledLogits

REPEATS = 400
"""Of the bootstrap."""

DRAWN_EVENLY, AS_IN_THE_MOVIE, AS_DETECTED = "drawn evenly", "as in the movie", "as detected"
"""How often the classes come in the crops that are judged."""

FOR_THE_MOVIE = ("prior", "bias")
"""Steps that are wrong by intention where classes are drawn evenly."""


@dataclass(frozen=True, eq=False)
class StepScores:
    """One step, judged on crops that it was not learned from.

    Attributes
    ----------
    population
        How often classes come in the crops: `DRAWN_EVENLY`, `AS_IN_THE_MOVIE` or `AS_DETECTED`.
    crops
        What was judged; their weights make the population.
    probabilities
        Cross-fitted, (N, K + 1).
    figures
        By name: calibration error (bins of equal width, and of equal mass), the same of each event
        class, negative log-likelihood, Brier score, and how many events are promised for each one
        that is there.
    """

    step: Step
    population: str
    crops: LabelledLogits
    probabilities: NDArray[np.float64]
    figures: Mapping[str, Interval]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; ends of intervals that are not known are null."""
        figures = {
            name: {key: _known(value) for key, value in interval._asdict().items()}
            for name, interval in self.figures.items()
        }
        step = {"step": self.step, "meaning": MEANING[self.step], "population": self.population}
        return {**step, "crops": len(self.crops), "figures": figures}


def judged_steps(
    evidence: Evidence, settings: StepSettings, seed: int = 0, repeats: int | None = None
) -> Iterator[StepScores]:
    """Judge every step that is allowed, in each population that there is."""
    crops_of = populations(evidence, settings)
    for population, step in judgements(evidence, settings):
        crops = crops_of[population]
        found = cross_fitted(step, evidence, crops, settings)
        figures = figures_of(crops, found, seed, repeats or REPEATS)
        yield StepScores(step, population, crops, found, figures)


def judgements(evidence: Evidence, settings: StepSettings) -> list[tuple[str, Step]]:
    """Each population with each step that is judged in it, in order."""
    return [
        (population, step)
        for population in populations(evidence, settings)
        for step in steps_allowed(evidence, settings)
        if not (population == DRAWN_EVENLY and step in FOR_THE_MOVIE)
    ]


def populations(evidence: Evidence, settings: StepSettings) -> dict[str, LabelledLogits]:
    """The crops that are judged, by how often the classes come in them."""
    if settings.as_they_come:
        return {AS_DETECTED: evidence.crops}
    natural = evidence.natural
    found = {DRAWN_EVENLY: evidence.even}
    return found if natural is None else {**found, AS_IN_THE_MOVIE: natural}


def figures_of(
    crops: LabelledLogits, probabilities: NDArray[np.float64], seed: int, repeats: int
) -> dict[str, Interval]:
    """All figures with bootstrap intervals over blocks."""
    label, weight = crops.label, crops.weights

    def of_rows(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return _figures(probabilities[rows], label[rows], weight[rows])

    drawn = block_bootstrap(crops.group, of_rows, repeats, seed)
    value, low, high = (np.asarray(each) for each in drawn)
    names = [*FIGURES, *(f"{figure} {name}" for figure in OF_CLASSES for name in crops.classes)]
    ends = zip(names, value.tolist(), low.tolist(), high.tolist(), strict=True)
    return {name: Interval(*three) for name, *three in ends}


FIGURES = ("ECE", "ECE equal mass", "NLL", "Brier")
OF_CLASSES = ("classwise ECE", "promised per event")


def _figures(
    probabilities: NDArray[np.float64], label: NDArray[np.int64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The figures of `FIGURES`, then those of `OF_CLASSES` for each event class."""
    three = (probabilities, label, weight)
    truth = np.bincount(label, weight, probabilities.shape[1])[1:]
    promised = (weight[:, None] * probabilities).sum(axis=0)[1:]
    ratio = np.where(truth > 0, promised / np.where(truth > 0, truth, 1), np.nan)
    whole = [
        calibration_error(*three),
        calibration_error(*three, "equal mass"),
        negative_log_likelihood(*three),
        brier_score(*three),
    ]
    return np.concatenate([whole, classwise_calibration_error(*three)[1:], ratio])


def _known(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
