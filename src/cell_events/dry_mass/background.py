"""The grey value around each cell: what an unlevel background adds to its mass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.cell_pixels import CellPixels


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the background of a cell is measured.

    Attributes
    ----------
    from_px, to_px
        Inner and outer distance from the cell of the ring that counts, in pixels. No pixel closer
        than `from_px` to any cell counts, and each pixel counts for its nearest cell only.
    least_px
        A ring of fewer pixels says nothing: the median of all rings of the frame is taken.
    """

    from_px: float = 3.0
    to_px: float = 12.0
    least_px: int = 20

    def __post_init__(self) -> None:
        if not 0 < self.from_px < self.to_px or self.least_px < 1:
            raise ValueError(
                f"A ring goes from a distance above 0 to a larger one and holds a pixel; got "
                f"{self.from_px} to {self.to_px} px and {self.least_px} pixels."
            )


def background_offsets(
    frame: NDArray[Any], cells: CellPixels, settings: Surroundings | None = None
) -> NDArray[np.float64]:
    """(n,) median grey value in a ring around each cell; NaN if cells leave no ring at all."""
    from scipy.ndimage import distance_transform_edt

    settings = settings or Surroundings()
    if cells.n == 0:
        return np.empty(0)
    owner = np.full(cells.shape, -1, np.intp)
    owner[cells.rows, cells.columns] = cells.cell
    distance, nearest = distance_transform_edt(owner < 0, return_indices=True)
    ring = (distance >= settings.from_px) & (distance <= settings.to_px)
    nearest_cell = owner[nearest[0][ring], nearest[1][ring]]
    values = frame[ring].astype(float)
    medians, counts = _medians(values, nearest_cell, cells.n)
    for_all = float(np.median(values)) if values.size >= settings.least_px else np.nan
    return np.where(counts >= settings.least_px, medians, for_all)


def _medians(
    values: NDArray[np.float64], group: NDArray[np.intp], n: int
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Median and number of the values of each group; NaN where there is none."""
    order = np.lexsort((values, group))
    counts = np.bincount(group, minlength=n)
    starts = np.cumsum(counts) - counts
    medians = np.full(n, np.nan)
    some = np.flatnonzero(counts)
    ordered = values[order]
    low, high = (counts[some] - 1) // 2, counts[some] // 2
    medians[some] = (ordered[starts[some] + low] + ordered[starts[some] + high]) / 2
    return medians, counts
