import numpy as np
import pytest

from cell_events.series.augmentation import (
    AUGMENTATIONS,
    KNOWN_KINDS,
    augmented,
    refused,
    safe_augmentations,
)
from cell_events.series.synthetic import KINDS
from cell_events.series.value_augmentations import Snapshots

POINTS = 1024
MOVING = ("cropping", "zoom", "time warp", "reversal", "mutation")
STAYING = ("jitter", "scaling", "trend", "linear operation")


def snapshots(count: int = 16, channels: int = 2) -> Snapshots:
    """Flat curves with a high plateau of 60 to 200 points, which is labelled; all of it is seen."""
    random = np.random.default_rng(7)
    begins, lengths = random.integers(100, 800, count), random.integers(60, 200, count)
    times = np.arange(POINTS)
    labels = (times >= begins[:, None]) & (times < (begins + lengths)[:, None])
    values = np.repeat(10.0 * labels[:, None], channels, axis=1).astype(np.float32)
    return values, labels[:, None], np.ones((count, POINTS), bool)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_shapes_and_types_stay(name: str) -> None:
    before = snapshots()
    after = AUGMENTATIONS[name].apply(*before, np.random.default_rng(0))
    for one, other in zip(before, after, strict=True):
        assert one.shape == other.shape
        assert one.dtype == other.dtype


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_what_was_given_is_left_as_it_was(name: str) -> None:
    before = snapshots()
    AUGMENTATIONS[name].apply(*before, np.random.default_rng(0))
    for one, other in zip(before, snapshots(), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("name", ["cropping", "zoom", "time warp", "reversal"])
def test_labels_move_with_values(name: str) -> None:
    for seed in range(5):
        values, labels, mask = AUGMENTATIONS[name].apply(*snapshots(), np.random.default_rng(seed))
        is_high = values[:, 0] > 5
        differs = (is_high != labels[:, 0]) & mask
        # Where a point lies just between two, one of them decides.
        assert differs.sum(axis=1).max() <= 2
        assert labels.any()


@pytest.mark.parametrize("name", STAYING)
def test_labels_and_masks_stay_where_times_do(name: str) -> None:
    _, before, seen = snapshots()
    _, labels, mask = AUGMENTATIONS[name].apply(*snapshots(), np.random.default_rng(0))
    assert np.array_equal(labels, before)
    assert np.array_equal(mask, seen)


def test_jitter_is_small_and_scaling_within_its_limits() -> None:
    values, labels, mask = snapshots()
    jittered = AUGMENTATIONS["jitter"].apply(values, labels, mask, np.random.default_rng(0))[0]
    assert 0 < (jittered - values).std() < 0.06 * values.std()
    scaled = AUGMENTATIONS["scaling"].apply(values, labels, mask, np.random.default_rng(0))[0]
    highest = scaled.max(axis=2) / 10
    assert highest.min() >= 1 / 1.5
    assert highest.max() <= 1.5


def test_a_trend_is_a_straight_line() -> None:
    values, labels, mask = snapshots()
    added = AUGMENTATIONS["trend"].apply(values, labels, mask, np.random.default_rng(0))[0] - values
    assert np.abs(np.diff(added, n=2)).max() < 1e-4
    assert np.abs(added[..., -1]).max() > 0.1


def test_linear_operations_turn_some_curves_upside_down() -> None:
    values, labels, mask = snapshots()
    found = AUGMENTATIONS["linear operation"].apply(values, labels, mask, np.random.default_rng(0))
    high, level = found[0][:, 0].max(axis=1), found[0][:, 0, 0]
    assert 0 < (high <= level).sum() < len(level)


def test_reversal_is_undone_by_reversal() -> None:
    once = AUGMENTATIONS["reversal"].apply(*snapshots(), np.random.default_rng(0))
    twice = AUGMENTATIONS["reversal"].apply(*once, np.random.default_rng(0))
    assert not np.array_equal(once[0], snapshots()[0])
    assert np.array_equal(twice[0], snapshots()[0])


def test_what_a_crop_leaves_out_is_masked_and_not_labelled() -> None:
    _, labels, mask = AUGMENTATIONS["cropping"].apply(*snapshots(), np.random.default_rng(0))
    assert not labels[:, 0][~mask].any()
    assert mask.mean(axis=1).min() >= 0.49
    assert mask.mean() < 0.95


def test_no_crop_leaves_only_what_is_abnormal() -> None:
    values, _, mask = snapshots(200)
    labels = np.zeros((200, 1, POINTS), bool)
    labels[:, :, :700] = True
    _, labels, mask = AUGMENTATIONS["cropping"].apply(
        values, labels, mask, np.random.default_rng(0)
    )
    assert (labels[:, 0].sum(axis=1) <= 0.7 * mask.sum(axis=1)).all()


def test_time_is_warped_from_begin_to_end() -> None:
    values, labels, mask = snapshots()
    values[:] = np.arange(POINTS)
    warped = AUGMENTATIONS["time warp"].apply(values, labels, mask, np.random.default_rng(0))[0]
    assert np.allclose(warped[..., 0], 0)
    assert np.allclose(warped[..., -1], POINTS - 1, rtol=1e-4)
    assert (np.diff(warped) > 0).all()
    assert np.abs(warped - values).max() > 20


def test_mutation_brings_the_labels_of_the_other_curve_along() -> None:
    values, labels, mask = snapshots(2)
    labels[0] = False
    values[0] = 0
    mixed, found, _ = AUGMENTATIONS["mutation"].apply(
        values, labels, mask, np.random.default_rng(3)
    )
    changed = np.abs(mixed[:, 0] - values[:, 0]) > 1e-6
    moved = found != labels
    assert changed.mean(axis=1).max() <= 0.25
    assert moved.any()
    came = np.flatnonzero(found[0, 0])
    assert np.array_equal(found[0, 0, came], labels[1, 0, came])


def test_mutation_is_refused_where_cycles_may_be_violated() -> None:
    sentence = refused(KINDS, ("jitter", "mutation"))
    assert sentence is not None
    assert "'mutation'" in sentence
    assert "'cyclic violation'" in sentence
    assert refused(("additive outlier",), ("mutation",)) is None


def test_trends_are_refused_where_growth_may_stop() -> None:
    assert refused(("arrest", "swap"), ("trend",)) is not None
    assert refused(("swap",), ("trend",)) is None


def test_kinds_of_the_user_are_not_refused() -> None:
    assert refused(("game",), tuple(AUGMENTATIONS)) is None


def test_an_augmentation_that_is_not_there_is_named() -> None:
    assert "no augmentation 'mixing'" in str(refused(KINDS, ("mixing",)))


def test_safe_augmentations_are_those_that_are_not_refused() -> None:
    safe = safe_augmentations(KINDS)
    assert refused(KINDS, safe) is None
    assert "mutation" not in safe
    assert "time warp" not in safe
    assert {"jitter", "scaling", "reversal"} <= set(safe)


def test_each_states_kinds_that_are_known() -> None:
    assert all(found.keeps <= KNOWN_KINDS for found in AUGMENTATIONS.values())


def test_augmented_changes_about_half_of_the_snapshots_and_is_repeatable() -> None:
    before = snapshots(200)
    after = augmented(*before, ("reversal",), np.random.default_rng(0))
    again = augmented(*before, ("reversal",), np.random.default_rng(0))
    assert np.array_equal(after[0], again[0])
    changed = (after[0] != before[0]).any(axis=(1, 2)).mean()
    assert 0.4 < changed < 0.6
    assert np.array_equal(after[0][:, 0] > 5, after[1][:, 0])


def test_no_augmentation_changes_nothing() -> None:
    before = snapshots()
    assert np.array_equal(augmented(*before, (), np.random.default_rng(0))[0], before[0])
