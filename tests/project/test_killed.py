"""A process that is killed while it paints and decides loses nothing that was acknowledged."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

STORM = Path(__file__).resolve().parents[2] / "benchmarks" / "kill_storm.py"


@pytest.mark.slow
def test_nothing_is_lost_however_often_the_process_is_killed() -> None:
    run = subprocess.run(
        [sys.executable, str(STORM), "--headless", "5"],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 lost, 0 unreadable" in run.stdout
