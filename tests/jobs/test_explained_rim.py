"""Events at the rim are explained by what detection says of them."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from cell_events.engine.tiles import tile_around
from cell_events.jobs import MovieSource
from cell_events.jobs.explained_networks import explained_network
from cell_events.movie import Movie
from cell_events.recognition.classifier import EventClassifier, load_classifier
from cell_events.recognition.crop_logits import CropLogits, crop_logits
from cell_events.recognition.crops import CropTable
from cell_events.recognition.dense_scores import DenseScores, log_odds
from cell_events.time_arrow import features
from cell_events.trust.grad_cam_dense import place_map
from tests.jobs.explained_models import classifier, detector

HEADS = ("pyramid", "linear", "resnet")
SHAPE = (91, 94)  # sides that the poolings of the network do not divide
PLACES = [(0, 0), (0, 93), (90, 93), (89, 3), (40, 1), (7, 50), (50, 40)]


@pytest.fixture
def cropped(movie: MovieSource) -> Movie:
    return movie.open().crop(rows=slice(0, SHAPE[0]), columns=slice(0, SHAPE[1]))


class ExactFeatures:
    """Features of whole frames as the network gives them, not rounded to half precision."""

    def __init__(self, movie: Movie, network: EventClassifier) -> None:
        self._movie, self._network = movie, network
        self.shape = (movie.n_frames, network.tap.channels, *movie.shape[1:])

    def read(self, t: int, rows: slice, columns: slice) -> NDArray[np.float32]:
        frame = torch.from_numpy(self._movie.read_normalised(t))[None, None]
        with torch.no_grad():
            z = self._network.tap.features(frame)[0].numpy()
        return np.asarray(z[:, rows, columns])


@pytest.mark.parametrize("head", HEADS)
def test_the_logits_are_those_of_dense_detection_everywhere(
    cropped: Movie, tmp_path: Path, head: str
) -> None:
    path = classifier(tmp_path, head)
    network, _ = load_classifier(path)
    whole = tile_around((slice(0, SHAPE[0]), slice(0, SHAPE[1])), SHAPE, 0)
    expected = DenseScores(ExactFeatures(cropped, network), network, whole).log_odds(3)
    explained = [
        explained_network(cropped, path, kind, device="cpu")
        for kind in ("nothing", "division", "death")
    ]
    for y, x in PLACES:
        # Detection reports the centre of an even crop half a pixel before its central index.
        centre = max(0.0, y - 0.5), max(0.0, x - 0.5)
        logits = [place_map(each, each.layer, 4, centre, 24).output for each in explained]
        np.testing.assert_allclose(
            log_odds(torch.tensor(logits)), expected[:, y, x], rtol=1e-4, atol=1e-4
        )


@pytest.mark.parametrize("head", HEADS)
def test_the_logits_are_those_of_the_same_crops(
    cropped: Movie, tmp_path: Path, head: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features, "working_dtype", lambda *_: torch.float32)
    path = classifier(tmp_path, head)
    network, _ = load_classifier(path)
    y, x = np.array(PLACES).T
    zeros = np.zeros(len(PLACES), int)
    table = CropTable(zeros, zeros + 3, y, x, zeros)
    *_, found = crop_logits(table, [cropped], network)
    assert isinstance(found, CropLogits)
    explained = explained_network(cropped, path, "division", device="cpu")
    logits = [place_map(explained, explained.layer, 4, place, 24).output for place in PLACES]
    # Features are kept in half precision.
    np.testing.assert_allclose(logits, found.logits[:, 1], rtol=0, atol=3e-4)


@pytest.mark.parametrize("head", HEADS)
def test_the_map_covers_the_part_of_the_crop_that_lies_in_the_movie(
    movie: MovieSource, tmp_path: Path, head: str
) -> None:
    path = classifier(tmp_path, head)
    for layer in explained_network(movie.open(), path).layers:
        explained = explained_network(movie.open(), path, "division", layer, "cpu")
        found = place_map(explained, layer, 4, (3.0, 94.0), 24)
        assert found.window == (slice(0, 15), slice(82, 96))
        assert found.maps.shape == (2, 15, 14)


@pytest.mark.parametrize("layer", ["head.standardise", "tap.projection"])
def test_pixels_at_the_rim_keep_their_place_in_the_map(
    movie: MovieSource, tmp_path: Path, layer: str
) -> None:
    """A map of a layer as fine as the movie is the weighted sum of channels at each pixel."""
    explained = explained_network(
        movie.open(), classifier(tmp_path, "linear"), layer=layer, device="cpu"
    )
    found = place_map(explained, layer, 4, (2.0, 93.0), 24)
    pairs = torch.from_numpy(explained.read(4, (slice(0, 96), slice(0, 96))))
    with torch.no_grad():
        z = explained.network.tap.pair_features(pairs)[0]  # (2, C, 96, 96)
        if layer == "head.standardise":
            z = explained.network.head.standardise(z)
    channels = z[:, :, :14, 81:].numpy()
    weights = np.stack(
        [
            np.linalg.lstsq(c.reshape(len(c), -1).T[m.ravel() > 0], m[m > 0], rcond=None)[0]
            for c, m in zip(channels, found.maps, strict=True)
        ]
    )
    again = np.einsum("fcyx,fc->fyx", channels, weights).clip(0)
    np.testing.assert_allclose(again, found.maps, rtol=1e-3, atol=1e-4 * found.maps.max())


def test_a_detector_is_explained_by_its_log_odds_in_the_whole_frame(
    movie: MovieSource, tmp_path: Path
) -> None:
    explained = explained_network(movie.open(), detector(tmp_path), device="cpu")
    inputs = torch.from_numpy(explained.read(4, (slice(0, 24), slice(0, 24))))
    with torch.no_grad():
        odds = explained.outputs(inputs)
    for row, column in product((0, 1, 12, 23), repeat=2):
        # Place i of the grid has its middle at pixel 4 i + 1.5.
        found = place_map(explained, "normalise", 4, (4 * row + 1.5, 4 * column + 1.5), 48)
        assert found.output == pytest.approx(float(odds[row, column]), abs=1e-4)


def test_a_time_arrow_is_explained_by_the_places_of_the_crop_in_the_movie(
    movie: MovieSource, tap: Path
) -> None:
    explained = explained_network(movie.open(), tap, device="cpu")
    inputs = torch.from_numpy(explained.read(4, (slice(0, 96), slice(0, 96))))
    with torch.no_grad():
        contributions = explained.outputs(inputs)
    found = place_map(explained, explained.layer, 4, (5.0, 90.0), explained.size)
    reach = explained.reach
    assert found.output == pytest.approx(
        float(contributions[: 5 + reach + 1, 90 - reach :].mean()), abs=1e-5
    )
