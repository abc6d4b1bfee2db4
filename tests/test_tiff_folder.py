"""A folder of TIFF files, one for each frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile

from cell_events.movie import MovieError, open_movie
from cell_events.tiff_folder import natural_order


def write_frames(folder: Path, names: list[str]) -> Path:
    folder.mkdir()
    for i, name in enumerate(names):
        tifffile.imwrite(folder / name, np.full((6, 7), i, np.uint8), compression="zlib")
    return folder


def test_frames_come_in_the_natural_order_of_their_names(tmp_path: Path) -> None:
    folder = write_frames(tmp_path / "cells", [f"t{i}.tif" for i in range(12)])
    (folder / "notes.txt").write_text("not a frame")
    movie = open_movie(folder)
    assert (movie.shape, movie.name, movie.path) == ((12, 6, 7), "cells", folder)
    assert [movie.read(t)[0, 0] for t in range(12)] == list(range(12))


def test_numbers_in_names_are_compared_as_numbers() -> None:
    names = ["A10", "a2", "a2b", "b1", "3"]
    assert sorted(names, key=natural_order) == ["3", "a2", "a2b", "A10", "b1"]


def test_the_scale_comes_from_the_first_frame(tmp_path: Path) -> None:
    (tmp_path / "cells").mkdir()
    for i in range(2):
        tifffile.imwrite(
            tmp_path / "cells" / f"{i}.tif",
            np.zeros((4, 4), np.uint8),
            imagej=True,
            resolution=(4, 4),
            metadata={"unit": "um"},
        )
    assert open_movie(tmp_path / "cells").pixel_size_um == 0.25


def test_a_frame_of_another_shape_is_named(tmp_path: Path) -> None:
    folder = write_frames(tmp_path / "cells", ["1.tif", "2.tif"])
    tifffile.imwrite(folder / "3.tif", np.zeros((6, 8), np.uint8))
    movie = open_movie(folder)
    assert movie.read(1).max() == 1
    with pytest.raises(MovieError, match=r"3\.tif has shape \(6, 8\)"):
        movie.read(2)


def test_a_cut_off_frame_is_named(tmp_path: Path) -> None:
    folder = write_frames(tmp_path / "cells", ["1.tif", "2.tif"])
    (folder / "2.tif").write_bytes((folder / "2.tif").read_bytes()[:-3])
    with pytest.raises(MovieError, match=r"2\.tif"):
        open_movie(folder).read(1)


def test_files_of_several_images_are_refused(tmp_path: Path) -> None:
    folder = write_frames(tmp_path / "cells", [])
    tifffile.imwrite(folder / "1.tif", np.zeros((5, 6, 7), np.uint8))
    with pytest.raises(MovieError, match=r"1\.tif holds images of shape .* one grey image"):
        open_movie(folder)


def test_a_folder_without_frames_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MovieError, match="neither a zarr folder nor does it hold TIFF frames"):
        open_movie(write_frames(tmp_path / "empty", []))
