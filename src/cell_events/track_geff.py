"""Tracks and their divisions as GEFF, the graph exchange file format.

Each cell in each frame is a node; edges lead from frame to frame and from mother to daughter. What
is known of a division event stands at the mother's last node, in properties `division_...`.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.track_divisions import TrackDivision
from cell_events.tracks import TracksError, track_table
from cell_events.whole_files import replace_folder

EVENT_FIELDS = ("t", "y", "x", "score", "probability", "status", "source")

_OF_GEFF = {".zattrs", ".zgroup", ".zmetadata", "zarr.json", "nodes", "edges"}

Properties = dict[str, dict[str, Any]]


def write_geff(
    path: str | Path,
    tracks: pd.DataFrame,
    divisions: Iterable[TrackDivision] = (),
    pixel_size_um: float | None = None,
    frame_interval_s: float | None = None,
) -> None:
    """Write a GEFF folder, whole or not at all; an earlier GEFF of that name is replaced.

    Places are in pixels and frames; where the scale is known, the axes hold it, in micrometres and
    seconds. Edges from mother to daughter of `divisions` have the property `division`.

    Raises
    ------
    TracksError
        If the library geff is not installed, or the folder holds something else.
    """
    core_io, metadata_class = _library()
    path, tracks = Path(path), track_table(tracks)
    _refuse_other_folder(path)
    divisions = tuple(divisions)
    edges, leads_to_daughter = _edges(tracks, divisions)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        core_io.write_arrays(
            temporary,
            np.arange(len(tracks), dtype=np.uint64),
            _measurements(tracks) | _events(tracks, divisions),
            edges,
            {"division": {"values": leads_to_daughter, "missing": None}},
            metadata_class(
                directed=True,
                axes=_axes(pixel_size_um, frame_interval_s),
                node_props_metadata={},
                edge_props_metadata={},
                track_node_props=_tracklets(tracks),
            ),
        )
        replace_folder(temporary, path)
    except OSError as error:
        raise TracksError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _library() -> tuple[Any, Any]:
    try:
        from geff import GeffMetadata, core_io
    except ImportError as error:
        raise TracksError(
            "Writing GEFF needs the library geff; install it with "
            "`pip install napari-cell-events[tracks]`."
        ) from error
    return core_io, GeffMetadata


def _refuse_other_folder(path: Path) -> None:
    if not path.exists():
        return
    if not _is_geff(path):
        raise TracksError(f"{path} exists and is no GEFF; give the name of a folder to make.")
    if others := sorted(one.name for one in path.iterdir() if one.name not in _OF_GEFF):
        raise TracksError(
            f"{path} holds {others[0]!r} besides a GEFF; give the name of a folder to make."
        )


def _is_geff(path: Path) -> bool:
    """Whether the attributes of a zarr group, in either version of zarr, are those of a GEFF."""
    for name in (".zattrs", "zarr.json"):
        try:
            told = json.loads((path / name).read_text("utf-8"))
            attributes = told["attributes"] if name == "zarr.json" else told
            if "geff" in attributes:
                return True
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return False


def _axes(pixel_size_um: float | None, frame_interval_s: float | None) -> list[dict[str, Any]]:
    space: dict[str, Any] = {"type": "space", "unit": "pixel"}
    if pixel_size_um is not None:
        space |= {"scale": pixel_size_um, "scaled_unit": "micrometer"}
    time: dict[str, Any] = {"type": "time", "unit": "frame"}
    if frame_interval_s is not None:
        time |= {"scale": frame_interval_s, "scaled_unit": "second"}
    return [{"name": "t", **time}, {"name": "y", **space}, {"name": "x", **space}]


def _tracklets(tracks: pd.DataFrame) -> dict[str, str] | None:
    """Name the property that tells tracklets apart, if tracks are what GEFF calls a tracklet."""
    children = tracks.drop_duplicates("track_id")["parent_id"].value_counts()
    return None if (children == 1).any() else {"tracklet": "track_id"}


def _edges(
    tracks: pd.DataFrame, divisions: tuple[TrackDivision, ...]
) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """(N, 2) nodes, and which of these edges lead from the mother to a daughter of a division."""
    track = tracks["track_id"].to_numpy()
    begins = np.flatnonzero(np.diff(track, prepend=-1))
    last_node = dict(zip(track[begins], [*(begins[1:] - 1), len(track) - 1], strict=True))
    within = [(i, i + 1) for i in np.flatnonzero(np.diff(track) == 0)]
    known = tracks["parent_id"].iloc[begins].notna().to_numpy()
    children = begins[known]
    links = [(last_node[int(tracks["parent_id"].iloc[i])], i) for i in children]
    daughters = {(one.mother, child) for one in divisions for child in one.daughters}
    is_division = [(int(track[mother]), int(track[child])) in daughters for mother, child in links]
    edges = np.array([*within, *links], dtype=np.uint64).reshape(-1, 2)
    return edges, np.array([*[False] * len(within), *is_division], dtype=bool)


def _measurements(tracks: pd.DataFrame) -> Properties:
    return {
        str(name): _property(tracks[name]) for name in tracks.columns if str(name) != "parent_id"
    }


def _events(tracks: pd.DataFrame, divisions: tuple[TrackDivision, ...]) -> Properties:
    """What is known of each division, at the last node of its mother."""
    last_node = tracks.groupby("track_id").tail(1).reset_index().set_index("track_id")["index"]
    at = {int(last_node[one.mother]): one.event for one in divisions}
    divides = np.isin(np.arange(len(tracks)), list(at))
    found: Mapping[str, list[Any]] = {
        f"division_{name}": [getattr(event, name) for event in at.values()] for name in EVENT_FIELDS
    }
    columns = pd.DataFrame(found, index=list(at)).reindex(range(len(tracks)))
    named = {str(name): _property(columns[name]) for name in columns if columns[name].notna().any()}
    return {"division": {"values": divides, "missing": None}} | named


def _property(column: pd.Series) -> dict[str, Any]:
    """Values of one column and which are missing, in types that GEFF knows."""
    missing = column.isna().to_numpy()
    if pd.api.types.is_numeric_dtype(column):
        whole = pd.api.types.is_integer_dtype(column)
        values = column.fillna(0).to_numpy(np.int64 if whole else np.float64)
    else:
        values = column.fillna("").astype(str).to_numpy(np.str_)
    return {"values": values, "missing": missing if missing.any() else None}
