"""What a simulated cell looks like at each age: ellipses with a brightness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cell_events.simulation.life import DYING_FRAMES, N_BLEBS, Cell, LifeSettings, stage_lengths

RECOVERY_FRAMES = 6.0


@dataclass(frozen=True, slots=True)
class Ellipse:
    """A soft-edged ellipse; `condensed` runs from 0 (spread, interphase) to 1 (mitotic, bright)."""

    y: float
    x: float
    long_px: float
    short_px: float
    angle: float
    condensed: float
    opacity: float
    texture_seed: int


def shapes_of(cell: Cell, settings: LifeSettings) -> list[Ellipse]:
    """Ellipses that make up a cell in one frame."""
    condensing, _, separating = stage_lengths(settings)
    if cell.overtime > 0 and cell.dies:
        return _dying(cell, settings, condensing)
    grown = settings.radius_px * np.sqrt(0.5 + 0.5 * min(1, max(0, cell.age / cell.cycle)))
    if cell.overtime > condensing:  # the metaphase plate, across the axis of division
        return [_ellipse(cell, 0.75 * grown, 0.3 * grown, cell.angle + np.pi / 2, 1.0)]
    if cell.overtime > 0:
        progress = cell.overtime / condensing
        side = grown * (1 - 0.3 * progress)
        return [_ellipse(cell, side, side, cell.angle, progress)]
    if cell.fresh and cell.age < separating + RECOVERY_FRAMES * settings.pace:
        progress = cell.age / (separating + RECOVERY_FRAMES * settings.pace)
        long_px = grown * (0.7 + 0.4 * progress)
        return [_ellipse(cell, long_px, long_px * (0.5 + 0.3 * progress), cell.angle, 1 - progress)]
    return [_ellipse(cell, 1.1 * grown, 0.85 * grown, cell.angle, 0.0)]


def _ellipse(
    cell: Cell, long_px: float, short_px: float, angle: float, condensed: float
) -> Ellipse:
    """Ellipse at the place of the cell."""
    return Ellipse(cell.y, cell.x, long_px, short_px, angle, condensed, 1.0, cell.identity)


def _dying(cell: Cell, settings: LifeSettings, condensing: float) -> list[Ellipse]:
    """Shrinking and rounding, then blebs that drift apart and fade."""
    if cell.overtime < condensing:
        side = settings.radius_px * (0.9 - 0.35 * cell.overtime / condensing)
        return [_ellipse(cell, side, side, cell.angle, 0.8 * cell.overtime / condensing)]
    progress = min(1.0, (cell.overtime - condensing) / DYING_FRAMES)
    random = np.random.default_rng(cell.identity)
    blebs = []
    for angle in random.uniform(0, 2 * np.pi, N_BLEBS):
        reach = settings.radius_px * (0.35 + 0.5 * progress) * random.uniform(0.6, 1.2)
        side = settings.radius_px * random.uniform(0.2, 0.35)
        y, x = cell.y + reach * np.sin(angle), cell.x + reach * np.cos(angle)
        blebs.append(Ellipse(y, x, side, side, 0.0, 0.9, 1 - 0.9 * progress, cell.identity))
    return blebs
