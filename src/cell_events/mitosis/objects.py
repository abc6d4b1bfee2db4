"""The connected objects of a binary map, and how round each of them is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage


@dataclass(frozen=True)
class MapObjects:
    """Objects of one map as columns of equal length.

    Attributes
    ----------
    area
        Number of places.
    roundness
        1 for a disc; see `map_objects`.
    """

    area: NDArray[np.float64]
    roundness: NDArray[np.float64]


def map_objects(binary: NDArray[np.bool_]) -> MapObjects:
    """Area and roundness of each object of a map (Y, X), whose places share sides.

    Of the ellipse that has the moments of the object, roundness is the share that the object fills
    times the root of its short axis over its long one. So it is 1 for a disc, 0.7 for
    an ellipse twice as long as wide, and near 0 for rings, nets and rims.
    """
    labels, count = ndimage.label(binary)
    y, x = np.nonzero(labels)
    which = labels[y, x] - 1
    area = np.bincount(which, minlength=count).astype(float)
    yy, xx, yx = (
        _central_moment(which, area, one, other) for one, other in ((y, y), (x, x), (y, x))
    )
    # A place is a square, whose own second moment is 1/12.
    yy, xx = yy + 1 / 12, xx + 1 / 12
    half, root = (yy + xx) / 2, np.sqrt(((yy - xx) / 2) ** 2 + yx**2)
    short, long = half - root, half + root
    filled = area / (4 * np.pi * np.sqrt(short * long))
    return MapObjects(area, np.minimum(filled, 1) * (short / long) ** 0.25)


def usual_area(areas: NDArray[np.float64]) -> float:
    """Area of the object in which the middle one of all covered places lies."""
    ordered = np.sort(areas)
    covered = ordered.cumsum()
    return float(ordered[np.searchsorted(covered, covered[-1] / 2)])


def _central_moment(
    which: NDArray[np.int_],
    area: NDArray[np.float64],
    one: NDArray[np.int_],
    other: NDArray[np.int_],
) -> NDArray[np.float64]:
    """Mean product of two coordinates of each object, less the product of their means."""
    means = [np.bincount(which, of, len(area)) / area for of in (one, other)]
    both = (one - means[0][which]) * (other - means[1][which])
    return np.asarray(np.bincount(which, both, len(area)) / area)
