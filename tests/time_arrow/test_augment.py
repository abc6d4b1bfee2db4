"""Augmentation treats both frames of a pair alike."""

import numpy as np
import pytest
import torch

from cell_events.engine.seeds import torch_generator
from cell_events.time_arrow.augment import AugmentSettings, augment

PLAIN = {"blur_px": 0.0, "noise": 0.0, "brightness": 0.0, "contrast": 1.0}
STILL = AugmentSettings(scale=0, elastic_px=0, shift_px=0, **PLAIN)


def smooth_windows(batch: int, side: int) -> torch.Tensor:
    coarse = torch.rand(batch, 1, 6, 6, generator=torch_generator(0, 0))
    frame = torch.nn.functional.interpolate(coarse, size=side, mode="bicubic")
    return frame[:, None].repeat(1, 2, 1, 1, 1)


def test_half_of_the_pairs_are_swapped_and_say_so() -> None:
    windows = torch.zeros(400, 2, 1, 24, 24)
    windows[:, 1] = 1
    crops, swapped = augment(windows, 16, STILL, torch_generator(1, 0))
    torch.testing.assert_close(crops[:, 0].mean(dim=(1, 2, 3)), swapped.float())
    assert 140 < int(swapped.sum()) < 260


def test_geometry_is_joint_but_for_small_shifts() -> None:
    settings = AugmentSettings(shift_px=0, **PLAIN)
    windows = smooth_windows(8, settings.margin(32))
    crops, _ = augment(windows, 32, settings, torch_generator(2, 0))
    torch.testing.assert_close(crops[:, 0], crops[:, 1])
    shifted, _ = augment(windows, 32, AugmentSettings(), torch_generator(2, 0))
    assert not torch.allclose(shifted[:, 0], shifted[:, 1], atol=0.02)


def test_the_margin_leaves_no_corner_unread() -> None:
    settings = AugmentSettings(**PLAIN)
    side = settings.margin(32)
    windows = torch.ones(200, 2, 1, side + 2, side + 2)
    windows[..., 0, :] = windows[..., -1, :] = windows[..., :, 0] = windows[..., :, -1] = -1000
    crops, _ = augment(windows, 32, settings, torch_generator(3, 0))
    assert float(crops.min()) > 0


def test_without_changes_crops_are_turned_or_mirrored_centres() -> None:
    windows = torch.rand(1, 2, 1, 17, 17)
    crops, _ = augment(windows, 1, STILL, torch_generator(4, 0))
    torch.testing.assert_close(sorted(crops.flatten()), sorted(windows[..., 8, 8].flatten()))


def test_both_frames_have_the_same_distribution() -> None:
    """Mean, spread and sharpness of first and second crops agree over many pairs."""
    settings = AugmentSettings()
    side = settings.margin(24)
    frames = torch.rand(600, 2, 1, side, side, generator=torch_generator(5, 0))
    crops, _ = augment(frames, 24, settings, torch_generator(5, 1))
    statistics = torch.stack(
        [crops.mean((2, 3, 4)), crops.std((2, 3, 4)), crops.diff(dim=-1).std((2, 3, 4))]
    ).numpy()
    for first, second in statistics.transpose(0, 2, 1):
        error = np.hypot(first.std(), second.std()) / np.sqrt(600)
        assert abs(first.mean() - second.mean()) < 4 * error


def test_the_same_generator_gives_the_same_crops() -> None:
    windows = smooth_windows(4, 60)
    first, _ = augment(windows, 24, AugmentSettings(), torch_generator(6, 9))
    second, _ = augment(windows, 24, AugmentSettings(), torch_generator(6, 9))
    other, _ = augment(windows, 24, AugmentSettings(), torch_generator(6, 10))
    assert torch.equal(first, second)
    assert not torch.allclose(first, other)


@pytest.mark.parametrize("size", [16, 96])
def test_the_margin_grows_with_the_crop(size: int) -> None:
    assert AugmentSettings().margin(size) > size * 1.5


def test_blur_keeps_the_mean_and_smooths_each_frame_on_its_own() -> None:
    settings = AugmentSettings(scale=0, elastic_px=0, shift_px=0, **(PLAIN | {"blur_px": 2.0}))
    windows = torch.rand(64, 1, 1, 48, 48, generator=torch_generator(7, 0)).repeat(1, 2, 1, 1, 1)
    sharp, _ = augment(windows, 48, STILL, torch_generator(7, 1))
    blurred, _ = augment(windows, 48, settings, torch_generator(7, 1))
    torch.testing.assert_close(blurred.mean(), sharp.mean(), rtol=0.01, atol=0)
    roughness = blurred.diff(dim=-1).std((2, 3, 4))
    assert float(roughness.mean()) < 0.6 * float(sharp.diff(dim=-1).std())
    assert float((roughness[:, 0] - roughness[:, 1]).abs().max()) > 0.1


def test_a_constant_frame_stays_constant_under_blur() -> None:
    settings = AugmentSettings(scale=0, elastic_px=0, shift_px=0, **(PLAIN | {"blur_px": 1.5}))
    crops, _ = augment(torch.full((4, 2, 1, 40, 40), 0.7), 24, settings, torch_generator(8, 0))
    torch.testing.assert_close(crops, torch.full_like(crops, 0.7))
