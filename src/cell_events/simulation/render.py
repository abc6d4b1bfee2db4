"""Images of simulated cells, as fluorescent nuclei or in phase contrast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cell_events.simulation.shapes import Ellipse

Look = Literal["fluorescence", "phase contrast"]

TEXTURE_SPOTS = 5


@dataclass(frozen=True, slots=True)
class RenderSettings:
    """How a movie is imaged; intensities are in units of an interphase cell's brightness.

    Attributes
    ----------
    blur_px, blur_jitter
        Standard deviation of the optics' blur, and by how much (relative) focus varies between
        frames.
    noise, noise_jitter
        Standard deviation of camera noise, and its relative variation between frames.
    background
        Amplitude of a still, smooth background.
    lamp_jitter
        Relative variation of the illumination between frames.
    texture
        How mottled cells are.
    """

    look: Look = "fluorescence"
    blur_px: float = 1.0
    blur_jitter: float = 0.2
    noise: float = 0.05
    noise_jitter: float = 0.2
    background: float = 0.1
    lamp_jitter: float = 0.05
    texture: float = 0.3


def background(
    settings: RenderSettings, size: tuple[int, int], random: np.random.Generator
) -> NDArray[np.float64]:
    """The still part (Y, X) of a movie."""
    smooth = ndimage.gaussian_filter(random.normal(size=size), min(size) / 8)
    fine = ndimage.gaussian_filter(random.normal(size=size), 2)
    scaled = smooth / max(smooth.std(), 1e-9) + 0.3 * fine / max(fine.std(), 1e-9)
    return np.asarray(settings.background * scaled)


def render(
    ellipses: Sequence[Ellipse],
    still: NDArray[np.float64],
    settings: RenderSettings,
    random: np.random.Generator,
) -> NDArray[np.float32]:
    """Image (Y, X) of one frame on the still background."""
    image = still.copy()
    for ellipse in ellipses:
        _add(image, ellipse, settings)
    blur = settings.blur_px * (1 + settings.blur_jitter * random.uniform(-1, 1))
    image = ndimage.gaussian_filter(image, blur)
    image *= 1 + settings.lamp_jitter * random.uniform(-1, 1)
    noise = settings.noise * (1 + settings.noise_jitter * random.uniform(-1, 1))
    return np.asarray(image + random.normal(0, noise, image.shape), np.float32)


def _add(image: NDArray[np.float64], ellipse: Ellipse, settings: RenderSettings) -> None:
    """Draw one ellipse into the image, in place."""
    reach = int(np.ceil(1.8 * max(ellipse.long_px, ellipse.short_px) + 3))
    top, left = round(ellipse.y) - reach, round(ellipse.x) - reach
    rows = np.arange(max(0, top), min(image.shape[0], top + 2 * reach + 1))
    columns = np.arange(max(0, left), min(image.shape[1], left + 2 * reach + 1))
    if not len(rows) or not len(columns):
        return
    y, x = rows[:, None] - ellipse.y, columns[None] - ellipse.x
    along = (x * np.cos(ellipse.angle) + y * np.sin(ellipse.angle)) / ellipse.long_px
    across = (y * np.cos(ellipse.angle) - x * np.sin(ellipse.angle)) / ellipse.short_px
    distance = (np.hypot(along, across) - 1) * min(ellipse.long_px, ellipse.short_px)
    body = 1 / (1 + np.exp(np.clip(2 * distance, -30, 30)))
    drawn = _look(body, distance, along, across, ellipse, settings)
    image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] += ellipse.opacity * drawn


def _look(
    body: NDArray[np.float64],
    distance: NDArray[np.float64],
    along: NDArray[np.float64],
    across: NDArray[np.float64],
    ellipse: Ellipse,
    settings: RenderSettings,
) -> NDArray[np.float64]:
    """Brightness that one cell adds: a mottled nucleus, or a flat cell or round one with a halo."""
    condensed = ellipse.condensed
    mottled = 1 + settings.texture * (1 - condensed) * _texture(along, across, ellipse.texture_seed)
    if settings.look == "fluorescence":
        return np.asarray(body * mottled * (1 + 1.2 * condensed))
    halo = np.exp(-0.5 * ((distance - 1.5) / 1.2) ** 2)
    flat = -0.35 * body * mottled + 0.25 * halo
    round_ = 1.3 * body - 0.5 * np.exp(-0.5 * ((distance - 3) / 1.2) ** 2) + 0.5 * halo
    return np.asarray((1 - condensed) * flat + condensed * round_)


def _texture(
    along: NDArray[np.float64], across: NDArray[np.float64], seed: int
) -> NDArray[np.float64]:
    """Spots that move and turn with the cell."""
    random = np.random.default_rng(seed)
    spots = np.zeros_like(along)
    for _ in range(TEXTURE_SPOTS):
        a, b = random.uniform(-0.7, 0.7, 2)
        sign = random.choice((-1.0, 1.0))
        spots += sign * np.exp(-((along - a) ** 2 + (across - b) ** 2) / 0.08)
    return spots
