"""Grad-CAM (Selvaraju et al. 2017): which places of a layer's maps speak for a class?"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.nn import functional


class GradCamError(ValueError):
    """A layer that cannot be explained with; the message is one sentence for the user."""


class LayerMaps:
    """The maps of one layer, kept while a network runs inside of the context.

    A layer that runs several times, once for each frame for instance, has the maps of all its runs,
    one behind the other. What lies before the layer keeps no gradients, so that memory is only
    needed from the layer on.

    Parameters
    ----------
    layer
        Name of a module of the network, as ``network.named_modules()`` has it.
    """

    def __init__(self, network: nn.Module, layer: str) -> None:
        self.layer = layer
        self._module = network.get_submodule(layer)
        self._runs: list[Tensor] = []

    def __enter__(self) -> Self:
        self._hook = self._module.register_forward_hook(self._keep)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hook.remove()

    def _keep(self, module: nn.Module, inputs: Any, output: Tensor) -> Tensor:  # noqa: ARG002
        """Keep what the layer gives; the network goes on with a copy that it may overwrite."""
        kept = output.detach().requires_grad_(torch.is_grad_enabled())
        self._runs.append(kept)
        return kept.clone()

    @property
    def maps(self) -> Tensor:
        """Activations A (F, C, y, x), with one entry for each frame."""
        return self._joined([run.detach() for run in self._runs])

    def gradients(self, scalar: Tensor) -> Tensor:
        """Derivatives (F, C, y, x) of a scalar along the maps."""
        if not scalar.isfinite().all():
            raise GradCamError(
                "The network gives NaN or infinite values, which nothing can explain; check the "
                "movie for NaN, or train the model anew."
            )
        found: tuple[Tensor | None, ...] = (None,) * len(self._runs)
        if scalar.requires_grad:
            found = torch.autograd.grad(scalar, self._runs, allow_unused=True)
        if all(part is None for part in found):
            raise GradCamError(
                f"The output does not depend on layer '{self.layer}'; choose another layer."
            )
        return self._joined(
            [
                torch.zeros_like(run) if part is None else part
                for run, part in zip(self._runs, found, strict=True)
            ]
        )

    def _joined(self, runs: list[Tensor]) -> Tensor:
        """Put runs, each (N, C, y, x) or (B, T, C, y, x), one behind the other."""
        if not runs or runs[0].ndim not in (4, 5):
            found = f"an output of shape {tuple(runs[0].shape)}" if runs else "no output"
            raise GradCamError(
                f"Layer '{self.layer}' has {found}, not maps (N, C, y, x); choose another layer."
            )
        return torch.cat([run.flatten(0, 1) if run.ndim == 5 else run for run in runs])


def channel_weights(gradients: Tensor) -> Tensor:
    """Weights alpha (F, C): means over space of gradients (F, C, y, x) (equation 1)."""
    return gradients.mean(dim=(-2, -1))


def class_map(maps: Tensor, weights: Tensor) -> Tensor:
    """Turn maps A (F, C, y, x) and weights (F, C) into maps (F, y, x) (equation 2)."""
    return torch.einsum("fcyx,fc->fyx", maps, weights).relu()


def upsampled(maps: Tensor, factor: int) -> Tensor:
    """Maps (F, y, x), `factor` times as large along both sides, interpolated linearly."""
    if factor == 1:
        return maps
    larger: Tensor = functional.interpolate(
        maps[:, None], scale_factor=factor, mode="bilinear", align_corners=False
    )
    return larger[:, 0]


def grad_cam(
    network: nn.Module,
    layer: str,
    inputs: Tensor,
    scalar_of: Callable[[Tensor], Tensor] = torch.sum,
) -> Tensor:
    """Grad-CAM (F, y, x) of one input, in the resolution of the layer.

    Parameters
    ----------
    layer
        Name of a module that gives maps.
    inputs
        What the network is called with.
    scalar_of
        Picks what is to be explained from what the network gives, such as the logit of a class.

    Raises
    ------
    GradCamError
        If the layer gives no maps, or if the scalar does not depend on it.
    """
    with torch.enable_grad(), LayerMaps(network, layer) as kept:
        gradients = kept.gradients(scalar_of(network(inputs)))
    return class_map(kept.maps, channel_weights(gradients))
