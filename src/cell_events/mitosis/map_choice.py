"""Which of the maps shows the normal cells: a proposal, and the reason for each map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.mitosis.binary_maps import all_maps
from cell_events.mitosis.cell_map_network import CellMapNetwork
from cell_events.mitosis.frames import FrameSource
from cell_events.mitosis.objects import MapObjects, map_objects, usual_area

FRAMES_LOOKED_AT = 8

EVERYWHERE = 0.6
"""A map that covers a larger share of the frames is the background."""

LARGEST_SHARE = 0.1
"""Of the frame: what is as large is no cell, or everything is."""

SMALLEST_AREA = 12.0
"""In places of the grid: objects that are smaller may be noise."""

FEW_OBJECTS = 5.0
"""In each frame: as many halve the score, since normal cells are the many."""

ALIKE = 3.0
"""Objects are of one kind if they are at most so many times larger or smaller than usual."""

RAGGED, UNSTABLE, UNEVEN = 0.45, 0.7, 0.6
"""Roundness, stability and evenness below which the words for a map say so."""


@dataclass(frozen=True, slots=True)
class MapQuality:
    """What one map looks like, over frames spread over the movie; plain values, ready for JSON.

    Attributes
    ----------
    index
        Number of the map, from 0.
    dead
        Whether the map shows nothing, or nearly everything.
    coverage
        Share of the frame that the map covers.
    objects_per_frame
        Objects, but for specks of less than a third of the usual area.
    area
        Usual area of an object in places of the grid: half of what is covered lies in larger ones.
    roundness
        Mean over the covered places of their object's roundness (see `map_objects`), 0 to 1.
    evenness
        Share of the covered places that lie in objects of about the usual area.
    apart
        1 where places lie in objects that are small compared to the frame, 0 where these have a
        tenth of the frame or more.
    stability
        1 where each frame has as many objects of the same area as the others.
    score
        How well the map serves as the map of normal cells, 0 to 1; 0 if it is dead.
    reason
        The same in a few words.
    """

    index: int
    dead: bool
    coverage: float
    objects_per_frame: float
    area: float
    roundness: float
    evenness: float
    apart: float
    stability: float
    score: float
    reason: str


def map_qualities(
    network: CellMapNetwork, frames: FrameSource, erosion: int = 1
) -> tuple[MapQuality, ...]:
    """Judge each map of a network by frames spread over a movie; see `map_quality`."""
    count = min(FRAMES_LOOKED_AT, frames.shape[0])
    times = np.linspace(0, frames.shape[0] - 1, count).round().astype(int)
    looked_at = [all_maps(network, frames.read(int(t)), erosion) for t in times]
    return tuple(
        map_quality(index, [maps[index] for maps in looked_at]) for index in range(network.maps)
    )


def map_quality(index: int, binary: Sequence[NDArray[np.bool_]]) -> MapQuality:
    """Judge one map by what it shows (Y, X) in some frames.

    Normal cells are many round objects, apart from each other, of a plausible area, alike, and as
    many in one frame as in the next. The score is the product of roundness, evenness, apart and
    stability, of ``min(1, area / 12)`` and of ``n / (n + 5)`` for n objects in each frame.
    Maps that are empty, or cover more than 60 % of the frame, are dead.
    """
    found = [map_objects(frame) for frame in binary]
    areas = np.concatenate([objects.area for objects in found])
    places = binary[0].size
    coverage = float(areas.sum() / places / len(binary))
    if not len(areas) or coverage > EVERYWHERE:
        reason = f"covers {coverage:.0%} of the frame".replace("%", " %") if len(areas) else "empty"
        return MapQuality(index, True, coverage, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, reason)
    area = usual_area(areas)
    counts = np.array([np.count_nonzero(objects.area >= area / ALIKE) for objects in found])
    roundness = np.concatenate([objects.roundness for objects in found])
    alike = (areas >= area / ALIKE) & (areas <= area * ALIKE)
    largest = np.average(areas, weights=areas) / places / LARGEST_SHARE
    quality = {
        "roundness": float(np.average(roundness, weights=areas)),
        "evenness": float(areas[alike].sum() / areas.sum()),
        "apart": float(max(0.0, 1 - largest)),
        "stability": _stability(counts, found),
    }
    many = float(counts.mean())
    score = float(np.prod([*quality.values(), min(1, area / SMALLEST_AREA)])) * many
    return MapQuality(
        index=index,
        dead=False,
        coverage=coverage,
        objects_per_frame=many,
        area=area,
        **quality,
        score=score / (many + FEW_OBJECTS),
        reason=_reason(many, area, coverage, **quality),
    )


def proposed_map(qualities: Sequence[MapQuality]) -> int:
    """Index of the map that best serves as the map of normal cells.

    Raises
    ------
    ValueError
        If no map shows objects.
    """
    best = max(qualities, key=lambda quality: quality.score)
    if best.score == 0:
        reasons = "; ".join(f"map {quality.index} {quality.reason}" for quality in qualities)
        raise ValueError(
            f"No map shows cells ({reasons}); use another shrink, so that cells are about ten "
            "places wide, more steps or another seed, and check that the movie shows cells."
        )
    return best.index


def _stability(counts: NDArray[np.int_], found: Sequence[MapObjects]) -> float:
    """1 / (1 + relative spread of the counts + that of the usual areas)."""
    usual = np.array([usual_area(objects.area) if len(objects.area) else 0.0 for objects in found])
    return float(
        1 / (1 + sum(values.std() / max(values.mean(), 1e-9) for values in (counts, usual)))
    )


def _reason(
    many: float,
    area: float,
    coverage: float,
    roundness: float,
    evenness: float,
    apart: float,
    stability: float,
) -> str:
    """A short clause for people."""
    if apart < 0.5:
        return f"connected over {100 * coverage:.0f} % of the frame"
    if area < SMALLEST_AREA:
        return f"{many:.0f} specks"
    kind = "round" if roundness >= RAGGED else "ragged"
    rest = "stable" if stability >= UNSTABLE else "unstable"
    uneven = ", of uneven size" if evenness < UNEVEN else ""
    return f"{many:.0f} {kind} objects{uneven}, {rest}"
