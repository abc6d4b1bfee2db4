"""Measurements over the steps of a run, in a bounded number of points."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_POINTS = 2000


@dataclass
class CurvePoints:
    """One curve; when it is full, neighbours are averaged in pairs and later ones in groups.

    Attributes
    ----------
    most
        The curve is full at so many points, an even number.
    x, y
        Steps and measurements; a point of a group lies at the mean of its steps.
    """

    most: int = MOST_POINTS
    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    _group: int = 1
    _waiting: list[tuple[float, float]] = field(default_factory=list)

    def add(self, step: float, value: float) -> None:
        """Append a measurement."""
        self._waiting.append((step, value))
        if len(self._waiting) < self._group:
            return
        steps, values = zip(*self._waiting, strict=True)
        self._waiting.clear()
        self.x.append(sum(steps) / len(steps))
        self.y.append(sum(values) / len(values))
        if len(self.x) >= self.most:
            self.x, self.y = _pairwise_means(self.x), _pairwise_means(self.y)
            self._group *= 2


def _pairwise_means(values: list[float]) -> list[float]:
    return [(a + b) / 2 for a, b in zip(values[::2], values[1::2], strict=True)]
