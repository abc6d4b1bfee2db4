"""Maps of a frame as a trained network gives them: binary, without holes, eroded."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage

from cell_events.mitosis.cell_map_network import CellMapNetwork

LARGEST_HOLE = 300
"""In places of the grid. A map that is a ring in each cell so becomes a map of cells."""


def all_maps(
    network: CellMapNetwork, frame: NDArray[np.float32], erosion: int = 1
) -> NDArray[np.bool_]:
    """Binary maps (n, Y, X) of a frame (1, Y, X): small holes are filled, then rims eroded.

    Beyond the border, every map goes on.
    """
    filled = np.stack([_filled(binary) for binary in binary_maps(network, frame)])
    if not erosion:
        return filled
    cross = ndimage.generate_binary_structure(2, 1)[None]
    return np.asarray(ndimage.binary_erosion(filled, cross, iterations=erosion, border_value=1))


def binary_maps(network: CellMapNetwork, frame: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where each map is the strongest, (n, Y, X); each place belongs to exactly one map."""
    device = next(network.parameters()).device
    with torch.inference_mode():
        strongest = network.strongest(torch.tensor(frame, device=device)[None])[0].cpu().numpy()
    return np.asarray(strongest == np.arange(network.maps)[:, None, None])


def _filled(binary: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A map (Y, X) with its holes filled, but for those too large to lie within a cell."""
    holes, count = ndimage.label(~binary)
    size = np.bincount(holes.ravel(), minlength=count + 1)
    is_hole = size <= LARGEST_HOLE
    for rim in (holes[0], holes[-1], holes[:, 0], holes[:, -1]):
        is_hole[rim] = False
    is_hole[0] = False
    return np.asarray(binary | is_hole[holes])
