"""Changes of a painted mask are seen without decoding it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zarr

from cell_events.movie import open_movie
from cell_events.recognition.paint import Disc, PaintedMask, open_mask
from cell_events.recognition.paint_digests import UNTOUCHED, frame_digests
from cell_events.recognition.painted_pairs import wanted_pairs


@pytest.mark.parametrize(
    ("version", "layout"),
    [(2, {}), (3, {}), (3, {"shards": (2, 32, 32)}), (3, {"chunks": (2, 9, 9)})],
)
def test_only_touched_frames_of_a_zarr_have_a_digest(
    tmp_path: Path, version: int, layout: dict[str, tuple[int, ...]]
) -> None:
    array = zarr.create_array(
        str(tmp_path / "paint.zarr"),
        shape=(6, 30, 30),
        dtype="uint8",
        zarr_format=version,
        **{"chunks": (1, 16, 16), **layout},
    )
    array[4, 20:25, 3:9] = 1
    mask = open_mask(tmp_path / "paint.zarr", open_movie(np.zeros((6, 30, 30), np.uint8)))
    before = frame_digests(mask)
    assert before[0] == before[1] == UNTOUCHED
    assert before[4] != UNTOUCHED
    array[4, 20, 3] = 0
    after = frame_digests(mask)
    assert after[4] != before[4]
    assert after[:4] == before[:4]


def test_masks_in_memory_are_read_and_discs_count() -> None:
    labels = np.zeros((4, 20, 20), np.uint8)
    mask = PaintedMask(open_movie(labels))
    before = frame_digests(mask)
    labels[2, 3, 3] = 1
    assert [a != b for a, b in zip(before, frame_digests(mask), strict=True)] == [0, 0, 1, 0]
    drawn = frame_digests(replace(mask, discs={1: (Disc(5, 5, 2, 1),)}))
    assert drawn[1] != before[1]


def test_painted_pairs_are_wanted_and_some_bare_ones_of_done_frames() -> None:
    mask = PaintedMask(open_movie(np.zeros((100, 8, 8), np.uint8)), done=frozenset(range(60)))
    digests = [UNTOUCHED] * 100
    digests[80] = b"painted"
    wanted = wanted_pairs(mask, digests, delta=1)
    assert wanted[-2:] == [79, 80]
    assert len(wanted) == 24 + 2
    assert (wanted[0], wanted[-3]) == (0, 58)
