"""Windows of the images in a TIFF file, decoded strip by strip or tile by tile as needed.

No file stays open: each read opens, reads the bytes it needs and closes again, so that reading is
safe from several threads and files can be moved or deleted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tifffile import TiffPage

from cell_events.decoded_cache import decoded_pieces
from cell_events.planes import PlaneArray
from cell_events.sources import MovieError
from cell_events.tiff_images import StoredImage


class RawTiffPlanes(PlaneArray):
    """Images stored as plain pixels: a window reads its rows and nothing else.

    Parameters
    ----------
    images
        One for each position along the leading axes, in C order.
    shape
        (..., S, Y, X), S being the colour samples of one image.
    dtype
        With the byte order of the file.
    interleaved
        Whether the samples of a pixel lie side by side rather than image after image.
    """

    def __init__(
        self,
        images: Sequence[StoredImage],
        shape: tuple[int, ...],
        dtype: np.dtype[Any],
        interleaved: bool,
    ) -> None:
        super().__init__(shape, dtype)
        self._images, self._interleaved = images, interleaved

    def plane(self, lead: tuple[int, ...], rows: slice, columns: slice) -> NDArray[Any]:
        """Read the rows of a window and cut out its columns."""
        image = self._images[_number(lead[:-1], self.shape[:-3])]
        samples, height, width = self.shape[-3:]
        beside = samples if self._interleaved else 1
        first_row = rows.start if self._interleaved else lead[-1] * height + rows.start
        n_values = (rows.stop - rows.start) * width * beside
        offset = int(image.offsets[0]) + first_row * width * beside * self.dtype.itemsize
        values = np.fromfile(image.path, self.dtype, count=n_values, offset=offset)
        if values.size < n_values:
            raise MovieError(f"{image.path.name} ends before image {lead}; copy it again.")
        sample = lead[-1] if self._interleaved else 0
        return values.reshape(-1, width, beside)[:, columns, sample]


class EncodedTiffPlanes(PlaneArray):
    """Images stored compressed or in tiles; decoded pieces are kept in the shared cache.

    Parameters
    ----------
    images, shape
        As for `RawTiffPlanes`.
    page
        Any page of the series; it knows how to decode the pieces of all of them.
    """

    def __init__(
        self, images: Sequence[StoredImage], shape: tuple[int, ...], page: TiffPage
    ) -> None:
        super().__init__(shape, np.dtype(page.dtype).newbyteorder("="))
        self._images = images
        self._decode, self._jpegtables = page.decode, page.jpegtables
        self._interleaved = page.planarconfig == 1
        if page.is_tiled:
            self._piece = (page.tilelength, page.tilewidth)
        else:
            self._piece = (min(page.rowsperstrip or shape[-2], shape[-2]), shape[-1])
        self._owner = decoded_pieces.register(self)

    def plane(self, lead: tuple[int, ...], rows: slice, columns: slice) -> NDArray[Any]:
        """Put a window together from the pieces that it touches."""
        number = _number(lead[:-1], self.shape[:-3])
        window = np.empty((rows.stop - rows.start, columns.stop - columns.start), self.dtype)
        if not window.size:
            return window
        height, width = self._piece
        for down in range(rows.start // height, math.ceil(rows.stop / height)):
            for across in range(columns.start // width, math.ceil(columns.stop / width)):
                piece = self._decoded(number, self._index(down, across, lead[-1]))
                piece = piece[..., lead[-1] if self._interleaved else 0]
                _paste(piece, (down * height, across * width), window, rows, columns)
        return window

    def _index(self, down: int, across: int, sample: int) -> int:
        n_down, n_across = (
            math.ceil(size / piece)
            for size, piece in zip(self.shape[-2:], self._piece, strict=True)
        )
        layer = 0 if self._interleaved else sample
        return (layer * n_down + down) * n_across + across

    def _decoded(self, number: int, index: int) -> NDArray[Any]:
        """Return a (y, x, sample) strip or tile, decoded once while it stays in the cache."""
        piece = decoded_pieces.get(self._owner, (number, index))
        if piece is None:
            piece = self._freshly_decoded(number, index)
            decoded_pieces.put(self._owner, (number, index), piece)
        return piece

    def _freshly_decoded(self, number: int, index: int) -> NDArray[Any]:
        image = self._images[number]
        try:
            with image.path.open("rb") as file:
                file.seek(int(image.offsets[index]))
                encoded = file.read(int(image.lengths[index]))
            piece = self._decode(encoded, index, jpegtables=self._jpegtables)[0]
        except Exception as error:  # each codec raises its own kinds
            raise MovieError(_undecodable(image, number, error)) from error
        if piece is None:
            raise MovieError(_undecodable(image, number, "it is empty"))
        return np.asarray(piece[0])


def _paste(
    piece: NDArray[Any], at: tuple[int, int], window: NDArray[Any], rows: slice, columns: slice
) -> None:
    """Copy what a piece that starts `at` (row, column) shares with the window."""
    top, left = max(at[0], rows.start), max(at[1], columns.start)
    bottom = min(at[0] + piece.shape[0], rows.stop)
    right = min(at[1] + piece.shape[1], columns.stop)
    window[top - rows.start : bottom - rows.start, left - columns.start : right - columns.start] = (
        piece[top - at[0] : bottom - at[0], left - at[1] : right - at[1]]
    )


def _number(lead: tuple[int, ...], sizes: tuple[int, ...]) -> int:
    """Count images in C order."""
    number = 0
    for place, size in zip(lead, sizes, strict=True):
        number = number * size + place
    return number


def _undecodable(image: StoredImage, number: int, reason: object) -> str:
    return (
        f"image {number} of {image.path.name} cannot be decoded ({reason}); copy the file again, "
        "or save it anew without compression."
    )
