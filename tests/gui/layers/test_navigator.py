"""Going to an event, and looping the frames around it."""

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Image

from cell_events.events import Event
from cell_events.gui.layers.clip_player import ClipPlayer
from cell_events.gui.layers.layer_axes import placement
from cell_events.gui.layers.navigator import COMFORTABLE, Navigator

EVENT = Event(4, 10, 30)


def place_of(layer, axes="TYX", plane=None):
    return placement(layer, axes, plane)


@pytest.fixture
def viewer():
    return ViewerModel()


@pytest.fixture
def go(viewer):
    return Navigator(viewer).go_to


def test_frame_and_centre_are_those_of_the_event(viewer, go):
    layer = viewer.add_image(np.zeros((10, 50, 60)))
    go(EVENT, place_of(layer))
    assert viewer.dims.current_step[0] == 4
    assert viewer.scene.camera.center[1:] == (10, 30)


def test_scale_translate_and_affine_of_the_layer_are_followed(viewer, go):
    affine = np.eye(4)
    affine[2, 3] = 1000
    layer = viewer.add_image(
        np.zeros((10, 50, 60)), scale=(300, 0.5, 0.5), translate=(60, 5, 7), affine=affine
    )
    go(EVENT, place_of(layer))
    assert viewer.dims.point[0] == 60 + 4 * 300
    assert viewer.scene.camera.center[1:] == pytest.approx((5 + 5, 1000 + 7 + 15))


@pytest.mark.parametrize("axes", ["TCYX", "ZTYX"])
def test_the_other_axis_of_a_layer_with_four_stays_where_it_is(viewer, go, axes):
    layer = viewer.add_image(np.zeros((10, 8, 50, 60)))
    other = 1 - axes.index("T")
    viewer.dims.set_current_step(other, 5)
    go(EVENT, place_of(layer, axes, 2))
    assert viewer.dims.current_step[axes.index("T")] == 4
    assert viewer.dims.current_step[other] == 5
    assert viewer.scene.camera.center[1:] == (10, 30)


def test_a_movie_with_fewer_axes_than_the_viewer_moves_its_own(viewer, go):
    viewer.add_image(np.zeros((3, 10, 50, 60)))
    layer = viewer.add_image(np.zeros((10, 50, 60)))
    viewer.dims.set_current_step(0, 2)
    go(EVENT, place_of(layer))
    assert viewer.dims.current_step[:2] == (2, 4)


def test_the_zoom_stays_unless_the_cell_would_be_tiny(viewer, go):
    layer = viewer.add_image(np.zeros((10, 50, 60)), scale=(1, 0.5, 0.5))
    viewer.scene.camera.zoom = 7
    go(EVENT, place_of(layer))
    assert viewer.scene.camera.zoom == 7
    viewer.scene.camera.zoom = 0.01
    go(EVENT, place_of(layer))
    assert viewer.scene.camera.zoom == pytest.approx(COMFORTABLE / 20)


def test_a_layer_that_is_gone_is_still_gone_to(viewer, go):
    where = place_of(Image(np.zeros((10, 50, 60))))
    viewer.add_image(np.zeros((10, 50, 60)))
    go(EVENT, where)
    assert viewer.dims.current_step[0] == 4


@pytest.fixture
def player(qapp, viewer):
    player = ClipPlayer(Navigator(viewer))
    yield player
    player.stop()


def frames_of(viewer, player, steps):
    seen = []
    for _ in range(steps):
        seen.append(viewer.dims.current_step[0])
        player.step()
    return seen


def test_the_clip_loops_from_three_before_to_three_after(viewer, player):
    layer = viewer.add_image(np.zeros((10, 50, 60)))
    player.play(EVENT, place_of(layer))
    assert frames_of(viewer, player, 9) == [4, 5, 6, 7, 1, 2, 3, 4, 5]


def test_the_clip_ends_where_the_movie_does(viewer, player):
    layer = viewer.add_image(np.zeros((6, 50, 60)), scale=(300, 1, 1))
    player.play(EVENT, place_of(layer))
    assert frames_of(viewer, player, 5) == [4, 5, 1, 2, 3]


def test_a_frame_that_the_user_chooses_stops_the_clip(viewer, player, qtbot):
    layer = viewer.add_image(np.zeros((10, 2, 50, 60)))
    player.play(EVENT, place_of(layer, "TCYX", 0))
    viewer.dims.set_current_step(1, 1)
    assert player.is_playing  # another channel is no other frame
    with qtbot.waitSignal(player.playing):
        viewer.dims.set_current_step(0, 9)
    assert not player.is_playing
    assert viewer.dims.current_step[0] == 9


def test_the_clip_runs_by_itself_and_can_be_moved_to_another_event(viewer, player, qtbot):
    layer = viewer.add_image(np.zeros((30, 50, 60)))
    player.play(EVENT, place_of(layer))
    qtbot.waitUntil(lambda: viewer.dims.current_step[0] == 6)
    player.play(Event(20, 0, 0), place_of(layer))
    assert player.is_playing
    assert viewer.dims.current_step[0] == 20
