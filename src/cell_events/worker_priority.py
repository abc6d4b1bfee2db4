"""Give way to the viewer: low priority, and threads that sleep while they wait."""

from __future__ import annotations

import os
import sys

NICENESS = 10
_BELOW_NORMAL_PRIORITY_CLASS = 0x4000


def lower_priority() -> None:
    """Lower this process' priority for good; its threads and children inherit it."""
    if sys.platform == "win32":
        import ctypes

        this_process = ctypes.c_void_p(-1)
        ctypes.windll.kernel32.SetPriorityClass(this_process, _BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(NICENESS)


def sleep_while_waiting() -> None:
    """Let threads that wait for each other leave the cores to others; before torch is loaded.

    Where the viewer needs the same cores, spinning makes small products several times slower.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
