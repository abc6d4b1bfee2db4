"""What a network takes over from another, and how fast it may change (sections 4.1 and 4.2)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from cell_events.engine.training import WeightGroup
from cell_events.series.mu_network import SeriesMUNet
from cell_events.series.network import SeriesUNet
from cell_events.series.train_settings import Transfer

SeriesNetwork = SeriesUNet | SeriesMUNet

SHALLOW = 4
"""Sections of which a MU-Net has one for each channel."""

ENCODING = 5
"""Encoding sections."""


def unet_from(pretrained: SeriesUNet, classes: int, exclusive: bool = False) -> SeriesUNet:
    """Copy a U-Net but for its last layer, which is new: other kinds are looked for."""
    arguments = {**pretrained.arguments, "classes": classes, "exclusive": exclusive}
    network = SeriesUNet(**arguments)
    for target, source in zip(network.sections()[:-1], pretrained.sections()[:-1], strict=True):
        _copy(source[0], target)
    return network


def munet_from(
    unet: SeriesUNet, channels: int, classes: int, exclusive: bool = False
) -> SeriesMUNet:
    """Make a MU-Net, the encoder of each channel a copy of that of a U-Net for one channel.

    Raises
    ------
    ValueError
        If the U-Net reads more than one channel.
    """
    if unet.channels != 1:
        raise ValueError(
            f"This U-Net reads {unet.channels} channels; weights for each channel come from one "
            "that reads a single channel."
        )
    network = SeriesMUNet(channels, classes, exclusive, unet.arguments["filters"])
    levels = zip(network.sections()[:SHALLOW], unet.encoding[:SHALLOW], strict=True)
    for targets, source in levels:
        _copy(source, targets)
    return network


def section_multipliers(network: SeriesNetwork) -> list[float]:
    """Multipliers 0.01, 0.04, ..., 0.81, 1.0 of the learning rate of the ten sections.

    Of a MU-Net, only the sections that each channel has for itself are slowed: the others are new.
    """
    number = len(network.sections())
    slowed = number if isinstance(network, SeriesUNet) else SHALLOW
    shares = [((index + 1) / number) ** 2 for index in range(number)]
    return [share if index < slowed else 1.0 for index, share in enumerate(shares)]


def section_rates(network: SeriesNetwork, transfer: Transfer) -> list[WeightGroup]:
    """Weights of each section and their rates, which differ where `transfer` is ``rates``."""
    sections = network.sections()
    shares = section_multipliers(network) if transfer == "rates" else [1.0] * len(sections)
    return [
        WeightGroup([weight for part in parts for weight in part.parameters()], share)
        for parts, share in zip(sections, shares, strict=True)
    ]


def frozen_sections(
    network: SeriesNetwork, progress: float, stages: Sequence[float]
) -> list[list[nn.Module]]:
    """Sections that do not learn, at some progress (0 to 1) of freeze-then-unfreeze.

    A U-Net learns its decoding sections first, then all. A MU-Net has three stages: what was not
    taken over learns first; then the third and fourth section of each channel, too; then all. The
    paper does not say which sections learn when: this is our reading of it.

    Parameters
    ----------
    stages
        Progress at which the second and the third stage begin. A U-Net knows only the first two.
    """
    passed = sum(progress >= begin for begin in stages)
    if isinstance(network, SeriesMUNet):
        frozen = (SHALLOW, SHALLOW // 2, 0)[passed]
    else:
        frozen = 0 if passed else ENCODING
    return network.sections()[:frozen]


def freeze(network: SeriesNetwork, frozen: Sequence[Sequence[nn.Module]]) -> None:
    """Let all sections learn but those; their batch normalisation stays as it is, too."""
    kept = {id(part) for parts in frozen for part in parts}
    for part in (part for parts in network.sections() for part in parts):
        part.requires_grad_(id(part) not in kept)
        if id(part) in kept:
            part.eval()


@torch.no_grad()
def _copy(source: nn.Module, targets: Sequence[nn.Module]) -> None:
    for target in targets:
        target.load_state_dict(source.state_dict())
