"""Features learned from the arrow of time (Gallusser et al. 2023)."""

from importlib.resources import files
from pathlib import Path


def shipped_model() -> Path | None:
    """Path of the time-arrow model that comes with the package, None if there is none."""
    path = Path(str(files("cell_events") / "models" / "time_arrow.safetensors"))
    return path if path.is_file() else None
