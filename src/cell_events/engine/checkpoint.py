"""The state of an unfinished training run, from which it goes on bit by bit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as tensors_to_bytes
from torch import Tensor, nn

from cell_events.engine import atomic
from cell_events.engine.header import CHECKPOINT_KEY, ModelFileError, read_metadata


def save_checkpoint(
    path: str | Path,
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    step: int,
    run: dict[str, Any],
) -> None:
    """Write weights, optimiser state and the number of finished steps in one atomic step.

    `run` identifies the run (its settings); a checkpoint of another run is refused later.
    """
    tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
    for index, values in optimizer.state_dict()["state"].items():
        for name, value in values.items():
            tensors[f"optimizer.{index}.{name}"] = torch.as_tensor(value)
    copies = {
        name: value.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, value in tensors.items()
    }
    note = json.dumps({"step": step, "run": run}, sort_keys=True)
    atomic.write_bytes(path, tensors_to_bytes(copies, {CHECKPOINT_KEY: note}))


def load_checkpoint(
    path: str | Path, network: nn.Module, optimizer: torch.optim.Optimizer, run: dict[str, Any]
) -> int:
    """Restore network and optimiser in place; return the number of finished steps.

    Raises
    ------
    ModelFileError
        If the file is damaged, no checkpoint, or belongs to a run with other settings.
    """
    path = Path(path)
    note = read_metadata(path).get(CHECKPOINT_KEY)
    if note is None:
        raise ModelFileError(f"{path.name} is not a checkpoint; choose another file name for it.")
    saved = json.loads(note)
    run = json.loads(json.dumps(run))  # as it was written: tuples became lists
    different = sorted(
        key for key in run.keys() | saved["run"].keys() if run.get(key) != saved["run"].get(key)
    )
    if different:
        raise ModelFileError(
            f"Checkpoint {path.name} belongs to a run with other settings "
            f"({', '.join(different)}); delete it or repeat those settings."
        )
    try:
        tensors = load_tensors(path.read_bytes())
    except SafetensorError as error:
        raise ModelFileError(f"Checkpoint {path.name} is damaged: {error}.") from error
    _restore(tensors, network, optimizer)
    return int(saved["step"])


def _restore(
    tensors: dict[str, Tensor], network: nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    """Put the saved tensors back where they came from."""
    state: dict[int, dict[str, Tensor]] = {}
    weights = {}
    for key, value in tensors.items():
        part, name = key.split(".", 1)
        if part == "network":
            weights[name] = value
        else:
            index, name = name.split(".", 1)
            state.setdefault(int(index), {})[name] = value
    network.load_state_dict(weights)
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
