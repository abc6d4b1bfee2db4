from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from torch.nn import functional

from cell_events.engine.header import ModelFileError, ModelHeader
from cell_events.engine.model_file import save_model
from cell_events.recognition.classifier import HeadSettings, events_header, load_classifier
from cell_events.recognition.network import Standardise
from cell_events.recognition.readout import (
    GaussianPyramid,
    PooledReadout,
    correlate,
    make_readout,
)
from tests.recognition.fake_features import small_classifier, small_tap

HEADS = [
    HeadSettings(name, pooling, invariant)
    for name, pooling, invariant in itertools.product(
        ("linear", "resnet"), ("centre", "mean", "flatten"), (True, False)
    )
] + [HeadSettings("pyramid", "centre", invariant) for invariant in (True, False)]


def named(head: HeadSettings) -> str:
    return f"{head.name}-{head.pooling}-{head.time_invariant}"


def features(seed: int, side: int = 30) -> torch.Tensor:
    return torch.randn(1, 4, side, side, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("settings", HEADS, ids=named)
@torch.no_grad()
def test_the_dense_map_has_the_numbers_of_each_crop(settings: HeadSettings) -> None:
    classifier = small_classifier(settings, ("division", "death"))
    first, second, window = features(1), features(2), classifier.window
    dense = classifier.head(first, second)
    assert dense.shape == (1, 3, 30 - window + 1, 30 - window + 1)
    for y, x in itertools.product(range(0, dense.shape[2], 5), range(0, dense.shape[3], 7)):
        crop = (..., slice(y, y + window), slice(x, x + window))
        single = classifier.head(first[crop], second[crop])
        assert single.shape == (1, 3, 1, 1)
        torch.testing.assert_close(single[..., 0, 0], dense[..., y, x], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("settings", HEADS, ids=named)
@torch.no_grad()
def test_time_invariant_heads_do_not_know_the_order_and_others_do(settings: HeadSettings) -> None:
    head = small_classifier(settings).head
    first, second = features(1), features(2)
    forwards, backwards = head(first, second), head(second, first)
    assert torch.allclose(forwards, backwards, atol=1e-6) == settings.time_invariant


@torch.no_grad()
def test_mean_and_centre_are_weighted_sums_over_the_crop() -> None:
    evidence = features(1, side=8)
    mean = PooledReadout(4, 2, 8, "mean")
    expected = functional.conv2d(evidence, mean.linear.weight).mean((2, 3), keepdim=True)
    torch.testing.assert_close(mean(evidence), expected)
    centre = PooledReadout(4, 2, 8, "centre")
    assert float(centre.weights.sum()) == pytest.approx(1)
    assert centre.weights[3] == centre.weights[4] > 2 * centre.weights[0]


@torch.no_grad()
def test_correlation_by_fourier_transform_is_the_convolution_of_torch() -> None:
    maps, kernel = torch.randn(2, 3, 31, 27), torch.randn(4, 3, 8, 8)
    torch.testing.assert_close(
        correlate(maps, kernel), functional.conv2d(maps, kernel), atol=1e-4, rtol=1e-4
    )


@torch.no_grad()
def test_features_are_standardised_channel_by_channel() -> None:
    z = torch.tensor([100.0, 0.0, -5.0]).view(1, 3, 1, 1) + torch.randn(4, 3, 9, 9) * 7
    z[:, 2] = 1  # a dead channel must not become infinite
    standardise = Standardise(3)
    standardise.fit(z)
    scaled = standardise(z)
    assert scaled[:, :2].mean((0, 2, 3)).abs().max() < 1e-4
    assert scaled[:, :2].std((0, 2, 3)).sub(1).abs().max() < 1e-3
    assert scaled.isfinite().all()


@torch.no_grad()
def test_a_model_file_holds_all_that_detection_needs(tmp_path) -> None:
    classifier = small_classifier(HeadSettings("resnet", "mean"), ("division", "death"))
    header = events_header(classifier, {"criterion": "both"}, {"movies": ["a"]})
    save_model(tmp_path / "model.safetensors", classifier, header)
    loaded, header = load_classifier(tmp_path / "model.safetensors")
    pairs = torch.rand(1, 2, 1, 24, 24)
    assert torch.equal(loaded(pairs), classifier(pairs))
    assert (header.kind, header.classes) == ("events", ("division", "death"))
    assert (loaded.classes, loaded.size, loaded.delta) == (("division", "death"), 8, 1)


def test_a_model_of_another_kind_is_refused(tmp_path) -> None:
    path = tmp_path / "tap.safetensors"
    arguments = {"width": 4, "depth": 1, "features": 4}
    save_model(path, small_tap(), ModelHeader("tap", "time_arrow", arguments))
    with pytest.raises(ModelFileError, match="kind 'tap'; expected an event classifier"):
        load_classifier(path)


def test_unknown_heads_and_poolings_are_refused() -> None:
    with pytest.raises(ValueError, match="head must be one of pyramid, linear, resnet"):
        HeadSettings("forest")
    with pytest.raises(ValueError, match="pooling must be one of centre, mean, flatten"):
        make_readout(4, 2, 8, "max")


@torch.no_grad()
def test_the_pyramid_needs_no_more_than_the_means_of_a_crop() -> None:
    head = small_classifier(HeadSettings("pyramid")).head.eval()
    first, second = features(1, side=8), features(2, side=8)
    reduced = head.reduced(first), head.reduced(second)
    assert reduced[0].shape == (1, 8, 1, 1)
    torch.testing.assert_close(head(*reduced), head(first, second))


@torch.no_grad()
def test_the_pyramid_holds_gaussian_means_at_two_scales() -> None:
    z = torch.zeros(1, 1, 16, 16)
    z[..., 8, 8] = 1
    near, far = GaussianPyramid(16)(z).flatten().tolist()
    place = np.arange(16) - 7.5
    for mean, deviation in ((near, 1.0), (far, 3.2)):
        weights = np.exp(-0.5 * (place / deviation) ** 2)
        assert mean == pytest.approx((weights[8] / weights.sum()) ** 2, rel=1e-5)


def test_the_pyramid_pools_around_the_centre_only() -> None:
    with pytest.raises(ValueError, match="pools around the 'centre'; got 'flatten'"):
        small_classifier(HeadSettings("pyramid", "flatten"))
