"""Zarr arrays of both formats and OME-Zarr images of both versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import zarr
from numpy.typing import NDArray

from cell_events import zarr_windows
from cell_events.decoded_cache import DecodedCache
from cell_events.movie import MovieError, open_movie

T, Y, X = 6, 40, 50
Format = Literal[2, 3]
FIRST_CHUNK = {2: "3.1.0", 3: "c/3/1/0"}


@pytest.fixture
def pixels() -> NDArray[np.uint16]:
    return np.random.default_rng(5).integers(1, 4000, (T, Y, X), dtype=np.uint16)


def write_array(path: Path, pixels: NDArray[Any], **options: Any) -> zarr.Array[Any]:
    options = {"chunks": (1, 32, 32), **options}
    array = zarr.create_array(path, shape=pixels.shape, dtype=pixels.dtype, **options)
    array[:] = pixels
    return array


@pytest.mark.parametrize("zarr_format", [2, 3])
@pytest.mark.parametrize("chunks", [(1, 32, 32), (4, 16, 50), (6, 40, 50)])
def test_windows_are_the_pixels_that_were_written(
    tmp_path: Path, pixels: NDArray[np.uint16], zarr_format: Format, chunks: tuple[int, ...]
) -> None:
    write_array(tmp_path / "cells.zarr", pixels, zarr_format=zarr_format, chunks=chunks)
    movie = open_movie(tmp_path / "cells.zarr", axes="TYX")
    assert (movie.shape, movie.dtype) == ((T, Y, X), np.uint16)
    for t in range(T):
        np.testing.assert_array_equal(movie.read(t), pixels[t])
        window = slice(5, 37), slice(31, 33)
        np.testing.assert_array_equal(movie.read(t, *window), pixels[t][window])
    np.testing.assert_array_equal(movie.array[::-2, 3, 1:9:3], pixels[::-2, 3, 1:9:3])
    assert movie.read(0, slice(7, 7)).shape == (0, X)


def test_an_open_array_is_frames_rows_and_columns(
    tmp_path: Path, pixels: NDArray[np.uint16]
) -> None:
    array = write_array(tmp_path / "cells.zarr", pixels)
    np.testing.assert_array_equal(open_movie(array).read(2), pixels[2])


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_the_axes_of_a_file_are_not_guessed(
    tmp_path: Path, pixels: NDArray[np.uint16], zarr_format: Format
) -> None:
    write_array(tmp_path / "cells.zarr", pixels, zarr_format=zarr_format)
    with pytest.raises(MovieError, match=r"axes QQQ, shape \(6, 40, 50\).*instance TYX"):
        open_movie(tmp_path / "cells.zarr")


def test_named_dimensions_are_used(tmp_path: Path, pixels: NDArray[np.uint16]) -> None:
    write_array(tmp_path / "3.zarr", pixels, dimension_names=("time", "y", "x"))
    assert open_movie(tmp_path / "3.zarr").shape == (T, Y, X)
    array = write_array(tmp_path / "2.zarr", pixels, zarr_format=2)
    array.attrs["_ARRAY_DIMENSIONS"] = ["time", "y", "x"]
    assert open_movie(tmp_path / "2.zarr").shape == (T, Y, X)


def test_shards_are_read(tmp_path: Path, pixels: NDArray[np.uint16]) -> None:
    path = tmp_path / "cells.zarr"
    write_array(path, pixels, chunks=(1, 16, 16), shards=(2, 32, 32))
    movie = open_movie(path, axes="TYX")
    np.testing.assert_array_equal(movie.read(5), pixels[5])
    (path / "c" / "1" / "0" / "1").unlink()
    torn = open_movie(path, axes="TYX")
    with pytest.raises(MovieError, match="lacks the chunk c/1/0/1"):
        torn.read(2)


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_a_missing_chunk_is_named_or_filled(
    tmp_path: Path, pixels: NDArray[np.uint16], zarr_format: Format
) -> None:
    path = tmp_path / "cells.zarr"
    write_array(path, pixels, zarr_format=zarr_format, fill_value=7)
    (path / FIRST_CHUNK[zarr_format]).unlink()
    movie = open_movie(path, axes="TYX")
    np.testing.assert_array_equal(movie.read(3, slice(0, 32)), pixels[3, :32])
    with pytest.raises(MovieError, match=f"lacks the chunk {FIRST_CHUNK[zarr_format]} .*'fill'"):
        movie.read(3)
    filled = open_movie(path, axes="TYX", missing_chunks="fill").read(3)
    assert (filled[32:, :32] == 7).all()
    np.testing.assert_array_equal(filled[:, 32:], pixels[3, :, 32:])


def test_a_damaged_chunk_is_refused(tmp_path: Path, pixels: NDArray[np.uint16]) -> None:
    path = tmp_path / "cells.zarr"
    write_array(path, pixels)
    (path / "c" / "2" / "0" / "0").write_bytes(b"nonsense")
    with pytest.raises(MovieError, match=r"cells\.zarr cannot be read at \[2:3, 0:40, 0:50\]"):
        open_movie(path, axes="TYX").read(2)


def test_a_chunk_of_many_frames_is_decoded_once(
    tmp_path: Path, pixels: NDArray[np.uint16], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zarr_windows, "decoded_pieces", DecodedCache(10**6))
    write_array(tmp_path / "cells.zarr", pixels, chunks=(T, Y, X))
    movie = open_movie(tmp_path / "cells.zarr", axes="TYX")
    movie.read(0)
    (tmp_path / "cells.zarr" / "c" / "0" / "0" / "0").unlink()
    np.testing.assert_array_equal(movie.read(4), pixels[4])


def write_image(path: Path, pixels: NDArray[Any], zarr_format: Format, image: Any) -> Path:
    """Write an OME-Zarr image with a pyramid of two levels."""
    group = zarr.create_group(path, zarr_format=zarr_format)
    for level, scaled in enumerate([pixels, pixels[..., ::2, ::2]]):
        stored = group.create_array(str(level), shape=scaled.shape, dtype=scaled.dtype)
        stored[:] = scaled
    described = {"multiscales": [image], "omero": {"channels": [{"label": "A"}, {"label": "B"}]}}
    if zarr_format == 2:
        described["multiscales"][0]["version"] = "0.4"
        group.attrs.update(described)
    else:
        group.attrs["ome"] = {"version": "0.5", **described}
    return path


def image(scale: list[float], common: list[float] | None = None) -> dict[str, Any]:
    """Describe a (T, C, Z, Y, X) image in minutes and nanometres."""
    spatial = [{"name": n, "type": "space", "unit": "nanometer"} for n in "zyx"]
    described: dict[str, Any] = {
        "axes": [
            {"name": "t", "type": "time", "unit": "minute"},
            {"name": "c", "type": "channel"},
            *spatial,
        ],
        "datasets": [
            {"path": str(i), "coordinateTransformations": [{"type": "scale", "scale": by}]}
            for i, by in enumerate([scale, [*scale[:-2], 2 * scale[-2], 2 * scale[-1]]])
        ],
    }
    if common:
        described["coordinateTransformations"] = [{"type": "scale", "scale": common}]
    return described


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_an_ome_zarr_image_is_read_at_full_resolution_with_its_scale(
    tmp_path: Path, pixels: NDArray[np.uint16], zarr_format: Format
) -> None:
    stack = np.stack([pixels, pixels + 1], axis=1)[:, :, None]
    described = image([1.0, 1.0, 1.0, 650.0, 650.0], common=[5.0, 1.0, 1.0, 1.0, 1.0])
    path = write_image(tmp_path / "cells.ome.zarr", stack, zarr_format, described)
    movie = open_movie(path, channel="B")
    assert movie.shape == (T, Y, X)
    assert (movie.pixel_size_um, movie.frame_interval_s) == (pytest.approx(0.65), 300)
    np.testing.assert_array_equal(movie.read(5, slice(3, 30)), pixels[5, 3:30] + 1)
    with pytest.raises(MovieError, match=r"2 channels \(0 A, 1 B\)"):
        open_movie(path)


def test_depth_is_projected_window_by_window(tmp_path: Path, pixels: NDArray[np.uint16]) -> None:
    stack = np.stack([pixels, pixels[::-1]], axis=1)[:, None]
    path = write_image(tmp_path / "c.zarr", stack, 3, image([1, 1, 1, 1, 1]))
    with pytest.raises(MovieError, match="2 planes in z"):
        open_movie(path)
    projected = open_movie(path, z="max").read(1, slice(2, 9))
    np.testing.assert_array_equal(projected, np.maximum(pixels[1], pixels[-2])[2:9])


def test_steps_without_unit_are_no_scale(tmp_path: Path, pixels: NDArray[np.uint16]) -> None:
    described = image([1, 1, 1, 1, 1])
    for axis in described["axes"]:
        axis.pop("unit", None)
    path = write_image(tmp_path / "c.zarr", pixels[:, None, None], 3, described)
    assert (open_movie(path).pixel_size_um, open_movie(path).frame_interval_s) == (None, None)


def test_a_group_that_is_no_image_lists_what_it_holds(tmp_path: Path) -> None:
    group = zarr.create_group(tmp_path / "plate.zarr")
    group.create_group("A1")
    group.create_group("B2")
    with pytest.raises(MovieError, match=r"no image of its own.*\(A1, B2\)"):
        open_movie(tmp_path / "plate.zarr")


@pytest.mark.parametrize("damage", ["no level", "no axes that fit", "no path"])
def test_an_incomplete_image_is_refused(
    tmp_path: Path, pixels: NDArray[np.uint16], damage: str
) -> None:
    described = image([1, 1, 1, 1, 1])
    if damage == "no level":
        described["datasets"][0]["path"] = "nowhere"
    elif damage == "no path":
        del described["datasets"][0]["path"]
    path = write_image(tmp_path / "c.zarr", pixels, 3, described)
    with pytest.raises(MovieError, match=r"c\.zarr is no complete OME-Zarr image"):
        open_movie(path)


def test_damaged_metadata_are_refused(tmp_path: Path, pixels: NDArray[np.uint16]) -> None:
    write_array(tmp_path / "a.zarr", pixels)
    metadata = tmp_path / "a.zarr" / "zarr.json"
    for text in ["{", json.dumps({"zarr_format": 9, "node_type": "array"}), "[]"]:
        metadata.write_text(text)
        with pytest.raises(MovieError, match=r"a\.zarr cannot be read as zarr"):
            open_movie(tmp_path / "a.zarr", axes="TYX")
