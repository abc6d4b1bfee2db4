"""The unit of grey values, where a file says it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cell_events.movie import Movie
from cell_events.sources import TIFF_SUFFIXES

KEYS = ("value_unit", "vunit", "units", "unit")
"""Names under which TIFFs of tifffile and ImageJ and arrays of zarr may say it."""

SPELLINGS = {
    "rad": ("rad", "radian", "radians"),
    "nm": ("nm", "nanometer", "nanometers", "nanometre", "nanometres"),
    "um": ("um", "micron", "microns", "micrometer", "micrometers", "micrometre", "micrometres"),
}


def stored_unit(movie: Movie) -> str | None:
    """Say which unit of `phase_scale.UNITS` the grey values of a file have; None if it does not.

    A unit that ImageJ computes from grey values by a calibration curve is none of the grey values.
    """
    if movie.path is None:
        return None
    if movie.path.name.lower().endswith(TIFF_SUFFIXES):
        return _unit_in(_described_in_tiff(movie.path))
    if movie.path.is_dir():
        return _unit_in(_described_in_zarr(movie.path))
    return None


def _unit_in(described: dict[str, Any]) -> str | None:
    for key in KEYS:
        word = str(described.get(key, "")).strip().lower().replace("µ", "u").replace("μ", "u")
        for unit, spellings in SPELLINGS.items():
            if word in spellings:
                return unit
    return None


def _described_in_tiff(path: Path) -> dict[str, Any]:
    from tifffile import TiffFile

    with TiffFile(path) as tiff:
        if tiff.is_imagej:
            described, keys = dict(tiff.imagej_metadata or {}), ("vunit",)  # "unit" is of pixels
            if "cf" in described:  # of the curve from grey values to the unit
                return {}
        else:
            described, keys = dict((tiff.shaped_metadata or [{}])[0]), ("value_unit",)
    return {key: described[key] for key in keys if key in described}


def _described_in_zarr(path: Path) -> dict[str, Any]:
    import zarr

    try:
        return dict(zarr.open(str(path), mode="r").attrs)
    except (OSError, ValueError, KeyError, TypeError):
        return {}
