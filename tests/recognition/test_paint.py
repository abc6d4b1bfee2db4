from __future__ import annotations

import numpy as np
import pytest
import tifffile
import zarr

from cell_events.movie import Movie, open_movie
from cell_events.recognition.paint import PaintedMask, PaintError, open_mask, parse_frames


def movie(shape: tuple[int, int, int] = (4, 20, 30)) -> Movie:
    return open_movie(np.zeros(shape, np.uint8))


@pytest.mark.parametrize(
    ("text", "frames"),
    [("", set()), ("3", {3}), ("0-2,5", {0, 1, 2, 5}), (" 1 - 2 , 2", {1, 2})],
)
def test_frames_read_like_page_ranges(text: str, frames: set[int]) -> None:
    assert parse_frames(text) == frames


@pytest.mark.parametrize("text", ["a", "3-1", "1-", "-1", "1,,2"])
def test_other_frames_are_refused_by_a_sentence(text: str) -> None:
    with pytest.raises(PaintError, match="0-20,30"):
        parse_frames(text)


def test_a_mask_is_read_frame_by_frame_from_tiff_zarr_and_array(tmp_path) -> None:
    paint = np.zeros((4, 20, 30), np.uint16)
    paint[2, 3, 4], paint[1, 0, 0] = 1, 255
    tifffile.imwrite(
        tmp_path / "mask.tif", paint, photometric="minisblack", metadata={"axes": "ZYX"}
    )
    stored = zarr.create_array(
        str(tmp_path / "mask.zarr"), shape=paint.shape, chunks=(1, 10, 10), dtype="uint16"
    )
    stored[2:3] = paint[2:3]  # the chunks of frame 1 are absent, hence unpainted
    for source in (tmp_path / "mask.tif", paint, tmp_path / "mask.zarr"):
        mask = open_mask(source, movie())
        assert mask.read(2).dtype == np.uint8
        assert np.argwhere(mask.read(2)).tolist() == [[3, 4]]
    assert open_mask(paint, movie()).read(1)[0, 0] == 255
    assert open_mask(tmp_path / "mask.zarr", movie()).read(1).max() == 0


def test_a_mask_of_another_shape_is_refused() -> None:
    with pytest.raises(PaintError, match=r"shape \(4, 20, 31\).*painted on this movie"):
        open_mask(np.zeros((4, 20, 31), np.uint8), movie())


@pytest.mark.parametrize("value", [3, 254, 256, -1])
def test_a_value_that_is_no_class_is_refused_with_its_frame(value: int) -> None:
    paint = np.zeros((4, 20, 30), np.int16)
    paint[2, 5, 5] = value
    mask = open_mask(paint, movie(), classes=("division", "death"))
    mask.read(1)
    with pytest.raises(PaintError, match=rf"value {value} in frame 2.*division, death"):
        mask.read(2)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"classes": ()}, "1 to 252"),
        ({"classes": ("a", "a")}, "same name"),
        ({"done": frozenset({4})}, "Frame 4 is marked as done"),
        ({"movie": open_movie(np.zeros((4, 20, 30), np.float32))}, "whole numbers"),
    ],
)
def test_impossible_masks_are_refused(change, sentence: str) -> None:
    with pytest.raises(PaintError, match=sentence):
        PaintedMask(**{"movie": movie(), **change})
