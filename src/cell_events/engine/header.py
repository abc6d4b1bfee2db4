"""What a model file says about itself; readable without torch."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

FORMAT_VERSION = 1
MAX_HEADER_BYTES = 1_000_000
MAX_TENSORS = 10_000
METADATA_KEY = "cell_events"
CHECKPOINT_KEY = "cell_events_checkpoint"


class ModelFileError(ValueError):
    """A file that is not a model of ours, is damaged, or comes from a newer version."""


@dataclass(frozen=True, slots=True)
class ModelHeader:
    """Everything needed to use the weights again, and where they come from.

    Attributes
    ----------
    kind
        What the model is for: ``tap`` (time-arrow features), ``events`` (an event classifier),
        ``cell_map`` (M1), ``event_lengths`` (M2), ``mitosis`` (M3), ``mass_forecast``
        or ``series``.
    architecture, arguments
        Name in the registry of networks, and the arguments that rebuild it.
    classes
        Names of the event classes, in the order of the painted values 1..K.
    axes
        Axes of the network's input.
    normalisation
        How intensities were scaled before the network.
    settings
        Further numbers that inference needs, such as crop size and frame step.
    temperature
        Divides the logits of a calibrated classifier; None if never calibrated.
    calibration
        How scores become probabilities (see `trust.calibration`); empty if never calibrated.
    held_out
        Which parts of the training movies were not learned from (see `engine.held_out`).
    provenance
        Training movies, software version, seeds: for people, not for the program.
    """

    kind: str
    architecture: str
    arguments: Mapping[str, Any]
    classes: tuple[str, ...] = ()
    axes: str = "BCYX"
    normalisation: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    pixel_size_um: float | None = None
    frame_interval_s: float | None = None
    temperature: float | None = None
    calibration: Mapping[str, Any] = field(default_factory=dict)
    held_out: tuple[Mapping[str, Any], ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    weights_digest: str = ""
    format_version: int = FORMAT_VERSION

    def to_json(self) -> str:
        """Serialise for the file's metadata."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> ModelHeader:
        """Parse what `to_json` wrote; unknown keys of later minor versions are ignored."""
        try:
            values = json.loads(text)
            version = int(values["format_version"])
            known = {name.name: values[name.name] for name in fields(cls) if name.name in values}
            lists = {name: tuple(known.get(name, ())) for name in ("classes", "held_out")}
            header = cls(**{**known, **lists})
        except (ValueError, KeyError, TypeError) as error:
            raise ModelFileError(f"The model's header cannot be read ({error}).") from error
        if version > FORMAT_VERSION:
            raise ModelFileError(
                f"The model has format version {version}, this program knows up to "
                f"{FORMAT_VERSION}; update napari-cell-events."
            )
        return header


def read_metadata(path: str | Path) -> dict[str, str]:
    """Read the metadata of a safetensors file without its tensors.

    Raises
    ------
    ModelFileError
        If the file is missing, not safetensors, or larger in its header than a model can be.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelFileError(f"There is no model file {path}.")
    with path.open("rb") as file:
        start = file.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= length <= MAX_HEADER_BYTES:
            raise ModelFileError(f"{path.name} is not a model file (safetensors was expected).")
        raw = file.read(length)
    try:
        entries = json.loads(raw)
        metadata = entries.get("__metadata__", {})
    except (ValueError, AttributeError, RecursionError) as error:
        raise ModelFileError(f"{path.name} is damaged: its header is not JSON.") from error
    if len(entries) > MAX_TENSORS or not isinstance(metadata, dict):
        raise ModelFileError(f"{path.name} is not a model file of napari-cell-events.")
    return metadata


def read_header(path: str | Path) -> ModelHeader:
    """Read what the model file at `path` says about itself."""
    metadata = read_metadata(path)
    if METADATA_KEY not in metadata:
        raise ModelFileError(f"{Path(path).name} is not a model file of napari-cell-events.")
    return ModelHeader.from_json(metadata[METADATA_KEY])


def checkpoint_step(path: str | Path) -> int:
    """Read how many steps the checkpoint at `path` has behind it."""
    note = read_metadata(path).get(CHECKPOINT_KEY)
    if note is None:
        raise ModelFileError(f"{Path(path).name} is not a checkpoint; choose another file.")
    return int(json.loads(note)["step"])
