"""Files are the old version or the new one."""

import os
from pathlib import Path

import pytest

from cell_events.engine import atomic


def test_content_is_written_and_replaced(tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "model.bin"
    atomic.write_bytes(target, b"first")
    atomic.write_text(target, "zweite µ")
    assert target.read_text(encoding="utf-8") == "zweite µ"
    assert list(target.parent.iterdir()) == [target]


def test_a_failed_write_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = atomic.write_bytes(tmp_path / "model.bin", b"old")

    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        atomic.write_bytes(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_the_file_mode_is_the_one_other_programs_would_give(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    ours = atomic.write_bytes(tmp_path / "ours", b"")
    assert ours.stat().st_mode == plain.stat().st_mode
