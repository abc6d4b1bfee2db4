"""Curves of mass for the jobs `anomalies train` and `anomalies detect`, read from track files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from cell_events.dry_mass.curves import MassCurve

INTERVALS_DIFFER = 0.1
"""Share by which frame intervals may differ and still be called the same."""


def read_curves(
    path: Path, column: str, pixel_size_um: float | None = None
) -> tuple[pd.DataFrame, tuple[MassCurve, ...]]:
    """Read a track file and cut it into curves.

    Raises
    ------
    ValueError
        If it is no track table, or no curves can be cut from it; the sentence names the file.
    """
    from cell_events.dry_mass.curve_checks import CurvesError
    from cell_events.dry_mass.curves import mass_curves
    from cell_events.track_files import read_any_tracks
    from cell_events.tracks import TracksError

    try:
        tracks = read_any_tracks(path, pixel_size_um)
    except TracksError:
        _propose_columns(path, column)
        raise
    try:
        return tracks, mass_curves(tracks, column)
    except CurvesError as error:
        raise CurvesError(f"{path}: {error}") from None


def frame_interval_s(tracks: pd.DataFrame) -> float | None:
    """Seconds from frame to frame; None where the table does not tell."""
    if "t_s" not in tracks:
        return None
    import numpy as np
    import pandas as pd

    times = pd.to_numeric(tracks["t_s"], errors="coerce").groupby(tracks["t"]).median().dropna()
    intervals = np.diff(times) / np.diff(times.index)
    return float(np.median(intervals)) if len(intervals) else None


def interval_note(learned_s: float | None, found_s: float | None) -> list[str]:
    """Say so if a model was trained at another frame interval."""
    if learned_s is None or found_s is None:
        return []
    if abs(found_s - learned_s) <= INTERVALS_DIFFER * learned_s:
        return []
    return [
        f"The model has learned from frames every {learned_s:g} s, and these come every "
        f"{found_s:g} s; train one on curves like these."
    ]


def _propose_columns(path: Path, column: str) -> None:
    """Refuse a CSV with other names of columns, and propose the ones that were meant."""
    import pandas as pd

    from cell_events.dry_mass.curve_checks import CurvesError, check_columns
    from cell_events.track_trackmate_csv import is_trackmate_csv

    if path.suffix.lower() != ".csv" or is_trackmate_csv(path):
        return
    try:
        names = pd.read_csv(path, encoding="utf-8-sig", skipinitialspace=True, nrows=0).columns
    except (OSError, ValueError):
        return  # that it cannot be read has been said already
    try:
        check_columns(names, column)
    except CurvesError as error:
        raise CurvesError(f"{path}: {error}") from None
