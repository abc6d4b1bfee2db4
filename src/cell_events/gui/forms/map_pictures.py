"""Cell maps as pictures over the movie, and what is said of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

COLOUR = 255, 176, 0
OPACITY = 0.55


@dataclass(frozen=True)
class MapWords:
    """What stands beneath a map: why it is, or is not, one of normal cells."""

    index: int
    reason: str
    is_dead: bool = False
    is_proposed: bool = False

    @property
    def heading(self) -> str:
        """The map's number, as the command line counts."""
        return f"{self.index}  proposed" if self.is_proposed else f"{self.index}"


def map_pictures(
    image: NDArray[np.float32], maps: NDArray[np.uint8], contrast: tuple[float, float]
) -> list[NDArray[np.uint8]]:
    """Each map (Y, X), tinted over a frame of the movie (rows, columns), as (Y, X, 3).

    The frame is sampled where the places of the maps lie.
    """
    rows, columns = maps.shape[-2:]
    down, right = (
        np.minimum(np.arange(n) * side // n + side // (2 * n), side - 1)
        for n, side in ((rows, image.shape[0]), (columns, image.shape[1]))
    )
    black, white = contrast
    grey = np.clip((image[np.ix_(down, right)] - black) / max(white - black, 1e-12), 0, 1)
    plain = np.repeat(grey[..., None], 3, axis=2)
    tinted = (1 - OPACITY) * plain + OPACITY * np.array(COLOUR) / 255
    pictures = [np.where(shown[..., None] > 0, tinted, plain) for shown in maps]
    return [np.rint(255 * picture).astype(np.uint8) for picture in pictures]
