"""Small synthetic movies of dividing cells, with known answers, for the tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event

SITE_PX = 32
"""Side of the square that each cell keeps to itself, so that cells never touch."""

CELL_RADIUS_PX = 6.0


@dataclass(frozen=True)
class Blob:
    """One bright round nucleus in one frame."""

    y: float
    x: float
    radius_px: float
    brightness: float
    painted: bool


@dataclass(frozen=True)
class Cell:
    """One cell that drifts; it divides in frame `divides_at`, or never."""

    y: float
    x: float
    velocity: tuple[float, float]
    angle: float
    divides_at: int | None

    def centre(self, t: int) -> tuple[float, float]:
        """Where the cell, or the midpoint of its daughters, lies in frame `t`."""
        return self.y + t * self.velocity[0], self.x + t * self.velocity[1]

    def blobs(self, t: int) -> list[Blob]:
        """What frame `t` shows of this cell: itself, rounded up, or its two daughters."""
        y, x = self.centre(t)
        if self.divides_at is None or t < self.divides_at - 2:
            return [Blob(y, x, CELL_RADIUS_PX, 100.0, False)]
        if t < self.divides_at:
            return [Blob(y, x, CELL_RADIUS_PX - 2, 220.0, t == self.divides_at - 1)]
        age = t - self.divides_at
        reach = CELL_RADIUS_PX + min(age, 2) * 0.5
        dy, dx = reach * np.sin(self.angle), reach * np.cos(self.angle)
        brightness = max(200.0 - 25.0 * age, 100.0)
        radius_px = CELL_RADIUS_PX - 2.5
        return [
            Blob(y + side * dy, x + side * dx, radius_px, brightness, age == 0) for side in (-1, 1)
        ]


def _cells(n_frames: int, size: tuple[int, int], random: np.random.Generator) -> list[Cell]:
    """One cell per site; every second one divides."""
    rows, columns = (np.arange(SITE_PX // 2, side - SITE_PX // 2 + 1, SITE_PX) for side in size)
    cells = []
    for index, (y, x) in enumerate((y, x) for y in rows for x in columns):
        jitter = random.uniform(-2, 2, size=2)
        velocity = random.uniform(-0.2, 0.2, size=2)
        angle = random.uniform(0, np.pi)
        frame = int(random.integers(2, n_frames - 1))
        divides_at = frame if index % 2 == 0 else None
        cell = Cell(y + jitter[0], x + jitter[1], (velocity[0], velocity[1]), angle, divides_at)
        cells.append(cell)
    return cells


def _draw(
    blobs: list[Blob], size: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The (Y, X) image of some blobs and the mask of those that are painted."""
    image, paint = np.zeros(size), np.zeros(size, dtype=bool)
    rows, columns = np.indices(size)
    for blob in blobs:
        distance = np.hypot(rows - blob.y, columns - blob.x)
        image += blob.brightness / (1 + np.exp((distance - blob.radius_px) * 2))
        if blob.painted:
            paint |= distance <= blob.radius_px
    return image, paint


def dividing_cells(
    n_frames: int = 12, size: tuple[int, int] = (128, 128), seed: int = 0
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], list[Event]]:
    """Bright blobs that drift; every second one rounds up and splits in two.

    Parameters
    ----------
    n_frames
        At least 4. Divisions happen in frames 2 to `n_frames - 2`.
    size
        (Y, X) of a frame; each 32 x 32 square holds one cell, so at least (32, 32).
    seed
        The same seed gives the same movie.

    Returns
    -------
    movie
        (T, Y, X) uint8, background about 20 with noise.
    paint
        (T, Y, X) uint8: 1 on the mother in frame t - 1 and on both daughters in frame t.
    events
        The divisions, ordered by t; y and x are the midpoint of the daughters.
    """
    random = np.random.default_rng(seed)
    cells = _cells(n_frames, size, random)
    movie = np.zeros((n_frames, *size), dtype=np.uint8)
    paint = np.zeros_like(movie)
    for t in range(n_frames):
        image, painted = _draw([blob for cell in cells for blob in cell.blobs(t)], size)
        noisy = 20 + image + random.normal(0, 3, size)
        movie[t], paint[t] = noisy.clip(0, 255).astype(np.uint8), painted
    divisions = [
        (cell.divides_at, *cell.centre(cell.divides_at)) for cell in cells if cell.divides_at
    ]
    return movie, paint, [Event(t, float(y), float(x)) for t, y, x in sorted(divisions)]
