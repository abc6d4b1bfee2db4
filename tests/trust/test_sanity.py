from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from cell_events.trust.sanity import SanityStage, Similarity, map_similarity, write_sanity

MAP = np.random.default_rng(0).random((20, 30), np.float32)


def test_equal_maps_are_as_alike_as_can_be() -> None:
    alike = map_similarity(MAP, 3 * MAP)
    assert alike.rank_correlation == pytest.approx(1)
    assert alike.structural == pytest.approx(1)


def test_the_opposite_order_correlates_negatively() -> None:
    assert map_similarity(MAP, 1 - MAP).rank_correlation == pytest.approx(-1)


def test_maps_without_anything_in_common_are_not_alike() -> None:
    other = np.random.default_rng(1).random((20, 30), np.float32)
    alike = map_similarity(MAP, other)
    assert abs(alike.rank_correlation) < 0.15
    assert abs(alike.structural) < 0.15


def test_a_constant_map_has_no_order() -> None:
    assert math.isnan(map_similarity(MAP, np.zeros_like(MAP)).rank_correlation)


def test_small_maps_at_a_corner_can_be_compared() -> None:
    small = MAP[:6, :4]
    assert map_similarity(small, 2 * small).structural == pytest.approx(1)


@pytest.mark.parametrize("other", [np.zeros((20, 29), np.float32), np.zeros((2, 30), np.float32)])
def test_maps_that_cannot_be_compared_are_refused(other: np.ndarray) -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        map_similarity(MAP if other.shape[0] == 20 else other, other)


def test_what_is_undefined_is_written_as_null(tmp_path: Path) -> None:
    stages = [
        SanityStage("head", Similarity(0.5, 0.25), MAP),
        SanityStage("backbone", Similarity(math.nan, 0.1), MAP),
    ]
    write_sanity(tmp_path / "sanity.json", "'division'", stages)
    written = json.loads((tmp_path / "sanity.json").read_text())
    assert written["randomised"] == [
        {"part": "head", "rank_correlation": 0.5, "structural": 0.25},
        {"part": "backbone", "rank_correlation": None, "structural": 0.1},
    ]
