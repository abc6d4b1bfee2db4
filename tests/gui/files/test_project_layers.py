"""A project folder opens like a file, and its layers say what they are."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile
from napari.layers import Image, Labels, Points

from cell_events.events import Event, write_events
from cell_events.gui.files.readers import get_project_reader, read_project
from cell_events.gui.layers.events_layer import events_of_layer
from cell_events.gui.layers.stored_layers import placement_of_points
from cell_events.movie import open_movie
from cell_events.project import Edit, EventChange, MovieReference, PaintChange, Project

ACCEPTED = Event(2, 10.5, 20.0, score=0.9, status="accepted")
PROPOSED = [Event(2, 11, 20, score=0.9), Event(4, 30, 40, "death", score=0.6)]


@pytest.fixture
def project_path(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 255, (6, 40, 50), dtype=np.uint8)
    tifffile.imwrite(tmp_path / "cells.tif", pixels, photometric="minisblack")
    opening = {"axes": "TYX", "pixel_size_um": 0.5, "frame_interval_s": 60.0}
    movie = open_movie(tmp_path / "cells.tif", **opening)
    blank, stroke = np.zeros((4, 5), np.uint8), np.ones((4, 5), np.uint8)
    with Project.create(tmp_path / "cells.cellevents") as project:
        name = project.add_movie(MovieReference.of(movie, **opening))
        project.apply(Edit("paint division", (PaintChange(name, 2, 8, 9, blank, stroke),)))
        project.apply(Edit("accept", (EventChange(name, "events-1/0", None, ACCEPTED),))).wait()
        write_events(project.path / "proposals.csv", PROPOSED)
        project.remember(f"proposals/{name}", "proposals.csv").wait()
    return tmp_path / "cells.cellevents"


def test_a_viewer_opens_the_movie_the_paint_and_the_events(viewer, project_path):
    movie, paint, events = viewer.open(str(project_path), plugin="napari-cell-events")
    assert [type(layer) for layer in (movie, paint, events)] == [Image, Labels, Points]
    pixels = tifffile.imread(project_path.parent / "cells.tif")
    np.testing.assert_array_equal(movie.data.compute(), pixels)
    assert paint.data.shape == (6, 40, 50)
    assert paint.data[2, 8:12, 9:14].all()
    assert paint.data.sum() == 20
    for layer in (movie, paint, events):
        np.testing.assert_array_equal(layer.scale, (60, 0.5, 0.5))
        assert [str(unit) for unit in layer.units] == ["second", "micrometer", "micrometer"]


def test_decisions_are_shown_and_proposals_that_wait_for_one(project_path):
    (*_, (data, attributes, _)) = read_project(str(project_path))
    layer = Points(data, **attributes)
    found = events_of_layer(layer, placement_of_points(layer))
    told = [(one.t, one.kind, one.status) for one in found]
    assert told == [(2, "division", "accepted"), (4, "death", "proposed")]
    assert layer.features["id"].tolist() == ["events-1/0", "proposals/1"]


def test_every_layer_says_what_it_is(project_path):
    told = [
        attributes["metadata"]["cell_events"]
        for _, attributes, _ in read_project(str(project_path))
    ]
    assert [one["role"] for one in told] == ["movie", "paint", "events"]
    assert {one["movie"] for one in told} == {"movie-1"}
    assert {one["project"] for one in told} == {str(project_path)}


def test_a_movie_that_is_gone_is_left_out_with_a_warning(project_path, capsys):
    (project_path.parent / "cells.tif").unlink()
    layers = read_project(str(project_path))
    assert "WARNING: The movie cells.tif is not shown" in capsys.readouterr().out
    assert [kind for _, _, kind in layers] == ["labels", "points"]
    np.testing.assert_array_equal(layers[0][1]["scale"], (60, 0.5, 0.5))


def test_a_movie_that_was_changed_is_left_out_with_the_reason(project_path, capsys):
    other = np.zeros((6, 40, 50), np.uint8)
    tifffile.imwrite(project_path.parent / "cells.tif", other, photometric="minisblack")
    layers = read_project(str(project_path))
    assert "the pixels differ" in capsys.readouterr().out
    assert [kind for _, _, kind in layers] == ["labels", "points"]


def test_a_project_that_is_open_elsewhere_can_be_looked_at(project_path):
    with Project.open(project_path):
        assert len(read_project(str(project_path))) == 3


def test_the_project_is_closed_again(project_path):
    read_project(str(project_path))
    with Project.open(project_path) as project:
        assert not project.read_only


def test_other_folders_are_not_ours(tmp_path):
    (tmp_path / "empty.cellevents").mkdir()
    assert get_project_reader(str(tmp_path / "empty.cellevents")) is None
    assert get_project_reader(str(tmp_path)) is None
