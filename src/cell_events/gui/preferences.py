"""What the user set on the plugin's page of napari's preferences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PLUGIN = "napari-cell-events"


@dataclass(frozen=True, slots=True)
class Preferences:
    """Values that hold for all movies; the manifest declares them with their defaults.

    Attributes
    ----------
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    threads
        Processor cores that the worker uses; None for all.
    results
        Folder in which each movie gets a folder of its own; None for beside the movie.
    features
        Folder that keeps dense features from one session to the next; None to forget them.
    """

    device: str = "auto"
    threads: int | None = None
    results: Path | None = None
    features: Path | None = None


def preferences() -> Preferences:
    """Read the preferences as they are now; the defaults where napari does not know the plugin."""
    from napari.settings import get_plugin_settings

    try:
        settings = get_plugin_settings(PLUGIN)
    except KeyError:
        return Preferences()
    return Preferences(
        device=settings.computing.device,
        threads=settings.computing.threads or None,
        results=_folder(settings.folders.results),
        features=_folder(settings.folders.features),
    )


def _folder(text: str) -> Path | None:
    return Path(text.strip()).expanduser() if text.strip() else None
