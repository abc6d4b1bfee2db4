"""The time-arrow network of Gallusser et al. 2023 (figure 1): features f, projection h, head u."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from cell_events.engine.model_file import register_architecture

PaddingMode = Literal["zeros", "replicate", "reflect"]


class ConvolutionBlock(nn.Sequential):
    """Twice: 3 x 3 convolution, batch normalisation, leaky ReLU."""

    def __init__(self, channels_in: int, channels_out: int, padding_mode: PaddingMode) -> None:
        layers: list[nn.Module] = []
        for channels in (channels_in, channels_out):
            layers += [
                nn.Conv2d(channels, channels_out, 3, padding=1, padding_mode=padding_mode),
                nn.BatchNorm2d(channels_out),
                nn.LeakyReLU(inplace=True),
            ]
        super().__init__(*layers)


class UNet(nn.Module):
    """Fully convolutional U-Net f with `depth` poolings by two and nearest upsampling."""

    def __init__(self, width: int, depth: int, padding_mode: PaddingMode) -> None:
        super().__init__()
        widths = [width * 2**level for level in range(depth + 1)]
        self.down = nn.ModuleList(
            ConvolutionBlock(channels_in, channels_out, padding_mode)
            for channels_in, channels_out in zip([1, *widths], widths, strict=False)
        )
        self.up = nn.ModuleList(
            ConvolutionBlock(widths[level] + widths[level + 1], widths[level], padding_mode)
            for level in range(depth)
        )
        self.to_features = nn.Conv2d(width, width, 1)
        self.apply(_initialise)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, 1, Y, X), sides divisible by 2**depth, to (B, width, Y, X)."""
        skipped = []
        for level, block in enumerate(self.down):
            x = block(functional.max_pool2d(x, 2) if level else x)
            skipped.append(x)
        x = skipped.pop()
        for block, skip in zip(reversed(self.up), reversed(skipped), strict=True):
            x = block(torch.cat([skip, functional.interpolate(x, scale_factor=2)], dim=1))
        features: Tensor = self.to_features(x)
        return features


class EquivariantLayer(nn.Module):
    """Linear map of two frames that commutes with swapping them (deep sets, Zaheer et al. 2017).

    Each frame keeps its own path; what they share is the mean, and a mean knows no order.
    """

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.own = nn.Conv2d(channels_in, channels_out, 1)
        self.shared = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, z: Tensor) -> Tensor:
        """Map (B, 2, C, Y, X) to (B, 2, channels_out, Y, X)."""
        own: Tensor = self.own(z.flatten(0, 1)).unflatten(0, z.shape[:2])
        shared: Tensor = self.shared(z.mean(1))
        both: Tensor = own + shared.unsqueeze(1)
        return both


class EquivariantHead(nn.Module):
    """Time-arrow head u: u([z2, z1]) is u([z1, z2]) swapped, exactly, by construction."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(EquivariantLayer(features, features) for _ in range(2))
        self.norms = nn.ModuleList(nn.BatchNorm2d(features) for _ in range(2))
        self.to_logits = EquivariantLayer(features, 1)

    def forward(self, z: Tensor) -> Tensor:
        """Map features (B, 2, C, Y, X) to logits (B, 2); index 0: "in the order given"."""
        pooled = self._compared(z).mean(dim=(-2, -1), keepdim=True)  # (B, 2, C, 1, 1)
        logits: Tensor = self.to_logits(pooled)
        return logits.flatten(1)

    def dense(self, z: Tensor) -> Tensor:
        """Contributions (B, 2, Y, X) of all places to the logits; `forward` gives their mean."""
        contributions: Tensor = self.to_logits(self._compared(z))
        return contributions.squeeze(2)

    def _compared(self, z: Tensor) -> Tensor:
        for layer, norm in zip(self.layers, self.norms, strict=True):
            z = norm(layer(z).flatten(0, 1)).unflatten(0, z.shape[:2])
            z = functional.leaky_relu(z)
        return z


@register_architecture("time_arrow")
class TimeArrowNetwork(nn.Module):
    """Features of single frames, and which of two frames came first.

    Parameters
    ----------
    width
        Channels of the first level; they double at each of the `depth` poolings.
    features
        Channels C of the dense features z.
    padding_mode
        ``zeros`` is twice as fast to train on a CPU; ``replicate`` is what tarrow uses.
    """

    def __init__(
        self,
        width: int = 32,
        depth: int = 3,
        features: int = 32,
        padding_mode: PaddingMode = "zeros",
    ) -> None:
        super().__init__()
        self.channels = features
        self.multiple = 2**depth
        self.halo = 7 * 2**depth - 5  # receptive field: 2 x 2 convolutions a level, and alignment
        self.backbone = UNet(width, depth, padding_mode)
        self.projection = nn.Sequential(nn.Conv2d(width, features, 1), nn.BatchNorm2d(features))
        self.head = EquivariantHead(features)

    def features(self, x: Tensor) -> Tensor:
        """Dense features z (B, C, Y, X) of single frames (B, 1, Y, X) of any size.

        Sides that the poolings do not divide are continued below and to the right by
        repeating the last pixel.
        """
        rows, columns = x.shape[-2:]
        missing = (-columns % self.multiple, -rows % self.multiple)
        if any(missing):
            x = functional.pad(x, (0, missing[0], 0, missing[1]), mode="replicate")
        z: Tensor = self.projection(self.backbone(x))
        return z[..., :rows, :columns]

    def pair_features(self, pairs: Tensor) -> Tensor:
        """Features (B, 2, C, Y, X) of frame pairs (B, 2, 1, Y, X), each frame on its own."""
        z: Tensor = self.features(pairs.flatten(0, 1)).unflatten(0, pairs.shape[:2])
        return z

    def forward(self, pairs: Tensor) -> Tensor:
        """Logits (B, 2) of frame pairs (B, 2, 1, Y, X); index 0: "in the order given"."""
        logits: Tensor = self.head(self.pair_features(pairs))
        return logits


def _initialise(module: nn.Module) -> None:
    """Kaiming normal weights and zero biases, as the reference network starts."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="leaky_relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
