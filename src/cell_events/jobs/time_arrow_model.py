"""Time-arrow models that jobs begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.jobs.checks import JobError

if TYPE_CHECKING:
    from cell_events.engine.header import ModelHeader
    from cell_events.time_arrow.network import TimeArrowNetwork

SHIPPED = "shipped"


def model_at(name: str) -> Path | None:
    """Model file that `name` means: a path, or "shipped"; None if none comes with the package."""
    from cell_events.time_arrow import shipped_model

    return shipped_model() if name == SHIPPED else Path(name)


def time_arrow_path(path: Path | None) -> Path:
    """Give the model to take features from, that of the package if none is named.

    Raises
    ------
    JobError
        If none is named and none comes with the package.
    """
    found = path or model_at(SHIPPED)
    if found is None:
        raise JobError("No time-arrow model comes with this package; make one with pretrain.")
    return found


def load_time_arrow(path: Path) -> tuple[TimeArrowNetwork, ModelHeader]:
    """Read a model file that must hold time-arrow features.

    Raises
    ------
    ModelFileError
        If it is no model file, or one of another kind.
    """
    from cell_events.engine.header import ModelFileError
    from cell_events.engine.model_file import load_model
    from cell_events.time_arrow.network import TimeArrowNetwork

    network, header = load_model(path)
    if not isinstance(network, TimeArrowNetwork):
        raise ModelFileError(
            f"{path} is a model of kind '{header.kind}'; expected one that pretrain has written."
        )
    return network, header
