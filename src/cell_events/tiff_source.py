"""Open TIFF, OME-TIFF and ImageJ TIFF files lazily."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tifffile import TiffFile, TiffFileError, TiffPageSeries

from cell_events.planes import LazyArray, PlaneArray, RearrangedArray
from cell_events.sources import MovieError, Source
from cell_events.tiff_images import StoredImage, complete_images
from cell_events.tiff_metadata import tiff_channels, tiff_interval_s, tiff_pixel_yx_um
from cell_events.tiff_planes import EncodedTiffPlanes, RawTiffPlanes


def tiff_source(path: Path) -> Source:
    """Open a TIFF file lazily; pyramids are read at full resolution.

    Raises
    ------
    MovieError
        If the file is no TIFF, holds several image series, or is cut off.
    """
    try:
        with TiffFile(path) as tiff:
            return _source(tiff, path)
    except (TiffFileError, OSError, IndexError, KeyError, TypeError, struct.error) as error:
        raise MovieError(
            f"{path.name} cannot be read as TIFF ({error}); copy it again or save it anew."
        ) from error


def _source(tiff: TiffFile, path: Path) -> Source:
    series = _only_series(tiff, path.name)
    images = complete_images(tiff, series, path)
    axes, sample_axis = _stored_axes(series, path.name)
    return Source(
        _array(series, images, axes, sample_axis),
        axes,
        path.name,
        path,
        channels=tiff_channels(tiff),
        pixel_yx_um=tiff_pixel_yx_um(tiff),
        frame_interval_s=tiff_interval_s(tiff),
    )


def _only_series(tiff: TiffFile, name: str) -> TiffPageSeries:
    found = [series for series in tiff.series if not series.keyframe.is_reduced] or tiff.series
    if not found:
        raise MovieError(f"{name} holds no image.")
    if len(found) > 1:
        shapes = ", ".join(str(series.shape) for series in found[:4])
        raise MovieError(
            f"{name} holds {len(found)} image series (shapes {shapes}), expected one movie; save "
            "the one you mean as a file of its own."
        )
    return found[0]


def _stored_axes(series: TiffPageSeries, name: str) -> tuple[str, str]:
    """Return the letters of all axes as stored, and the one along which a page holds samples.

    The latter is S, left out, unless there are several.
    """
    page, axes, shape = series.keyframe, _distinct_axes(series), series.get_shape(False)
    sizes = dict(zip(axes, shape, strict=True))
    # tifffile stores three or four grey images as the colours of one, whatever their axis is called
    before_rows = axes[max(0, axes.find("Y") - 1)] if page.planarconfig == 2 else "S"
    candidates = ("S", before_rows, "C")
    samples = [axis for axis in candidates if sizes.get(axis, 1) == page.samplesperpixel]
    if len(sizes) < len(axes) or not {"Y", "X"} <= set(sizes) or page.imagedepth > 1 or not samples:
        raise MovieError(
            f"{name} stores its images in a way that cannot be read (axes {axes}, shape {shape}); "
            "save it as a plain TIFF stack."
        )
    return (axes.replace("S", ""), "S") if page.samplesperpixel == 1 else (axes, samples[0])


def _distinct_axes(series: TiffPageSeries) -> str:
    """Letters of the axes; tifffile calls every unknown one Q, and further ones become R, V, W."""
    spare = iter("QRVW")
    return "".join(next(spare, axis) if axis == "Q" else axis for axis in series.get_axes(False))


def _array(
    series: TiffPageSeries, images: Sequence[StoredImage], axes: str, sample_axis: str
) -> LazyArray:
    """Read windows of pages, and put the samples of a pixel where they are stored."""
    page = series.keyframe
    sizes = dict(zip(_distinct_axes(series), series.get_shape(False), strict=True))
    lead = [axis for axis in axes if axis not in (sample_axis, "Y", "X")]
    shape = (*(sizes[axis] for axis in lead), page.samplesperpixel, sizes["Y"], sizes["X"])
    planes: PlaneArray
    if page.is_final:
        dtype = np.dtype(page.dtype).newbyteorder(page.parent.byteorder)
        planes = RawTiffPlanes(images, shape, dtype, interleaved=page.planarconfig == 1)
    else:
        planes = EncodedTiffPlanes(images, shape, page)
    read_axes = [*lead, sample_axis, "Y", "X"]
    return RearrangedArray(planes, [read_axes.index(axis) for axis in axes])
