"""The combined score on small populations in which it is known what is wrong with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from cell_events.dry_mass.cell_scores import CellScore
from cell_events.dry_mass.combined import CombinedSettings, combined_scores
from cell_events.dry_mass.curves import MassCurve, mass_curves, tracks_of
from cell_events.dry_mass.detection_quality import average_precision, precision_and_recall
from cell_events.dry_mass.threshold import threshold_of
from cell_events.simulation.mass_curves import MassCurveSettings, simulated_mass_curves

CELLS, FRAMES, RATE = 60, 120, 0.006


def growing_masses(cells: int = CELLS, frames: int = FRAMES) -> NDArray[np.float64]:
    """Masses (cells, frames) of cells that all grow alike, but for noise."""
    random = np.random.default_rng(0)
    rates = RATE * random.normal(1, 0.1, (cells, 1))
    begins = 200 * random.lognormal(0, 0.2, (cells, 1))
    noise = 1 + 0.01 * random.standard_normal((cells, frames))
    masses: NDArray[np.float64] = begins * np.exp(rates * np.arange(frames)) * noise
    return masses


def curves_of(masses: NDArray[np.float64]) -> list[MassCurve]:
    nothing = np.zeros(masses.shape[1], bool)
    return [MassCurve(index + 1, 0, row, None, nothing) for index, row in enumerate(masses)]


def scores_of(masses: NDArray[np.float64]) -> tuple[CellScore, ...]:
    return combined_scores(curves_of(masses))


def flagged(scores: Sequence[CellScore]) -> list[int]:
    """Rows of the cells above the usual threshold."""
    values = np.array([score.score for score in scores])
    return np.flatnonzero(values > threshold_of(values, "false flags")).tolist()


def told(score: CellScore) -> tuple[str, str]:
    return score.reason, score.cause


def test_nobody_is_flagged_where_all_grow_alike() -> None:
    assert flagged(scores_of(growing_masses())) == []


def test_a_halving_is_normal() -> None:
    masses = growing_masses()
    masses[:20, 70:] *= 0.48
    masses[20:40, 30:] *= 0.52
    assert flagged(scores_of(masses)) == []


def test_a_division_seen_over_two_frames_is_normal() -> None:
    masses = growing_masses()
    masses[:20, 50] *= 0.7
    masses[:20, 51:] *= 0.48
    assert flagged(scores_of(masses)) == []


def test_a_division_while_the_cell_is_missing_is_normal() -> None:
    masses = growing_masses()
    masses[:20, 50:] *= 0.48
    masses[:20, 50:53] = np.nan
    masses[:20, -2:] = np.nan
    assert flagged(scores_of(masses)) == []


def test_a_cell_that_stops_growing_is_an_arrest_from_there_on() -> None:
    masses = growing_masses()
    masses[7, 40:] *= np.exp(-RATE * np.arange(FRAMES - 40))
    scores = scores_of(masses)
    assert flagged(scores) == [7]
    assert told(scores[7]) == ("arrest", "cellular")
    assert scores[7].first == pytest.approx(40, abs=8)
    assert scores[7].last == FRAMES - 1


def test_an_arrest_is_found_after_a_division() -> None:
    masses = growing_masses()
    masses[:30, 30:] *= 0.5
    masses[3, 50:] *= np.exp(-RATE * np.arange(FRAMES - 50))
    scores = scores_of(masses)
    assert flagged(scores) == [3]
    assert told(scores[3]) == ("arrest", "cellular")


def test_fast_growth_is_abnormal() -> None:
    masses = growing_masses()
    masses[5, 50:] *= np.exp(1.5 * RATE * np.arange(FRAMES - 50))
    scores = scores_of(masses)
    assert flagged(scores) == [5]
    assert told(scores[5]) == ("abnormal growth", "cellular")


@pytest.mark.parametrize("slowly", [1, 20])
def test_a_fall_without_growth_is_a_loss(slowly: int) -> None:
    masses = growing_masses()
    fall = np.minimum(np.arange(FRAMES - 60) / slowly, 1.0)
    masses[9, 60:] = masses[9, 60] * (1 - 0.25 * fall)
    scores = scores_of(masses)
    assert flagged(scores) == [9]
    assert told(scores[9]) == ("loss", "cellular")


def test_cells_that_exchange_their_masses_are_swapped() -> None:
    masses = growing_masses()
    masses[2] *= 1.35 * masses[3, 60] / masses[2, 60]
    masses[[2, 3], 60:] = masses[[3, 2], 60:]
    scores = scores_of(masses)
    assert flagged(scores) == [2, 3]
    assert [told(scores[row]) for row in (2, 3)] == [("swap", "measurement")] * 2
    assert 58 <= scores[3].first <= scores[3].last <= 61


@pytest.mark.parametrize(
    ("share", "reason"), [(1.4, "merge"), (0.75, "split"), (0.05, "dropout"), (0.0, "dropout")]
)
def test_mass_that_jumps_and_comes_back_was_measured_wrongly(share: float, reason: str) -> None:
    masses = growing_masses()
    masses[4, 50:58] *= share
    scores = scores_of(masses)
    assert flagged(scores) == [4]
    assert told(scores[4]) == (reason, "measurement")
    assert (scores[4].first, scores[4].last) == (50, 57)


@pytest.mark.parametrize(("partner", "reasons"), [(3, ["swap", "swap"]), (50, ["merge", "split"])])
def test_only_neighbours_are_swapped_where_places_are_known(
    partner: int, reasons: list[str]
) -> None:
    masses = growing_masses()
    masses[partner] = 1.35 * masses[2]
    masses[[2, partner], 60:] = masses[[partner, 2], 60:]
    places = np.stack([np.arange(CELLS), np.zeros(CELLS)], axis=1)
    curves = [
        replace(curve, places=np.tile(place, (FRAMES, 1)))
        for curve, place in zip(curves_of(masses), places, strict=True)
    ]
    found = combined_scores(curves)
    assert [found[row].reason for row in (2, partner)] == reasons


def test_a_doubtful_measurement_makes_a_fall_a_split() -> None:
    masses = growing_masses()
    masses[9, 60:] = 0.75 * masses[9, 60]
    curves = curves_of(masses)
    curves[9] = replace(curves[9], doubtful=np.arange(FRAMES) == 60)
    assert told(combined_scores(curves)[9]) == ("split", "measurement")


def test_what_all_cells_do_is_normal_at_that_time_but_not_in_the_recording() -> None:
    masses = growing_masses()
    masses[:, 90:] *= np.exp(-RATE * np.arange(FRAMES - 90))
    curves = curves_of(masses)
    assert flagged(combined_scores(curves)) == []
    others = combined_scores(curves, CombinedSettings(reference="whole recording"))
    assert (
        np.mean([score.score for score in others])
        > 1
        > np.mean([score.score for score in combined_scores(curves)])
    )


def test_the_unit_of_mass_does_not_matter() -> None:
    masses = growing_masses()
    masses[7, 40:] *= np.exp(-RATE * np.arange(FRAMES - 40))
    for one, other in zip(scores_of(masses), scores_of(10 * masses), strict=True):
        assert one.score == pytest.approx(other.score, abs=1e-6)
        assert told(one) == told(other)


def test_the_order_of_rows_does_not_matter() -> None:
    table = tracks_of(curves_of(growing_masses(20)))
    shuffled = table.sample(frac=1, random_state=0)
    assert combined_scores(mass_curves(table)) == combined_scores(mass_curves(shuffled))


def test_missing_frames_do_not_make_a_cell_abnormal() -> None:
    masses = growing_masses()
    masses[:10, 40:46] = np.nan
    masses[10:20, ::7] = np.nan
    masses[3, 70:] *= np.exp(-RATE * np.arange(FRAMES - 70))
    scores = scores_of(masses)
    assert flagged(scores) == [3]
    assert all(score.assessed for score in scores)


def test_cells_that_cannot_be_judged_are_not_assessed_and_say_why() -> None:
    curves = curves_of(growing_masses(20))
    gaps, nothing = curves[1].mass_pg.copy(), np.zeros(FRAMES)
    gaps[5:100] = np.nan
    curves[0] = replace(curves[0], mass_pg=curves[0].mass_pg[:1], doubtful=np.zeros(1, bool))
    curves[1] = replace(curves[1], mass_pg=gaps)
    curves[2] = replace(curves[2], mass_pg=nothing)
    scores = combined_scores(curves)
    assert [score.assessed for score in scores] == [False] * 3 + [True] * 17
    assert [score.reason for score in scores[:3]] == [
        "1 frame, 12 are needed",
        "measured in 25 of 120 frames, 60 are needed",
        "no mass in half of its frames",
    ]


@pytest.mark.parametrize("cells", [0, 1, 2])
def test_few_cells_are_judged_by_their_own_past(cells: int) -> None:
    scores = scores_of(growing_masses(cells))
    assert len(scores) == cells
    assert all(np.isfinite(score.score) for score in scores)


def test_long_curves_are_judged_in_pieces() -> None:
    masses = growing_masses(30, 600)
    masses[6, 300:330] *= 1.5
    scores = scores_of(masses)
    assert flagged(scores) == [6]
    assert (told(scores[6])[0], scores[6].first, scores[6].last) == ("merge", 300, 329)


def test_fewer_than_ten_frames_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="shortest must be at least 10 frames, got 5"):
        CombinedSettings(shortest=5)


@pytest.mark.parametrize("divisions", ["none", "inside", "tracked"])
def test_most_simulated_anomalies_are_found_and_few_normal_cells(divisions: str) -> None:
    cells = 200 if divisions == "tracked" else 600
    settings = MassCurveSettings(cells=cells, divisions=divisions, seed=11)  # type: ignore[arg-type]
    simulation = simulated_mass_curves(settings)
    scores = combined_scores(mass_curves(simulation.tracks))
    values = np.array([score.score for score in scores])
    abnormal = (simulation.truth["kind"] != "").to_numpy()
    quality = precision_and_recall(abnormal, values, threshold_of(values, "false flags"))
    assert quality.precision.value > 0.93
    assert quality.recall.value > 0.55
    assert average_precision(abnormal, values) > 0.85
