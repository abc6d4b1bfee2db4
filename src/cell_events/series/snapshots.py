"""Series judged as they come, by overlapping snapshots (section 3.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from cell_events.series.windows import Window

Judge = Callable[[Sequence[Window]], list[NDArray[np.float32]]]
"""Gives the probabilities (M, T) of each of several windows; see `WindowJudge`."""

Judged = tuple[NDArray[np.float64], NDArray[np.float32]]
"""Times (n,) and probabilities (M, n)."""

AT_ONCE = 16
"""Snapshots that are judged at once."""


class Snapshots:
    """One series that grows, seen through snapshots that overlap.

    Each point is judged several times; its probabilities are the means. Points that no later
    snapshot holds are given out and forgotten, so that memory does not grow with the series. A
    live acquisition and a finished file give the same, in whatever portions their points come.

    Parameters
    ----------
    judge
        What gives probabilities.
    kinds
        Number of kinds, M.
    length
        Points of a snapshot. A shorter series is judged whole, at its end.
    step
        Points from one snapshot to the next.
    """

    def __init__(self, judge: Judge, kinds: int, length: int = 1024, step: int = 256) -> None:
        if not 1 <= step <= length:
            raise ValueError(f"step must be from 1 to the length {length}, got {step}.")
        self._judge, self._length, self._step = judge, length, step
        self._times = np.empty(0)
        self._values = np.empty((0, 0), np.float32)
        self._sums = np.zeros((kinds, 0))
        self._counts = np.zeros(0, np.int64)
        self._begin = 0  # of the next snapshot; all points before it have been given out

    def add(self, times: NDArray[np.float64], values: NDArray[np.float32]) -> Iterator[Judged]:
        """Take further points, values (C, n); give those that no later snapshot will hold."""
        portion = self._length + AT_ONCE * self._step
        for first in range(0, len(times), portion):
            self._append(times[first : first + portion], values[:, first : first + portion])
            # The last snapshot is left to `rest`, so that the ends of many series go together.
            while self._begin + self._length < len(self._times):
                yield self._next_ones()

    def rest(self) -> Window | None:
        """Window that completes the series so far; None if there are no points."""
        if not len(self._times):
            return None
        return Window(self._times[-self._length :], self._values[:, -self._length :])

    def so_far(self, rest: NDArray[np.float32] | None) -> Judged:
        """Points that were not given out yet, with the probabilities (M, n) of `rest`.

        Further points may still come: a live acquisition asks after each frame.
        """
        sums, counts = self._sums.copy(), self._counts.copy()
        if rest is not None:
            sums[:, -rest.shape[1] :] += rest
            counts[-rest.shape[1] :] += 1
        pending = slice(self._begin, None)
        found = sums[:, pending] / np.maximum(counts[pending], 1)
        return self._times[pending].copy(), found.astype(np.float32)

    def finish(self) -> Iterator[Judged]:
        """Give the points that are left."""
        window = self.rest()
        judged = self.so_far(None if window is None else self._judge([window])[0])
        if len(judged[0]):
            yield judged

    def _append(self, times: NDArray[np.float64], values: NDArray[np.float32]) -> None:
        if not len(self._times):
            self._values = np.empty((len(values), 0), np.float32)
        added = len(times)
        self._times = np.concatenate([self._times, times])
        self._values = np.concatenate([self._values, values], axis=1)
        self._sums = np.pad(self._sums, ((0, 0), (0, added)))
        self._counts = np.pad(self._counts, (0, added))

    def _next_ones(self) -> Judged:
        """Judge the next snapshots; give the points that they leave behind."""
        last = min(len(self._times) - self._length - 1, self._begin + (AT_ONCE - 1) * self._step)
        begins = range(self._begin, last + 1, self._step)
        spans = [slice(begin, begin + self._length) for begin in begins]
        windows = [Window(self._times[span], self._values[:, span]) for span in spans]
        for span, found in zip(spans, self._judge(windows), strict=True):
            self._sums[:, span] += found
            self._counts[span] += 1
        begin = begins[-1] + self._step
        done = slice(self._begin, begin)
        judged = self._times[done].copy(), self._sums[:, done] / self._counts[done]
        self._begin = begin
        self._forget()
        return judged[0], judged[1].astype(np.float32)

    def _forget(self) -> None:
        """Keep what is pending, and as much before it as the last snapshot will look at."""
        kept = min(self._begin, max(0, len(self._times) - self._length))
        self._times, self._values = self._times[kept:].copy(), self._values[:, kept:].copy()
        self._sums, self._counts = self._sums[:, kept:].copy(), self._counts[kept:].copy()
        self._begin -= kept
