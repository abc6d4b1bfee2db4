"""Movies under *File > Open Sample*: real ones, and simulated ones whose truth is known.

The real movies come with the package (`samples/ATTRIBUTION.md`); the others are made when opened.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tifffile
from napari.layers import Image, Points
from numpy.typing import NDArray

from cell_events.events import Event, read_events
from cell_events.gui.files.events_file import kinds_of
from cell_events.gui.layers.events_layer import new_events_layer
from cell_events.gui.layers.layer_axes import placement
from cell_events.gui.layers.paint_layer import new_paint_layer
from cell_events.gui.layers.stored_layers import LayerData, layer_data
from cell_events.movie import open_movie
from cell_events.simulation import (
    FLUORESCENT_NUCLEI,
    PHASE_CONTRAST_CELLS,
    SimulationSettings,
    simulated_movie,
)

FOLDER = Path(__file__).resolve().parents[2] / "samples"

PG_PER_GREY = 0.0084
"""Dry mass of a grey value of one pixel of the phase movie (`benchmarks/dry_mass_measured.py`)."""


def dividing_nuclei() -> list[LayerData]:
    """HeLa nuclei, two of their three divisions painted, and all three marked."""
    movie = _shown(tifffile.imread(FOLDER / "hela_h2b_movie.tif"), "HeLa nuclei")
    paint = new_paint_layer(placement(movie, "TYX"), "painted divisions")
    paint.data = tifffile.imread(FOLDER / "hela_h2b_eventmask.tif")
    truth = _known(movie, read_events(FOLDER / "hela_h2b_divisions.csv"), "known divisions")
    return [layer_data(layer) for layer in (movie, paint, truth)]


def quantitative_phase() -> list[LayerData]:
    """Breast cancer cells in quantitative phase, to measure dry mass."""
    movie = open_movie(FOLDER / "qpi_phase.ome.tif")
    width, interval = movie.pixel_size_um or 1.0, movie.frame_interval_s or 1.0
    image = Image(
        tifffile.imread(FOLDER / "qpi_phase.ome.tif"),
        name="quantitative phase",
        contrast_limits=movie.intensity_range,
        axis_labels=("t", "y", "x"),
        scale=(interval, width, width),
        units=("s", "um", "um"),
        metadata={"pg_per_grey": PG_PER_GREY},
    )
    return [layer_data(image)]


def simulated_cells() -> list[LayerData]:
    """Simulated nuclei that divide and die, with every event."""
    return _simulated(FLUORESCENT_NUCLEI, "simulated cells")


def simulated_phase_contrast() -> list[LayerData]:
    """Simulated cells in phase contrast that round up, divide and die, with every event."""
    return _simulated(PHASE_CONTRAST_CELLS, "simulated phase contrast")


def _simulated(settings: SimulationSettings, name: str) -> list[LayerData]:
    frames, events = simulated_movie(settings)
    movie = _shown(frames, name)
    truth = _known(movie, events, "true events")
    return [layer_data(layer) for layer in (movie, truth)]


def _shown(frames: NDArray[np.uint8], name: str) -> Image:
    limits = open_movie(frames, axes="TYX").intensity_range
    return Image(frames, name=name, contrast_limits=limits, axis_labels=("t", "y", "x"))


def _known(movie: Image, events: list[Event], name: str) -> Points:
    return new_events_layer(events, placement(movie, "TYX"), kinds_of(events), name)
