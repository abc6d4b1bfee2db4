"""Whole simulated movies with their events."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event
from cell_events.simulation.life import LifeSettings, live
from cell_events.simulation.render import RenderSettings, background, render
from cell_events.simulation.shapes import shapes_of

BURN_IN_FRAMES = 12
"""Frames lived before the first one shown, so that cells of all ages are there."""


@dataclass(frozen=True, slots=True)
class SimulationSettings:
    """One simulated movie: its size, its cells and its microscope."""

    n_frames: int = 24
    size: tuple[int, int] = (192, 192)
    drift_px: float = 0.0
    life: LifeSettings = field(default_factory=LifeSettings)
    imaging: RenderSettings = field(default_factory=RenderSettings)
    seed: int = 0

    def __post_init__(self) -> None:
        if self.n_frames < 1 or min(self.size) < 16:
            raise ValueError(
                f"A simulated movie needs at least 1 frame of 16 x 16 pixels; got "
                f"{self.n_frames} of {self.size[0]} x {self.size[1]}."
            )


def simulated_movie(settings: SimulationSettings) -> tuple[NDArray[np.uint8], list[Event]]:
    """Simulate a (T, Y, X) movie and the divisions and deaths in it, ordered by time."""
    random = np.random.default_rng(settings.seed)
    still = background(settings.imaging, settings.size, random)
    frames, events = [], []
    stage = np.zeros(2)
    lives = live(settings.life, settings.n_frames + BURN_IN_FRAMES, settings.size, random)
    for t, (cells, happened) in enumerate(lives):
        if t < BURN_IN_FRAMES:
            continue
        stage += random.normal(0, settings.drift_px, 2)
        ellipses = [shape for cell in cells for shape in shapes_of(cell, settings.life)]
        image = render(ellipses, still, settings.imaging, random)
        frames.append(np.roll(image, stage.round().astype(int), axis=(0, 1)))
        for event in happened:
            place = np.array([event.y, event.x]) + stage.round()
            if (place >= 0).all() and (place < settings.size).all():
                events.append(Event(t - BURN_IN_FRAMES, place[0], place[1], event.kind))
    return _as_bytes(np.stack(frames)), events


def random_settings(
    seed: int, n_frames: int = 24, size: tuple[int, int] = (192, 192)
) -> SimulationSettings:
    """Settings drawn at random: cell size, crowding, speed, looks, optics and noise all vary."""
    random = np.random.default_rng([seed, 0])
    life = LifeSettings(
        radius_px=random.uniform(5, 14),
        cycle_frames=random.uniform(18, 60),
        spacing=random.uniform(2.0, 4.5),
        speed_px=random.uniform(0.2, 2.5),
        pace=random.choice((0.5, 1.0, 2.0)),
        death_share=random.uniform(0, 0.4),
    )
    imaging = RenderSettings(
        look="fluorescence" if random.random() < 0.5 else "phase contrast",
        blur_px=random.uniform(0.5, 2.0),
        blur_jitter=random.uniform(0, 0.4),
        noise=random.uniform(0.02, 0.2),
        background=random.uniform(0, 0.25),
        lamp_jitter=random.uniform(0, 0.1),
        texture=random.uniform(0, 0.5),
    )
    return SimulationSettings(n_frames, size, random.uniform(0, 0.5), life, imaging, seed)


def _as_bytes(movie: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Scale to 0..255, brightest and darkest specks cut off."""
    low, high = np.percentile(movie, [0.05, 99.95])
    scaled = (movie - low) / max(high - low, 1e-9) * 255
    return np.asarray(scaled.clip(0, 255).round(), np.uint8)
