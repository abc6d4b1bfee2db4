import numpy as np
import pytest

from cell_events.dry_mass.baselines import (
    BASELINES,
    ExtrapolationScorer,
    IsolationForestScorer,
    exponential,
    linear,
    persistence,
)
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.windows import WindowShape

TIMES = np.arange(30.0)
LINE = 100 + 2 * TIMES
EXPONENTIAL = 100 * np.exp(0.01 * TIMES)
SHAPE = WindowShape(20, 10)


def curve_of(mass: np.ndarray, track_id: int = 1, first: int = 0) -> MassCurve:
    return MassCurve(track_id, first, np.asarray(mass, float), None, np.zeros(len(mass), bool))


def noisy_lines(count: int, seed: int = 0) -> list[MassCurve]:
    random = np.random.default_rng(seed)
    return [
        curve_of(LINE * random.uniform(0.9, 1.1) + random.normal(0, 1, 30), track_id)
        for track_id in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("extrapolation", "mass"),
    [(persistence, np.full(30, 7.0)), (linear, LINE), (exponential, EXPONENTIAL)],
)
def test_each_law_is_extrapolated_exactly(extrapolation: object, mass: np.ndarray) -> None:
    assert callable(extrapolation)
    forecast = extrapolation(np.stack([mass[:20], 2 * mass[:20]]), 10)
    np.testing.assert_allclose(forecast, [mass[20:], 2 * mass[20:]], rtol=1e-6)


def test_the_error_is_the_rmse_in_picograms() -> None:
    mass = np.append(np.full(20, 100.0), np.full(10, 103.0))
    (score,) = ExtrapolationScorer(persistence, SHAPE)([curve_of(mass, first=5)])
    assert score.score == pytest.approx(3.0)
    assert score.rmse_pg == pytest.approx(3.0)
    assert (score.first, score.last) == (5, 34)


def test_the_worst_window_decides() -> None:
    mass = np.append(np.full(60, 100.0), np.full(40, 150.0))
    curves = [curve_of(LINE, 3), curve_of(mass, 4, first=2)]
    _, score = ExtrapolationScorer(persistence, SHAPE)(curves)
    assert score.track_id == 4
    assert score.score == pytest.approx(50.0)
    assert (score.first, score.last) == (42, 71)


def test_missing_frames_of_the_future_are_not_scored() -> None:
    mass = LINE.copy()
    mass[25] = np.nan
    (score,) = ExtrapolationScorer(linear, SHAPE)([curve_of(mass)])
    assert score.score == pytest.approx(0.0, abs=1e-3)


def test_cells_that_are_too_short_or_full_of_gaps_are_not_assessed() -> None:
    holes = LINE.copy()
    holes[4:12] = np.nan
    curves = [curve_of(LINE[:29], 1), curve_of(holes, 2), curve_of(LINE, 3)]
    short, gaps, whole = ExtrapolationScorer(linear, SHAPE)(curves)
    assert (short.assessed, short.reason) == (False, "29 frames, 30 are needed")
    assert (gaps.assessed, gaps.reason) == (False, "no 20 + 10 frames without a long gap")
    assert whole.assessed


def test_falling_curves_have_a_finite_exponential_forecast() -> None:
    past = np.stack([np.linspace(10, 0, 20), np.append(np.zeros(19), 1e6)])
    assert np.isfinite(exponential(past, 1000)).all()


def test_the_forest_ranks_the_odd_one_first_and_is_the_same_each_time() -> None:
    odd = LINE.copy()
    odd[12:18] /= 3
    curves = [*noisy_lines(60), curve_of(odd, 99), curve_of(LINE[:5], 100)]
    scores = IsolationForestScorer()(curves)
    assert max(scores[:-1], key=lambda score: score.score).track_id == 99
    assert (scores[-1].assessed, scores[-1].reason) == (False, "5 frames, 12 are needed")
    again = IsolationForestScorer()(curves)
    np.testing.assert_equal([s.score for s in scores], [s.score for s in again])


@pytest.mark.parametrize("name", BASELINES)
def test_every_baseline_answers_for_each_cell_in_their_order(name: str) -> None:
    scorer = BASELINES[name](SHAPE, 0)
    curves = noisy_lines(4)[::-1]
    assert [score.track_id for score in scorer(curves)] == [4, 3, 2, 1]
    assert [score.assessed for score in scorer([curve_of(LINE[:3])])] == [False]
    assert scorer([]) == ()
