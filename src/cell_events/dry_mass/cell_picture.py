"""What is drawn of one cell: its curve, its relatives, its divisions, its forecast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.flags import CellFlag
from cell_events.dry_mass.forecast_table import CellForecast


@dataclass(frozen=True, eq=False)
class CellPicture:
    """One cell among its relatives.

    Attributes
    ----------
    curve
        The cell.
    relatives
        Its mother, then its daughters, as far as they were tracked.
    divisions
        Frames in which it was born, and in which its daughters begin.
    stretch
        First and last frame of the stretch that decided on it; None if it was not assessed.
    forecast
        What was expected; None without a forecaster.
    """

    curve: MassCurve
    relatives: tuple[MassCurve, ...] = ()
    divisions: tuple[int, ...] = ()
    stretch: tuple[int, int] | None = None
    forecast: CellForecast | None = None


class CellPictures:
    """Finds what belongs to a cell by its track."""

    def __init__(
        self,
        curves: Iterable[MassCurve],
        flags: Iterable[CellFlag] = (),
        forecasts: Mapping[int, CellForecast] | None = None,
    ) -> None:
        self.curves = {curve.track_id: curve for curve in curves}
        self._flags = {flag.track_id: flag for flag in flags}
        self._forecasts = forecasts or {}
        self._daughters: dict[int, list[MassCurve]] = defaultdict(list)
        for curve in self.curves.values():
            if curve.parent_id is not None:
                self._daughters[curve.parent_id].append(curve)

    def __getitem__(self, track_id: int) -> CellPicture:
        """Everything to draw of a cell; KeyError if there is none."""
        curve = self.curves[track_id]
        mother = self.curves.get(curve.parent_id) if curve.parent_id is not None else None
        daughters = self._daughters.get(track_id, [])
        born = {curve.first} if mother is not None else set()
        divided = {min(daughter.first for daughter in daughters)} if daughters else set()
        return CellPicture(
            curve,
            (*([mother] if mother is not None else []), *daughters),
            tuple(sorted(born | divided)),
            self._stretch(track_id),
            self._forecasts.get(track_id),
        )

    def _stretch(self, track_id: int) -> tuple[int, int] | None:
        flag = self._flags.get(track_id)
        if flag is None or flag.flag == "not assessed":
            return None
        return flag.first, flag.last
