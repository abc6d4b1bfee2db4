"""Paint the divisions that the demo learns from, as a person with a brush would.

    python benchmarks/make_demo_paint.py

reads the bundled movie and its divisions and writes the bundled painted mask: 1 on the mother in
the frame before each division and on both daughters in the frame of it. Only divisions in the
training frames of the demo are painted; the other one is left for the demo to find.
"""

from __future__ import annotations

import numpy as np
import tifffile
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation
from skimage.measure import label, regionprops

from cell_events.events import read_events
from cell_events.jobs.demo import MOVIE, PAINT, TRAINING_FRAMES, TRUTH

SEARCH_RADIUS_PX = 20
BRUSH_MARGIN_PX = 2


def painted_nuclei(frame: NDArray[np.uint8], y: float, x: float, count: int) -> NDArray[np.bool_]:
    """Brush over the `count` nuclei nearest to a point of a (Y, X) frame, a little beyond them."""
    rows, columns = np.indices(frame.shape)
    near = np.hypot(rows - y, columns - x) <= SEARCH_RADIUS_PX
    nuclei = label(frame > frame[near].max() / 2)
    regions = sorted(
        regionprops(nuclei),
        key=lambda region: np.hypot(region.centroid[0] - y, region.centroid[1] - x),
    )
    chosen = np.isin(nuclei, [region.label for region in regions[:count]])
    return binary_dilation(chosen, iterations=BRUSH_MARGIN_PX)


def painted_divisions() -> NDArray[np.uint8]:
    """Painted mask (T, Y, X) of the divisions in the training frames."""
    movie = tifffile.imread(MOVIE.path)
    paint = np.zeros_like(movie)
    first, last = TRAINING_FRAMES
    for event in read_events(TRUTH):
        if first < event.t <= last:
            for t, count in ((event.t - 1, 1), (event.t, 2)):
                paint[t][painted_nuclei(movie[t], event.y, event.x, count)] = 1
    return paint


def main() -> None:
    paint = painted_divisions()
    tifffile.imwrite(PAINT, paint, metadata={"axes": "TYX"}, compression="zlib")
    frames = np.unique(paint.nonzero()[0]).tolist()
    print(f"{PAINT.name}: {np.count_nonzero(paint)} pixels in the frames {frames}")


if __name__ == "__main__":
    main()
