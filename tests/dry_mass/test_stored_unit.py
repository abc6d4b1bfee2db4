"""Units of grey values that files say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
import zarr

from cell_events.dry_mass.stored_unit import stored_unit
from cell_events.movie import open_movie

FRAMES = np.zeros((2, 8, 9), np.float32)


@pytest.mark.parametrize(
    ("described", "unit"),
    [
        ({"axes": "TYX", "vunit": "rad"}, "rad"),
        ({"axes": "TYX", "vunit": "Nanometers", "unit": "um"}, "nm"),
        ({"axes": "TYX", "unit": "um"}, None),  # of the pixels
        ({"axes": "TYX", "vunit": "rad", "cf": 0, "c0": -3.1, "c1": 0.02}, None),
        ({"axes": "TYX", "vunit": "Gray Value"}, None),
    ],
)
def test_imagej_says_it_where_there_is_no_calibration_curve(
    tmp_path: Path, described: dict[str, Any], unit: str | None
) -> None:
    path = tmp_path / "phase.tif"
    tifffile.imwrite(path, FRAMES[:, None, None], imagej=True, metadata={**described, "axes": None})
    assert stored_unit(open_movie(path, axes="TYX")) == unit


def test_other_tiffs_can_say_it(tmp_path: Path) -> None:
    path = tmp_path / "phase.tif"
    tifffile.imwrite(path, FRAMES, metadata={"axes": "TYX", "value_unit": "µm"})
    assert stored_unit(open_movie(path, axes="TYX")) == "um"


def test_zarr_can_say_it(tmp_path: Path) -> None:
    array = zarr.create_array(str(tmp_path / "phase.zarr"), data=FRAMES)
    assert stored_unit(open_movie(tmp_path / "phase.zarr", axes="TYX")) is None
    array.attrs["units"] = "radians"
    assert stored_unit(open_movie(tmp_path / "phase.zarr", axes="TYX")) == "rad"


def test_arrays_say_nothing() -> None:
    assert stored_unit(open_movie(FRAMES)) is None
