"""Training the forecaster, going on where it stopped, and scoring cells by its errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cell_events.dry_mass.curve_checks import CurvesError
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.forecast import Forecaster, forecast_scores, judged_cells
from cell_events.dry_mass.forecaster_file import (
    forecaster_header,
    forecaster_of,
    load_forecaster,
)
from cell_events.dry_mass.train import (
    TrainedForecaster,
    split_by_cell,
    train_forecaster,
)
from cell_events.dry_mass.train_settings import ForecastSettings
from cell_events.engine.header import ModelFileError, ModelHeader
from cell_events.engine.model_file import network_digest, save_model
from cell_events.time_arrow.network import TimeArrowNetwork
from tests.dry_mass.growing_cells import curve_of, growing_curves

QUICK = ForecastSettings(past=12, future=6, steps=150, batch=16, both_ways=True)
NAN = np.nan


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def trained(curves: list[MassCurve], settings: ForecastSettings) -> TrainedForecaster:
    *_, last = train_forecaster(curves, settings)
    assert isinstance(last, TrainedForecaster)
    return last


@pytest.fixture(scope="module")
def learned() -> TrainedForecaster:
    return trained(growing_curves(80, 30), QUICK)


@pytest.fixture
def forecaster(learned: TrainedForecaster) -> Forecaster:
    return forecaster_of(learned)


def test_growth_is_learned_better_than_that_nothing_changes(learned: TrainedForecaster) -> None:
    for part in (learned.validation, learned.test):
        assert part["rmse_pg"] < 0.75 * part["persistence_rmse_pg"]


def test_cells_are_split_before_windows_are_cut(learned: TrainedForecaster) -> None:
    curves = growing_curves(80, 30)
    parts = split_by_cell(curves, QUICK)
    found = [{curve.track_id for curve in part} for part in parts]
    assert [len(part) for part in found] == [56, 12, 12]
    assert set.union(*found) == {curve.track_id for curve in curves}
    assert (learned.curves, learned.windows) == (56, 56 * 13)


def test_a_cell_that_loses_mass_has_the_largest_score(forecaster: Forecaster) -> None:
    curves = growing_curves(20, 30, seed=5)
    mass = curves[3].mass_pg.copy()
    mass[20:] *= 0.5
    curves[3] = replace(curves[3], mass_pg=mass)
    scores = forecast_scores(curves, forecaster)
    worst = max(scores, key=lambda score: score.score)
    assert worst.track_id == curves[3].track_id
    assert worst.rmse_pg == worst.score > 3 * np.median([score.score for score in scores])


def test_forecasts_follow_growth_inside_their_band(forecaster: Forecaster) -> None:
    curves = growing_curves(20, 30, seed=6)
    inside = []
    for curve, (score, told) in zip(curves, judged_cells(curves, forecaster), strict=True):
        assert told is not None
        assert (told.frames[0], told.frames[-1]) == (score.first, score.last)
        truth = curve.mass_pg[told.frames - curve.first]
        np.testing.assert_allclose(told.mass_pg, truth, rtol=0.15)
        inside.append((told.low_pg <= truth) & (truth <= told.high_pg))
    assert np.mean(inside) > 0.6  # 0.95 in all windows, less in the worst one of each cell


def test_a_fall_in_the_first_part_is_only_seen_back_in_time(learned: TrainedForecaster) -> None:
    curve = growing_curves(1, 18, noise=0, rate=0)[0]
    curve.mass_pg[:3] *= 3
    both, _ = judged_cells([curve], forecaster_of(learned))[0]
    assert (both.first, both.last) == (0, 5)
    assert both.score > 100


def test_scores_do_not_depend_on_the_order_of_the_cells(forecaster: Forecaster) -> None:
    curves = growing_curves(9, 30, seed=7)
    scores = forecast_scores(curves, forecaster)
    turned = forecast_scores(curves[::-1], forecaster)[::-1]
    for one, other in zip(scores, turned, strict=True):
        assert (one.track_id, one.first) == (other.track_id, other.first)
        assert one.score == pytest.approx(other.score, rel=1e-5)


def test_cells_without_a_window_are_not_assessed(forecaster: Forecaster) -> None:
    gap = np.full(18, 200.0)
    gap[4:10] = NAN
    short, torn, single = forecast_scores(
        [curve_of(np.full(10, 200.0)), curve_of(gap), curve_of([200.0])], forecaster
    )
    assert (short.assessed, short.reason) == (False, "10 frames, 18 are needed")
    assert (torn.assessed, torn.reason) == (False, "gaps leave no window of 12 + 6 frames")
    assert single.reason == "1 frame, 18 are needed"
    assert forecast_scores([], forecaster) == ()


def test_a_measured_frame_counts_and_a_bridged_one_does_not(forecaster: Forecaster) -> None:
    curve = growing_curves(1, 18, noise=0)[0]
    outlier, missing = curve.mass_pg.copy(), curve.mass_pg.copy()
    outlier[14], missing[14] = 900.0, NAN
    with_outlier, with_gap = forecast_scores([curve_of(outlier), curve_of(missing)], forecaster)
    assert with_outlier.score > 5 * with_gap.score


def test_logarithms_score_large_and_small_cells_alike() -> None:
    settings = replace(QUICK, logarithm=True, both_ways=False, steps=30)
    forecaster = forecaster_of(trained(growing_curves(40, 18), settings))
    curve = growing_curves(1, 18, seed=8)[0]
    small, large = forecast_scores([curve, curve_of(4 * curve.mass_pg)], forecaster)
    assert large.score == pytest.approx(small.score, rel=1e-4)
    assert large.rmse_pg == pytest.approx(4 * small.rmse_pg, rel=1e-4)


def test_a_run_goes_on_bit_by_bit(tmp_path: Path) -> None:
    curves, settings = growing_curves(40, 20), replace(QUICK, steps=20, checkpoint_every=8)
    whole = trained(curves, settings)
    run = train_forecaster(curves, settings, checkpoint=tmp_path / "run")
    for _ in range(11):
        next(run)
    run.close()
    *_, resumed = train_forecaster(curves, settings, checkpoint=tmp_path / "run")
    assert isinstance(resumed, TrainedForecaster)
    assert network_digest(resumed.network) == network_digest(whole.network)
    np.testing.assert_array_equal(resumed.band, whole.band)


def test_a_checkpoint_of_other_curves_is_refused(tmp_path: Path) -> None:
    settings = replace(QUICK, steps=2, checkpoint_every=1)
    list(train_forecaster(growing_curves(40, 20), settings, checkpoint=tmp_path / "run"))
    with pytest.raises(ModelFileError, match="belongs to a run with other settings"):
        list(train_forecaster(growing_curves(41, 20), settings, checkpoint=tmp_path / "run"))


def test_too_short_curves_are_refused_with_lengths_that_fit() -> None:
    with pytest.raises(CurvesError, match=r"0 of 20 curves .* a past of 12 and a future of 6"):
        list(train_forecaster(growing_curves(20, 18), ForecastSettings()))


def test_curves_full_of_gaps_are_refused() -> None:
    curves = growing_curves(20, 18)
    for curve in curves:
        curve.mass_pg[2:9] = NAN
    with pytest.raises(CurvesError, match=r"no window of 12 \+ 6 frames to learn from"):
        list(train_forecaster(curves, replace(QUICK, both_ways=False)))


def test_a_model_file_holds_all_that_detection_needs(
    learned: TrainedForecaster, tmp_path: Path
) -> None:
    path = tmp_path / "m.safetensors"
    save_model(path, learned.network, forecaster_header(learned, {"tracks": ["a.csv"]}, 300.0))
    forecaster, header = load_forecaster(path)
    assert header.frame_interval_s == 300.0
    curves = growing_curves(5, 30, seed=9)
    assert forecast_scores(curves, forecaster) == forecast_scores(curves, forecaster_of(learned))


def test_other_models_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    save_model(path, TimeArrowNetwork(), ModelHeader("tap", "time_arrow", {}))
    with pytest.raises(ModelFileError, match="kind 'tap'; expected a forecaster"):
        load_forecaster(path)


@pytest.mark.parametrize("settings", [{"past": 0}, {"validation": 0.6, "test": 0.4}])
def test_settings_that_cannot_be_meant_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        ForecastSettings(**settings)  # type: ignore[arg-type]
