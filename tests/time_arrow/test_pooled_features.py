"""Features on a coarser grid are means of the dense ones, brought to a common scale."""

import numpy as np
import pytest

from cell_events.movie import open_movie
from cell_events.time_arrow.features import DenseFeatures
from cell_events.time_arrow.network import TimeArrowNetwork
from cell_events.time_arrow.pooled_features import PooledFeatures


@pytest.fixture
def dense() -> DenseFeatures:
    frames = np.random.default_rng(0).integers(0, 255, (5, 26, 32), np.uint8)
    return DenseFeatures(open_movie(frames), TimeArrowNetwork(width=8), precision="float32")


def test_a_place_is_the_standardised_mean_of_its_square(dense: DenseFeatures) -> None:
    pooled = PooledFeatures(dense, 4)
    means = np.stack(
        [
            dense.read(t)[:, :24].astype(np.float64).reshape(-1, 6, 4, 8, 4).mean(axis=(2, 4))
            for t in range(5)
        ]
    )
    last = np.stack([dense.read(t)[:, 24:26].astype(np.float64) for t in range(5)])
    rest = np.concatenate([last, last[:, :, -1:], last[:, :, -1:]], axis=2)
    rest = rest.reshape(5, -1, 1, 4, 8, 4).mean(axis=(3, 5))
    whole = np.concatenate([means, rest], axis=2)
    mean, deviation = whole.mean(axis=(0, 2, 3)), whole.std(axis=(0, 2, 3))
    expected = (whole - mean[:, None, None]) / deviation[:, None, None]
    assert pooled.shape == (5, dense.shape[1], 7, 8)
    np.testing.assert_allclose(pooled.read(3), expected[3], rtol=1e-3, atol=2e-3)


def test_frames_are_computed_once(dense: DenseFeatures) -> None:
    pooled = PooledFeatures(dense, 4)
    assert pooled.read(2) is pooled.read(2)
    assert not pooled.read(2).flags.writeable
