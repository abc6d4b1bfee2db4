"""Where the images of a TIFF file lie, and whether all that the file promises are there.

A TIFF file that was cut off opens without complaint as a shorter one. Three promises give it away:
the count in its metadata, the position of each image's bytes, and the pointer to the next image.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tifffile import TiffFile, TiffFrame, TiffPage, TiffPageSeries

from cell_events.sources import MovieError


@dataclass(frozen=True, slots=True)
class StoredImage:
    """Where the bytes of one image lie: offset and length of each strip or tile."""

    path: Path
    offsets: NDArray[np.int64]
    lengths: NDArray[np.int64]

    def is_complete(self, file_size: int) -> bool:
        """Tell whether every strip or tile exists and lies inside the file."""
        ends = self.offsets + self.lengths
        return bool((self.lengths > 0).all() and (ends <= file_size).all())


def complete_images(tiff: TiffFile, series: TiffPageSeries, path: Path) -> list[StoredImage]:
    """Locate every image of a series.

    Raises
    ------
    MovieError
        If fewer images can be read than the file promises, because it or another file of the same
        movie was cut off or lost.
    """
    images = _series_images(tiff, series, path)
    in_metadata = _promised_in_metadata(tiff)
    promised = max(in_metadata, len(images), len(series))
    if len(images) < in_metadata:
        images = _located(tiff.pages, path)
    readable = _count_complete(images)
    if readable < promised:
        raise MovieError(
            f"{path.name} promises {promised} images, but only {readable} can be read; it was cut "
            "off or files that belong to it are missing, so copy or export it again."
        )
    if not in_metadata and series.kind != "ome" and _points_beyond_the_end(tiff):
        raise MovieError(
            f"{path.name} was cut off: after image {readable} it points to one that is not there; "
            "copy or export it again."
        )
    return images


def _series_images(tiff: TiffFile, series: TiffPageSeries, path: Path) -> list[StoredImage]:
    first = series.dataoffset
    if first is None or series.is_multifile:
        try:
            return _located(series, path)
        except IndexError:  # the series counts on pages that are not there
            return _located(tiff.pages, path)
    # Plain pixels without gaps, for which ImageJ and tifffile may store a single page.
    size = np.array([series.keyframe.nbytes])
    count = math.prod(series.shape) // max(1, math.prod(series.keyframe.shape))
    return [StoredImage(path, first + i * size, size) for i in range(count)]


def _located(pages: Iterable[TiffPage | TiffFrame | None], path: Path) -> list[StoredImage]:
    return [
        StoredImage(
            path if page.parent.filehandle.name == path.name else Path(page.parent.filehandle.path),
            np.array(page.dataoffsets, np.int64),
            np.array(page.databytecounts, np.int64),
        )
        for page in pages
        if page is not None
    ]


def _count_complete(images: list[StoredImage]) -> int:
    sizes = {path: path.stat().st_size for path in {image.path for image in images}}
    return sum(image.is_complete(sizes[image.path]) for image in images)


def _promised_in_metadata(tiff: TiffFile) -> int:
    """Count the images that ImageJ's or tifffile's description promises; 0 without one."""
    first = tiff.pages.first
    if tiff.is_imagej:
        return _promised_by_imagej(tiff.imagej_metadata or {}, first.samplesperpixel)
    if tiff.is_shaped:
        shape: list[int] = json.loads(first.description).get("shape", [])
        return math.prod(shape) // max(1, math.prod(first.shape))
    return 0


def _promised_by_imagej(described: dict[str, Any], samples: int) -> int:
    """Count frames, slices and channels; the number of images alone is not always kept right."""
    channels = int(described.get("channels", 1))
    separate = 1 if channels == samples else channels  # a channel may be one sample of each pixel
    count = int(described.get("frames", 1)) * int(described.get("slices", 1)) * separate
    return count if count > 1 else int(described.get("images", 1))


def _points_beyond_the_end(tiff: TiffFile) -> bool:
    """Tell whether the last image that was found names a next one."""
    tiff.filehandle.seek(tiff.pages.next_page_offset or 0)
    pointer = tiff.filehandle.read(tiff.tiff.offsetsize)
    return any(pointer)
