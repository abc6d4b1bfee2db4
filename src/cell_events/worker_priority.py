"""Give way to the viewer: run this process at low priority."""

from __future__ import annotations

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
        import os

        os.nice(NICENESS)
