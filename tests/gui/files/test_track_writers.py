"""Tracks and events of two layers become one file, through napari's own save."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from napari.layers import Image, Points, Tracks
from napari.utils.notifications import notification_manager

from cell_events.events import Event
from cell_events.gui.files.track_writers import (
    dividing_tracks,
    write_tracks_ctc,
    write_tracks_geff,
)
from cell_events.gui.layers.events_layer import new_events_layer
from cell_events.gui.layers.layer_axes import LayerError, placement
from cell_events.track_ctc import read_ctc
from cell_events.tracks import TracksError

PLACES = np.array(
    [
        *((1, t, 10, 10) for t in (0, 1)),
        *((2, t, 6, 10) for t in (2, 3)),
        *((3, t, 14, 10) for t in (2, 3)),
        *((4, t, 2, 2) for t in range(4)),
    ],
    dtype=float,
)
EVENTS = [
    Event(2, 10.5, 10.0, score=0.9, status="accepted", source="model"),
    Event(1, 300.0, 300.0),
    Event(3, 10.0, 10.0, "death"),
    Event(2, 10.0, 10.0, status="rejected"),
]
CTC = [[1, 0, 1, 0], [2, 2, 3, 1], [3, 2, 3, 1], [4, 0, 3, 0]]
SENTENCE = "1 division was joined with its tracks, 1 had none: no track ends near it (1)."
IN_SPACE = {"scale": (60, 0.5, 0.5), "translate": (5, 7, 8), "units": ("s", "um", "um")}


def events_on(shape=(6, 400, 400), axes="TYX", events=EVENTS, **options):
    where = placement(Image(np.broadcast_to(np.uint8(0), shape), **options), axes)
    return new_events_layer(events, where, ("division", "death"), "events")


def tracks(data=PLACES, **options):
    return Tracks(data, name="cells", **options)


def layer_data(*layers):
    return [layer.as_layer_data_tuple() for layer in layers]


def saved_ctc(path, *layers):
    assert write_tracks_ctc(str(path), layer_data(*layers)) == [str(path)]
    return read_ctc(path).to_numpy().tolist()


def last_sentence():
    return notification_manager.records[-1].message


def test_divisions_become_parents_in_a_ctc_file_and_a_sentence_says_how_many(tmp_path):
    assert saved_ctc(tmp_path / "res_track.txt", tracks(), events_on()) == CTC
    assert last_sentence() == SENTENCE


def test_layers_may_be_selected_in_any_order_and_no_division_is_told(tmp_path):
    left = saved_ctc(tmp_path / "a.txt", events_on(events=EVENTS[2:]), tracks())
    assert [parent for *_, parent in left] == [0, 0, 0, 0]
    assert "no division among the events; the tracks were saved as they are" in last_sentence()


def test_parents_that_the_layer_knows_are_kept(tmp_path):
    known = tracks(np.vstack([PLACES, [(5, 4, 2, 2)]]), graph={5: [4]})
    assert saved_ctc(tmp_path / "a.txt", known, events_on()) == [*CTC, [5, 4, 4, 4]]


def test_a_geff_holds_places_in_pixels_measurements_and_the_scale(tmp_path):
    geff = pytest.importorskip("geff")
    measured = tracks(features={"mass": np.arange(10.0), "y": np.zeros(10)}, **IN_SPACE)
    write_tracks_geff(str(tmp_path / "a.geff"), layer_data(measured, events_on(**IN_SPACE)))
    graph, about = geff.read(tmp_path / "a.geff")
    nodes = pd.DataFrame(dict(graph.nodes(data=True))).T.sort_index()
    np.testing.assert_array_equal(nodes[["track_id", "t", "y", "x"]].astype(float), PLACES)
    assert nodes["mass"].tolist() == list(range(10))
    assert {edge for edge in graph.edges if graph.edges[edge]["division"]} == {(1, 2), (1, 4)}
    assert graph.nodes[1]["division_source"] == "model"
    scales = [(axis.unit, axis.scale, axis.scaled_unit) for axis in about.axes]
    assert scales == [
        ("frame", 60.0, "second"),
        ("pixel", 0.5, "micrometer"),
        ("pixel", 0.5, "micrometer"),
    ]
    assert last_sentence() == SENTENCE


IN_MICROMETRES = PLACES * (1, 1, 0.5, 0.5) + (0, 0, 7, 8)


@pytest.mark.parametrize(
    ("data", "options"),
    [
        (PLACES, {}),
        (
            PLACES,
            {"scale": (1, 500, 500), "units": ("min", "nm", "nm"), "translate": (5 / 60, 7e3, 8e3)},
        ),
        (IN_MICROMETRES, {"scale": (60, 1, 1), "translate": (5, 0, 0), "units": ("s", "um", "um")}),
        (PLACES, {"scale": (60, 0.5, 0.5), "translate": (5, 7, 8)}),
    ],
    ids=["bare", "other units", "in micrometres", "without units"],
)
def test_tracks_in_other_units_meet_the_events_where_they_are_on_screen(data, options):
    found = dividing_tracks(layer_data(tracks(data, **options), events_on(**IN_SPACE)))
    np.testing.assert_allclose(found.tracks[["track_id", "t", "y", "x"]], PLACES, atol=1e-9)
    assert found.found.parents == {2: 1, 3: 1}


@pytest.mark.parametrize(
    ("axes", "shape"), [("TCYX", (6, 3, 400, 400)), ("CTYX", (3, 6, 400, 400))]
)
def test_tracks_and_events_on_a_movie_with_channels_meet(axes, shape):
    labels = tuple(axes.lower())
    data = np.insert(PLACES, 1 + axes.index("C"), 1, axis=1)
    for layer in (tracks(data, axis_labels=labels), tracks()):
        found = dividing_tracks(layer_data(layer, events_on(shape, axes, axis_labels=labels)))
        assert found.found.parents == {2: 1, 3: 1}


def test_tracks_in_depth_are_refused():
    deep = np.insert(PLACES, 2, np.arange(10), axis=1)
    with pytest.raises(LayerError, match="'cells' lies on several planes; expected tracks in time"):
        dividing_tracks(layer_data(tracks(deep), events_on()))


def test_points_that_are_no_events_are_refused():
    with pytest.raises(LayerError, match="'spots' holds points that are no events"):
        dividing_tracks(layer_data(tracks(), Points([[1, 2, 3]], name="spots")))


def test_tracks_between_frames_are_refused():
    with pytest.raises(TracksError, match=r"column t: '0\.5' is no whole number"):
        dividing_tracks(layer_data(tracks(np.add(PLACES, (0, 0.5, 0, 0))), events_on()))


def test_categories_of_cells_are_kept():
    kinds = pd.Series(pd.Categorical(["round"] * 10))
    found = dividing_tracks(layer_data(tracks(features={"shape": kinds}), events_on()))
    assert found.tracks["shape"].tolist() == ["round"] * 10


def test_a_viewer_saves_the_selected_tracks_and_events(viewer, tmp_path):
    pytest.importorskip("geff")
    layers = viewer.add_layer(tracks()), viewer.add_layer(events_on())
    viewer.layers.selection = set(layers)
    for name in ("res_track.txt", "tracks.geff"):
        written = viewer.layers.save(str(tmp_path / name), selected=True)
        assert written == [str(tmp_path / name)]
        assert last_sentence() == SENTENCE
    assert read_ctc(tmp_path / "res_track.txt").to_numpy().tolist() == CTC
    assert (tmp_path / "tracks.geff" / "nodes").is_dir()
