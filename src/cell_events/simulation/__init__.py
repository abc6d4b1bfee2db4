"""Movies of simulated cells with exact truth: for learning, for tests and as sample data."""

from cell_events.simulation.known_movies import FLUORESCENT_NUCLEI, PHASE_CONTRAST_CELLS
from cell_events.simulation.movie import SimulationSettings, random_settings, simulated_movie

__all__ = [
    "FLUORESCENT_NUCLEI",
    "PHASE_CONTRAST_CELLS",
    "SimulationSettings",
    "random_settings",
    "simulated_movie",
]
