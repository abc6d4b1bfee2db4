"""Simulated movies and mass curves with exact truth: for learning, tests and as sample data."""

from cell_events.simulation.known_movies import FLUORESCENT_NUCLEI, PHASE_CONTRAST_CELLS
from cell_events.simulation.mass_curves import (
    MASS_ANOMALIES,
    MassCurveSettings,
    MassSimulation,
    simulated_mass_curves,
)
from cell_events.simulation.movie import SimulationSettings, random_settings, simulated_movie

__all__ = [
    "FLUORESCENT_NUCLEI",
    "MASS_ANOMALIES",
    "PHASE_CONTRAST_CELLS",
    "MassCurveSettings",
    "MassSimulation",
    "SimulationSettings",
    "random_settings",
    "simulated_mass_curves",
    "simulated_movie",
]
