import numpy as np
import pytest

from cell_events.dry_mass.curve_features import FEATURES, curve_features
from cell_events.dry_mass.curves import MassCurve


def features_of(mass: np.ndarray) -> dict[str, float]:
    curve = MassCurve(1, 0, mass, None, np.zeros(len(mass), bool))
    return dict(zip(FEATURES, curve_features(curve), strict=True))


GROWING = 100 * np.exp(0.01 * np.arange(60))


def test_growth_is_told_for_each_third() -> None:
    found = features_of(np.append(GROWING[:40], np.full(20, GROWING[39])))
    assert found["growth of the first third"] == pytest.approx(0.01)
    assert found["growth of the middle third"] == pytest.approx(0.01, rel=0.02)
    assert found["growth of the last third"] == pytest.approx(0.0, abs=1e-3)


def test_a_division_is_a_jump_and_no_growth() -> None:
    divided = GROWING.copy()
    divided[30:] /= 2
    found = features_of(divided)
    assert found["growth of the middle third"] == pytest.approx(0.01)
    assert (found["jumps up"], found["jumps down"]) == (0, 1)
    assert found["largest step down"] == pytest.approx(np.log(0.5) + 0.01)


def test_gaps_are_bridged() -> None:
    gappy = GROWING.copy()
    gappy[[0, 10, 11, 59]] = np.nan
    assert features_of(gappy)["growth, spread around a line"] == pytest.approx(0, abs=1e-9)


def test_zero_masses_have_finite_features() -> None:
    assert np.isfinite(list(features_of(np.append(GROWING, 0.0)).values())).all()


def test_few_frames_are_refused() -> None:
    with pytest.raises(ValueError, match="11 frames were measured, 12 are needed"):
        features_of(np.append(GROWING[:11], np.nan))
