"""Which cells of a frame lie over which of the next one: the signs of merges and splits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.cell_pixels import CellPixels

LARGE = 0.4
"""Two cells overlap if they share this part of the smaller one's area."""


@dataclass(frozen=True, eq=False)
class Overlaps:
    """Pairs of overlapping cells of two frames.

    Attributes
    ----------
    earlier, later
        (m,) index of each pair's cell in the earlier and in the later frame.
    pixels
        (m,) number of pixels that they share.
    """

    earlier: NDArray[np.intp]
    later: NDArray[np.intp]
    pixels: NDArray[np.float64]


def overlaps(earlier: CellPixels, later: CellPixels, large: float = LARGE) -> Overlaps:
    """Find the pairs of cells of two frames that overlap by `large` of the smaller area or more."""
    here = np.full(later.shape, -1, np.intp)
    here[earlier.rows, earlier.columns] = earlier.cell
    before = here[later.rows, later.columns]
    code = before[before >= 0] * max(later.n, 1) + later.cell[before >= 0]
    codes, pixels = np.unique(code, return_counts=True)
    first, second = np.divmod(codes, max(later.n, 1))
    smaller = np.minimum(earlier.area_px[first], later.area_px[second])
    # The hair's breadth is for 0.4 * 5, which is more than 2 to a computer.
    keep = pixels >= large * smaller - 1e-9
    return Overlaps(first[keep], second[keep], pixels[keep].astype(float))


def best_partners(found: Overlaps, n_earlier: int) -> NDArray[np.intp]:
    """(n_earlier,) the cell of the later frame that each shares most pixels with; -1 for none."""
    partners = np.full(n_earlier, -1, np.intp)
    order = np.argsort(found.pixels, kind="stable")  # the last one written is the largest
    partners[found.earlier[order]] = found.later[order]
    return partners
