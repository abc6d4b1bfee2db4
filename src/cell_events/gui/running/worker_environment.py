"""Environment of the worker process."""

from __future__ import annotations

from qtpy.QtCore import QProcessEnvironment

from cell_events.gui.preferences import preferences

ENVIRONMENT = {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}


def worker_environment() -> QProcessEnvironment:
    """Environment of the worker: that of the viewer, in UTF-8, with threads as preferred."""
    environment = QProcessEnvironment.systemEnvironment()
    for name, value in ENVIRONMENT.items():
        environment.insert(name, value)
    if (threads := preferences().threads) is not None:
        environment.insert("OMP_NUM_THREADS", str(threads))
    return environment
