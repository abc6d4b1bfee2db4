from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import zarr

from cell_events.movie import open_movie
from cell_events.trust.explained_frames import ExplainedFrames
from cell_events.trust.top_regions import Region

MOVIE = open_movie(np.zeros((4, 20, 30), np.uint8), pixel_size_um=0.5, frame_interval_s=60)
REGION = Region(2, 3, 4, 1, 0.5)
LEFT = (slice(0, 20), slice(0, 10))


def explained(path: Path, run: str = "model") -> ExplainedFrames:
    return ExplainedFrames(path, MOVIE, (run,), {"kind": "division"})


def test_maps_lie_where_the_movie_does_and_know_its_scale(tmp_path: Path) -> None:
    maps = explained(tmp_path / "maps.zarr")
    maps.write(2, LEFT, np.full((20, 10), 0.25, np.float32))
    stored = zarr.open_array(str(tmp_path / "maps.zarr"), mode="r")
    assert (stored.shape, stored.dtype) == ((4, 20, 30), np.float32)
    assert stored.metadata.dimension_names == ("t", "y", "x")
    assert stored.attrs["pixel_size_um"] == 0.5
    assert stored.attrs["frame_interval_s"] == 60
    assert stored.attrs["kind"] == "division"
    assert maps.frame(2).sum() == 50
    assert maps.frame(1).sum() == 0


def test_a_run_goes_on_after_the_last_finished_frame(tmp_path: Path) -> None:
    first = explained(tmp_path / "maps.zarr")
    first.write(2, LEFT, np.ones((20, 10), np.float32))
    first.finish(2, [REGION])
    again = explained(tmp_path / "maps.zarr")
    assert again.regions(2) == (REGION,)
    assert again.regions(3) is None
    assert again.frame(2).sum() == 200


def test_maps_of_another_run_are_replaced(tmp_path: Path) -> None:
    explained(tmp_path / "maps.zarr").finish(2, [REGION])
    assert explained(tmp_path / "maps.zarr", "other model").regions(2) is None


def test_something_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "maps.zarr").mkdir()
    (tmp_path / "maps.zarr" / "thesis.txt").write_text("finished")
    with pytest.raises(ValueError, match="holds no explained frames"):
        explained(tmp_path / "maps.zarr")
    assert (tmp_path / "maps.zarr" / "thesis.txt").exists()
