"""Movies of simulated cells with exact truth: for learning, for tests and as sample data."""

from cell_events.simulation.movie import SimulationSettings, random_settings, simulated_movie

__all__ = ["SimulationSettings", "random_settings", "simulated_movie"]
