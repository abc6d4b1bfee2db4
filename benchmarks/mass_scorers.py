"""The ways to score cells that `mass_anomalies.py` and `growth_arrest.py` compare, by name.

Forecasters are trained on the very curves that they judge, without labels, as in the paper.
`random` is what chance gives. Ways that need a part which is not there say so when they are made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cell_events.dry_mass.baselines import BASELINES
from cell_events.dry_mass.cell_scores import CellScore
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.windows import WindowShape

Scores = tuple[CellScore, ...]
FORECASTER_WEIGHT = 0.3
"""Of the best of 0.1, 0.3 and 1 on a seed of the first family, without divisions."""

Judge = Callable[[Sequence[MassCurve], WindowShape, int], Scores]


@dataclass(frozen=True)
class Way:
    """A way to score cells, and the rule by which its threshold is drawn without labels."""

    judge: Judge
    rule: str = "gaussian"


def _random(curves: Sequence[MassCurve], shape: WindowShape, seed: int) -> Scores:
    del shape
    values = np.random.default_rng(seed).random(len(curves))
    return tuple(
        CellScore(curve.track_id, True, float(value), np.nan, curve.first, curve.last)
        for curve, value in zip(curves, values, strict=True)
    )


def _baseline(name: str) -> Judge:
    return lambda curves, shape, seed: BASELINES[name](shape, seed)(curves)


def _forecaster(**changes: object) -> Judge:
    def judge(curves: Sequence[MassCurve], shape: WindowShape, seed: int) -> Scores:
        from cell_events.dry_mass.forecast import Forecaster, forecast_scores
        from cell_events.dry_mass.train import TrainedForecaster, train_forecaster
        from cell_events.dry_mass.train_settings import ForecastSettings

        settings = ForecastSettings(shape.past, shape.future, seed=seed, **changes)
        *_, trained = train_forecaster(curves, settings)
        assert isinstance(trained, TrainedForecaster)
        return forecast_scores(curves, Forecaster(trained.network, settings.gap, trained.band))

    return judge


def _combined(curves: Sequence[MassCurve], shape: WindowShape, seed: int) -> Scores:
    from cell_events.dry_mass.combined import combined_scores

    del shape, seed
    return combined_scores(curves)


def _without_outliers(curves: Sequence[MassCurve], shape: WindowShape, seed: int) -> Scores:
    from cell_events.dry_mass.outliers import without_outliers

    return _combined(without_outliers(curves, 1)[0], shape, seed)


def _each_alone(curves: Sequence[MassCurve], shape: WindowShape, seed: int) -> Scores:
    from dataclasses import replace

    return _without_outliers([replace(curve, parent_id=None) for curve in curves], shape, seed)


def _with_forecaster(curves: Sequence[MassCurve], shape: WindowShape, seed: int) -> Scores:
    """Add the evidence of a forecaster, in both directions, to that of the combined score."""
    from dataclasses import replace

    combined = _without_outliers(curves, shape, seed)
    judge = _forecaster(logarithm=True, both_ways=True)
    errors = np.log([score.score for score in judge(curves, shape, seed)])
    middle = np.nanmedian(errors)
    beyond = (errors - middle) / (1.4826 * np.nanmedian(np.abs(errors - middle)))
    more = FORECASTER_WEIGHT * np.maximum(np.nan_to_num(beyond), 0.0) ** 2
    squares = [score.score * abs(score.score) for score in combined] + more
    joined = np.sign(squares) * np.sqrt(np.abs(squares))
    return tuple(
        replace(score, score=float(value)) for score, value in zip(combined, joined, strict=True)
    )


WAYS: dict[str, Way] = {
    "random": Way(_random),
    **{name: Way(_baseline(name)) for name in BASELINES},
    "forecaster": Way(_forecaster()),
    "forecaster, log": Way(_forecaster(logarithm=True)),
    "forecaster, log, both ways": Way(
        _forecaster(logarithm=True, both_ways=True), "log median mad"
    ),
    "combined": Way(_without_outliers, "false flags"),
    "combined, outliers kept": Way(_combined, "false flags"),
    "combined, without lineages": Way(_each_alone, "false flags"),
    "combined, with forecaster": Way(_with_forecaster, "false flags"),
}
"""`forecaster` with the rule `gaussian` is the paper's detector."""
