"""Picograms for each grey value, from the definitions of phase and optical path difference."""

from __future__ import annotations

import math
from typing import Any

import pytest

from cell_events.dry_mass.phase_scale import PhaseScaleError, phase_scale


def test_an_optical_path_of_one_nanometre_over_one_square_micrometre() -> None:
    # 0.001 um x 1 um2 = 0.001 um3, and each pg holds light back by 0.19 um3.
    assert phase_scale("nm", 1.0).pg_per_grey == pytest.approx(0.001 / 0.19)


def test_micrometres_are_a_thousand_nanometres() -> None:
    nm, um = phase_scale("nm", 0.5), phase_scale("um", 0.5)
    assert um.pg_per_grey == pytest.approx(1000 * nm.pg_per_grey)


def test_a_full_turn_of_phase_is_one_wavelength() -> None:
    turn = 2 * math.pi * phase_scale("rad", 0.4, wavelength_um=0.6).pg_per_grey
    assert turn == pytest.approx(0.6 * phase_scale("um", 0.4).pg_per_grey)


def test_mass_grows_with_the_area_of_a_pixel_and_falls_with_the_refraction_increment() -> None:
    base = phase_scale("um", 1.0).pg_per_grey
    assert phase_scale("um", 2.0).pg_per_grey == pytest.approx(4 * base)
    twice = phase_scale("um", 1.0, refraction_increment=0.38).pg_per_grey
    assert twice == pytest.approx(base / 2)


@pytest.mark.parametrize("unit", [None, "pg"])
def test_a_calibrated_scale_needs_no_pixel_size(unit: str | None) -> None:
    scale = phase_scale(unit, pg_per_grey=0.00823)
    assert (scale.pg_per_grey, scale.area_name, scale.length_name) == (0.00823, "px", "px")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"unit": None}, "unit of the grey values is unknown; say whether"),
        ({"unit": "rad", "wavelength_um": 0.5}, "pixel size is unknown"),
        ({"unit": "rad", "pixel_size_um": 1.0}, "wavelength is unknown"),
        ({"unit": "rad", "pixel_size_um": 1.0, "wavelength_um": 532.0}, "0.532 for 532 nm"),
        ({"unit": "nm", "pixel_size_um": 1.0, "wavelength_um": 0.5}, "wavelength is for phase"),
        ({"unit": "pg"}, "how many a grey value stands for is unknown"),
        ({"unit": "nm", "pixel_size_um": 1.0, "pg_per_grey": 1.0}, "give one of"),
        ({"unit": "degrees"}, "'degrees' is not known; expected one of rad, nm, um, pg"),
        ({"unit": "nm", "pixel_size_um": -1.0}, "pixel size must be a positive number"),
        ({"unit": "nm", "pixel_size_um": 1.0, "refraction_increment": 0.0}, "refraction increment"),
        ({"unit": None, "pg_per_grey": math.nan}, "pg per grey value must be a positive"),
    ],
)
def test_what_is_missing_or_contradicts_is_said(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(PhaseScaleError, match=says):
        phase_scale(**arguments)
