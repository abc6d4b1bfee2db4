"""What the manifest promises napari is there, opens, and is found where users look."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from napari.layers import Image, Labels, Points
from npe2 import PluginManifest

from cell_events.events import read_events
from cell_events.gui.files.menu_commands import add_paint_layer
from cell_events.gui.files.samples import FOLDER
from cell_events.gui.layers.events_layer import events_of_layer
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.layers.stored_layers import placement_of_points

PLUGIN = "napari-cell-events"
MANIFEST = PluginManifest.from_file(Path(__file__).parents[3] / "napari.yaml")


def test_every_name_in_the_manifest_can_be_imported():
    MANIFEST.validate_imports()


def test_every_command_serves_something():
    given = MANIFEST.contributions
    used = {item.command for items in given.menus.values() for item in items}
    for kind in (given.widgets, given.readers, given.writers, given.sample_data):
        used |= {one.command for one in kind}
    assert {command.id for command in given.commands} == used


def test_the_real_sample_opens_with_paint_and_known_divisions(viewer):
    layers = viewer.open_sample(PLUGIN, "dividing_nuclei")
    assert [type(layer) for layer in layers] == [Image, Labels, Points]
    movie, paint, known = layers
    assert movie.data.shape == paint.data.shape == (30, 190, 211)
    assert np.unique(paint.data).tolist() == [0, 1]
    truth = read_events(FOLDER / "hela_h2b_divisions.csv")
    found = events_of_layer(known, placement_of_points(known))
    assert [(one.t, one.y, one.x) for one in found] == [(one.t, one.y, one.x) for one in truth]


def test_the_phase_sample_opens_with_its_scale(viewer):
    (phase,) = viewer.open_sample(PLUGIN, "quantitative_phase")
    assert phase.data.shape == (160, 168, 118)
    assert phase.scale.tolist() == pytest.approx([360, 0.813, 0.813])
    assert [str(unit) for unit in phase.units] == ["second", "micrometer", "micrometer"]
    assert phase.metadata["pg_per_grey"] == 0.0084


def test_the_simulated_sample_opens_with_every_event_and_is_always_the_same(viewer):
    movie, known = viewer.open_sample(PLUGIN, "simulated_cells")
    again, same = viewer.open_sample(PLUGIN, "simulated_cells")
    assert movie.data.shape == (40, 256, 256)
    assert set(known.features["kind"]) == {"division", "death"}
    np.testing.assert_array_equal(movie.data, again.data)
    np.testing.assert_array_equal(known.data, same.data)


def test_the_phase_contrast_sample_opens_with_divisions_and_deaths(viewer):
    movie, known = viewer.open_sample(PLUGIN, "simulated_phase_contrast")
    assert movie.data.shape == (60, 256, 384)
    kinds = list(known.features["kind"])
    assert kinds.count("division") > 60
    assert kinds.count("death") > 10


def test_samples_readers_and_writers_load_no_torch():
    code = (
        "import sys; from cell_events.gui import preferences; "
        "from cell_events.gui.files import readers, samples, writers; "
        "samples.dividing_nuclei(); samples.simulated_cells(); print('torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def actions_in(menu):
    """Texts and actions of a menu of the window, its submenus with their own names before."""
    for action in menu.actions():
        if action.menu() is None:
            yield action.text().replace("&&", "and"), action
        else:
            for text, inner in actions_in(action.menu()):
                yield f"{action.text().replace('&', '')} > {text}", inner


@pytest.mark.parametrize(
    ("menu", "text"),
    [
        ("layers_menu", "Annotate > New events layer for this movie (Cell Events)"),
        ("layers_menu", "Annotate > Paint and detect (Cell Events)"),
        ("layers_menu", "Classify > Paint and detect (Cell Events)"),
        ("plugins_menu", "Cell Events > Paint and detect (Cell Events)"),
        ("plugins_menu", "Cell Events > Review events (Cell Events)"),
        ("plugins_menu", "Cell Events > Table of events (Cell Events)"),
        ("file_menu", "Open Sample > Cell Events > Dividing nuclei (real, two divisions painted)"),
        ("file_menu", "Open Sample > Cell Events > Simulated cells (every event known)"),
    ],
)
def test_menus_show_what_users_look_for(viewer, menu, text):
    assert text in dict(actions_in(getattr(viewer.window, menu)))


def test_the_menu_makes_a_layer_to_paint_on(viewer):
    movie = viewer.add_image(np.zeros((6, 40, 50), np.uint8), scale=(1, 0.5, 0.5), name="cells")
    actions = dict(actions_in(viewer.window.layers_menu))
    actions["Annotate > New events layer for this movie (Cell Events)"].trigger()
    paint = viewer.layers.selection.active
    assert (paint.name, paint.data.shape, paint.mode) == ("paint on cells", (6, 40, 50), "paint")
    np.testing.assert_array_equal(paint.scale, movie.scale)


def test_the_selected_movie_is_the_one_to_paint_on(viewer):
    first = viewer.add_image(np.zeros((6, 40, 50), np.uint8), name="first")
    viewer.add_image(np.zeros((6, 20, 50), np.uint8), name="second")
    viewer.layers.selection = {first}
    add_paint_layer(viewer)
    assert viewer.layers.selection.active.name == "paint on first"


def test_without_a_movie_or_a_choice_the_command_says_what_to_do(viewer):
    with pytest.raises(LayerError, match="there is none yet"):
        add_paint_layer(viewer)
    for _ in range(2):
        viewer.add_image(np.zeros((6, 40, 50), np.uint8))
    viewer.layers.selection.clear()
    with pytest.raises(LayerError, match="there are several"):
        add_paint_layer(viewer)
