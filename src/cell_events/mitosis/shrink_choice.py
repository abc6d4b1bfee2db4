"""By how much to shrink a movie, from the size of what stands out from its ground."""

from __future__ import annotations

import math

import numpy as np
import torch
from scipy import ndimage
from skimage.filters import threshold_otsu

from cell_events.mitosis.cell_map_network import CellMapNetwork
from cell_events.mitosis.frames import ShrunkenFrames
from cell_events.mitosis.objects import map_objects, usual_area
from cell_events.movie import Movie

WANTED_PLACES = 10.0
"""Width of cells on the grid that `CellMapNetwork` maps well (benchmarks/cell_map.py)."""

DETECTOR_PLACES = 5.0
"""Width of cells on the grid that the detector reads best (benchmarks/mitosis.py)."""

LARGEST_SHRINK = 8
MEASURED_AT = 2
FRAMES_LOOKED_AT = 4
SMOOTHED_OVER = 1.0


def proposed_shrink(movie: Movie, places: float = WANTED_PLACES) -> int:
    """Factor by which to shrink a movie so that its cells are about `places` wide, 1 to 8.

    It needs no training and takes seconds; it is a guess, since mitotic cells, clumps and dirt are
    measured, too.
    """
    return min(LARGEST_SHRINK, max(1, round(object_width_px(movie) / places)))


def object_width_px(movie: Movie) -> float:
    """Width in pixels, as of discs of the same area, of what stands out from its ground.

    Frames are levelled as the network of the cell maps sees them. What is as far from the usual
    grey value as Otsu's threshold says is an object; half of all that they cover lies in
    objects of at least the area taken. 0 if nothing stands out.
    """
    frames = ShrunkenFrames(movie, min(MEASURED_AT, *movie.shape[1:]))
    count = min(FRAMES_LOOKED_AT, movie.n_frames)
    times = np.linspace(0, movie.n_frames - 1, count).round().astype(int)
    stack = torch.from_numpy(np.stack([frames.read(int(t)) for t in times]))
    network = CellMapNetwork()
    network.fit_levels(stack)
    levelled = network.levelled(stack)[:, 0].numpy()
    far = ndimage.gaussian_filter(
        np.abs(levelled - np.median(levelled)), (0, SMOOTHED_OVER, SMOOTHED_OVER)
    )
    if far.max() == far.min():
        return 0.0
    binary = far > threshold_otsu(far)
    areas = np.concatenate([map_objects(frame).area for frame in binary])
    return 2 * math.sqrt(usual_area(areas) / math.pi) * frames.shrink
