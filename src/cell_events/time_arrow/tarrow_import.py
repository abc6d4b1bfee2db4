"""Models trained with tarrow, the reference implementation of the time arrow, made ours."""

from __future__ import annotations

from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
import yaml
from torch import Tensor

from cell_events.engine.header import ModelFileError, ModelHeader
from cell_events.time_arrow.network import TimeArrowNetwork

WIDTHS = {"unet": 32, "unet_16fmaps": 16}
DEPTH = 3
TARROW_NORMALISATION = {"kind": "percentile", "low": 1.0, "high": 99.8}


def import_tarrow(folder: str | Path) -> tuple[TimeArrowNetwork, ModelHeader]:
    """Read `model_state.pt` and `model_kwargs.yaml` of a tarrow model folder.

    Weights are read with `weights_only=True`: no code of the file is run. Features equal those
    of tarrow for frames whose sides are multiples of 8 (tarrow pads others on both sides, we
    below and to the right). A classification head of another kind than tarrow's ``symmetric``,
    ``minimal`` one has no counterpart here; it is replaced by a fresh one, and the provenance
    says so.

    Raises
    ------
    ModelFileError
        If files are missing or hold another network than tarrow's U-Nets.
    """
    folder = Path(folder)
    options = _options(folder / "model_kwargs.yaml")
    network = TimeArrowNetwork(
        width=WIDTHS[options["backbone"]],
        depth=DEPTH,
        features=int(options["n_features"]),
        padding_mode="replicate",
    )
    state = _state(folder / "model_state.pt")
    has_head = bool(options.get("symmetric")) and options.get("classification_head") == "minimal"
    renamed = _renamed(state, has_head)
    if not has_head:
        renamed |= {f"head.{key}": value for key, value in network.head.state_dict().items()}
    try:
        network.load_state_dict(renamed)
    except RuntimeError as error:
        raise ModelFileError(
            f"The weights in {folder} do not fit tarrow's '{options['backbone']}'."
        ) from error
    header = ModelHeader(
        kind="tap",
        architecture="time_arrow",
        arguments={
            "width": WIDTHS[options["backbone"]],
            "depth": DEPTH,
            "features": int(options["n_features"]),
            "padding_mode": "replicate",
        },
        normalisation=TARROW_NORMALISATION,
        provenance={"imported_from": "tarrow", "head": "imported" if has_head else "fresh"},
    )
    return network.eval(), header


def _options(path: Path) -> dict[str, Any]:
    """Read and check the arguments that tarrow wrote beside its weights."""
    if not path.is_file():
        raise ModelFileError(f"{path.parent} is not a tarrow model: it has no {path.name}.")
    options = yaml.safe_load(path.read_text())
    if not isinstance(options, dict) or options.get("backbone") not in WIDTHS:
        found = options.get("backbone") if isinstance(options, dict) else options
        raise ModelFileError(
            f"{path} describes a backbone '{found}'; only {' and '.join(WIDTHS)} can be imported."
        )
    if (
        options.get("projection_head") != "minimal_batchnorm"
        or options.get("n_input_channels") != 1
    ):
        raise ModelFileError(
            f"{path}: only models with one input channel and the projection head "
            f"'minimal_batchnorm' can be imported."
        )
    return options


def _state(path: Path) -> dict[str, Tensor]:
    """Load the weights, refusing everything that is not a tensor."""
    if not path.is_file():
        raise ModelFileError(f"{path.parent} is not a tarrow model: it has no {path.name}.")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (UnpicklingError, RuntimeError, EOFError) as error:
        raise ModelFileError(
            f"{path} cannot be read as weights alone; it was not opened."
        ) from error
    if not isinstance(state, dict):
        raise ModelFileError(f"{path} does not hold a dictionary of weights.")
    return state


def _renamed(state: dict[str, Tensor], with_head: bool) -> dict[str, Tensor]:
    """Give tarrow's tensors the names they have here; leave out what has no counterpart."""
    renamed = {}
    for key, value in state.items():
        name = _our_name(key)
        if name is None or (name.startswith("head.") and not with_head):
            continue
        # A linear layer over channels is a 1 x 1 convolution.
        is_linear = name.startswith("head.") and name.endswith("weight") and value.ndim == 2
        renamed[name] = value[:, :, None, None] if is_linear else value
    return renamed


def _our_name(key: str) -> str | None:
    """Our name of one of tarrow's tensors, None if there is none."""
    part, _, rest = key.partition(".")
    if part == "projection_head":
        return rest.replace("layers.", "projection.", 1)
    if part == "backbone":
        for theirs, ours in (("l_conv.", "down."), ("r_conv.", "up."), ("head.", "to_features.")):
            if rest.startswith(theirs):
                name = rest.replace(theirs, ours, 1).replace(".conv_block.", ".", 1)
                return f"backbone.{name}"
    if part == "classification_head":
        return _our_head_name(rest)
    return None


def _our_head_name(name: str) -> str | None:
    """Our name of a tensor of tarrow's symmetric head, e.g. ``layers.0.layers.0.L.weight``."""
    pieces = name.split(".")
    roles = {"L": "own", "G": "shared"}
    if len(pieces) != 6 or pieces[2:4] != ["layers", "0"]:
        return None
    part, index, role, kind = pieces[0], pieces[1], pieces[4], pieces[5]
    if part == "head" and role in roles:
        return f"head.to_logits.{roles[role]}.{kind}"
    if part == "layers" and role in roles:
        return f"head.layers.{index}.{roles[role]}.{kind}"
    if part == "layers" and role == "norm":
        return f"head.norms.{index}.{kind}"
    return None
