"""A small movie, and edits on it with known answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event
from cell_events.movie import Movie, open_movie
from cell_events.project import Edit, EventChange, MovieReference, PaintChange, Project

SHAPE = (6, 300, 280)
"""Larger than one chunk of 256 in both directions."""

MOVIE_ID = "movie-1"


def small_movie(seed: int = 0) -> Movie:
    pixels = np.random.default_rng(seed).integers(0, 255, SHAPE, dtype=np.uint8)
    return open_movie(pixels)


def new_project(folder: Path) -> Project:
    project = Project.create(folder / "cells.cellevents")
    assert project.add_movie(MovieReference.of(small_movie())) == MOVIE_ID
    return project


def stroke(
    project: Project, t: int = 2, top: int = 250, left: int = 240, value: int = 1, side: int = 12
) -> Edit:
    """Paint a square over whatever is there."""
    before = project.paint(MOVIE_ID).read(t)[top : top + side, left : left + side]
    change = PaintChange(MOVIE_ID, t, top, left, before, np.full_like(before, value))
    return Edit(f"paint {value}", (change,))


def decision(project: Project, event_id: str, event: Event | None) -> Edit:
    before = project.events(MOVIE_ID).get(event_id)
    return Edit(f"decide {event_id}", (EventChange(MOVIE_ID, event_id, before, event),))


def accepted(t: int = 3, y: float = 4.5) -> Event:
    return Event(t, y, 7.0, "division", score=0.25, status="accepted", source="update-1")


def painted(project: Project) -> NDArray[np.uint8]:
    """All frames (T, Y, X)."""
    return np.stack([project.paint(MOVIE_ID).read(t) for t in range(SHAPE[0])])


def without_snapshots(folder: Path) -> Path:
    """Leave nothing but the journal to open from."""
    for path in (folder / "snapshots").glob("*"):
        path.unlink()
    return folder
