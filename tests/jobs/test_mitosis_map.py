"""Maps of cells learned from a raw movie, as a folder."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import tifffile
import zarr

from cell_events.engine.header import read_header
from cell_events.jobs import JobError, MitosisMap, MovieSource, run
from cell_events.jobs.cell_map_folder import read_cell_maps
from cell_events.jobs.mitosis_grid import shrink_for_maps
from cell_events.jobs.mitosis_map import cell_map_settings
from cell_events.mitosis.cell_map import CellMapSettings
from cell_events.mitosis.shrink_choice import proposed_shrink
from tests.jobs.simulated import finish, stages, write_simulated


@pytest.fixture
def movie(tmp_path: Path) -> MovieSource:
    return write_simulated(tmp_path)


@pytest.fixture
def job(movie: MovieSource, tmp_path: Path) -> MitosisMap:
    return MitosisMap((movie,), tmp_path / "maps", steps=12, shrink=2, maps=4, device="cpu")


def test_maps_are_written_with_their_qualities_and_a_picture(job: MitosisMap) -> None:
    progress, values = finish(job)
    assert stages(progress) == ["learn the cell maps", "write the cell maps"]
    assert progress[0].then == ("write the cell maps",)
    assert values["chosen"] == values["proposed"]
    written = json.loads((job.out / "maps.json").read_text())
    assert written["qualities"] == values["qualities"]
    assert [quality["index"] for quality in values["qualities"]] == [0, 1, 2, 3]
    assert all(quality["reason"] for quality in values["qualities"])
    assert (written["shrink"], written["movie"]) == (2, "cells.tif")
    stored = zarr.open_array(values["maps"], mode="r")
    assert (stored.shape, stored.dtype) == ((20, 4, 48, 48), np.uint8)
    assert (stored.attrs["step_px"], stored.attrs["offset_px"]) == (2, 0.5)
    assert set(np.unique(np.asarray(stored[:]))) == {0, 1}
    assert Path(values["picture"]).read_bytes()[:4] == b"\x89PNG"
    header = read_header(values["model"])
    assert (header.kind, header.weights_digest) == ("cell_map", values["digest"])
    assert header.provenance["movies"] == ["cells.tif"]


def test_the_chosen_map_is_read_frame_by_frame(job: MitosisMap) -> None:
    _, values = finish(job)
    maps = read_cell_maps(job.out)
    stored = np.asarray(zarr.open_array(values["maps"], mode="r")[7], bool)
    masks = maps.masks()
    assert masks.shape == (20, 48, 48)
    np.testing.assert_array_equal(masks[7], stored[values["chosen"]])


def test_a_person_may_choose_another_map(job: MitosisMap) -> None:
    first = finish(job)[1]
    alive = [quality["index"] for quality in first["qualities"] if not quality["dead"]]
    other = next(index for index in alive if index != first["proposed"])
    values = finish(replace(job, choose=other))[1]
    assert (values["chosen"], values["proposed"]) == (other, first["proposed"])
    assert values["digest"] == first["digest"]


def test_an_interrupted_run_goes_on_where_it_was(job: MitosisMap, tmp_path: Path) -> None:
    whole = finish(job)[1]["digest"]
    checkpoint = tmp_path / "run.checkpoint"
    kept = replace(job, checkpoint=checkpoint, out=tmp_path / "again")
    assert len(list(islice(run(kept), 15))) == 15
    assert checkpoint.exists()
    assert not (tmp_path / "again" / "maps.json").exists()
    progress, values = finish(kept)
    assert stages(progress) == ["write the cell maps"]
    assert values["digest"] == whole
    assert not checkpoint.exists()


def test_maps_that_are_there_already_are_not_written_again(job: MitosisMap, tmp_path: Path) -> None:
    whole = finish(job)[1]
    progress, values = finish(job)
    assert stages(progress) == ["learn the cell maps"]
    assert values == whole


def test_a_movie_without_anything_in_it_has_no_map_of_cells(tmp_path: Path) -> None:
    path = tmp_path / "dark.tif"
    tifffile.imwrite(path, np.full((6, 48, 48), 7, np.uint8), metadata={"axes": "TYX"})
    job = MitosisMap((MovieSource(path),), tmp_path / "maps", steps=5, shrink=2, device="cpu")
    with pytest.raises(ValueError, match="map"):
        finish(job)
    assert list((tmp_path / "maps").iterdir()) == []


def test_the_size_of_cells_proposes_the_grid(job: MitosisMap) -> None:
    movie = job.movies[0].open()
    assert shrink_for_maps(movie, None, None) == proposed_shrink(movie)
    assert shrink_for_maps(movie, 3, None) == 3
    assert shrink_for_maps(movie, None, 2.0) == 4


def test_a_resolution_needs_a_scale(job: MitosisMap) -> None:
    unknown = replace(job.movies[0], pixel_size_um=None)
    with pytest.raises(ValueError, match=r"The pixel size of cells\.tif is unknown"):
        finish(replace(job, movies=(unknown,), shrink=None, resolution_um=1.0))


def test_settings_that_cannot_be_meant_are_refused(job: MitosisMap) -> None:
    for changes, says in (
        ({"movies": ()}, "one movie at a time; got 0"),
        ({"choose": 4}, "choose must be a map from 0 to 3, got 4"),
        ({"erosion": -1}, "erosion must be at least 0"),
        ({"shrink": 0}, "shrink must be at least 1"),
        ({"device": "tpu"}, "device must be one of"),
    ):
        with pytest.raises(JobError, match=says):
            replace(job, **changes)


def test_defaults_are_those_of_the_method(job: MitosisMap) -> None:
    assert cell_map_settings(MitosisMap(job.movies)) == CellMapSettings()
