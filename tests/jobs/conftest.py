"""A tiny movie, its paint and a small network, as files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from cell_events.engine.header import ModelHeader
from cell_events.engine.model_file import save_model
from cell_events.events import write_events
from cell_events.jobs import MovieSource
from cell_events.time_arrow.pretrain import initial_network
from tests.synthetic import dividing_cells

SMALL = {"width": 8, "depth": 2, "features": 8}


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks this small are slower on several threads, and tests run beside each other."""
    monkeypatch.setattr("cell_events.engine.device.available_cores", lambda: 1)


@pytest.fixture
def few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer places and repeats in a calibration than somebody would want."""
    monkeypatch.setattr("cell_events.recognition.calibration_crops.MOST_PLACES", 200)
    monkeypatch.setattr("cell_events.trust.calibration_scores.REPEATS", 10)
    monkeypatch.setattr("cell_events.trust.reliability.REPEATS", 10)


def write_stack(path: Path, stack: NDArray[np.uint8]) -> Path:
    tifffile.imwrite(path, stack, metadata={"axes": "TYX"}, photometric="minisblack")
    return path


@pytest.fixture
def movie(tmp_path: Path) -> MovieSource:
    """Movie of 8 frames with divisions; `paint` and `truth` belong to it."""
    cells, paint, events = dividing_cells(n_frames=8, size=(96, 96))
    write_stack(tmp_path / "paint.tif", paint)
    write_events(tmp_path / "truth.csv", events)
    path = write_stack(tmp_path / "cells.tif", cells)
    return MovieSource(path, pixel_size_um=0.5, frame_interval_s=60.0)


@pytest.fixture
def paint(movie: MovieSource) -> Path:
    return movie.path.with_name("paint.tif")


@pytest.fixture
def truth(movie: MovieSource) -> Path:
    return movie.path.with_name("truth.csv")


@pytest.fixture
def tap(tmp_path: Path) -> Path:
    """Time-arrow model with random weights, too small to be slow."""
    path = tmp_path / "small.safetensors"
    save_model(path, initial_network(0, **SMALL), ModelHeader("tap", "time_arrow", SMALL))
    return path
