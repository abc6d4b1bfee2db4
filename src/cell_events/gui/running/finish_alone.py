"""Let a process of its own finish a run after the viewer has closed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from qtpy.QtCore import QProcess

from cell_events.gui.running.unfinished_runs import log_of
from cell_events.gui.running.worker_environment import worker_environment
from cell_events.jobs.run_file import Run, offer_run


def finish_alone(run: Run, arguments: Sequence[str]) -> bool:
    """Start `python ARGUMENTS --finish RUNFILE`, which no viewer ends; whether it began.

    What comes of it is among the `finished_runs` of the folder later.
    """
    offer_run(run)
    process = QProcess()
    process.setProgram(sys.executable)
    process.setArguments([*arguments, "--finish", str(run.path)])
    process.setProcessEnvironment(worker_environment())
    process.setStandardInputFile(QProcess.nullDevice())
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(str(log_of(run.path)))
    began: Any = process.startDetached()  # PyQt6 and PySide6 also give the process id
    return bool(began[0] if isinstance(began, tuple) else began)
