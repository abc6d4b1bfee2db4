from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from cell_events.series.labelled_snapshots import snapshot_spans
from cell_events.series.snapshots import Snapshots
from cell_events.series.windows import Window


def centred(windows: Sequence[Window]) -> list[NDArray[np.float32]]:
    """A score that depends on what else is in the window."""
    return [window.values - window.values.mean() for window in windows]


def expected(values: NDArray[np.float32], length: int, step: int) -> NDArray[np.float64]:
    sums, counts = np.zeros(len(values)), np.zeros(len(values))
    for span in snapshot_spans(len(values), length, step):
        sums[span] += values[span] - values[span].mean()
        counts[span] += 1
    return sums / counts


@pytest.mark.parametrize("points", [1, 5, 16, 17, 100, 333])
@pytest.mark.parametrize("portion", [1, 7, 400])
def test_each_point_is_the_mean_of_all_snapshots_that_hold_it(points: int, portion: int) -> None:
    values = np.random.default_rng(0).normal(size=points).astype(np.float32)
    times = np.arange(points, dtype=float)
    snapshots = Snapshots(centred, 1, length=16, step=4)
    given = []
    for begin in range(0, points, portion):
        part = slice(begin, begin + portion)
        given += list(snapshots.add(times[part], values[None, part]))
    given += list(snapshots.finish())
    np.testing.assert_array_equal(np.concatenate([some for some, _ in given]), times)
    found = np.concatenate([some[0] for _, some in given])
    # The last snapshot comes when points before it may have been given out already.
    certain = slice(0, max(0, points - 16)) if points > 16 else slice(None)
    np.testing.assert_allclose(found[certain], expected(values, 16, 4)[certain], atol=1e-6)
    assert len(found) == points


def test_portions_do_not_matter() -> None:
    values = np.random.default_rng(0).normal(size=(1, 300)).astype(np.float32)
    found = []
    for portion in (1, 13, 300):
        snapshots = Snapshots(centred, 1, length=32, step=8)
        given = []
        for begin in range(0, 300, portion):
            part = slice(begin, begin + portion)
            given += list(snapshots.add(np.arange(300.0)[part], values[:, part]))
        given += list(snapshots.finish())
        found.append(np.concatenate([some for _, some in given], axis=1))
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])


def test_a_live_series_can_be_asked_at_any_time() -> None:
    snapshots = Snapshots(centred, 1, length=32, step=8)
    list(snapshots.add(np.arange(10.0), np.arange(10, dtype=np.float32)[None]))
    rest = snapshots.rest()
    assert rest is not None
    times, found = snapshots.so_far(centred([rest])[0])
    np.testing.assert_allclose(found[0], np.arange(10) - 4.5)
    list(snapshots.add(np.arange(10.0, 20.0), np.arange(10, 20, dtype=np.float32)[None]))
    (last,) = snapshots.finish()
    np.testing.assert_allclose(last[1][0], np.arange(20) - 9.5)
    assert len(times) == 10


def peak_of(points: int) -> int:
    snapshots = Snapshots(partial(list_of_zeros), 3, length=256, step=64)
    tracemalloc.start()
    for begin in range(0, points, 5000):
        times = np.arange(begin, begin + 5000, dtype=float)
        for _ in snapshots.add(times, np.zeros((1, 5000), np.float32)):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def list_of_zeros(windows: Sequence[Window]) -> list[NDArray[np.float32]]:
    return [np.zeros((3, len(window.times)), np.float32) for window in windows]


def test_memory_does_not_grow_with_the_series() -> None:
    assert peak_of(500_000) < 1.2 * peak_of(50_000)


def test_steps_longer_than_a_snapshot_are_refused() -> None:
    with pytest.raises(ValueError, match="step must be from 1 to the length 16, got 17"):
        Snapshots(centred, 1, length=16, step=17)
