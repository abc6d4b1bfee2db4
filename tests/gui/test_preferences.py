"""The plugin's page of napari's preferences, read back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from napari.settings import get_plugin_settings
from npe2 import PluginManifest

from cell_events.gui.preferences import PLUGIN, Preferences, preferences
from cell_events.jobs.checks import DEVICES

MANIFEST = PluginManifest.from_file(Path(__file__).parents[2] / "napari.yaml")


@pytest.fixture
def settings(plugin_settings, npe2pm):
    npe2pm.register(MANIFEST)
    return get_plugin_settings(PLUGIN)


def test_defaults_of_the_manifest_are_those_of_the_class(settings):
    assert preferences() == Preferences()


def test_what_the_user_sets_is_read_back(settings):
    settings.computing.device = "cpu"
    settings.computing.threads = 2
    settings.folders.results = " ~/results "
    settings.folders.features = "features"
    assert preferences() == Preferences("cpu", 2, Path.home() / "results", Path("features"))


def test_a_change_is_kept_in_a_file_for_the_next_session(settings):
    settings.computing.threads = 3
    assert "threads: 3" in settings.config_path.read_text()
    assert preferences() == replace(Preferences(), threads=3)


def test_the_page_offers_the_devices_that_jobs_know_and_no_other(settings):
    schema = type(settings.computing).model_json_schema()
    assert tuple(schema["properties"]["device"]["enum"]) == DEVICES
    with pytest.raises(ValueError, match="not one of the allowed"):
        settings.computing.device = "toaster"


def test_without_the_plugin_the_defaults_hold(plugin_settings, npe2pm):
    assert preferences() == Preferences()
