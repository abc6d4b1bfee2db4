"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

# Before numpy or torch start their threads: small networks run slower on more than one, and
# pytest-xdist already uses every core.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real recordings that lie beside the checkout and are not part of it.

    Set CELL_EVENTS_REQUIRE_SHARED_DATA=1, as `.ci/run` does, to fail where they are absent.
    """
    if SHARED_DATA.is_dir():
        return SHARED_DATA
    reason = f"the real recordings are not at {SHARED_DATA}; put them there to run this test."
    if os.environ.get("CELL_EVENTS_REQUIRE_SHARED_DATA") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
