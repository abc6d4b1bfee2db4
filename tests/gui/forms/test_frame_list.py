"""Lists of frames are read and written as people do."""

import pytest

from cell_events.gui.forms.frame_list import as_text, frames_in, with_frame
from cell_events.gui.layers.layer_axes import LayerError


def test_neighbouring_frames_become_ranges():
    assert as_text({3, 1, 2, 7, 9, 10}) == "1-3, 7, 9-10"


def test_a_frame_joins_the_ranges_at_both_sides():
    assert with_frame("0-4, 6-8", 5) == "0-8"


def test_an_empty_text_names_no_frame():
    assert frames_in("  ") == set()


def test_other_text_is_refused_with_what_was_not_understood():
    with pytest.raises(LayerError, match="'five'"):
        frames_in("1-4, five")
