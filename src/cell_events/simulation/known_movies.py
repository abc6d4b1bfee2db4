"""Two movies that are the same wherever they are simulated: sample data, and known truth."""

from __future__ import annotations

from cell_events.simulation.life import LifeSettings
from cell_events.simulation.movie import SimulationSettings
from cell_events.simulation.render import RenderSettings

FLUORESCENT_NUCLEI = SimulationSettings(
    n_frames=40, size=(256, 256), life=LifeSettings(death_share=0.25), seed=3
)

PHASE_CONTRAST_CELLS = SimulationSettings(
    n_frames=60,
    size=(256, 384),
    drift_px=0.3,
    life=LifeSettings(cycle_frames=60, spacing=3.2, pace=1.5),
    imaging=RenderSettings(look="phase contrast", noise=0.08, background=0.15),
    seed=11,
)
"""Cells that grow, wander, round up, divide or die by blebbing, while the stage drifts."""
