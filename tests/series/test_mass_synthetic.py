import numpy as np
import pytest

from cell_events.series.mass_growth import GENERATIONS, Laws, grown_masses
from cell_events.series.mass_mishaps import MASS_KINDS, Mishaps, drawn_mishaps, masses_with
from cell_events.series.mass_synthetic import MassSyntheticSettings, synthetic_mass_curves
from cell_events.simulation import MASS_ANOMALIES

FRAMES = 101
KINDS = {name: number for number, name in enumerate(MASS_KINDS)}


def laws(
    power: float = 1.0, cycle: float = 100.0, count: int = 1, *, divides: bool = False
) -> Laws:
    """Cells that are born at the first frame and double within a cycle."""
    return Laws(
        cycles=np.full((count, GENERATIONS), cycle),
        part=np.zeros(count),
        power=np.full(count, power),
        births=np.ones(count),
        return_to_usual=np.ones(count),
        kept=np.full((count, GENERATIONS), 0.5),
        speed=np.ones((count, FRAMES), np.float32),
        divides=np.full(count, divides),
    )


def mishap(kind: str, strength: float, *, count: int = 1, blocks: bool = False) -> Mishaps:
    """Something that happens from frame 40 to 59."""
    return Mishaps(
        kind=np.full(count, KINDS[kind]),
        first=np.full(count, 40),
        last=np.full(count, 59),
        strength=np.full(count, strength),
        pace=np.full(count, 1.0),
        blocks=np.full(count, blocks),
    )


def test_kinds_are_those_of_the_simulation() -> None:
    assert MASS_KINDS == MASS_ANOMALIES


def test_curves_have_the_length_that_networks_expect() -> None:
    values, labels = synthetic_mass_curves(6, seed=0)
    assert values.shape == (6, 1, 1024)
    assert values.dtype == np.float32
    assert labels.shape == (6, 7, 1024)
    assert labels.dtype == bool
    assert np.isfinite(values).all()
    assert values.min() > 0


def test_equal_seeds_give_equal_curves_and_others_do_not() -> None:
    one, again, other = (synthetic_mass_curves(4, seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_nothing_is_labelled_where_nothing_happens() -> None:
    assert not synthetic_mass_curves(100, 0, MassSyntheticSettings(abnormal=0.0))[1].any()


def test_every_kind_happens_and_never_two_in_one_curve() -> None:
    _, labels = synthetic_mass_curves(400, 0, MassSyntheticSettings(abnormal=1.0))
    of_curves = labels.any(axis=2)
    assert of_curves.any(axis=0).all()
    assert of_curves.sum(axis=1).max() == 1
    assert of_curves.any(axis=1).mean() > 0.8, "what nobody could see is left out"


@pytest.mark.parametrize(
    ("power", "half_way"), [(1e-6, np.sqrt(2)), (1.0, 1.5), (2.0, np.sqrt(2.5))]
)
def test_cells_double_within_a_cycle_along_their_law(power: float, half_way: float) -> None:
    masses = grown_masses(laws(power))[0]
    assert masses[[0, 50, 100]] == pytest.approx([1.0, half_way, 2.0], rel=1e-3)


def test_masses_halve_at_each_division() -> None:
    masses = grown_masses(laws(cycle=25.0, divides=True))[0]
    assert np.flatnonzero(np.diff(masses) < 0).tolist() == [24, 49, 74, 99]
    assert masses[25:50] == pytest.approx(masses[:25], rel=1e-5)


def test_cells_that_are_blocked_do_not_divide() -> None:
    blocked = grown_masses(laws(cycle=25.0, divides=True), blocked_from=np.array([40]))[0]
    assert np.flatnonzero(np.diff(blocked) < 0).tolist() == [24]


@pytest.mark.parametrize(
    ("kind", "strength", "inside", "after"),
    [
        ("arrest", 0.0, 1.4, 1.4),
        ("loss", 0.5, 0.7, 0.7),
        ("abnormal growth", 3.0, 1.4 + 0.03 * 10, 1.4 + 0.03 * 50),
        ("swap", 0.0, 2.25, 1.9),
        ("merge", 0.5, 1.5 + 0.5 * 2.25, 1.9),
        ("split", 0.4, 1.5 * 0.6, 1.9),
        ("dropout", 0.1, 0.15, 1.9),
    ],
)
def test_each_kind_does_what_its_name_says(
    kind: str, strength: float, inside: float, after: float
) -> None:
    cells = laws(count=2)
    usual = grown_masses(cells) * np.array([[1.5], [1.0]], np.float32)
    found = mishap(kind, strength, count=2)
    if kind in MASS_KINDS[:3]:
        found.last[:] = FRAMES - 1
    masses = masses_with(found, cells, usual)[1]
    assert masses[:40] == pytest.approx(usual[1, :40])
    assert masses[[50, 90]] == pytest.approx([inside, after], rel=1e-3)


def test_mishaps_stay_within_their_curves() -> None:
    lengths = np.full(500, 20)
    drawn = drawn_mishaps(lengths, np.random.default_rng(0))
    assert (drawn.first >= 2).all()
    assert (drawn.last >= drawn.first).all()
    assert (drawn.last < lengths).all()


def test_a_dropout_is_labelled_where_the_mass_drops() -> None:
    settings = MassSyntheticSettings(abnormal=1.0, frames=(100, 100), noise=(0.001, 0.001))
    values, labels = synthetic_mass_curves(300, 0, settings)
    dropouts = np.flatnonzero(labels[:, KINDS["dropout"]].any(axis=1))
    assert dropouts.size > 10
    for row in dropouts:
        lowest = values[row, 0].argmin()
        assert labels[row, KINDS["dropout"], lowest]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"abnormal": -0.1}, "expected a share"),
        ({"frames": (4, 10)}, "expected two numbers"),
        ({"noise": (0.1, 0.01)}, "expected two shares"),
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        MassSyntheticSettings(**wrong)
