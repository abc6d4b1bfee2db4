"""What is measured of the cells of one frame, as columns of the track table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.dry_mass.background import background_offsets
from cell_events.dry_mass.cell_pixels import CellPixels
from cell_events.dry_mass.phase_scale import PhaseScale
from cell_events.dry_mass.shapes import cell_shapes

Columns = dict[str, NDArray[Any]]


def frame_columns(
    frame: NDArray[Any], cells: CellPixels, scale: PhaseScale, background: bool = False
) -> Columns:
    """Measure the cells of a (Y, X) phase frame.

    The mass of a cell is the sum of its grey values, each less the offset of the background where
    that is asked for, times the picograms of a grey value. An offset that cannot be measured, as
    no pixel lies free of cells, is 0.
    """
    shapes = cell_shapes(cells)
    offset = background_offsets(frame, cells) if background else np.zeros(cells.n)
    offset = np.where(np.isnan(offset), 0.0, offset)
    mass = (cells.sums_of(frame) - offset * shapes.area_px) * scale.pg_per_grey
    width = scale.pixel_size_um or 1.0
    area = shapes.area_px * width**2
    return {
        "label": cells.labels,
        "y": shapes.y,
        "x": shapes.x,
        "dry_mass_pg": mass,
        f"area_{scale.area_name}": area,
        f"density_pg_per_{scale.area_name}": mass / area,
        "eccentricity": shapes.eccentricity,
        "solidity": shapes.solidity,
        f"major_axis_{scale.length_name}": shapes.major_axis_px * width,
        f"minor_axis_{scale.length_name}": shapes.minor_axis_px * width,
        "background": offset,
        "touches_border": shapes.touches_border.astype(np.int64),
    }


def in_order(
    tracks: pd.DataFrame, scale: PhaseScale, frame_interval_s: float | None = None
) -> pd.DataFrame:
    """Give the columns of the track table in their order, with seconds and micrometres if known."""
    width = scale.pixel_size_um
    if frame_interval_s is not None:
        tracks = tracks.assign(t_s=tracks["t"] * frame_interval_s)
    if width is not None:
        tracks = tracks.assign(y_um=tracks["y"] * width, x_um=tracks["x"] * width)
    first = ["track_id", "t", "y", "x", "parent_id"]
    others = [name for name in tracks if name not in (*first, "label")]
    return tracks[[*first, *others]]
