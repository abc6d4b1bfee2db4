"""Painted masks as files: (T, Y, X) uint8, frame by frame, in a TIFF or a sparse zarr."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
import zarr
from napari.layers import Labels
from numpy.typing import NDArray

from cell_events.gui.layers.layer_axes import LayerError, Placement
from cell_events.gui.layers.paint_layer import CHUNK_SIDE_PX, check_values, painted_frame
from cell_events.whole_files import replace_folder


def write_mask_tiff(path: Path, labels: Labels, where: Placement) -> None:
    """Write a compressed OME-TIFF, whole or not at all; it holds the scale where it is known.

    Raises
    ------
    LayerError
        If a label cannot be paint.
    """
    temporary = path.with_name(f".{uuid.uuid4().hex}.part.ome.tif")
    try:
        tifffile.imwrite(
            temporary,
            _frames(labels, where),
            shape=where.movie_shape,
            dtype=np.uint8,
            photometric="minisblack",
            compression="zlib",
            ome=True,
            metadata={"axes": "TYX", **_ome_scale(where)},
        )
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_mask_zarr(path: Path, labels: Labels, where: Placement) -> None:
    """Write a zarr array, whole or not at all; chunks without paint are left out.

    Raises
    ------
    LayerError
        If a label cannot be paint, or the folder holds something else.
    """
    if path.exists() and not ((path / "zarr.json").exists() or (path / ".zarray").exists()):
        raise LayerError(f"{path} exists and is no zarr; give another name.")
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        _, height, width = where.movie_shape
        array = zarr.create_array(
            temporary,
            shape=where.movie_shape,
            chunks=(1, min(height, CHUNK_SIDE_PX), min(width, CHUNK_SIDE_PX)),
            dtype="uint8",
            dimension_names=("t", "y", "x"),
        )
        for t, frame in enumerate(_frames(labels, where)):
            if frame.any():
                array[t] = frame
        replace_folder(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _frames(labels: Labels, where: Placement) -> Iterator[NDArray[np.uint8]]:
    for t in range(where.movie_shape[0]):
        frame = painted_frame(labels, where, t)
        check_values(labels, {int(value) for value in np.unique(frame)} - {0})
        yield frame.astype(np.uint8)


def _ome_scale(where: Placement) -> dict[str, Any]:
    scale: dict[str, Any] = {}
    if (size := where.pixel_size_um) is not None:
        scale |= {f"PhysicalSize{axis}": size for axis in "XY"}
        scale |= {f"PhysicalSize{axis}Unit": "µm" for axis in "XY"}
    if (interval := where.frame_interval_s) is not None:
        scale |= {"TimeIncrement": interval, "TimeIncrementUnit": "s"}
    return scale
