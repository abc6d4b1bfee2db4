"""From the class frequencies of training to those of the movie (Saerens et al. 2002)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def prior_shift(
    movie_prior: NDArray[np.float64], training_prior: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What has to be added to log-probabilities (K + 1,) when classes are differently frequent.

    Saerens et al. 2002, equation 2.4: posteriors are multiplied by movie prior over training
    prior and made to sum to 1 again. It holds if crops of a class look alike in both.

    Raises
    ------
    ValueError
        If the frequencies are not positive or do not sum to 1.
    """
    for name, prior in (("movie", movie_prior), ("training", training_prior)):
        if not (np.min(prior) > 0 and np.isclose(np.sum(prior), 1.0)):
            raise ValueError(
                f"The class frequencies of the {name} must be above 0 and sum to 1; got "
                f"{np.round(prior, 6).tolist()}."
            )
    return np.asarray(np.log(movie_prior) - np.log(training_prior), np.float64)


def prior_of_counts(counts: NDArray[np.integer]) -> NDArray[np.float64]:
    """Class frequencies (K + 1,) from how many places of a movie show each class.

    Half a place is added to each, so that a class that happened not to be seen is rare, not
    impossible (Jeffreys' prior).
    """
    smooth = np.asarray(counts, np.float64) + 0.5
    return np.asarray(smooth / smooth.sum())
