"""Area, place and shape of cells, from sums over their pixels: nothing depends on the perimeter.

A perimeter grows with every notch that noise cuts into an outline; areas and moments do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import gcd

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.cell_pixels import CellPixels

Point = tuple[int, int]


@dataclass(frozen=True, eq=False)
class CellShapes:
    """Shapes of the n cells of a frame, in pixels.

    Attributes
    ----------
    area_px
        Number of pixels.
    y, x
        Mean place of the pixels.
    major_axis_px, minor_axis_px, eccentricity
        Of the ellipse with the same second moments, as scikit-image defines them.
    solidity
        Share of the pixels in the convex hull that belong to the cell; 1 for a convex cell.
    touches_border
        Whether a pixel lies at the border of the frame.
    """

    area_px: NDArray[np.float64]
    y: NDArray[np.float64]
    x: NDArray[np.float64]
    major_axis_px: NDArray[np.float64]
    minor_axis_px: NDArray[np.float64]
    eccentricity: NDArray[np.float64]
    solidity: NDArray[np.float64]
    touches_border: NDArray[np.bool_]


def cell_shapes(cells: CellPixels) -> CellShapes:
    """Measure the shape of each cell."""
    area = cells.area_px
    y, x = (cells.sums(place) / area for place in (cells.rows, cells.columns))
    major, minor = _axes(cells, y, x)
    flatness = np.divide(minor, major, out=np.ones_like(major), where=major > 0)
    return CellShapes(
        area_px=area,
        y=y,
        x=x,
        major_axis_px=major,
        minor_axis_px=minor,
        eccentricity=np.sqrt(1 - flatness**2),
        solidity=area / _pixels_in_hulls(cells),
        touches_border=_touches_border(cells),
    )


def _axes(
    cells: CellPixels, y: NDArray[np.float64], x: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Full axes of the ellipses with the second moments of the cells."""
    dy, dx = cells.rows - y[cells.cell], cells.columns - x[cells.cell]
    yy, xx, yx = (cells.sums(term) / cells.area_px for term in (dy * dy, dx * dx, dy * dx))
    middle, spread = (yy + xx) / 2, np.hypot((yy - xx) / 2, yx)
    return 4 * np.sqrt(middle + spread), 4 * np.sqrt(np.maximum(middle - spread, 0))


def _touches_border(cells: CellPixels) -> NDArray[np.bool_]:
    (height, width), rows, columns = cells.shape, cells.rows, cells.columns
    outermost = (rows == 0) | (rows == height - 1) | (columns == 0) | (columns == width - 1)
    return cells.sums(outermost) > 0


def _pixels_in_hulls(cells: CellPixels) -> NDArray[np.float64]:
    """Number of pixels whose centres lie in the convex hull of each cell."""
    # Only the first and the last pixel of a row can be corners of the hull.
    new_row = (np.diff(cells.cell, prepend=-1) != 0) | (np.diff(cells.rows, prepend=-1) != 0)
    first = np.flatnonzero(new_row)
    last = np.append(first, len(cells.rows))[1:] - 1
    rows, starts, stops = cells.rows[first], cells.columns[first], cells.columns[last]
    bounds = np.searchsorted(cells.cell[first], np.arange(cells.n + 1)).tolist()
    left = list(zip(rows.tolist(), starts.tolist(), strict=True))
    right = list(zip(rows.tolist(), stops.tolist(), strict=True))
    return np.array(
        [_pixels_in_hull(left[begin:end], right[begin:end]) for begin, end in pairwise(bounds)],
        dtype=float,
    )


def _pixels_in_hull(left: Sequence[Point], right: Sequence[Point]) -> int:
    """Count pixels between the outermost ones of each row, by Pick's theorem."""
    corners = _bulge(left, 1) + _bulge(right, -1)[::-1]
    twice_area, on_edges = 0, 0
    for (y, x), (next_y, next_x) in zip(corners, corners[1:] + corners[:1], strict=True):
        twice_area += y * next_x - next_y * x
        on_edges += gcd(next_y - y, next_x - x)
    return (abs(twice_area) + on_edges) // 2 + 1


def _bulge(points: Sequence[Point], side: int) -> list[Point]:
    """Corners of a chain of rows that stands out to the left (side 1) or to the right (-1)."""
    chain: list[Point] = []
    for y, x in points:
        while len(chain) > 1:
            (y0, x0), (y1, x1) = chain[-2:]
            if side * ((y1 - y0) * (x - x0) - (x1 - x0) * (y - y0)) > 0:
                break
            chain.pop()
        chain.append((y, x))
    return chain
