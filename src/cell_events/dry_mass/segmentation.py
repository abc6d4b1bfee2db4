"""Cells found by threshold and watershed: modest, so that a phase movie can be tried at once.

A network such as Cellpose or StarDist outlines touching and flat cells better; its labels are what
measuring is meant for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.movie import Movie, MovieError

SAMPLED_FRAMES = 8
NOISE = 5.0
"""The threshold lies so many standard deviations of the background above it."""
FAINTEST = 0.02
"""It lies at least at this part of the way from the background to the brightest pixels."""


@dataclass(frozen=True, slots=True)
class SegmentationSettings:
    """What counts as a cell.

    Attributes
    ----------
    threshold
        Grey value from which on a pixel, smoothed, belongs to a cell; see `cell_threshold`.
    min_area_px
        Smallest area of a cell.
    smooth_px
        Standard deviation of the smoothing before the threshold; twice that where cells are cut.
    dip
        Cells that touch are cut apart where phase dips between two tops by this part of the phase
        of bright cells (95th percentile of the frame's cell pixels).
    """

    threshold: float
    min_area_px: int = 100
    smooth_px: float = 1.0
    dip: float = 0.15

    def __post_init__(self) -> None:
        lengths_fit = self.min_area_px >= 1 and self.smooth_px > 0
        if not (math.isfinite(self.threshold) and lengths_fit and 0 < self.dip < 1):
            raise ValueError(
                "Expected a number as threshold, a smallest area from 1 px on, smoothing above 0 "
                f"and a dip between 0 and 1; got {self.threshold}, {self.min_area_px}, "
                f"{self.smooth_px} and {self.dip}."
            )


def cell_threshold(movie: Movie, smooth_px: float = 1.0) -> float:
    """Propose a threshold for all frames from at most 8 of them: what stands out of the noise.

    Background must be the most frequent grey value.

    Raises
    ------
    MovieError
        If these frames are constant.
    """
    times = np.unique(np.linspace(0, movie.n_frames - 1, SAMPLED_FRAMES).round().astype(int))
    pixels = np.concatenate([_smooth(movie.read(int(t)), smooth_px).ravel() for t in times])
    if pixels.min() == pixels.max():
        raise MovieError(
            f"{movie.name} is constant in the frames looked at, so no cells can be told from the "
            "background; give another movie."
        )
    level, noise = _background(pixels)
    brightest = float(np.percentile(pixels, 99.9))
    return max(level + NOISE * noise, level + FAINTEST * (brightest - level))


def segmented(frame: NDArray[Any], settings: SegmentationSettings) -> NDArray[np.int32]:
    """Label the cells of a (Y, X) phase frame from 1, in the order of their first pixels."""
    from scipy.ndimage import binary_fill_holes, find_objects, label

    inside = binary_fill_holes(_smooth(frame, settings.smooth_px) >= settings.threshold)
    places, count = label(inside)
    labels = np.zeros(frame.shape, np.int32)
    if count == 0:
        return labels
    bright = float(np.percentile(frame[inside], 95))
    hills = _smooth(frame, 2 * settings.smooth_px)
    areas = np.bincount(places.ravel())
    found = 0
    for place, box in enumerate(find_objects(places), start=1):
        if areas[place] >= settings.min_area_px:
            mine = places[box] == place
            parts = _cut(hills[box], mine, settings, settings.dip * max(bright, 0.0))
            labels[box][mine] = parts[mine] + found
            found += int(parts.max())
    return labels


def _cut(
    hills: NDArray[np.float32], mine: NDArray[np.bool_], settings: SegmentationSettings, dip: float
) -> NDArray[np.int32]:
    """Cut one place into its cells, numbered from 1; parts that are too small join others."""
    from scipy.ndimage import label

    # Outside counts as the foot of the hills, else tops at the rim of the box would be cut off.
    land = np.pad(np.where(mine, hills, hills[mine].min()), 1, mode="minimum")
    within = np.pad(mine, 1)
    tops = label(_tops(land, dip) & within)[0] if dip > 0 else within.astype(np.int32)
    if tops.max() > 1:
        areas = np.bincount(_basins(land, tops, within).ravel(), minlength=int(tops.max()) + 1)
        tops[areas[tops] < settings.min_area_px] = 0
    parts = np.unique(tops[tops > 0])
    if parts.size <= 1:
        return mine.astype(np.int32)
    basins = _basins(land, tops, within)[1:-1, 1:-1]
    return np.searchsorted(parts, basins, side="right").astype(np.int32)


def _tops(land: NDArray[np.float32], dip: float) -> NDArray[np.bool_]:
    """Tops that stand higher than `dip` above every saddle to a higher one."""
    from skimage.morphology import h_maxima

    return np.asarray(h_maxima(land, dip)) > 0


def _basins(
    land: NDArray[np.float32], tops: NDArray[Any], within: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Give each pixel the number of the top that it belongs to; 0 outside."""
    from skimage.segmentation import watershed

    return np.asarray(watershed(-land, tops, mask=within), np.int32)


def _smooth(frame: NDArray[Any], sigma: float) -> NDArray[np.float32]:
    from scipy.ndimage import gaussian_filter

    smoothed: NDArray[np.float32] = gaussian_filter(frame.astype(np.float32), sigma)
    return smoothed


def _background(pixels: NDArray[np.float32]) -> tuple[float, float]:
    """Level and standard deviation of the background, after cells were left out again and again."""
    for _ in range(20):
        level = float(np.median(pixels))
        noise = 1.4826 * float(np.median(np.abs(pixels - level)))
        left = pixels[pixels <= level + NOISE * noise]
        if left.size == pixels.size or noise == 0:
            break
        pixels = left
    return level, noise
