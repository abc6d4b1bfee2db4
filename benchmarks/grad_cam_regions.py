"""Which divisions lie in the top regions of maps, and in random places."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from halves import Half
from numpy.typing import NDArray

from cell_events.jobs.explained_network import ExplainedNetwork
from cell_events.trust.top_regions import top_regions

NEAR_PX = 15
TOP = 8
MOST_FRAMES = 8
CROP_PX = 48
DRAWS = 50
BRIGHT = 0.25
"""Grey value, as a share of the movie's range, from which a pixel counts as part of a cell."""


def divisions_by_frame(half: Half, network: ExplainedNetwork) -> dict[int, NDArray[np.float64]]:
    """Places (N, 2) of the divisions, in the frames that have most of them."""
    found: dict[int, list[tuple[float, float]]] = {}
    for event in half.events:
        if event.t >= network.first_frame:
            found.setdefault(event.t, []).append((event.y, event.x))
    most = sorted(found, key=lambda t: -len(found[t]))[:MOST_FRAMES]
    return {t: np.array(found[t]) for t in sorted(most)}


def met(places: NDArray[np.float64], divisions: NDArray[np.float64]) -> int:
    """Number of divisions with a place nearby."""
    if not len(places):
        return 0
    distances = np.linalg.norm(divisions[:, None] - places[None], axis=2)
    return int((distances.min(1) <= NEAR_PX).sum())


def share_met(
    divisions: dict[int, NDArray[np.float64]], map_of: Callable[[int], NDArray[np.float32]]
) -> float:
    """Share of the divisions that lie in a top region of their frame."""
    hits = 0
    for t, places in divisions.items():
        regions = top_regions(map_of(t), t, TOP, CROP_PX)
        hits += met(np.array([(region.y, region.x) for region in regions], float), places)
    return hits / sum(map(len, divisions.values()))


def shares_of_random_places(
    divisions: dict[int, NDArray[np.float64]], half: Half
) -> dict[str, float]:
    """Share met by random places of a frame, bright ones too, as far apart as regions."""
    random = np.random.default_rng(0)
    shape = half.movie.shape[1:]
    bright = {t: half.movie.read_normalised(t) > BRIGHT for t in divisions}
    kinds: dict[str, Callable[[int], NDArray[np.float32]]] = {
        "anywhere": lambda _: random.random(shape, np.float32),
        "in bright pixels": lambda t: random.random(shape, np.float32) * bright[t],
    }
    return {
        kind: float(np.mean([share_met(divisions, draw) for _ in range(DRAWS)]))
        for kind, draw in kinds.items()
    }
