"""Who does a run: a process that can be told from a later one with the same number."""

from __future__ import annotations

import platform
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Owner:
    """A process, told apart from later ones that get its number."""

    pid: int
    created: float
    host: str

    @classmethod
    def of(cls, pid: int) -> Owner:
        """Name a process of this machine; raises `psutil.Error` if it is gone."""
        return cls(pid, psutil.Process(pid).create_time(), platform.node())

    @property
    def is_alive(self) -> bool:
        """Whether it runs on this machine; one of another machine counts as gone."""
        try:
            return self == Owner.of(self.pid)
        except psutil.Error:
            return False
