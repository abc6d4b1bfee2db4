"""Environment of the worker process."""

from __future__ import annotations

from qtpy.QtCore import QProcessEnvironment

ENVIRONMENT = {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}


def worker_environment() -> QProcessEnvironment:
    """Environment of the worker: that of the viewer, with text in UTF-8."""
    environment = QProcessEnvironment.systemEnvironment()
    for name, value in ENVIRONMENT.items():
        environment.insert(name, value)
    return environment
