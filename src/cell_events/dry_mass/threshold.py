"""From the scores of all cells to the threshold above which they are flagged (section 2.2)."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Rule = Literal[
    "gaussian",
    "median mad",
    "log gaussian",
    "log median mad",
    "quantile",
    "false alarms",
    "false flags",
]

DEFAULT_VALUES: dict[Rule, float] = {
    "gaussian": 1.96,
    "median mad": 3.0,
    "log gaussian": 1.96,
    "log median mad": 3.0,
    "quantile": 0.95,
    "false alarms": 0.01,
    "false flags": 0.03,
}

FEWEST = 3
MAD_TO_SD = 1.4826
"""A Gaussian's standard deviation, if the median absolute deviation is 1."""

BULK = (0.05, 0.5)
"""Quantiles of all cells between which those of normal cells are looked at."""

LEAST_UNUSUAL = 2.0
"""Standard deviations below which nothing is flagged, however many cells are abnormal."""

ENOUGH = 200
"""Cells from which their own scores may say that normal cells differ more than they should."""


class ThresholdError(ValueError):
    """Scores from which no threshold follows; the message is one sentence for the user."""


def threshold_of(
    scores: NDArray[np.floating], rule: Rule = "gaussian", value: float | None = None
) -> float:
    """Threshold that a rule draws from the finite ones among the scores.

    Parameters
    ----------
    scores
        Larger is more abnormal.
    rule
        "gaussian": mean + value * standard deviation, the paper's; "median mad": the same with the
        median and 1.4826 * the median absolute deviation, which anomalies do not inflate; "log
        gaussian" and "log median mad": of the logarithms, for scores with a long tail; "quantile":
        the share `value` of all cells lies below; "false alarms": the share `value` of *normal*
        cells lies above, judged from the lower half of the scores (`expected_quantile`); "false
        flags": the share `value` of the *flagged* cells is normal, for the combined score, which
        counts in standard deviations of normal cells (`height_of_false_flags`).
    value
        None takes that of `DEFAULT_VALUES`.

    Raises
    ------
    ThresholdError
        If the rule is unknown, a share is none, or there are too few scores.
    """
    if rule not in get_args(Rule):
        raise ThresholdError(f"rule must be one of {', '.join(get_args(Rule))}; got {rule!r}.")
    value = DEFAULT_VALUES[rule] if value is None else value
    found = np.asarray(scores, float)
    found = found[np.isfinite(found)]
    if len(found) < FEWEST:
        raise ThresholdError(
            f"{len(found)} assessed cells are too few for a threshold; expected at least {FEWEST}, "
            "or give the threshold itself."
        )
    if rule in ("quantile", "false alarms", "false flags"):
        return _of_share(found, rule, value)
    if rule.startswith("log "):
        found = _logarithms(found)
    middle, width = _middle(found, robust=rule.endswith("median mad"))
    height = middle + value * width
    return float(np.exp(height)) if rule.startswith("log ") else float(height)


def expected_quantile(scores: NDArray[np.floating], share_above: float) -> float:
    """Score that the share `share_above` of normal cells exceeds, if most cells are normal.

    Anomalies score high, so that the lower half of all scores is hardly touched by them. There a
    Gaussian is fitted to the quantiles, of logarithms where all scores are positive, and carried on
    to its upper tail.
    """
    in_logarithms = bool((scores > 0).all())
    found = np.log(scores) if in_logarithms else scores
    shares = np.linspace(*BULK, 46)
    width, middle = np.polyfit(norm.ppf(shares), np.quantile(found, shares), 1)
    height = middle + max(width, 0.0) * norm.isf(share_above)
    return float(np.exp(height)) if in_logarithms else float(height)


def height_of_false_flags(scores: NDArray[np.floating], share: float) -> float:
    """Lowest score above which the share of normal cells is expected to be `share` at most.

    Scores count in standard deviations of normal cells. Their middle and width are taken to be 0
    and 1, or larger where the lower half of `ENOUGH` scores is. The height is `LEAST_UNUSUAL` at
    least. Where no score is high enough, nothing is flagged: the threshold is the largest one.
    """
    ranked = np.sort(scores)[::-1]
    flags = np.arange(1, len(ranked) + 1)
    middle, width, abnormal = 0.0, 1.0, 0.0
    for _ in range(5):
        if len(ranked) >= ENOUGH:
            shares = np.linspace(*BULK, 46)
            bulk = np.quantile(ranked, shares * (1 - abnormal))
            slope, height = np.polyfit(norm.ppf(shares), bulk, 1)
            middle, width = max(float(height), 0.0), max(float(slope), 1.0)
        expected = (1 - abnormal) * len(ranked) * norm.sf((ranked - middle) / width)
        flagged = int(flags[expected <= share * flags].max(initial=0))
        abnormal = flagged / len(ranked)
    if not flagged:
        return float(ranked[0])
    return max(float(ranked[min(flagged, len(ranked) - 1)]), LEAST_UNUSUAL)


def _of_share(found: NDArray[np.float64], rule: str, value: float) -> float:
    if not 0 < value < 1:
        raise ThresholdError(f"The value of {rule} must lie between 0 and 1, got {value}.")
    if rule == "quantile":
        return float(np.quantile(found, value))
    if rule == "false flags":
        return height_of_false_flags(found, value)
    return expected_quantile(found, value)


def _middle(found: NDArray[np.float64], robust: bool) -> tuple[float, float]:
    """Middle and width of a distribution."""
    if not robust:
        return float(found.mean()), float(found.std())
    middle = float(np.median(found))
    return middle, MAD_TO_SD * float(np.median(np.abs(found - middle)))


def _logarithms(found: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithms of scores; those of 0 count as the smallest positive one."""
    positive = found[found > 0]
    if len(positive) < FEWEST or (found < 0).any():
        raise ThresholdError(
            "Scores must be positive to have logarithms; take the rule median mad or gaussian."
        )
    logarithms: NDArray[np.float64] = np.log(np.maximum(found, positive.min()))
    return logarithms
