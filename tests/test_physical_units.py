"""Units as files spell them."""

from __future__ import annotations

import pytest

from cell_events.physical_units import duration_s, length_um


@pytest.mark.parametrize(
    ("value", "unit", "um"),
    [
        (650, "nm", 0.65),
        (0.65, "µm", 0.65),  # micro sign
        (0.65, "μm", 0.65),  # Greek mu
        (0.65, "\\u00B5m", 0.65),  # as ImageJ writes it
        ("0.65", "microns", 0.65),
        (0.65, "Micrometre", 0.65),
        (0.002, "mm", 2.0),
        (1e-4, "centimeter", 1.0),
        (2e-6, "meters", 2.0),
        (5000, "Å", 0.5),
    ],
)
def test_lengths_become_micrometres(value: object, unit: str, um: float) -> None:
    assert length_um(value, unit) == pytest.approx(um)


@pytest.mark.parametrize(
    ("value", "unit", "seconds"),
    [
        (1500, "ms", 1.5),
        (5, "min", 300),
        (5, "minutes", 300),
        (30, "sec", 30),
        (2, "hours", 7200),
        (1, "d", 86400),
        (250, "µs", 0.00025),
    ],
)
def test_durations_become_seconds(value: object, unit: str, seconds: float) -> None:
    assert duration_s(value, unit) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        *[(1, "pixel"), (72, "inch"), (1, None), (1, ""), (1, "s")],
        *[(0, "um"), (-1, "um"), (None, "um"), ("abc", "um"), (float("nan"), "um")],
    ],
)
def test_what_says_nothing_about_the_specimen_is_unknown(value: object, unit: str | None) -> None:
    assert length_um(value, unit) is None
