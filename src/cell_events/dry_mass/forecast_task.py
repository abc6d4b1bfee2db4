"""What the forecaster learns: to tell the future of windows of cells that it is shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.network import MassForecast, root_mean, squared_errors
from cell_events.dry_mass.train_settings import ForecastSettings
from cell_events.dry_mass.windows import Windows, windows_of
from cell_events.engine.seeds import numpy_generator, seeded

MANY = 4096
"""Windows that are enough to validate on, and to learn the spread from."""

LEAST_SPREAD = 1e-3


class ForecastTask:
    """A network, and the windows that it learns from and is validated on."""

    def __init__(
        self,
        learned: Sequence[MassCurve],
        held: Sequence[MassCurve],
        settings: ForecastSettings,
        device: torch.device | str,
    ) -> None:
        self.settings, self.device = settings, torch.device(device)
        self.ways = ways_of(settings)
        windows = windows_of(learned, settings.shape)
        self.learned = {way: windows.only(windows.complete(way)) for way in self.ways}
        self.held = some_windows(held, settings)
        self.network = self._new_network().to(self.device)

    def losses(self, step: int) -> dict[str, Tensor]:
        """Root of the mean squared error of each window, averaged over the batch."""
        random = numpy_generator(self.settings.seed, step, "windows")
        terms = []
        for way in self.ways:
            windows = self.learned[way]
            chosen = random.integers(len(windows), size=self.settings.batch)
            terms.append(window_errors(self.network, windows, chosen, way, self.device).mean())
        return {"total": torch.stack(terms).mean()}

    @torch.no_grad()
    def validate(self) -> dict[str, float]:
        """Error in pg on cells that are not learned from."""
        if not len(self.held):
            return {}
        every = np.arange(len(self.held))
        found = window_errors(self.network, self.held, every, False, self.device, in_pg=True)
        return {"rmse_pg": float(found.mean())}

    def _new_network(self) -> MassForecast:
        settings = self.settings
        with seeded(settings.seed, 0, "initial weights", torch.device("cpu")):
            return MassForecast(
                settings.past,
                settings.future,
                spread_of(self.learned[False]),
                settings.logarithm,
                settings.both_ways,
            )


def window_errors(
    network: MassForecast,
    windows: Windows,
    chosen: NDArray[np.intp],
    backwards: bool = False,
    device: torch.device | str = "cpu",
    in_pg: bool = False,
) -> Tensor:
    """Error (B,) of the forecast of each chosen window, of logarithms if those are learned."""
    past, future, seen = (
        torch.from_numpy(part).to(device) for part in windows.cut(chosen, backwards)
    )
    logarithm = network.logarithm and not in_pg
    squares = squared_errors(network(past, backwards), future, past, logarithm)
    return root_mean(squares, seen)


def ways_of(settings: ForecastSettings) -> tuple[bool, ...]:
    """Ways in which windows are read: False forwards, True backwards."""
    return (False, True) if settings.both_ways else (False,)


def some_windows(
    curves: Sequence[MassCurve], settings: ForecastSettings, backwards: bool = False
) -> Windows:
    """Complete windows of the curves, thinned out evenly where there are very many."""
    windows = windows_of(curves, settings.shape)
    windows = windows.only(windows.complete(backwards))
    kept = np.zeros(len(windows), bool)
    kept[:: max(1, len(windows) // MANY)] = True
    return windows.only(kept)


def spread_of(windows: Windows) -> float:
    """Typical deviation of a mass from the level of its window, as a share of it."""
    every = max(1, len(windows) // MANY)
    past, future, seen = windows.cut(np.arange(0, len(windows), every))
    level = np.maximum(past.mean(axis=1, keepdims=True), 1e-6)
    deviations = np.concatenate(
        [np.abs(past / level - 1).ravel(), np.abs(future / level - 1)[seen]]
    )
    return max(LEAST_SPREAD, float(np.median(deviations)) * 1.4826)
