"""TIFF, OME-TIFF and ImageJ TIFF files: pixels, scale, and files that were cut off."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from cell_events import tiff_planes
from cell_events.decoded_cache import DecodedCache
from cell_events.movie import MovieError, open_movie

T, Y, X = 8, 70, 50


@pytest.fixture
def pixels() -> NDArray[np.uint16]:
    return np.random.default_rng(2).integers(0, 4000, (T, Y, X), dtype=np.uint16)


def cut(path: Path, n_bytes: int) -> Path:
    """Keep the first bytes of a file, as an interrupted copy does."""
    path.write_bytes(path.read_bytes()[:n_bytes])
    return path


LAYOUTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "big": {"bigtiff": True},
    "big endian": {"byteorder": ">"},
    "strips": {"rowsperstrip": 16},
    "zlib strips": {"compression": "zlib", "rowsperstrip": 16},
    "zlib with predictor": {"compression": "zlib", "predictor": True},
    "zlib, big endian": {"compression": "zlib", "byteorder": ">"},
    "tiles": {"tile": (32, 16)},
    "zlib tiles": {"compression": "zlib", "tile": (32, 16)},
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("metadata", ["tifffile", "none"])
def test_windows_are_the_pixels_that_were_written(
    tmp_path: Path, pixels: NDArray[np.uint16], layout: str, metadata: str
) -> None:
    path = tmp_path / "cells.tif"
    told = {"axes": "TYX"} if metadata == "tifffile" else None
    tifffile.imwrite(path, pixels, metadata=told, photometric="minisblack", **LAYOUTS[layout])
    movie = open_movie(path, axes=None if metadata == "tifffile" else "TYX")
    assert (movie.shape, movie.dtype, movie.name) == ((T, Y, X), np.uint16, "cells.tif")
    for rows, columns in [(slice(0, Y), slice(0, X)), (slice(15, 33), slice(7, 41))]:
        for t in range(T):
            np.testing.assert_array_equal(movie.read(t, rows, columns), pixels[t, rows, columns])
    np.testing.assert_array_equal(movie.array[1:6:2, ::-9, 3], pixels[1:6:2, ::-9, 3])


@pytest.mark.parametrize("dtype", ["u1", "i2", "u4", "f4", "f8", "?"])
def test_every_usual_pixel_type_is_read(tmp_path: Path, dtype: str) -> None:
    path = tmp_path / "cells.tif"
    pixels = (np.random.default_rng(3).random((5, 9, 11)) > 0.5).astype(dtype)
    tifffile.imwrite(path, pixels, metadata={"axes": "TYX"}, compression="zlib")
    np.testing.assert_array_equal(open_movie(path).read(2), pixels[2])


@pytest.mark.parametrize("compression", [None, "zlib"])
def test_three_frames_stored_as_the_colours_of_one_image_are_frames(
    tmp_path: Path, pixels: NDArray[np.uint16], compression: str | None
) -> None:
    """By default tifffile takes a stack of three or four images for one in colour."""
    path = tmp_path / "cells.tif"
    separate = {"photometric": "rgb", "planarconfig": "separate", "compression": compression}
    tifffile.imwrite(path, pixels[:3], metadata={"axes": "TYX"}, **separate)
    movie = open_movie(path)
    np.testing.assert_array_equal(movie.array[:, 5:9], pixels[:3, 5:9])


def test_lzw_compression_is_read(tmp_path: Path, pixels: NDArray[np.uint16]) -> None:
    pytest.importorskip("imagecodecs", reason="LZW needs imagecodecs, which pip installs with us")
    tifffile.imwrite(tmp_path / "c.tif", pixels, metadata={"axes": "TYX"}, compression="lzw")
    np.testing.assert_array_equal(open_movie(tmp_path / "c.tif").read(7), pixels[7])


def test_a_plain_stack_needs_its_axes(tmp_path: Path, pixels: NDArray[np.uint16]) -> None:
    tifffile.imwrite(tmp_path / "cells.tif", pixels)
    with pytest.raises(MovieError, match=r"axes QYX, shape \(8, 70, 50\).*name its axes .* TYX"):
        open_movie(tmp_path / "cells.tif")


def test_a_plain_stack_of_four_axes_is_read_once_they_are_named(tmp_path: Path) -> None:
    stack = np.arange(4 * 3 * 9 * 10, dtype=np.uint16).reshape(4, 3, 9, 10)
    tifffile.imwrite(tmp_path / "cells.tif", stack, photometric="minisblack")
    with pytest.raises(MovieError, match=r"shape \(4, 3, 9, 10\).*name its axes .* TCYX"):
        open_movie(tmp_path / "cells.tif")
    movie = open_movie(tmp_path / "cells.tif", axes="TCYX", channel=2)
    np.testing.assert_array_equal(movie.read(3), stack[3, 2])


def test_one_image_is_a_movie_of_one_frame(tmp_path: Path, pixels: NDArray[np.uint16]) -> None:
    tifffile.imwrite(tmp_path / "image.tif", pixels[0])
    assert open_movie(tmp_path / "image.tif").shape == (1, Y, X)
    assert open_movie(tmp_path / "image.tif", axes="YX").shape == (1, Y, X)
    tifffile.imwrite(tmp_path / "short.tif", pixels[:1])
    assert open_movie(tmp_path / "short.tif", axes="TYX").shape == (1, Y, X)


@pytest.mark.parametrize("compression", [None, "zlib"])
def test_imagej_hyperstacks_tell_channels_scale_and_interval(
    tmp_path: Path, pixels: NDArray[np.uint16], compression: str | None
) -> None:
    path = tmp_path / "cells.tif"
    tifffile.imwrite(
        path,
        np.stack([pixels // 2, pixels], axis=1),
        imagej=True,
        compression=compression,
        resolution=(2.0, 2.0),
        metadata={"axes": "TCYX", "unit": "um", "finterval": 90.0},
    )
    movie = open_movie(path, channel=1)
    assert (movie.pixel_size_um, movie.frame_interval_s) == (0.5, 90.0)
    np.testing.assert_array_equal(movie.read(5, slice(3, 9)), pixels[5, 3:9])
    stated = open_movie(path, channel=1, pixel_size_um=0.7, frame_interval_s=30)
    assert (stated.pixel_size_um, stated.frame_interval_s) == (0.7, 30)


def test_an_imagej_stack_of_slices_is_a_movie_on_request(
    tmp_path: Path, pixels: NDArray[np.uint16]
) -> None:
    path = tmp_path / "cells.tif"
    tifffile.imwrite(path, pixels, imagej=True, metadata={"axes": "ZYX"})
    with pytest.raises(MovieError, match="if these are time points, pass axes='TYX'"):
        open_movie(path)
    np.testing.assert_array_equal(open_movie(path, axes="TYX").read(3), pixels[3])
    np.testing.assert_array_equal(open_movie(path, z="max").read(0), pixels.max(0))


def write_ome(path: Path, pixels: NDArray[np.uint16], **metadata: Any) -> Path:
    tifffile.imwrite(path, pixels, ome=True, metadata=metadata)
    return path


def test_ome_tiff_tells_channels_scale_and_interval(
    tmp_path: Path, pixels: NDArray[np.uint16]
) -> None:
    path = write_ome(
        tmp_path / "cells.ome.tif",
        np.stack([pixels, pixels + 1], axis=1),
        axes="TCYX",
        PhysicalSizeX=650,
        PhysicalSizeXUnit="nm",
        PhysicalSizeY=650,
        PhysicalSizeYUnit="nm",
        TimeIncrement=5,
        TimeIncrementUnit="min",
        Channel={"Name": ["H2B", "Phase"]},
    )
    movie = open_movie(path, channel="phase")
    assert (movie.pixel_size_um, movie.frame_interval_s) == (pytest.approx(0.65), 300)
    np.testing.assert_array_equal(movie.read(7), pixels[7] + 1)


def test_the_interval_is_found_in_the_times_of_the_planes(
    tmp_path: Path, pixels: NDArray[np.uint16]
) -> None:
    times = [0.0, 61.0, 120.0, 181.0, 240.0, 300.0, 361.0, 420.0]
    path = write_ome(tmp_path / "cells.ome.tif", pixels, axes="TYX", Plane={"DeltaT": times})
    assert open_movie(path).frame_interval_s == pytest.approx(60.0)


def test_pixels_that_are_not_square_need_an_answer(
    tmp_path: Path, pixels: NDArray[np.uint16]
) -> None:
    path = write_ome(
        tmp_path / "cells.ome.tif", pixels, axes="TYX", PhysicalSizeX=1.0, PhysicalSizeY=0.5
    )
    with pytest.raises(MovieError, match=r"0\.5 um high and 1 um wide"):
        open_movie(path)
    assert open_movie(path, pixel_size_um=0.7).pixel_size_um == 0.7


def test_pixels_per_centimetre_count_and_dots_per_inch_do_not(tmp_path: Path) -> None:
    image = np.zeros((4, 4), np.uint8)
    tifffile.imwrite(tmp_path / "cm.tif", image, resolution=(2e4, 2e4), resolutionunit="CENTIMETER")
    tifffile.imwrite(tmp_path / "inch.tif", image, resolution=(72, 72), resolutionunit="INCH")
    assert open_movie(tmp_path / "cm.tif").pixel_size_um == pytest.approx(0.5)
    assert open_movie(tmp_path / "inch.tif").pixel_size_um is None


def test_a_pyramid_is_read_at_full_resolution(tmp_path: Path, pixels: NDArray[np.uint16]) -> None:
    path = tmp_path / "cells.ome.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(pixels, subifds=1, metadata={"axes": "TYX"}, tile=(32, 32))
        writer.write(pixels[:, ::2, ::2], subfiletype=1, tile=(32, 32))
    np.testing.assert_array_equal(open_movie(path).read(6), pixels[6])


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_colours_are_refused_and_one_of_them_can_be_read(
    tmp_path: Path, planar: str, compression: str | None
) -> None:
    colours = np.random.default_rng(4).integers(0, 255, (5, 40, 30, 3), dtype=np.uint8)
    stored = colours if planar == "contig" else np.moveaxis(colours, -1, 1)
    path = tmp_path / "colour.tif"
    tifffile.imwrite(path, stored, photometric="rgb", planarconfig=planar, compression=compression)
    axes = "TYXS" if planar == "contig" else "TSYX"
    with pytest.raises(MovieError, match=rf"colour \(RGB\).*axes='{axes}' and channel=0, 1 or 2"):
        open_movie(path)
    green = open_movie(path, axes=axes, channel=1)
    np.testing.assert_array_equal(green.read(4, slice(3, 30)), colours[4, 3:30, :, 1])


def test_a_stack_cut_off_after_its_first_frame_is_refused_with_both_numbers(
    tmp_path: Path, pixels: NDArray[np.uint16]
) -> None:
    path = tmp_path / "cells.tif"
    tifffile.imwrite(path, pixels, metadata={"axes": "TYX"})
    with tifffile.TiffFile(path) as whole:
        first_frame_ends = whole.series[0].dataoffset + pixels[0].nbytes
    with pytest.raises(MovieError, match="promises 8 images, but only 1 can be read"):
        open_movie(cut(path, first_frame_ends))


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9, 0.97])
@pytest.mark.parametrize(
    "layout",
    [
        {"metadata": {"axes": "TYX"}},
        {"metadata": {"axes": "TYX"}, "compression": "zlib"},
        {"metadata": None, "compression": "zlib"},
        {"imagej": True, "metadata": {"axes": "TYX"}},
        {"imagej": True, "metadata": {"axes": "TYX"}, "compression": "zlib"},
        {"ome": True, "metadata": {"axes": "TYX"}},
        {"ome": True, "metadata": {"axes": "TYX"}, "compression": "zlib"},
    ],
)
def test_a_file_cut_off_anywhere_is_refused(
    tmp_path: Path, pixels: NDArray[np.uint16], layout: dict[str, Any], part: float
) -> None:
    path = tmp_path / "cells.tif"
    tifffile.imwrite(path, pixels, **layout)
    cut(path, int(path.stat().st_size * part))
    with pytest.raises(MovieError, match=r"cut off|cannot be read as TIFF"):
        open_movie(path, axes="TYX")


def test_an_imagej_stack_without_a_page_for_each_image_is_whole(
    tmp_path: Path, pixels: NDArray[np.uint16]
) -> None:
    """ImageJ stores stacks of more than 4 GB as one page and plain pixels behind it."""
    path = tmp_path / "cells.tif"
    described = f"ImageJ=1.54f\nimages={T}\nframes={T}\nhyperstack=true\n"
    tifffile.imwrite(path, pixels[0], description=described, metadata=None)
    with tifffile.TiffFile(path) as tiff:
        start = tiff.pages.first.dataoffsets[0]
    path.write_bytes(path.read_bytes()[:start] + pixels.tobytes())
    np.testing.assert_array_equal(open_movie(path).read(7), pixels[7])
    with pytest.raises(MovieError, match="promises 8 images"):
        open_movie(cut(path, start + 3 * pixels[0].nbytes))


def test_a_damaged_image_is_named(tmp_path: Path, pixels: NDArray[np.uint16]) -> None:
    path = tmp_path / "cells.tif"
    tifffile.imwrite(path, pixels, metadata={"axes": "TYX"}, compression="zlib")
    with tifffile.TiffFile(path) as tiff:
        offset = tiff.pages[3].dataoffsets[0]
    damaged = bytearray(path.read_bytes())
    damaged[offset : offset + 20] = bytes(20)
    path.write_bytes(damaged)
    movie = open_movie(path)
    np.testing.assert_array_equal(movie.read(2), pixels[2])
    with pytest.raises(MovieError, match=r"image 3 of cells\.tif cannot be decoded"):
        movie.read(3)


@pytest.mark.parametrize("content", [b"", b"II*\0", b"hello, this is no TIFF file", bytes(100)])
def test_a_file_that_is_no_tiff_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cells.tif"
    path.write_bytes(content)
    with pytest.raises(MovieError, match=r"cells\.tif (cannot be read as TIFF|holds no image)"):
        open_movie(path)


def test_a_file_of_several_series_is_refused(tmp_path: Path, pixels: NDArray[np.uint16]) -> None:
    with tifffile.TiffWriter(tmp_path / "two.tif") as writer:
        writer.write(pixels)
        writer.write(pixels[:, :20])
    with pytest.raises(MovieError, match="holds 2 image series"):
        open_movie(tmp_path / "two.tif")


def test_what_cannot_be_a_movie_is_refused_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(MovieError, match="there is no file or folder"):
        open_movie(tmp_path / "absent.tif")
    (tmp_path / "notes.txt").write_text("notes")
    with pytest.raises(MovieError, match=r"notes\.txt is of no kind that can be read"):
        open_movie(str(tmp_path / "notes.txt"))


def test_each_piece_is_decoded_once(
    tmp_path: Path, pixels: NDArray[np.uint16], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiff_planes, "decoded_pieces", DecodedCache(10**6))
    path = tmp_path / "cells.tif"
    tifffile.imwrite(path, pixels, metadata={"axes": "TYX"}, compression="zlib", tile=(32, 32))
    movie = open_movie(path)
    movie.read(0)
    path.unlink()  # what is read from now on comes from the cache
    np.testing.assert_array_equal(
        movie.read(0, slice(10, 60), slice(20, 45)), pixels[0, 10:60, 20:45]
    )
    with pytest.raises(MovieError, match="image 1"):
        movie.read(1)


def test_threads_may_read_the_same_movie(tmp_path: Path, pixels: NDArray[np.uint16]) -> None:
    path = tmp_path / "cells.tif"
    tifffile.imwrite(path, pixels, metadata={"axes": "TYX"}, compression="zlib", rowsperstrip=8)
    movie = open_movie(path)
    with ThreadPoolExecutor(8) as pool:
        frames = list(pool.map(lambda i: movie.read(i % T), range(64)))
    np.testing.assert_array_equal(np.stack(frames), pixels[np.arange(64) % T])


def test_thousands_of_frames_open_and_read(tmp_path: Path) -> None:
    path = tmp_path / "long.tif"
    pixels = np.arange(3000, dtype=np.uint16)[:, None, None] * np.ones((1, 4, 5), np.uint16)
    tifffile.imwrite(path, pixels, metadata={"axes": "TYX"}, compression="zlib")
    movie = open_movie(path)
    assert (movie.n_frames, movie.read(2999)[0, 0]) == (3000, 2999)


@pytest.mark.parametrize(
    ("name", "shape", "dtype"),
    [("psc02_movie.tif", (50, 576, 720), "u1"), ("nuclei_left_movie.tif", (18, 724, 512), "u2")],
)
def test_real_recordings_are_read_as_tifffile_reads_them(
    shared_data: Path, name: str, shape: tuple[int, int, int], dtype: str
) -> None:
    movie = open_movie(shared_data / name)
    assert (movie.shape, movie.dtype) == (shape, np.dtype(dtype))
    expected = tifffile.imread(shared_data / name, key=11)
    np.testing.assert_array_equal(movie.read(11), expected)
    window = slice(301, 397), slice(100, 196)
    np.testing.assert_array_equal(movie.read(11, *window), expected[window])
    assert 0 < np.mean((movie.read_normalised(11) > 0) & (movie.read_normalised(11) < 1)) <= 1
