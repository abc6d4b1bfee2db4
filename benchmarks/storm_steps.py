"""What is done to a project in a viewer that gets killed, and what the project must hold then.

Each step follows from its number alone, so two processes do the same ones.
"""

from __future__ import annotations

import random

import numpy as np
from napari.layers import Labels

from cell_events.project import Project

SHAPE = (8, 300, 400)
MOVIE_ID = "movie-1"
N_PROPOSALS = 100
BRUSH_PX, DABS = 20, 4


class Model:
    """What the project must hold after a number of steps."""

    def __init__(self) -> None:
        self.number = 0
        self.paint = Labels(np.zeros(SHAPE, np.uint8))
        self.status: dict[str, str] = {}
        self._undo: list[tuple[object, ...]] = []
        self._redo: list[tuple[object, ...]] = []

    def step(self) -> None:
        """Do the next step."""
        self.number += 1
        match kind_of(self.number):
            case "paint":
                t = place_of(self.number)[0]
                before = self.paint.data[t].copy()
                stroke(self.paint, self.number)
                self._note(t, before, self.paint.data[t].copy())
            case "decide":
                name, status = decision(self.number)
                before, self.status[name] = self.status.get(name), status
                self._note(name, before, status)
            case "undo" if self._undo:
                self._redo.append(self._undo.pop())
                self._put(self._redo[-1][0], self._redo[-1][1])
            case "redo" if self._redo:
                self._undo.append(self._redo.pop())
                self._put(self._undo[-1][0], self._undo[-1][2])

    def agrees(self, project: Project) -> bool:
        """Whether a project holds just that."""
        found = {name: event.status for name, event in project.events(MOVIE_ID).items()}
        frames = project.paint(MOVIE_ID)
        return found == self.status and all(
            np.array_equal(frames.read(t), self.paint.data[t]) for t in range(SHAPE[0])
        )

    def _note(self, where: object, before: object, after: object) -> None:
        """A step that changes nothing is no edit."""
        if not np.array_equal(before, after):
            self._undo.append((where, before, after))
            self._redo.clear()

    def _put(self, where: object, value: object) -> None:
        if isinstance(where, int):
            self.paint.data[where] = value
        elif value is None:
            self.status.pop(str(where))
        else:
            self.status[str(where)] = str(value)


def kind_of(number: int) -> str:
    """Whether a step paints, decides, undoes or does again."""
    return random.Random(number).choices(("paint", "decide", "undo", "redo"), (5, 3, 2, 1))[0]


def place_of(number: int) -> tuple[int, int, int]:
    """Where a stroke begins: frame, y, x."""
    chance = random.Random(-number)
    return tuple(chance.randrange(side) for side in SHAPE)  # type: ignore[return-value]


def stroke(layer: Labels, number: int) -> None:
    """Draw the brush over the layer as napari does for the mouse, from press to release."""
    t, y, x = place_of(number)
    layer.brush_size = BRUSH_PX
    with layer.block_history():
        for i in range(DABS):
            layer.paint((t, y, min(x + 5 * i, SHAPE[2] - 1)), number % 4)


def decision(number: int) -> tuple[str, str]:
    """Which proposal is decided on, and how."""
    return f"found/{number % N_PROPOSALS}", ("accepted", "rejected")[number // N_PROPOSALS % 2]
