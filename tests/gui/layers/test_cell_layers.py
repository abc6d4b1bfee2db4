"""Tracks, rings and colours of measured cells on a movie with channels."""

import numpy as np
import pandas as pd
import pytest
from napari.components import ViewerModel

from cell_events.dry_mass.cell_table import cell_table
from cell_events.dry_mass.curves import mass_curves
from cell_events.dry_mass.flags import CellFlag
from cell_events.gui.layers import cell_tracks_layer
from cell_events.gui.layers.cell_colours_layer import CellColoursLayer
from cell_events.gui.layers.cell_tracks_layer import shown_tracks, tracks_layer
from cell_events.gui.layers.flag_points import FlagPoints
from cell_events.gui.layers.layer_axes import placement
from cell_events.movie import open_movie
from cell_events.tracks import track_table

N_FRAMES = 6
FLAGS = [
    CellFlag(1, "flagged", 9.0, 5.0, cause="cellular", first=2, last=4),
    CellFlag(2, "normal", 1.0, 5.0),
]


@pytest.fixture
def viewer():
    return ViewerModel()


@pytest.fixture
def movie(viewer):
    data = np.zeros((N_FRAMES, 2, 20, 30), np.uint8)
    return viewer.add_image(data, scale=(300, 1, 0.5, 0.5), translate=(0, 0, 100, 200))


@pytest.fixture
def where(movie):
    return placement(movie, "TCYX", 0)


@pytest.fixture
def table():
    tracks = track_table(
        pd.DataFrame(
            {
                "track_id": np.repeat([1, 2], N_FRAMES),
                "t": np.tile(np.arange(N_FRAMES), 2),
                "y": np.repeat([5.0, 15.0], N_FRAMES),
                "x": 10.0,
                "dry_mass_pg": 100.0,
                "area_px": 9.0,
            }
        )
    )
    return cell_table(tracks, mass_curves(tracks), "dry_mass_pg")


@pytest.fixture
def labels():
    data = np.zeros((N_FRAMES, 20, 30), np.uint32)
    data[:, 4:7, 9:12], data[:, 14:17, 9:12] = 1, 2
    return open_movie(data, axes="TYX")


def test_rings_are_on_the_cell_in_every_channel(viewer, where, table):
    points = FlagPoints(viewer)
    points.show(table, FLAGS, {}, where, "flagged")
    layer = points.layer
    assert layer.data[:, 0].tolist() == [2, 3, 4]
    assert layer.data_to_world(layer.data[0])[-2:] == (102.5, 205)
    assert layer.scale[1] == 2  # as thick as both channels
    points.colour(FLAGS, {1: "PA"})
    assert set(layer.features["category"]) == {"PA"}


def test_other_flags_are_shown_in_the_same_layer(viewer, where, table):
    points = FlagPoints(viewer)
    points.show(table, FLAGS, {}, where, "flagged")
    before = points.layer
    both = [FLAGS[0], CellFlag(2, "flagged", 8.0, 5.0, first=0, last=0)]
    points.show(table, both, {}, where, "flagged")
    assert points.layer is before
    assert len(before.data) == 4
    points.show(table, FLAGS[1:], {}, where, "flagged")
    assert len(before.data) == 0


def test_cells_have_the_colour_of_their_flag_in_every_channel(viewer, movie, where, table, labels):
    colours = CellColoursLayer(viewer)
    layer = colours.show(labels, where, "cells", movie)
    assert layer.data.shape == (N_FRAMES, 1, 20, 30)
    colours.colour(table, FLAGS, {})
    flagged, normal = (layer.colormap.map(cell) for cell in (1, 2))
    assert flagged[3] == 1
    assert normal[3] < 0.5  # faint
    viewer.dims.set_current_step(1, 1)
    assert colours.cell_at((0, 1, 102.5, 205)) == 1
    assert colours.cell_at((0, 1, 100, 200)) is None


def test_of_too_many_rows_whole_cells_are_shown(table, where, monkeypatch):
    assert len(shown_tracks(table.tracks)) == 12
    monkeypatch.setattr(cell_tracks_layer, "MOST_ROWS", 7)
    layer = tracks_layer(table, where, "tracks")
    assert len(layer.data) == N_FRAMES
    assert layer.name == "tracks (some of them)"
