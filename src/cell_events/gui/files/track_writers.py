"""What napari calls to save tracks together with events; the manifest names these functions."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import pandas as pd
from napari.layers import Layer, Points, Tracks
from napari.utils.notifications import show_info

from cell_events.gui.layers.events_layer import events_of_layer
from cell_events.gui.layers.layer_axes import LayerError, Placement
from cell_events.gui.layers.stored_layers import LayerData, placement_of_points
from cell_events.gui.layers.track_layer import tracks_of_layer
from cell_events.track_ctc import write_ctc
from cell_events.track_divisions import DivisionsOnTracks, divisions_on_tracks, with_parents
from cell_events.track_geff import write_geff


class DividingTracks(NamedTuple):
    """Tracks with the parents found, what became of the divisions, and where they lie."""

    tracks: pd.DataFrame
    found: DivisionsOnTracks
    where: Placement


def write_tracks_geff(path: str, layers: list[LayerData]) -> list[str]:
    """Save a Tracks layer and a layer of events as GEFF, with the scale of the events' layer."""
    tracks, found, where = dividing_tracks(layers)
    write_geff(path, tracks, found.divisions, where.pixel_size_um, where.frame_interval_s)
    show_info(what_was_joined(found))
    return [path]


def write_tracks_ctc(path: str, layers: list[LayerData]) -> list[str]:
    """Save a Tracks layer and a layer of events as track file of the Cell Tracking Challenge."""
    tracks, found, _ = dividing_tracks(layers)
    write_ctc(path, tracks)
    show_info(what_was_joined(found))
    return [path]


def dividing_tracks(layers: list[LayerData]) -> DividingTracks:
    """Join the divisions of a layer of events with the tracks of another layer.

    Raises
    ------
    LayerError
        If the points are no events, or the tracks are no cells in two dimensions.
    TracksError
        If the tracks are impossible.
    """
    made = [Layer.create(*one) for one in layers]
    tracks = next(layer for layer in made if isinstance(layer, Tracks))
    points = next(layer for layer in made if isinstance(layer, Points))
    if "kind" not in points.features:
        raise LayerError(
            f"'{points.name}' holds points that are no events; select the tracks and the layer "
            "with the events."
        )
    where = placement_of_points(points)
    table = tracks_of_layer(tracks, points, where)
    found = divisions_on_tracks(events_of_layer(points, where), table)
    return DividingTracks(with_parents(table, found.parents), found, where)


def what_was_joined(found: DivisionsOnTracks) -> str:
    """Say how many divisions were joined with tracks, and why others were not."""
    joined, left = len(found.divisions), Counter(reason for _, reason in found.unmatched)
    if not joined and not left:
        return "There is no division among the events; the tracks were saved as they are."
    many = joined != 1
    sentence = (
        f"{joined} division{'s' if many else ''} {'were' if many else 'was'} joined with "
        f"{'their' if many else 'its'} tracks"
    )
    if not left:
        return f"{sentence}."
    reasons = ", ".join(f"{reason} ({number})" for reason, number in left.most_common())
    return f"{sentence}, {left.total()} had none: {reasons}."
