"""Cut the bundled phase movie out of the recording `qpi`.

    python benchmarks/make_phase_sample.py --data ../shared/data

Grey values are unchanged; pixel size and frame interval are written to the file.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import tifffile

ROWS, COLUMNS = slice(422, 590), slice(352, 470)
"""Ten cells in a frame: four are seen alone from beginning to end, others grow, touch and part."""

PIXEL_UM, INTERVAL_S = 0.813, 360.0
SAMPLE = Path(__file__).resolve().parents[1] / "src/cell_events/samples/qpi_phase.ome.tif"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    movie = tifffile.imread(parser.parse_args().data / "qpi_movie.tif")[:, ROWS, COLUMNS]
    scale = {f"PhysicalSize{axis}": PIXEL_UM for axis in "XY"}
    units = {f"PhysicalSize{axis}Unit": "um" for axis in "XY"}
    tifffile.imwrite(
        SAMPLE,
        movie,
        ome=True,
        photometric="minisblack",
        compression="zlib",
        compressionargs={"level": 9},
        predictor=True,
        rowsperstrip=movie.shape[1],
        metadata={"axes": "TYX", **scale, **units, "TimeIncrement": INTERVAL_S},
    )
    print(f"{SAMPLE.name}: {movie.shape}, {SAMPLE.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
