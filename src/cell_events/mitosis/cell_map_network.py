"""The autoencoder whose hidden maps show the cells of a movie (figure 4 of Phan et al. 2019)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from cell_events.engine.model_file import register_architecture
from cell_events.mitosis.surroundings import ground_and_contrast
from cell_events.mitosis.symmetric_convolution import Blur, EdgedConvolution, SymmetricConvolution

SMOOTHED_OVER = 1.0
"""Standard deviation, in places of the grid, by which the strength of the maps is smoothed."""

LEAST_PART = 0.2
"""Of the most by which places stand out from their ground: the least that counts as contrast."""

SAME = 1e-4
"""Grey values in [0, 1] that differ by less are the same to the network."""


@register_architecture("cell_map")
class CellMapNetwork(nn.Module):
    """Describes each place of a frame by one of a few maps, and paints the frame from these.

    As in the paper: three 5 x 5 convolutions, a softmax over the maps of which only the largest is
    kept at each place, a map dropped at random and noise in training, and two 5 x 5 convolutions
    and one of 1 x 1 that paint the frame. Where the paper is silent: 16 rectified maps between the
    convolutions; frames go on beyond their border as they end; the map to be dropped is taken out
    before the softmax, so that another one has to describe its places.

    What we added, since without it maps rather showed shadings and edges of cells,
    or nothing (benchmarks/cell_map.py compares):

    - frames are levelled: what the ground around a place is like no longer matters (`levelled`);
    - the strength of each map is standardised over all places, so that every map has its turn;
    - it is smoothed, so that maps are made of areas and cannot code grey values as textures;
    - kernels are symmetric, so that a map shows the same whichever way a cell lies.

    Parameters
    ----------
    maps
        Number of maps that compete for each place.
    hidden
        Maps between the convolutions.
    noise
        Bound of the uniform noise that is added to the maps in training; it keeps the network
        from hiding grey values in the strength of a map.
    surroundings
        How far, in places of the grid, `levelled` looks around; 0 to leave frames alone.
    as_published
        Leave out what we added, but for the levelling, which `surroundings` decides on.

    Attributes
    ----------
    arguments
        What rebuilds the network, for the header of its model file.
    """

    low: Tensor
    high: Tensor
    least_contrast: Tensor

    def __init__(
        self,
        maps: int = 6,
        hidden: int = 16,
        noise: float = 0.2,
        surroundings: int = 32,
        as_published: bool = False,
    ) -> None:
        super().__init__()
        self.arguments: dict[str, int | float | bool] = {
            "maps": maps,
            "hidden": hidden,
            "noise": noise,
            "surroundings": surroundings,
            "as_published": as_published,
        }
        self.maps, self.noise, self.surroundings = maps, noise, surroundings
        convolution = EdgedConvolution if as_published else SymmetricConvolution
        self.encoder = nn.Sequential(
            convolution(1, hidden, 5),
            nn.ReLU(),
            convolution(hidden, hidden, 5),
            nn.ReLU(),
            convolution(hidden, maps, 5),
            nn.Identity() if as_published else nn.BatchNorm2d(maps),
            nn.Identity() if as_published else Blur(SMOOTHED_OVER),
        )
        self.decoder = nn.Sequential(
            convolution(maps, hidden, 5),
            nn.ReLU(),
            convolution(hidden, hidden, 5),
            nn.ReLU(),
            nn.Conv2d(hidden, 1, kernel_size=1),
        )
        self.register_buffer("low", torch.zeros(()))
        self.register_buffer("high", torch.ones(()))
        self.register_buffer("least_contrast", torch.ones(()))

    def forward(self, levelled: Tensor) -> Tensor:
        """Logits (B, 1, Y, X) of levelled frames (B, 1, Y, X), as painted from their maps.

        In training, the dropped map and the noise come from torch's global state.
        """
        strength = self.encoder(levelled)  # (B, maps, Y, X)
        if self.training:
            dropped = torch.randint(self.maps, levelled.shape[:1], device=levelled.device)
            at = functional.one_hot(dropped, self.maps).bool()[..., None, None]
            strength = strength.masked_fill(at, -torch.inf)
        h = strongest_only(strength)
        if self.training:
            h = h + self.noise * (2 * torch.rand_like(h) - 1)
        return torch.as_tensor(self.decoder(h))

    def strongest(self, frames: Tensor) -> Tensor:
        """Number (B, Y, X) of the map that describes each place of the frames (B, 1, Y, X)."""
        return torch.as_tensor(self.encoder(self.levelled(frames))).argmax(1)

    def levelled(self, frames: Tensor) -> Tensor:
        """Frames (B, 1, Y, X) as the network sees them, in [0, 1], with the levels of `fit_levels`.

        Less the ground around each place, and divided by the contrast of the cells around it where
        that exceeds `least_contrast`.
        """
        if not self.surroundings:
            return frames
        ground, contrast = ground_and_contrast(frames, self.surroundings)
        standing_out = (frames - ground) / contrast.maximum(self.least_contrast)
        return ((standing_out - self.low) / (self.high - self.low)).clamp(0, 1)

    def fit_levels(self, frames: Tensor) -> None:
        """Take the levels from frames (B, 1, Y, X).

        The least contrast is a part of the most by which places stand out, and the range that of
        the 0.5th to 99.8th percentile.
        """
        if not self.surroundings:
            return
        ground, contrast = ground_and_contrast(frames, self.surroundings)
        most = _quantile((frames - ground).abs(), 0.998)
        self.least_contrast.copy_((LEAST_PART * most).clamp(min=SAME))
        standing_out = (frames - ground) / contrast.maximum(self.least_contrast)
        low, high = (_quantile(standing_out, share) for share in (0.005, 0.998))
        self.low.copy_(low)
        self.high.copy_(high if high > low else low + 1)


def _quantile(values: Tensor, share: float) -> Tensor:
    """`torch.quantile` refuses as many values as frames have."""
    ordered = values.flatten().sort().values
    return ordered[int(share * (len(ordered) - 1))]


def strongest_only(strength: Tensor) -> Tensor:
    """Softmax over the maps (B, maps, Y, X); at each place all but the largest are zero."""
    share = strength.softmax(1)
    return share * functional.one_hot(share.argmax(1), share.shape[1]).movedim(-1, 1)
