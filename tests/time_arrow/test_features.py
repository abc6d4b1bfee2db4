"""Dense features: the network's own numbers, whatever the window, kept on disk."""

from pathlib import Path

import numpy as np
import pytest
import torch

from cell_events.movie import Movie, open_movie
from cell_events.time_arrow import feature_store, features
from cell_events.time_arrow.features import DenseFeatures
from cell_events.time_arrow.network import TimeArrowNetwork
from cell_events.time_arrow.pretrain import initial_network


@pytest.fixture
def movie() -> Movie:
    rng = np.random.default_rng(0)
    return open_movie(rng.integers(0, 255, (3, 150, 170), dtype=np.uint8))


@pytest.fixture
def network() -> TimeArrowNetwork:
    """A network whose batch normalisation has statistics to fold."""
    network = initial_network(0, width=4, depth=2, features=5)
    network.train()
    for _ in range(3):
        network.features(torch.rand(4, 1, 32, 32))
    return network.eval()


def expected(movie: Movie, network: TimeArrowNetwork, t: int) -> np.ndarray:
    with torch.no_grad():
        return network.features(torch.from_numpy(movie.read_normalised(t))[None, None])[0].numpy()


def test_features_are_those_of_the_network(movie: Movie, network: TimeArrowNetwork) -> None:
    dense = DenseFeatures(movie, network, precision="float32")
    assert dense.shape == (3, 5, 150, 170)
    np.testing.assert_allclose(dense.read(1), expected(movie, network, 1), rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("mode", ["whole", "windows", "cache"])
def test_windows_hold_the_same_numbers_as_the_whole_frame(
    movie: Movie,
    network: TimeArrowNetwork,
    precision: str,
    mode: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = DenseFeatures(movie, network, precision=precision).read(2)  # type: ignore[arg-type]
    monkeypatch.setattr(features, "TILE_PX", 64)
    monkeypatch.setattr(feature_store, "TILE_PX", 64)
    if mode == "windows":
        monkeypatch.setattr(features, "SMALL_FRAME_PX", 0)
    dense = DenseFeatures(
        movie,
        network,
        cache=tmp_path if mode == "cache" else None,
        precision=precision,  # type: ignore[arg-type]
    )
    tolerance = 2e-2 if precision == "bfloat16" else 2e-3
    for rows, columns in ((slice(0, 50), slice(90, 170)), (slice(61, 150), slice(3, 131))):
        np.testing.assert_allclose(
            dense.read(2, rows, columns), whole[:, rows, columns], atol=tolerance, rtol=tolerance
        )


def test_the_cache_is_read_again_without_the_network(
    movie: Movie, network: TimeArrowNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = DenseFeatures(movie, network, cache=tmp_path)
    assert list(first.compute([0, 2])) == [(1, 2), (2, 2)]
    kept = first.read(2)
    second = DenseFeatures(movie, network, cache=tmp_path)
    monkeypatch.setattr(second, "compute_window", lambda *_: pytest.fail("computed again"))
    np.testing.assert_array_equal(second.read(2), kept)


def test_another_network_or_movie_has_a_cache_of_its_own(
    movie: Movie, network: TimeArrowNetwork, tmp_path: Path
) -> None:
    DenseFeatures(movie, network, cache=tmp_path)
    DenseFeatures(movie, initial_network(9, width=4, depth=2, features=5), cache=tmp_path)
    changed = open_movie(np.asarray(movie.array)[:, ::-1])
    DenseFeatures(changed, network, cache=tmp_path)
    assert len([path for path in tmp_path.iterdir() if path.suffix == ".zarr"]) == 3


def test_a_constant_movie_has_finite_features(network: TimeArrowNetwork) -> None:
    dense = DenseFeatures(open_movie(np.full((2, 40, 40), 9, np.uint8)), network)
    assert np.isfinite(dense.read(0)).all()
