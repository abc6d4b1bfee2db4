"""Does the measured dry mass of real cells agree with that of the instrument?

The movie `qpi` was taken by an instrument that tells the dry mass of two cells, in each frame, and
their outlines. Measured are (a) these two cells within the instrument's outlines and (b) all cells
as the built-in segmentation finds them, compared with the instrument and with a table that another
segmentation and tracking made (`qpi_drymass_auto.csv`). A cell is isolated where nothing else that
stands out of the background lies within 5 px of the instrument's outline. The picograms of a grey
value come with the data and were fitted on these cells, so they are also fitted anew on one and
tested on the other.

    python benchmarks/dry_mass_measured.py --data ../shared/data
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, binary_opening, label

from cell_events.dry_mass.measure import MeasuredTracks, MeasureSettings, measured_tracks
from cell_events.dry_mass.phase_scale import phase_scale
from cell_events.dry_mass.segmentation import SegmentationSettings, cell_threshold, segmented
from cell_events.movie import Movie, open_movie

PG_PER_GREY = 0.00823
PIXEL_UM = 0.813
CLOSE_PX = 8.0
ISOLATED_PX = 5


def cleaned(outline: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The outlined cells without the lines one pixel wide that lead from them to the corner."""
    kept = np.zeros_like(outline)
    for cell in np.unique(outline[outline > 0]):
        thick = binary_opening(outline == cell, np.ones((3, 3)))
        places, count = label(thick)
        if count:
            kept[places == np.argmax(np.bincount(places.ravel())[1:]) + 1] = cell
    return kept


def measured(movie: Movie, labels: NDArray[np.integer], link: str) -> tuple[MeasuredTracks, dict]:
    """Measure, and say how long a frame takes."""
    scale = phase_scale(None, PIXEL_UM, pg_per_grey=PG_PER_GREY)
    began = time.perf_counter()
    for report in measured_tracks(movie, Movie(labels), scale, MeasureSettings(link=link)):
        if not isinstance(report, MeasuredTracks):
            frames_done = time.perf_counter()
    ended = time.perf_counter()
    per_frame = 1000 / movie.n_frames
    times = {
        "measure": (frames_done - began) * per_frame,
        "link": (ended - frames_done) * per_frame,
    }
    return report, times


def with_instrument(table: pd.DataFrame, instrument: pd.DataFrame) -> pd.DataFrame:
    """Rows of the instrument with the nearest measured cell, if there is one close by."""
    rows = []
    for one in instrument.itertuples():
        here = table[table["t"] == one.t]
        away = np.hypot(here["y"] - one.y, here["x"] - one.x)
        if len(here) and away.min() <= CLOSE_PX:
            rows.append({**one._asdict(), "measured_pg": here["dry_mass_pg"][away.idxmin()]})
    found = pd.DataFrame(rows)
    return found.assign(ratio=found["measured_pg"] / found["instrument_pg"])


def isolated(inside: NDArray[np.bool_], outline: NDArray[np.uint8], cell: int) -> bool:
    """Whether all that stands out of the background near an outline ends near it, too."""
    near = binary_dilation(outline == cell, iterations=ISOLATED_PX)
    places, _ = label(inside)
    return not np.isin(places, np.unique(places[near & inside]))[~near].any()


def told(name: str, ratio: pd.Series) -> str:
    if ratio.empty:
        return f"| {name} | 0 | - | - | - |"
    within = (ratio.sub(1).abs() <= 0.03).mean()
    error = ratio.sub(1).abs().mean()
    return f"| {name} | {len(ratio)} | {ratio.median():.3f} | {error:.1%} | {within:.0%} |"


def read_instrument(data: Path) -> pd.DataFrame:
    table = pd.read_csv(data / "qpi_livecyte_features.csv")
    names = {
        "t": "t",
        "Tracking ID": "cell",
        "Pixel Position Y (pixels)": "y",
        "Pixel Position X (Pixels)": "x",
        "Dry Mass (pg)": "instrument_pg",
    }
    return table[list(names)].rename(columns=names)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    movie = open_movie(data / "qpi_movie.tif", axes="TYX", pixel_size_um=PIXEL_UM)
    settings = SegmentationSettings(cell_threshold(movie))
    given = open_movie(data / "qpi_livecyte_masks.tif", axes="TYX")
    outlines = np.stack([cleaned(given.read(t)) for t in range(given.n_frames)])
    instrument = read_instrument(data)
    instrument["isolated"] = [
        isolated(movie.read(one.t) >= settings.threshold, outlines[one.t], one.cell)
        for one in instrument.itertuples()
    ]
    print(
        "| | cell-frames | median ratio | mean absolute error | within 3 % |\n" + "|---" * 5 + "|"
    )
    within_outlines(movie, outlines, instrument)
    within_segmentation(movie, settings, instrument, pd.read_csv(data / "qpi_drymass_auto.csv"))


def within_outlines(movie: Movie, outlines: NDArray[np.uint8], instrument: pd.DataFrame) -> None:
    """(a): also with the scale fitted on one cell and tested on the other."""
    found = measured(movie, outlines, "labels")[0].tracks
    found = found.rename(columns={"track_id": "cell", "dry_mass_pg": "measured_pg"})
    same = instrument.merge(found[["cell", "t", "measured_pg"]], on=["cell", "t"])
    same = same.assign(ratio=same["measured_pg"] / same["instrument_pg"])
    tell("instrument's outlines", same)
    ratios = {cell: rows["ratio"] for cell, rows in same.groupby("cell")}
    first, second = ratios
    for fitted, tested in ((first, second), (second, first)):
        scale = PG_PER_GREY / ratios[fitted].median()
        name = f"outlines, {scale:.5f} pg fitted on cell {fitted}, cell {tested}"
        print(told(name, ratios[tested] / ratios[fitted].median()))


def within_segmentation(
    movie: Movie, settings: SegmentationSettings, instrument: pd.DataFrame, other: pd.DataFrame
) -> None:
    """(b): against the instrument, and beside another segmentation and tracking."""
    began = time.perf_counter()
    labels = np.stack([segmented(movie.read(t), settings) for t in range(movie.n_frames)])
    segment_ms = (time.perf_counter() - began) * 1000 / movie.n_frames
    found, times = measured(movie, labels, "laptrack")
    tell("built-in segmentation", with_instrument(found.tracks, instrument))
    tell("other segmentation", with_instrument(other, instrument))
    compare_tables(found.tracks, other)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\nthreshold {settings.threshold:.1f} grey values; ms per frame: segment "
        f"{segment_ms:.0f}, measure {times['measure']:.1f}, link {times['link']:.0f}; peak memory "
        f"{peak:.0f} MB, labels of all frames included"
    )


def tell(name: str, compared: pd.DataFrame) -> None:
    for cell, rows in compared.groupby("cell"):
        print(told(f"{name}, cell {cell}", rows["ratio"]))
    print(told(f"{name}, isolated", compared["ratio"][compared["isolated"]]))


def compare_tables(mine: pd.DataFrame, auto: pd.DataFrame) -> None:
    """Cell by cell against the table of another segmentation and tracking."""
    pairs = []
    for t, theirs in auto.groupby("t"):
        ours = mine[mine["t"] == t]
        away = np.hypot(*(theirs[a].to_numpy()[:, None] - ours[a].to_numpy() for a in ("y", "x")))
        nearest = away.argmin(axis=1)
        close = away[np.arange(len(theirs)), nearest] <= CLOSE_PX
        pairs.append(pd.DataFrame({
            "theirs": theirs["track_id"][close], "t": t,
            "ours": ours["track_id"].to_numpy()[nearest[close]],
            "ratio": ours["dry_mass_pg"].to_numpy()[nearest[close]] / theirs["dry_mass_pg"][close],
            "certain": (ours["doubt"].to_numpy()[nearest[close]] == "")
            & (theirs["n_prev"] < 2)[close] & (theirs["n_next"] < 2)[close],
        }))  # fmt: skip
    both = pd.concat(pairs).sort_values(["theirs", "t"])
    print(told("built-in / other table, no doubt", both["ratio"][both["certain"]]))
    print(told("built-in / other table, all", both["ratio"]))
    same = (both["theirs"].diff() == 0) & (both["t"].diff() == 1)
    kept = (both["ours"].diff() == 0)[same].mean()
    signs = {name: int((mine[name] >= 2).sum()) for name in ("n_before", "n_after")}
    theirs = {name: int((auto[name] >= 2).sum()) for name in ("n_prev", "n_next")}
    print(
        f"\n{len(both) / len(auto):.1%} of the {len(auto)} rows of the other table found; of its "
        f"links {kept:.2%} kept; tracks by their frames: {lengths(mine)} (other: {lengths(auto)}); "
        f"rows with merges and splits: {signs} of {len(mine)} (other: {theirs} of {len(auto)}); "
        f"doubtful {(mine['doubt'] != '').mean():.1%}"
    )


def lengths(tracks: pd.DataFrame) -> str:
    """How many tracks have at least so many frames."""
    sizes = tracks.groupby("track_id").size()
    return ", ".join(f"{(sizes >= least).sum()} of {least} or more" for least in (20, 60, 100))


if __name__ == "__main__":
    main()
