"""One writer at a time: the lock of a project folder, and who holds it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from pathlib import Path

from filelock import FileLock, Timeout

from cell_events.engine import atomic

LOCK_FILE, OWNER_FILE = "lock", "owner.json"


class ProjectLock:
    """Held by the process that may write; the system frees it when that process is gone.

    Attributes
    ----------
    refused
        Why the project cannot be edited here, as a sentence; None if the lock is held.
    """

    def __init__(self, folder: Path) -> None:
        self._owner_file = folder / OWNER_FILE
        self._lock = FileLock(folder / LOCK_FILE, timeout=0, thread_local=False)
        self.refused: str | None = None
        try:
            self._lock.acquire()
            self._say_who()
        except Timeout:
            self.refused = _owner(self._owner_file)
        except (OSError, NotImplementedError) as error:
            self._lock.release(force=True)
            reason = getattr(error, "strerror", None) or str(error)
            self.refused = (
                f"{folder.name} cannot be edited, since its folder cannot be written ({reason}); "
                "copy it to where you may write."
            )

    def release(self) -> None:
        """Let others write."""
        if self._lock.is_locked:
            self._owner_file.unlink(missing_ok=True)
            self._lock.release(force=True)

    def _say_who(self) -> None:
        since = time.strftime("%Y-%m-%d %H:%M")
        owner = {"process": os.getpid(), "computer": socket.gethostname(), "since": since}
        atomic.write_text(self._owner_file, json.dumps(owner))


def _owner(file: Path) -> str:
    """Who holds the lock, in a sentence."""
    found: dict[str, object] = {}
    with contextlib.suppress(OSError, ValueError):
        found = dict(json.loads(file.read_text("utf8")))
    who = ""
    if found:
        who = (
            f" (process {found.get('process')} on {found.get('computer')}, since "
            f"{found.get('since')})"
        )
    return (
        f"{file.parent.name} is open in another window{who}; edit it there, or close it there and "
        "open it here again."
    )
