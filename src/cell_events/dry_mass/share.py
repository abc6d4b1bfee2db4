"""A share that was counted in a sample, with its interval."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import binomtest

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """An estimated share and its 95 % interval, all between 0 and 1."""

    value: float
    low: float
    high: float

    @property
    def words(self) -> str:
        """For the screen, such as "92 % (81 to 98 %)"; no line break divides it."""
        words = f"{100 * self.value:.0f} % ({100 * self.low:.0f} to {100 * self.high:.0f} %)"
        return words.replace(" ", "\N{NO-BREAK SPACE}")

    def as_json(self) -> dict[str, float]:
        """Plain values for a report."""
        return {"value": self.value, "low": self.low, "high": self.high}


def wilson_interval(hits: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's interval of a share; everything is possible where nothing was counted.

    Raises
    ------
    ValueError
        Unless 0 <= hits <= of.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"found {hits} hits of {of}; expected at most all of them: count anew.")
    if not of:
        return 0.0, 1.0
    interval = binomtest(hits, of).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)
