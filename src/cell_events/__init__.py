"""Find divisions, deaths and other events in live-cell movies from a few painted examples."""

from importlib.metadata import version

__version__ = version("napari-cell-events")
