"""Do the flags of the combined score lie where real outlines merge and split?

`qpi`: a real quantitative phase movie of 160 frames, whose outlines were found and linked by a
program, so that cells that touch become one and fall apart again. The table says in how many
outlines of the previous and of the next frame each one lies (n_prev, n_next): two or more is a
merge or a split. The score sees the masses alone. A flag is right if one of these lies within some
frames of it, on the same track. Chance puts stretches of the same lengths at random places
of the same tracks (1,000 times), or of tracks drawn at random. Most tracks hold a merge or a split,
so that the place says more than the track.

    python benchmarks/qpi_flags.py
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from cell_events.dry_mass.cell_scores import CellScore
from cell_events.dry_mass.combined import combined_scores
from cell_events.dry_mass.curves import mass_curves
from cell_events.dry_mass.detection_quality import Share
from cell_events.dry_mass.outliers import without_outliers
from cell_events.dry_mass.threshold import threshold_of

DRAWS = 1000


def event_frames(table: pd.DataFrame) -> dict[int, np.ndarray]:
    """Frames of each track in which outlines merge or split."""
    several = (table["n_prev"] >= 2) | (table["n_next"] >= 2)
    return {
        int(track): rows.loc[several[rows.index], "t"].to_numpy()
        for track, rows in table.groupby("track_id")
    }


def is_near(events: np.ndarray, first: int, last: int, within: int) -> bool:
    return bool(((events >= first - within) & (events <= last + within)).any())


def chance(
    flagged: Sequence[CellScore],
    tracks: Sequence[CellScore],
    spans: dict[int, tuple[int, int]],
    events: dict[int, np.ndarray],
    within: int,
) -> float:
    """Share of stretches, put at random on a track drawn for each flag, that are near an event."""
    random = np.random.default_rng(0)
    hits = 0
    for _ in range(DRAWS):
        for index, score in enumerate(flagged):
            other = tracks[index if tracks is flagged else random.integers(len(tracks))]
            begin, end = spans[other.track_id]
            length = min(score.last - score.first, end - begin)
            first = int(random.integers(begin, end - length + 1))
            hits += is_near(events[other.track_id], first, first + length, within)
    return hits / (DRAWS * len(flagged))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    table = pd.read_csv(parser.parse_args().data / "qpi_drymass_auto.csv")
    table["parent_id"] = pd.array([pd.NA] * len(table), dtype="Int64")
    scores = combined_scores(without_outliers(mass_curves(table), 1)[0])
    values = np.array([score.score for score in scores])
    events = event_frames(table)
    frames = table.groupby("track_id")["t"].agg(["min", "max"])
    spans = {int(row.Index): (int(row.min), int(row.max)) for row in frames.itertuples()}
    usual = threshold_of(values, "false flags")
    with_events = sum(len(found) > 0 for found in events.values())
    print(f"{len(scores)} tracks, {with_events} of them with a merge or a split")
    print("| flagged above | flags | within frames | right (95 %) | same tracks | any tracks |")
    print("|---|---|---|---|---|---|")
    for threshold in (usual, 4.0, 6.0):
        flagged = [score for score in scores if score.score > threshold]
        if not flagged:
            continue
        for within in (0, 2, 5):
            near = [is_near(events[s.track_id], s.first, s.last, within) for s in flagged]
            share = Share(sum(near), len(near))
            low, high = share.interval
            chances = [chance(flagged, own, spans, events, within) for own in (flagged, scores)]
            print(
                f"| {threshold:.1f} | {len(flagged)} | {within} | {share.value:.2f} "
                f"({low:.2f}-{high:.2f}) | {chances[0]:.2f} | {chances[1]:.2f} |"
            )
        print(f"<!-- {dict(Counter(score.reason for score in flagged))} -->")


if __name__ == "__main__":
    main()
