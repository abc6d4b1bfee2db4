"""How many picograms of dry mass one grey value of one pixel stands for.

Light is held back by what is dissolved in a cell: the optical path difference, summed over the area
of a cell, is the specific refraction increment times the dry mass (Barer 1952; Popescu et al.
2008). Nothing here is assumed but that increment, 0.19 um3/pg unless stated otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

REFRACTION_INCREMENT_UM3_PER_PG = 0.19
"""Specific refraction increment of protein in water; 0.18 to 0.21 are in use."""

UNITS = ("rad", "nm", "um", "pg")
"""What a grey value can be: phase, optical path difference in nm or um, or calibrated mass."""

WAVELENGTHS_UM = (0.1, 20.0)
"""Shortest and longest wavelength that can be meant."""


class PhaseScaleError(ValueError):
    """Units that are missing or contradict each other; the message says which to give."""


@dataclass(frozen=True, slots=True)
class PhaseScale:
    """Picograms for each grey value of one pixel.

    Attributes
    ----------
    pg_per_grey
        Dry mass of one pixel whose grey value is 1.
    pixel_size_um
        Width of a pixel; None only where the scale was calibrated and the size is not known.
    """

    pg_per_grey: float
    pixel_size_um: float | None = None

    def __post_init__(self) -> None:
        _refuse_not_positive("pg per grey value", self.pg_per_grey)
        _refuse_not_positive("pixel size", self.pixel_size_um)

    @property
    def area_name(self) -> str:
        """Unit of areas: "um2" where the pixel size is known, else "px"."""
        return "px" if self.pixel_size_um is None else "um2"

    @property
    def length_name(self) -> str:
        """Unit of lengths: "um" where the pixel size is known, else "px"."""
        return "px" if self.pixel_size_um is None else "um"


def phase_scale(
    unit: str | None,
    pixel_size_um: float | None = None,
    *,
    wavelength_um: float | None = None,
    pg_per_grey: float | None = None,
    refraction_increment: float = REFRACTION_INCREMENT_UM3_PER_PG,
) -> PhaseScale:
    """Give the scale that follows from the unit of the grey values.

    Parameters
    ----------
    unit
        One of `UNITS`; may be None where `pg_per_grey` is given.
    wavelength_um
        Wavelength of the light, needed for phase in radians and for nothing else.
    pg_per_grey
        Calibrated dry mass of one grey value of one pixel, in pg.
    refraction_increment
        Specific refraction increment in um3/pg.

    Raises
    ------
    PhaseScaleError
        If something is missing, impossible, or contradicts the unit.
    """
    _refuse_not_positive("refraction increment", refraction_increment)
    _refuse_missing_or_contradicting(unit, wavelength_um, pg_per_grey)
    if pg_per_grey is not None:
        return PhaseScale(pg_per_grey, pixel_size_um)
    if pixel_size_um is None:
        raise PhaseScaleError(
            f"The pixel size is unknown, and dry mass from {unit} needs it; give the width of a "
            "pixel in um."
        )
    path_um = {"nm": 1e-3, "um": 1.0, "rad": (wavelength_um or math.nan) / (2 * math.pi)}
    area_um2 = pixel_size_um**2
    return PhaseScale(path_um[str(unit)] * area_um2 / refraction_increment, pixel_size_um)


def _refuse_missing_or_contradicting(
    unit: str | None, wavelength_um: float | None, pg_per_grey: float | None
) -> None:
    if unit is None and pg_per_grey is None:
        raise PhaseScaleError(
            "The unit of the grey values is unknown; say whether they are rad, nm or um, or "
            "give the dry mass of one grey value of one pixel in pg."
        )
    if unit is not None and unit not in UNITS:
        raise PhaseScaleError(
            f"The unit {unit!r} is not known; expected one of {', '.join(UNITS)}."
        )
    if unit == "pg" and pg_per_grey is None:
        raise PhaseScaleError(
            "The unit is pg, and how many a grey value stands for is unknown; give the dry mass of "
            "one grey value of one pixel in pg, 1 if grey values are pg."
        )
    if unit not in (None, "pg") and pg_per_grey is not None:
        raise PhaseScaleError(
            f"Grey values are either {unit} or calibrated by {pg_per_grey:g} pg each; give one of "
            "the unit and the pg per grey value."
        )
    _check_wavelength(unit, wavelength_um)


def _check_wavelength(unit: str | None, wavelength_um: float | None) -> None:
    if unit == "rad" and wavelength_um is None:
        raise PhaseScaleError(
            "The wavelength is unknown, and phase in rad needs it; give the wavelength of the "
            "light in um, such as 0.532."
        )
    if unit != "rad" and wavelength_um is not None:
        raise PhaseScaleError(
            f"A wavelength is for phase in rad, and the grey values are {unit or 'pg'}; leave it "
            "out, or give the unit rad."
        )
    shortest, longest = WAVELENGTHS_UM
    if wavelength_um is not None and not shortest <= wavelength_um <= longest:
        raise PhaseScaleError(
            f"{wavelength_um:g} um is no wavelength of a microscope; expected {shortest:g} to "
            f"{longest:g} um, for instance 0.532 for 532 nm."
        )


def _refuse_not_positive(name: str, value: float | None) -> None:
    if value is not None and not (math.isfinite(value) and value > 0):
        raise PhaseScaleError(f"The {name} must be a positive number, got {value}.")
