"""The lives of simulated cells: they grow, wander, push each other, round up, divide and die."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event

CONDENSING, PLATE, SEPARATING = 3, 2, 4
"""Frames of prophase, of metaphase, and of the daughters moving apart, at pace 1."""

DYING_FRAMES = 8
N_BLEBS = 5


@dataclass(frozen=True, slots=True)
class LifeSettings:
    """How the cells of a movie live.

    Attributes
    ----------
    radius_px
        Radius of a cell just before it divides.
    cycle_frames
        Mean time from one division to the next.
    spacing
        Mean distance of neighbours at the start, in radii.
    speed_px
        Mean step of the random walk from frame to frame.
    pace
        How long mitosis takes, relative to the frame counts above.
    death_share
        Share of cells that die instead of dividing.
    """

    radius_px: float = 9.0
    cycle_frames: float = 40.0
    spacing: float = 3.0
    speed_px: float = 0.7
    pace: float = 1.0
    death_share: float = 0.15


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell in one frame.

    Attributes
    ----------
    velocity
        Step (y, x) of the last frame.
    angle
        Direction of the long axis, along which it will divide.
    age, cycle
        Frames since its birth, and the age at which it begins to divide or to die.
    fresh
        Whether it was born from a division, rather than there from the start.
    """

    identity: int
    y: float
    x: float
    velocity: tuple[float, float]
    angle: float
    age: float
    cycle: float
    dies: bool
    fresh: bool = False

    @property
    def overtime(self) -> float:
        """Frames since it began to divide or to die; negative before."""
        return self.age - self.cycle


def live(
    settings: LifeSettings, n_frames: int, size: tuple[int, int], random: np.random.Generator
) -> Iterator[tuple[list[Cell], list[Event]]]:
    """Cells of each frame, and the events that it is the first to show.

    A division is the first frame with separate daughters, at the midpoint between them; a death
    the first frame with blebs.
    """
    cells = _first_cells(settings, size, random)
    counter = len(cells)
    for t in range(n_frames):
        events: list[Event] = []
        if t:
            next_cells: list[Cell] = []
            for cell in cells:
                grown = replace(cell, age=cell.age + 1)
                children, event = _next_stage(grown, t, settings, counter, random)
                counter += len(children) if event else 0
                next_cells += children
                events += [event] if event else []
            cells = _moved(next_cells, settings, random)
        inside = [e for e in events if 0 <= e.y < size[0] and 0 <= e.x < size[1]]
        yield cells, inside


def stage_lengths(settings: LifeSettings) -> tuple[float, float, float]:
    """Frames of condensing, of the plate, and of separating."""
    return CONDENSING * settings.pace, PLATE * settings.pace, SEPARATING * settings.pace


def _first_cells(
    settings: LifeSettings, size: tuple[int, int], random: np.random.Generator
) -> list[Cell]:
    """Cells on a jittered grid, each at a random point of its cycle."""
    step = settings.spacing * settings.radius_px
    places = [
        (y + random.uniform(-0.3, 0.3) * step, x + random.uniform(-0.3, 0.3) * step)
        for y in np.arange(-step / 2, size[0] + step, step)
        for x in np.arange(-step / 2, size[1] + step, step)
    ]
    cells = [_new_cell(i, y, x, settings, random) for i, (y, x) in enumerate(places)]
    return [replace(cell, age=random.uniform(5, cell.cycle)) for cell in cells]


def _new_cell(
    identity: int, y: float, x: float, settings: LifeSettings, random: np.random.Generator
) -> Cell:
    """Cell at the beginning of its life."""
    return Cell(
        identity=identity,
        y=y,
        x=x,
        velocity=(0.0, 0.0),
        angle=random.uniform(0, np.pi),
        age=0.0,
        cycle=settings.cycle_frames * random.uniform(0.7, 1.3),
        dies=random.random() < settings.death_share,
    )


def _next_stage(
    cell: Cell, t: int, settings: LifeSettings, counter: int, random: np.random.Generator
) -> tuple[list[Cell], Event | None]:
    """What becomes of a cell in frame `t`, and the event that this is."""
    condensing, plate, _ = stage_lengths(settings)
    if cell.dies:
        if cell.overtime > condensing + DYING_FRAMES:
            return [], None
        first = 0 <= cell.overtime - condensing < 1
        return [cell], Event(t, cell.y, cell.x, "death") if first else None
    if cell.overtime < condensing + plate:
        return [cell], None
    reach = 0.45 * settings.radius_px
    offset = (reach * np.sin(cell.angle), reach * np.cos(cell.angle))
    daughters = [
        replace(
            _new_cell(counter + side, 0, 0, settings, random),
            y=cell.y + sign * offset[0],
            x=cell.x + sign * offset[1],
            velocity=(sign * offset[0] / 4, sign * offset[1] / 4),
            angle=cell.angle + np.pi / 2,
            fresh=True,
        )
        for side, sign in enumerate((-1, 1))
    ]
    return daughters, Event(t, cell.y, cell.x, "division")


def _moved(
    cells: list[Cell],
    settings: LifeSettings,
    random: np.random.Generator,
) -> list[Cell]:
    """Random steps, with cells that come too close pushing each other apart."""
    if not cells:
        return []
    places = np.array([(cell.y, cell.x) for cell in cells])
    steps = 0.6 * np.array([cell.velocity for cell in cells])
    steps += random.normal(0, 0.5 * settings.speed_px, places.shape)
    steps += _push(places, settings.radius_px)
    moved = places + steps * np.array([[0.3 if cell.overtime > 0 else 1.0] for cell in cells])
    result = []
    for cell, place, step in zip(cells, moved, steps, strict=True):
        born_now = cell.fresh and cell.age == 0
        y, x = (cell.y, cell.x) if born_now else (float(place[0]), float(place[1]))
        turn = 0.0 if cell.overtime > 0 else random.normal(0, 0.1)
        result.append(replace(cell, y=y, x=x, velocity=(step[0], step[1]), angle=cell.angle + turn))
    return result


def _push(places: NDArray[np.float64], radius_px: float) -> NDArray[np.float64]:
    """Displacement of each cell by its neighbours."""
    between = places[:, None] - places[None]
    distance = np.hypot(between[..., 0], between[..., 1])
    np.fill_diagonal(distance, np.inf)
    strength = np.maximum(0, 1.6 * radius_px - distance) / np.maximum(distance, 1e-6)
    pushed: NDArray[np.float64] = 0.15 * (strength[..., None] * between).sum(1)
    return pushed
