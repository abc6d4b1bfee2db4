"""Tracks of TrackMate as XML: its model, and its export of tracks."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from math import isfinite
from pathlib import Path

import pandas as pd

from cell_events.track_spots import Spots, numbers_in, pixel_width, tracks_of_spots
from cell_events.tracks import TracksError, track_table

HEAD_BYTES = 65536


def read_trackmate_xml(path: str | Path, pixel_size_um: float | None = None) -> pd.DataFrame:
    """Read a model of TrackMate or its export of tracks to XML, as a track table.

    Features of spots are columns under TrackMate's names. Spots in no track, and tracks that were
    filtered out, are left out.

    Parameters
    ----------
    pixel_size_um
        Width of a pixel, needed where the file tells places in micrometres and not that.

    Raises
    ------
    TracksError
        If the file is neither, or the pixel size is needed.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            if b"<!DOCTYPE" in file.read(HEAD_BYTES).upper():
                raise TracksError(f"{path} holds definitions (DOCTYPE), which are not read.")
        root = ET.parse(path).getroot()  # noqa: S314 - files that define entities were refused
    except (OSError, ET.ParseError) as error:
        raise TracksError(f"{path} cannot be read as XML: {error}.") from error
    if root.tag == "Tracks":
        return _track_table_of_export(path, root, pixel_size_um)
    if root.tag != "TrackMate":
        raise TracksError(
            f"{path} begins with <{root.tag}>; expected a model of TrackMate or its export of "
            "tracks to XML."
        )
    return tracks_of_spots(_model_spots(path, root), pixel_size_um)


def _model_spots(path: Path, root: ET.Element) -> Spots:
    model, image = root.find("Model"), root.find("Settings/ImageData")
    if model is None:
        raise TracksError(f"{path} is a file of TrackMate without a model; save it after tracking.")
    kept = {one.get("TRACK_ID") for one in model.iterfind("FilteredTracks/TrackID")}
    links: list[tuple[int, int]] = []
    track_of: dict[int, str | None] = {}
    for track in model.iterfind("AllTracks/Track"):
        if track.get("TRACK_ID") in kept:
            for edge in track.iterfind("Edge"):
                pair = int(edge.attrib["SPOT_SOURCE_ID"]), int(edge.attrib["SPOT_TARGET_ID"])
                links.append(pair)
                track_of.update(dict.fromkeys(pair, track.get("TRACK_ID")))
    spots = [one.attrib for one in model.iterfind("AllSpots/SpotsInFrame/Spot")]
    table = numbers_in(pd.DataFrame([one for one in spots if int(one["ID"]) in track_of]))
    if table.empty:
        raise TracksError(f"{path} holds no spot in a track; link spots in TrackMate first.")
    table["TRACK_ID"] = table["ID"].map(track_of).astype(int)
    width, interval = (_positive(image, name) for name in ("pixelwidth", "timeinterval"))
    is_seconds = model.get("timeunits", "") in ("s", "sec", "second", "seconds")
    unit = model.get("spatialunits", "")
    return Spots(path, table, links, unit, width, interval if is_seconds else None)


def _positive(element: ET.Element | None, name: str) -> float | None:
    """Number in an attribute; None where there is none above 0."""
    try:
        number = float(element.get(name, "") if element is not None else "")
    except ValueError:
        return None
    return number if isfinite(number) and number > 0 else None


def _track_table_of_export(
    path: Path, root: ET.Element, pixel_size_um: float | None
) -> pd.DataFrame:
    rows = [
        {"TRACK_ID": number, "FRAME": one.get("t"), **{axis: one.get(axis) for axis in "xy"}}
        for number, particle in enumerate(root.iterfind("particle"), start=1)
        for one in particle.iterfind("detection")
    ]
    table = numbers_in(pd.DataFrame(rows, columns=["TRACK_ID", "FRAME", "y", "x"]))
    width = pixel_width(path, root.get("spaceUnits", ""), pixel_size_um)
    places = {axis: table[axis] / width for axis in "yx"}
    found = {"track_id": table["TRACK_ID"], "t": table["FRAME"], **places}
    return track_table(pd.DataFrame(found), name=str(path))
