"""Windows of curves, gaps, and lengths that fit."""

from __future__ import annotations

import numpy as np

from cell_events.dry_mass.windows import WindowShape, bridged, fitting_shape, windows_of
from tests.dry_mass.growing_cells import curve_of

NAN = np.nan


def test_every_window_of_every_curve_is_cut() -> None:
    curves = [curve_of(np.arange(6.0)), curve_of(np.arange(3.0)), curve_of(np.arange(10.0, 15))]
    windows = windows_of(curves, WindowShape(3, 2))
    assert windows.curves.tolist() == [0, 0, 2]
    past, future, seen = windows.cut(slice(None))
    assert past.tolist() == [[0, 1, 2], [1, 2, 3], [10, 11, 12]]
    assert future.tolist() == [[3, 4], [4, 5], [13, 14]]
    assert seen.all()


def test_backwards_the_last_frame_comes_first() -> None:
    windows = windows_of([curve_of(np.arange(5.0))], WindowShape(3, 2))
    past, future, _ = windows.cut(slice(None), backwards=True)
    assert past.tolist() == [[4, 3, 2]]
    assert future.tolist() == [[1, 0]]


def test_a_stride_leaves_windows_out_but_not_the_last_one() -> None:
    windows = windows_of([curve_of(np.arange(10.0))], WindowShape(3, 1), stride=4)
    assert windows.starts.tolist() == [0, 4, 6]


def test_short_gaps_are_bridged_and_long_ones_are_not() -> None:
    mass = np.array([1.0, NAN, 3.0, NAN, NAN, NAN, 7.0])
    np.testing.assert_array_equal(bridged(mass, 2), [1, 2, 3, NAN, NAN, NAN, 7])
    np.testing.assert_array_equal(bridged(mass, 3), [1, 2, 3, 4, 5, 6, 7])
    np.testing.assert_array_equal(bridged(mass, 0), mass)


def test_a_window_is_complete_with_a_whole_past_and_half_a_future() -> None:
    hole_in_past = curve_of([1, NAN, NAN, 4, 5, 6])
    hole_in_future = curve_of([1, 2, 3, 4, NAN, 6])
    empty_future = curve_of([1, 2, 3, 4, NAN, NAN, NAN, 8])
    windows = windows_of([hole_in_past, hole_in_future, empty_future], WindowShape(4, 2, gap=1))
    assert windows.complete(backwards=False).tolist() == [False, True, False, False, False]
    assert windows.complete(backwards=True).tolist() == [False, True, False, False, False]


def test_a_bridged_frame_of_the_future_is_not_scored() -> None:
    windows = windows_of([curve_of([1, 2, 3, 4, NAN, 6])], WindowShape(4, 2))
    _, future, seen = windows.cut(slice(None))
    assert seen.tolist() == [[False, True]]
    assert future.tolist() == [[0, 6]]


def test_no_curve_gives_no_window() -> None:
    windows = windows_of([], WindowShape(3, 2))
    assert len(windows) == 0
    assert windows.complete(backwards=False).shape == (0,)


def test_windows_are_chosen_so_short_that_most_curves_hold_one() -> None:
    curves = [curve_of(np.ones(length)) for length in (10, 36, 40, 200)]
    shape = fitting_shape(curves)
    assert (shape.past, shape.future) == (8, 4)
    assert sum(len(curve.mass_pg) >= fitting_shape(curves[1:]).frames for curve in curves) == 3


def test_windows_are_never_longer_than_those_of_the_paper() -> None:
    shape = fitting_shape([curve_of(np.ones(900))] * 3)
    assert (shape.past, shape.future) == (120, 60)
