from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.image import imread

from cell_events.movie import open_movie
from cell_events.trust.explained_events import ExplainedEvent
from cell_events.trust.region_figure import (
    write_event_figure,
    write_region_figure,
    write_sanity_figure,
)
from cell_events.trust.sanity import SanityStage, Similarity
from cell_events.trust.top_regions import Region, region_crops

MOVIE = open_movie(np.random.default_rng(0).integers(0, 255, (3, 80, 60), np.uint8))
MAP = np.random.default_rng(1).random((80, 60), np.float32)


def colours(path: Path) -> np.ndarray:
    return imread(path)[..., :3]


def test_the_picture_of_regions_shows_the_map_in_colour_over_the_grey_frame(tmp_path: Path) -> None:
    regions = [Region(2, 10, 50, 1, 0.9), Region(2, 60, 20, 2, 0.5), Region(2, 40, 40, 3, 0.2)]
    crops = region_crops(MOVIE, regions, size=16)
    write_region_figure(tmp_path / "map.png", MOVIE, MAP, crops, title="division")
    write_region_figure(tmp_path / "none.png", MOVIE, np.zeros_like(MAP), crops, title="division")
    with_map, without = colours(tmp_path / "map.png"), colours(tmp_path / "none.png")
    assert with_map.shape == without.shape
    assert np.ptp(with_map, axis=-1).max() > 0.3
    assert np.ptp(without, axis=-1).max() < 0.05


def test_the_pictures_of_events_and_of_random_weights_are_written(tmp_path: Path) -> None:
    maps = np.stack([MAP[:16, :16], MAP[16:32, :16]])
    event = ExplainedEvent(2, 8.0, 8.0, "division", 1.0, (1, 2), 0, 0, maps, 1 - maps)
    write_event_figure(tmp_path / "event.png", event, "division")
    stages = [SanityStage(f"part {n}", Similarity(0.5 / (n + 1), 0.1), MAP) for n in range(3)]
    write_sanity_figure(tmp_path / "sanity.png", MAP, stages, "division")
    for name in ("event", "sanity"):
        assert np.ptp(colours(tmp_path / f"{name}.png"), axis=-1).max() > 0.3
