"""A viewer that is killed while somebody paints and decides loses nothing that was safe."""

import subprocess
import sys
from pathlib import Path

import pytest

STORM = Path(__file__).resolve().parents[2] / "benchmarks" / "kill_storm.py"


@pytest.mark.slow
def test_nothing_is_lost_when_the_viewer_is_killed():
    command = [sys.executable, str(STORM), "2", "--seed", "1"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 lost, 0 unreadable" in run.stdout
