"""How much a curve speaks for each kind of change, beside the noise of normal cells.

For each place where a change may begin and end, the likelihood of the curve with it is compared to
that without. Their mean over all places is the evidence for one kind (a Bayes factor): it does not
grow with the number of places, so that long and short curves can be compared. The noise is
correlated over time, so that the whole curve counts, before and after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from cell_events.dry_mass.change_kinds import CHANGE_KINDS, ChangeKind, Stretches, stretches

CURVES_AT_ONCE = 500

FEWEST_DEGREES, FRAMES_PER_DEGREE = 8.0, 4.0
"""A cell's own noise is known no better than from so many values, plus one per so many frames."""

GROWTH_DEGREES = 12.0
"""Degrees of freedom of Student's t for fast growth: normal rates stray further up than down."""


@dataclass(frozen=True)
class Evidence:
    """For each of N curves and each of `CHANGE_KINDS`, how sure it is and where it would be.

    Attributes
    ----------
    log_odds
        (N, kinds) logarithm of the Bayes factor; -inf where a curve is too short for the kind.
    starts, stops
        (N, kinds) first change of the likeliest stretch, and the one after its last.
    sizes
        (N, kinds) change of log mass in that stretch beyond the usual, as fits best.
    """

    log_odds: NDArray[np.float64]
    starts: NDArray[np.intp]
    stops: NDArray[np.intp]
    sizes: NDArray[np.float64]

    @classmethod
    def none(cls, curves: int) -> Evidence:
        """No evidence for anything yet."""
        shape = curves, len(CHANGE_KINDS)
        return cls(
            np.full(shape, -np.inf), np.zeros(shape, int), np.zeros(shape, int), np.zeros(shape)
        )

    def put(self, rows: NDArray[np.intp], found: Evidence) -> None:
        """Write the evidence of some of the curves."""
        for name in ("log_odds", "starts", "stops", "sizes"):
            getattr(self, name)[rows] = getattr(found, name)

    def total(self) -> NDArray[np.float64]:
        """(N,) logarithm of the odds for any change, all kinds together."""
        return np.asarray(logsumexp(self.log_odds + _log_shares(), axis=1))

    def likeliest(self) -> NDArray[np.intp]:
        """(N, kinds) indices of the kinds, the one that explains a curve best first."""
        return np.asarray(np.argsort(-(self.log_odds + _log_shares()), axis=1, kind="stable"))


def evidence(
    excess: NDArray[np.float64],
    unknown: NDArray[np.bool_],
    covariance: NDArray[np.float64],
    usual: float,
    degrees: float = np.inf,
) -> Evidence:
    """Weigh the changes of log mass beyond the usual ones, of curves that are equally long.

    Parameters
    ----------
    excess
        (N, M) excess changes.
    unknown
        (N, M) which of these tell nothing.
    covariance
        (M, M) of the changes of normal cells.
    usual
        Usual change from frame to frame.
    degrees
        Degrees of freedom of Student's t that tell how far errors of normal cells stray.
    """
    precision = np.asarray(np.linalg.inv(covariance), float)
    sums = np.pad(precision.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    found = Evidence.none(len(excess))
    for begin in range(0, len(excess), CURVES_AT_ONCE):
        rows = np.arange(begin, min(begin + CURVES_AT_ONCE, len(excess)))
        weighed = _most_likely(excess[rows], unknown[rows], precision) @ precision
        along = np.pad(weighed.cumsum(axis=1), ((0, 0), (1, 0)))
        for index, kind in enumerate(CHANGE_KINDS):
            places = stretches(kind, excess.shape[1])
            if len(places.starts):
                back = kind.shape == "there and back"
                fits = (
                    _fits_of_jumps(places, weighed, precision)
                    if back
                    else _fits_of_stretches(places, along, sums)
                )
                _note(
                    found, rows, index, places, fits, _log_odds(kind, places, fits, usual, degrees)
                )
    return found


def _most_likely(
    excess: NDArray[np.float64], unknown: NDArray[np.bool_], precision: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Put what the known changes make most likely where changes are unknown."""
    filled = np.where(unknown, 0.0, excess)
    for row in np.flatnonzero(unknown.any(axis=1)):
        places = np.flatnonzero(unknown[row])
        pull = precision[places] @ filled[row]
        filled[row, places] = -np.linalg.solve(precision[np.ix_(places, places)], pull)
    return filled


class _Fits(NamedTuple):
    """How a change of 1 fits: (N, K) products with the curves, and (K,) its own information."""

    products: NDArray[np.float64]
    information: NDArray[np.float64]
    changes: int


def _fits_of_jumps(
    places: Stretches, weighed: NDArray[np.float64], precision: NDArray[np.float64]
) -> _Fits:
    """Compare jumps there and back, from weighed curves (N, M) and the precision (M, M)."""
    starts, stops = places.starts, places.stops
    information = precision[starts, starts] + precision[stops, stops]
    information -= 2 * precision[starts, stops]
    return _Fits(weighed[:, starts] - weighed[:, stops], information, len(precision))


def _fits_of_stretches(
    places: Stretches, along: NDArray[np.float64], sums: NDArray[np.float64]
) -> _Fits:
    """Compare even changes, from the sums of both over all that comes before (M + 1)."""
    starts, stops = places.starts, places.stops
    lengths = stops - starts
    products = (along[:, stops] - along[:, starts]) / lengths
    information = sums[stops, stops] - 2 * sums[starts, stops] + sums[starts, starts]
    return _Fits(products, information / lengths**2, len(sums) - 1)


def _log_odds(
    kind: ChangeKind, places: Stretches, fits: _Fits, usual: float, most: float
) -> NDArray[np.float64]:
    """Logarithm (N, K) of the likelihood with each change, relative to that without."""
    products, information = fits.products, fits.information
    if kind.growth:
        whole = usual * (places.stops - places.starts).astype(float)
        each = [_growth_odds(fits, rate * whole) for rate in kind.growth]
        return np.asarray(np.logaddexp.reduce(each) - np.log(len(each)))
    gain = 1 + kind.spread**2 * information
    squares = products**2 / information
    degrees = min(FEWEST_DEGREES + fits.changes / FRAMES_PER_DEGREE, most)
    better = np.log1p(squares / degrees) - np.log1p(squares / gain / degrees)
    odds: NDArray[np.float64] = 0.5 * (degrees + 1) * better - 0.5 * np.log(gain)
    return odds


def _growth_odds(fits: _Fits, sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Odds (N, K) for changes of known sizes; chance brings about fast growth more than none."""
    products, information = fits.products, fits.information
    gain = 2 * products * sizes - information * sizes**2
    if not (sizes > 0).any():
        return 0.5 * gain
    squares = products**2 / information
    better = np.log1p(squares / GROWTH_DEGREES) - np.log1p((squares - gain) / GROWTH_DEGREES)
    odds: NDArray[np.float64] = 0.5 * (GROWTH_DEGREES + 1) * better
    return odds


def _note(
    found: Evidence,
    rows: NDArray[np.intp],
    index: int,
    places: Stretches,
    fits: _Fits,
    odds: NDArray[np.float64],
) -> None:
    """Keep the mean likelihood of one kind, and its best place, for each curve."""
    best = odds.argmax(axis=1)
    highest = odds[np.arange(len(rows)), best]
    mean = np.exp(odds - highest[:, None]).mean(axis=1)
    found.log_odds[rows, index] = highest + np.log(mean)
    found.starts[rows, index] = places.starts[best]
    found.stops[rows, index] = places.stops[best]
    sizes = fits.products[np.arange(len(rows)), best] / fits.information[best]
    found.sizes[rows, index] = sizes


def _log_shares() -> NDArray[np.float64]:
    shares = np.array([kind.share for kind in CHANGE_KINDS])
    return np.asarray(np.log(shares / shares.sum()))
