"""A network and everything needed to use it again, in one safetensors file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as tensors_to_bytes
from torch import Tensor, nn

from cell_events.engine import atomic
from cell_events.engine.header import METADATA_KEY, ModelFileError, ModelHeader, read_header

_ARCHITECTURES: dict[str, Callable[..., nn.Module]] = {}

_HOMES = {
    "time_arrow": "cell_events.time_arrow.network",
    "event_classifier": "cell_events.recognition.classifier",
    "cell_map": "cell_events.mitosis.cell_map_network",
    "event_lengths": "cell_events.mitosis.event_length_network",
    "mitosis_detector": "cell_events.mitosis.network",
    "mass_forecast": "cell_events.dry_mass.network",
    "series_unet": "cell_events.series.network",
    "series_munet": "cell_events.series.mu_network",
}
"""Modules that register the architectures of this package, imported when a file asks for one."""

NetworkClass = TypeVar("NetworkClass", bound=type[nn.Module])


def register_architecture(name: str) -> Callable[[NetworkClass], NetworkClass]:
    """Let model files call this class `name`; its arguments must be plain JSON values."""

    def register(network_class: NetworkClass) -> NetworkClass:
        _ARCHITECTURES[name] = network_class
        return network_class

    return register


def build_network(architecture: str, arguments: dict[str, Any]) -> nn.Module:
    """Make a network with fresh weights from its registered name and arguments."""
    if architecture not in _ARCHITECTURES and architecture in _HOMES:
        import_module(_HOMES[architecture])
    if architecture not in _ARCHITECTURES:
        known = ", ".join(sorted({*_ARCHITECTURES, *_HOMES}))
        raise ModelFileError(f"Unknown architecture '{architecture}'; this version knows: {known}.")
    try:
        return _ARCHITECTURES[architecture](**arguments)
    except (TypeError, ValueError) as error:
        raise ModelFileError(
            f"Architecture '{architecture}' refuses {arguments}: {error}"
        ) from error


def weights_digest(tensors: dict[str, Tensor]) -> str:
    """Hexadecimal digest of names, types, shapes and values; equal weights, equal digest."""
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(tensors):
        tensor = tensors[name].detach().cpu().contiguous()
        digest.update(f"{name}|{tensor.dtype}|{tuple(tensor.shape)}|".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def network_digest(network: nn.Module) -> str:
    """Digest of a network's present weights and buffers."""
    return weights_digest(network.state_dict())


def save_model(
    path: str | Path,
    network: nn.Module,
    header: ModelHeader,
    dtype: torch.dtype | None = None,
) -> ModelHeader:
    """Write network and header to `path` in one atomic step; return the header as written.

    `dtype` stores the floating-point weights in another format, for instance float16.
    """
    tensors = {name: _stored(tensor, dtype) for name, tensor in network.state_dict().items()}
    header = replace(header, weights_digest=weights_digest(tensors))
    atomic.write_bytes(path, tensors_to_bytes(tensors, {METADATA_KEY: header.to_json()}))
    return header


def load_model(
    path: str | Path, device: torch.device | str = "cpu"
) -> tuple[nn.Module, ModelHeader]:
    """Read the network at `path`, ready for inference, and its header.

    Nothing in the file is executed. Weights that do not match the digest are refused.

    Raises
    ------
    ModelFileError
        If the file is missing, damaged, of another kind, or of a newer version, or if its weights
        hold NaN or infinite values.
    """
    header = read_header(path)
    name = Path(path).name
    try:
        tensors = load_tensors(Path(path).read_bytes())
    except SafetensorError as error:
        raise ModelFileError(f"{name} is damaged: {error}.") from error
    if weights_digest(tensors) != header.weights_digest:
        raise ModelFileError(f"{name} is damaged: its weights do not match their digest.")
    _check_finite(tensors, name)
    network = build_network(header.architecture, dict(header.arguments))
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        raise ModelFileError(
            f"{name} does not fit architecture '{header.architecture}'."
        ) from error
    return network.to(device).eval(), header


def _check_finite(tensors: dict[str, Tensor], name: str) -> None:
    """Raise ModelFileError if weights are no numbers, as after a training that failed."""
    broken = [key for key, tensor in tensors.items() if not tensor.isfinite().all()]
    if broken:
        raise ModelFileError(
            f"{name} holds NaN or infinite weights, in '{min(broken)}' for instance, so that it "
            "can say nothing; train it anew, or take another model."
        )


def _stored(tensor: Tensor, dtype: torch.dtype | None) -> Tensor:
    """Copy of `tensor` as it goes into the file."""
    tensor = tensor.detach().cpu()
    if dtype is not None and tensor.is_floating_point():
        tensor = tensor.to(dtype)
    return tensor.clone(memory_format=torch.contiguous_format)
