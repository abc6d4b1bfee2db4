"""The regions of a frame that a network looks at most, and crops of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.feature import peak_local_max

from cell_events.engine import atomic
from cell_events.movie import Movie

SMOOTHING = 1 / 12
"""Standard deviation of the Gaussian by which a map is smoothed, in sides of a crop."""


@dataclass(frozen=True, slots=True)
class Region:
    """A place that speaks for the class.

    Attributes
    ----------
    t, y, x
        Frame, which is the last of a pair, and centre in pixels.
    rank
        1 for the strongest of the frame.
    score
        Value of the smoothed map there. It compares places of one frame; it is no probability.
    """

    t: int
    y: int
    x: int
    rank: int
    score: float


class RegionCrops(NamedTuple):
    """Crops (size, size) of a region, with intensities from 0 to 1: before, and at its frame."""

    region: Region
    before: NDArray[np.float32]
    after: NDArray[np.float32]


def top_regions(
    attention: NDArray[np.float32], t: int, count: int = 8, size: int = 48
) -> tuple[Region, ...]:
    """Find the highest maxima of a map, each at least a crop away from higher ones.

    Parameters
    ----------
    attention
        (Y, X), not negative.
    count
        How many regions at most; a map that is zero elsewhere has fewer.
    size
        Side of a crop in pixels.
    """
    if count < 1 or size < 1:
        raise ValueError(f"count and size must be at least 1, got {count} and {size}.")
    smooth = ndimage.gaussian_filter(attention, SMOOTHING * size, mode="nearest")
    places = peak_local_max(
        smooth, min_distance=size, threshold_abs=0.0, exclude_border=False, num_peaks=count
    )
    return tuple(
        Region(t, int(y), int(x), rank, float(smooth[y, x]))
        for rank, (y, x) in enumerate(places, 1)
    )


def region_crops(
    movie: Movie, regions: Sequence[Region], delta: int = 1, size: int = 48
) -> list[RegionCrops]:
    """Crops of regions, `delta` frames earlier and at their frame.

    Windows are moved into the frame where they would leave it. Intensities below and above the
    movie's range become 0 and 1.
    """
    return [
        RegionCrops(
            region,
            crop_around(movie, max(0, region.t - delta), (region.y, region.x), size),
            crop_around(movie, region.t, (region.y, region.x), size),
        )
        for region in regions
    ]


def crop_around(
    movie: Movie, t: int, centre: tuple[float, float], size: int
) -> NDArray[np.float32]:
    """Window (size, size) around a place; smaller only where the frame is."""
    rows, columns = (
        window_around(at, size, length) for at, length in zip(centre, movie.shape[1:], strict=True)
    )
    return movie.read_normalised(t, rows, columns).clip(0, 1)


def window_around(centre: float, size: int, length: int) -> slice:
    """Rows or columns around a place, moved into the frame where they would leave it."""
    start = max(0, min(round(centre) - size // 2, length - size))
    return slice(start, min(length, start + size))


def write_regions(path: Path, regions: Iterable[Region]) -> None:
    """Write regions as CSV: t, y, x, rank, score."""
    rows: list[dict[str, Any]] = [asdict(region) for region in regions]
    text = io.StringIO()
    writer = csv.DictWriter(text, ["t", "y", "x", "rank", "score"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "score": f"{row['score']:.6g}"} for row in rows)
    atomic.write_text(path, text.getvalue())
