import numpy as np
import pandas as pd
import pytest

from cell_events.simulation import MASS_ANOMALIES, MassCurveSettings, simulated_mass_curves
from cell_events.tracks import track_table

FAMILIES = ["first", "second", "third"]


def settings_of(**changes: object) -> MassCurveSettings:
    return MassCurveSettings(**{"cells": 400, "noise": 0.0, **changes})


def masses_of(tracks: pd.DataFrame) -> np.ndarray:
    return tracks.pivot(index="track_id", columns="t", values="dry_mass_pg").to_numpy()


@pytest.mark.parametrize("family", FAMILIES)
def test_undisturbed_cells_grow_all_the_time(family: str) -> None:
    simulation = simulated_mass_curves(settings_of(family=family, abnormal=0.0))
    masses = masses_of(simulation.tracks)
    assert masses.shape == (400, 180)
    assert (np.diff(masses) > 0).all()
    assert (simulation.truth["kind"] == "").all()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_curve_halves_where_its_cell_divides(family: str) -> None:
    settings = settings_of(family=family, divisions="inside", abnormal=0.0)
    masses = masses_of(simulated_mass_curves(settings).tracks)
    ratio = masses[:, 1:] / masses[:, :-1]
    divided = ratio < 0.9
    assert (divided.sum(axis=1) >= 1).mean() > 0.85
    assert np.median(ratio[divided]) == pytest.approx(0.47, abs=0.02)
    usual = np.median(masses, axis=0)
    assert usual[-1] == pytest.approx(usual[0], rel=0.2)


@pytest.mark.parametrize("family", FAMILIES)
def test_tracked_daughters_follow_their_mother_and_share_its_mass(family: str) -> None:
    settings = settings_of(family=family, divisions="tracked", abnormal=0.0)
    tracks = track_table(simulated_mass_curves(settings).tracks)
    ends, first = tracks.groupby("track_id").tail(1), tracks.groupby("track_id").head(1)
    daughters = first.dropna(subset=["parent_id"])
    pairs = daughters.groupby("parent_id").agg(t=("t", "first"), mass=("dry_mass_pg", "sum"))
    mothers = ends.set_index("track_id").loc[pairs.index]
    assert len(pairs) > 300
    assert (daughters.groupby("parent_id").size() == 2).all()
    assert (pairs["t"].to_numpy() == mothers["t"].to_numpy() + 1).all()
    ratio = pairs["mass"].to_numpy() / mothers["dry_mass_pg"].to_numpy()
    assert ((ratio > 0.77) & (ratio < 1.05)).all()


@pytest.mark.parametrize("kind", MASS_ANOMALIES)
@pytest.mark.parametrize("family", FAMILIES)
def test_truth_says_when_each_kind_changes_the_growth(family: str, kind: str) -> None:
    settings = settings_of(family=family, abnormal=0.3, kinds=(kind,))
    simulation = simulated_mass_curves(settings)
    abnormal = simulation.truth[simulation.truth["kind"] == kind]
    assert 0.15 < len(abnormal) / len(simulation.truth) < 0.45
    masses = pd.DataFrame(masses_of(simulation.tracks), index=simulation.truth["track_id"])
    growth = np.log(masses).diff(axis=1)
    usual = growth[simulation.truth["kind"].to_numpy() == ""].median()
    before = [
        growth.loc[c.track_id, : c.first - 1] - usual[: c.first] for c in abnormal.itertuples()
    ]
    after = [
        growth.loc[c.track_id, c.first : c.last + 1] - usual[c.first : c.last + 2]
        for c in abnormal.itertuples()
    ]
    assert np.mean([part.abs().max() for part in before]) < 0.01
    assert np.mean([part.abs().sum() for part in after]) > 0.1


def test_each_kind_has_its_cause() -> None:
    truth = simulated_mass_curves(settings_of(abnormal=0.5)).truth
    causes = truth.groupby("kind")["cause"].unique().map(list).to_dict()
    cellular = {"arrest", "loss", "abnormal growth"}
    assert set(causes) == {"", *MASS_ANOMALIES}
    assert all(causes[kind] == ["cellular"] for kind in cellular)
    assert causes[""] == [""]
    assert causes["swap"] == ["measurement"]


def test_arrested_cells_do_not_divide() -> None:
    settings = settings_of(divisions="inside", abnormal=0.5, kinds=("arrest",))
    simulation = simulated_mass_curves(settings)
    masses = masses_of(simulation.tracks)
    for cell in simulation.truth.query("kind == 'arrest'").itertuples():
        assert (np.diff(masses[cell.track_id - 1, cell.first :]) >= 0).all()


def test_short_tracks_are_as_short_as_real_ones() -> None:
    simulation = simulated_mass_curves(settings_of(cells=2000, short=True))
    lengths = simulation.tracks.groupby("track_id").size()
    assert 32 <= lengths.median() <= 40
    abnormal = simulation.truth[simulation.truth["kind"] != ""].set_index("track_id")
    ends = simulation.tracks.groupby("track_id")["t"].agg(["min", "max"]).loc[abnormal.index]
    assert len(abnormal) > 200
    assert (abnormal["first"] >= ends["min"]).all()
    assert (abnormal["last"] <= ends["max"]).all()


def test_the_same_settings_give_the_same_curves_and_other_seeds_others() -> None:
    settings = settings_of(divisions="tracked", noise=0.03)
    one, again = (simulated_mass_curves(settings) for _ in range(2))
    pd.testing.assert_frame_equal(one.tracks, again.tracks)
    pd.testing.assert_frame_equal(one.truth, again.truth)
    other = simulated_mass_curves(settings_of(divisions="tracked", noise=0.03, seed=1))
    assert not one.tracks.equals(other.tracks)


def test_noise_and_missing_rows_are_as_large_as_asked_for() -> None:
    clean = masses_of(simulated_mass_curves(settings_of(abnormal=0.0)).tracks)
    settings = settings_of(abnormal=0.0, noise=0.05, missing=0.1)
    noisy = masses_of(simulated_mass_curves(settings).tracks)
    assert np.nanstd(noisy / clean) == pytest.approx(0.05, rel=0.15)
    assert np.isnan(noisy).mean() == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"cells": 1}, "at least 2 cells"),
        ({"abnormal": 1.5}, "abnormal is 1.5; expected a share"),
        ({"kinds": ("mitosis",)}, "expected some of"),
    ],
)
def test_impossible_settings_are_refused(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        settings_of(**wrong)


@pytest.mark.parametrize("family", FAMILIES)
def test_short_tracked_curves_name_only_parents_that_were_seen(family: str) -> None:
    settings = settings_of(family=family, divisions="tracked", short=True, missing=0.2)
    simulation = simulated_mass_curves(settings)
    assert len(track_table(simulation.tracks)) == len(simulation.tracks)
    lengths = simulation.tracks.groupby("track_id").size()
    assert 15 <= lengths.median() <= 40


def test_cells_that_are_exchanged_are_near_each_other_when_that_begins() -> None:
    simulation = simulated_mass_curves(settings_of(abnormal=0.2, kinds=("swap",)))
    swapped = simulation.truth[simulation.truth["kind"] == "swap"]
    y, x = (
        simulation.tracks.pivot(index="track_id", columns="t", values=axis).to_numpy()
        for axis in ("y", "x")
    )
    rows, times = swapped["track_id"].to_numpy() - 1, swapped["first"].to_numpy()
    apart = np.hypot(
        y[rows, times] - y[rows[:, None], times], x[rows, times] - x[rows[:, None], times]
    )
    apart[(apart == 0) | (times != times[:, None])] = np.inf
    assert len(swapped) > 40
    assert np.median(apart.min(axis=0)) < 40
