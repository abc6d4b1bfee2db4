"""The life of an open project: made or opened, locked, and closed with everything saved."""

from __future__ import annotations

import tempfile
import weakref
from pathlib import Path
from types import TracebackType
from typing import Self

from cell_events.project.edit_log import EditLog
from cell_events.project.edits import ProjectError
from cell_events.project.folder import SUFFIX, is_project, lock_existing, lock_new
from cell_events.project.lock import ProjectLock
from cell_events.project.opening import open_folder


class OpenFolder:
    """A project folder that this process has open, for writing if nobody else has.

    Attributes
    ----------
    path
        The folder.
    warnings
        What was found damaged at opening and what became of it, in sentences.
    """

    def __init__(self, folder: Path, lock: ProjectLock) -> None:
        opened = open_folder(folder, writable=lock.refused is None)
        self.path = folder
        self.warnings = tuple(opened.warnings)
        self._lock = lock
        self._log = EditLog(opened, lock.refused)
        self._state = opened.state
        self._decisions_written: dict[str, int] = {}
        self._copies: tempfile.TemporaryDirectory[str] | None = None
        self._end = weakref.finalize(self, _end, self._log, lock)

    @classmethod
    def create(cls, path: str | Path) -> Self:
        """Make a new project.

        Raises
        ------
        ProjectError
            If there is one already, the folder holds other things, or it cannot be written.
        """
        folder = _folder(path)
        return cls._locked(folder, lock_new(folder))

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open a project; read-only if another window has it or the folder cannot be written.

        Raises
        ------
        ProjectError
            If there is none, or a newer version made it.
        """
        folder = _folder(path)
        return cls._locked(folder, lock_existing(folder))

    @classmethod
    def open_or_create(cls, path: str | Path) -> Self:
        """Open a project, or make it if there is none."""
        return cls.open(path) if is_project(_folder(path)) else cls.create(path)

    @property
    def name(self) -> str:
        """Name of the folder without its ending."""
        return self.path.name.removesuffix(SUFFIX)

    @property
    def read_only(self) -> bool:
        """Whether edits raise `ProjectError`."""
        return self._log.refused is not None

    @property
    def locked_by(self) -> str | None:
        """Why it is read-only, in a sentence: who has it open, or that it cannot be written."""
        return self._log.refused

    @property
    def error(self) -> str | None:
        """Why nothing can be saved at the moment; edits raise it until it is over."""
        return None if self._log.writer is None else self._log.writer.error

    def close(self, discard: bool = False) -> None:
        """Save everything and free the folder for others.

        Raises
        ------
        ProjectError
            If something cannot be saved: the project stays open, so that one can make room and
            close it again, or `discard` what is not saved.
        """
        if self._end.alive:
            self._log.close(discard)
            self._end()
        if self._copies is not None:
            self._copies.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.close()
        finally:
            self.close(discard=True)

    @classmethod
    def _locked(cls, folder: Path, lock: ProjectLock) -> Self:
        try:
            return cls(folder, lock)
        except OSError as error:
            lock.release()
            raise ProjectError(f"{folder} cannot be read: {error}.") from error
        except BaseException:
            lock.release()
            raise

    def _folder_of_copies(self) -> Path:
        """Where a window that may not write puts files for jobs."""
        if self._copies is None:
            self._copies = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        return Path(self._copies.name)


def _folder(path: str | Path) -> Path:
    return Path(path).expanduser().absolute()


def _end(log: EditLog, lock: ProjectLock) -> None:
    """Write what can be written; also called when a project is forgotten, or Python ends."""
    if log.writer is not None:
        log.writer.stop()
    log.writer = None
    lock.release()
