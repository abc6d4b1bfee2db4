"""Pictures of a crop with what a network looked at over it, as the layers show both."""

from __future__ import annotations

import numpy as np
from napari.utils.colormaps import AVAILABLE_COLORMAPS
from numpy.typing import NDArray
from qtpy.QtGui import QImage

COLORMAP, OPACITY = "inferno", 0.6
"""Of the layer and of the pictures: bright where the network looks, clear elsewhere."""


def attention_picture(
    crop: NDArray[np.float32],
    contrast: tuple[float, float],
    attention: NDArray[np.float32] | None = None,
    highest: float = 1.0,
) -> NDArray[np.uint8]:
    """Red, green, blue and opacity (Y, X, 4) of a crop.

    Parameters
    ----------
    crop
        (Y, X) values of the movie; NaN beyond its edges, which becomes transparent.
    contrast
        Values of the movie that are black and white.
    attention
        (Y, X) map to add; None for the plain crop.
    highest
        Value of the map that is brightest.
    """
    black, white = contrast
    grey = np.clip((np.nan_to_num(crop) - black) / max(white - black, 1e-12), 0.0, 1.0)
    colours = np.repeat(grey[..., None], 3, axis=2)
    if attention is not None:
        shares = np.clip(np.nan_to_num(attention) / max(highest, 1e-12), 0.0, 1.0)
        mapped = AVAILABLE_COLORMAPS[COLORMAP].map(shares.ravel())[:, :3]
        colours = colours + OPACITY * mapped.reshape(*shares.shape, 3)
    picture = np.empty((*crop.shape, 4), np.uint8)
    picture[..., :3] = np.clip(255 * colours, 0, 255).round()
    picture[..., 3] = np.where(np.isnan(crop), 0, 255)
    return picture


def image_of(picture: NDArray[np.uint8]) -> QImage:
    """The same as an image that Qt can draw."""
    height, width = picture.shape[:2]
    drawn = QImage(picture.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return drawn.copy()  # the bytes do not outlive this function
