"""Pixel size, frame interval and channel names from OME-XML, ImageJ's description or TIFF tags."""

from __future__ import annotations

from typing import Any

import numpy as np
from tifffile import TiffFile, xml2dict

from cell_events.physical_units import duration_s, length_um

TAG_X_RESOLUTION, TAG_Y_RESOLUTION = 282, 283
RESOLUTION_UNIT_CM = 3


def tiff_pixel_yx_um(tiff: TiffFile) -> tuple[float | None, float | None]:
    """Return height and width of a pixel in micrometres, None where not stored.

    Resolutions per inch are ignored, because programs write them for printers.
    """
    if tiff.is_ome:
        pixels = _ome_pixels(tiff)
        return (
            length_um(pixels.get("PhysicalSizeY"), pixels.get("PhysicalSizeYUnit", "um")),
            length_um(pixels.get("PhysicalSizeX"), pixels.get("PhysicalSizeXUnit", "um")),
        )
    unit = (tiff.imagej_metadata or {}).get("unit") if tiff.is_imagej else None
    width, height = _tag_size(tiff, TAG_X_RESOLUTION), _tag_size(tiff, TAG_Y_RESOLUTION)
    if unit is None and tiff.pages.first.resolutionunit == RESOLUTION_UNIT_CM and width != 1:
        unit = "cm"
    return length_um(height, unit), length_um(width, unit)


def tiff_interval_s(tiff: TiffFile) -> float | None:
    """Return the time between frames in seconds, None if not stored."""
    if tiff.is_ome:
        pixels = _ome_pixels(tiff)
        stated = duration_s(pixels.get("TimeIncrement"), pixels.get("TimeIncrementUnit", "s"))
        return stated or _interval_of_planes(pixels)
    if tiff.is_imagej:
        described = tiff.imagej_metadata or {}
        return duration_s(described.get("finterval"), described.get("tunit", "s"))
    return None


def tiff_channels(tiff: TiffFile) -> tuple[str, ...]:
    """Return the names of the channels, empty if not stored."""
    if tiff.is_ome:
        channels = _listed(_ome_pixels(tiff).get("Channel"))
        return tuple(str(channel.get("Name", "")) for channel in channels)
    described = (tiff.imagej_metadata or {}) if tiff.is_imagej else {}
    labels = [str(label) for label in described.get("Labels", ())][: described.get("channels", 0)]
    return tuple(labels) if len(set(labels)) == len(labels) else ()


def _ome_pixels(tiff: TiffFile) -> dict[str, Any]:
    """Return the first image's Pixels element of the OME-XML description."""
    images = _listed(xml2dict(tiff.ome_metadata or "").get("OME", {}).get("Image"))
    return dict(images[0].get("Pixels", {})) if images else {}


def _interval_of_planes(pixels: dict[str, Any]) -> float | None:
    """Return the median step between the times at which the planes were taken."""
    planes = [plane for plane in _listed(pixels.get("Plane")) if "DeltaT" in plane]
    seconds: dict[int, float] = {}
    for plane in planes:
        taken = duration_s(plane["DeltaT"], plane.get("DeltaTUnit", "s")) or 0.0
        seconds.setdefault(int(plane.get("TheT", 0)), taken)
    if len(seconds) < 2:
        return None
    frames = sorted(seconds)
    steps = np.diff([seconds[t] for t in frames]) / np.diff(frames)
    return float(np.median(steps)) if np.median(steps) > 0 else None


def _tag_size(tiff: TiffFile, tag: int) -> float | None:
    """Turn a resolution, stored as the fraction pixels per unit, into units per pixel."""
    found = tiff.pages.first.tags.get(tag)
    if found is None or not found.value[0]:
        return None
    return float(found.value[1]) / float(found.value[0])


def _listed(element: Any) -> list[dict[str, Any]]:
    """Undo xml2dict's habit of returning one child bare and several as a list."""
    return element if isinstance(element, list) else [element] if isinstance(element, dict) else []
