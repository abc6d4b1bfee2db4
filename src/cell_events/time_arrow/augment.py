"""Augmentation of crop pairs, batched on the device; none of it knows which frame came first.

Whatever is random is either the same for both frames of a pair or drawn alike for each of them;
interpolation, padding and noise treat both frames in the same way. Hence nothing but the movie
itself can tell the order of the frames.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

ELASTIC_GRID = 4


@dataclass(frozen=True, slots=True)
class AugmentSettings:
    """How far crops are changed.

    What is drawn for each frame on its own takes away a tell-tale that is no biology: stage drift
    (`shift_px`), focus drift (`blur_px`), bleaching (`brightness`, `contrast`) and a lamp or
    camera that changes its noise (`noise`). `AugmentSettings.paper()` leaves out blur and is
    gentler with the intensities.

    Attributes
    ----------
    scale
        Largest change of size, joint to both frames: 0.1 means 0.9 to 1.1.
    elastic_px
        Standard deviation of the joint elastic deformation.
    shift_px
        Largest translation of each frame on its own.
    blur_px
        Largest standard deviation of a Gaussian blur of each frame on its own.
    noise
        Largest standard deviation of Gaussian noise of each frame on its own, in units of the
        normalised intensity.
    brightness
        Largest offset of each frame on its own, in the same units.
    contrast
        Largest factor (or its inverse) by which each frame's contrast is changed on its own.
    """

    scale: float = 0.1
    elastic_px: float = 2.0
    shift_px: float = 2.0
    blur_px: float = 1.0
    noise: float = 0.08
    brightness: float = 0.2
    contrast: float = 1.5

    @classmethod
    def paper(cls) -> AugmentSettings:
        """Intensity shift and scale and noise, but no blur (Gallusser et al. 2023, section 3)."""
        return cls(blur_px=0, noise=0.05, brightness=0.1, contrast=1.2)

    def margin(self, size: int) -> int:
        """Side of the window that a rotated, scaled and shifted crop of `size` needs."""
        reach = size * math.sqrt(2) * (1 + self.scale) + 2 * (3 * self.elastic_px + self.shift_px)
        return 2 * math.ceil(reach / 2)


def augment(
    windows: Tensor, size: int, settings: AugmentSettings, random: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Turn windows (B, 2, 1, W, W) into crops (B, 2, 1, size, size) and their order.

    Returns
    -------
    crops, swapped
        `swapped` (B,) says which pairs were put in reverse order (half of them).
    """
    batch, side = windows.shape[0], windows.shape[-1]
    grid = _sampling_grid(batch, size, side, settings, random)
    crops = functional.grid_sample(
        windows.flatten(0, 1), grid, padding_mode="reflection", align_corners=False
    ).unflatten(0, (batch, 2))
    crops = _change_intensity(_blur(crops, settings, random), settings, random)
    swapped = torch.rand(batch, generator=random, device=windows.device) < 0.5
    crops = torch.where(swapped[:, None, None, None, None], crops.flip(1), crops)
    return crops, swapped


def _sampling_grid(
    batch: int, size: int, side: int, settings: AugmentSettings, random: torch.Generator
) -> Tensor:
    """Where each pixel of each crop is read: (2B, size, size, 2) as (x, y) in [-1, 1]."""
    device = random.device

    def uniform(*shape: int) -> Tensor:
        return 2 * torch.rand(*shape, generator=random, device=device) - 1

    positions = torch.arange(size, device=device) - (size - 1) / 2
    y, x = torch.meshgrid(positions, positions, indexing="ij")
    places = torch.stack([x, y], -1).expand(batch, size, size, 2)

    nodes = torch.randn(batch, 2, ELASTIC_GRID, ELASTIC_GRID, generator=random, device=device)
    bend = functional.interpolate(
        nodes.clamp(-3, 3) * settings.elastic_px, size=(size, size), mode="bicubic"
    )
    places = places + bend.permute(0, 2, 3, 1)

    angle = math.pi * uniform(batch)
    zoom = 1 + settings.scale * uniform(batch)
    mirror = torch.where(uniform(batch) < 0, -1.0, 1.0)
    cosine, sine = zoom * angle.cos(), zoom * angle.sin()
    turn = torch.stack([cosine * mirror, -sine, sine * mirror, cosine], -1).view(batch, 2, 2)
    places = torch.einsum("byxi,bij->byxj", places, turn.transpose(1, 2))

    shifts = settings.shift_px * uniform(batch, 2, 1, 1, 2)  # each frame on its own
    both = places.unsqueeze(1) + shifts  # (B, 2, size, size, 2)
    return both.flatten(0, 1) * 2 / side


def _blur(crops: Tensor, settings: AugmentSettings, random: torch.Generator) -> Tensor:
    """Blur each frame (B, 2, 1, Y, X) by a Gaussian of its own width."""
    if settings.blur_px == 0:
        return crops
    frames = crops.flatten(0, 2)  # (2B, Y, X)
    width = settings.blur_px * torch.rand(len(frames), 1, generator=random, device=crops.device)
    reach = math.ceil(3 * settings.blur_px)
    offsets = torch.arange(-reach, reach + 1, device=crops.device)
    kernels = torch.softmax(-(offsets**2) / (2 * width.clamp_min(0.1) ** 2), dim=1)  # (2B, K)
    for shape, padding in (
        ((-1, 1, 1, 2 * reach + 1), (reach, reach, 0, 0)),
        ((-1, 1, 2 * reach + 1, 1), (0, 0, reach, reach)),
    ):
        padded = functional.pad(frames[None], padding, mode="reflect")
        frames = functional.conv2d(padded, kernels.view(shape), groups=len(kernels))[0]
    return frames.view_as(crops)


def _change_intensity(crops: Tensor, settings: AugmentSettings, random: torch.Generator) -> Tensor:
    """Contrast, brightness and noise, drawn alike for both frames (B, 2, 1, Y, X)."""
    one_per_frame = (*crops.shape[:2], 1, 1, 1)

    def uniform() -> Tensor:
        return 2 * torch.rand(one_per_frame, generator=random, device=crops.device) - 1

    contrast = (math.log(settings.contrast) * uniform()).exp()
    brightness = settings.brightness * uniform()
    noise = torch.randn(crops.shape, generator=random, device=crops.device)
    return crops * contrast + brightness + settings.noise * uniform().abs() * noise
