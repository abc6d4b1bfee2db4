"""The job `export`, from files to files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tifffile

from cell_events.events import Event, read_events, write_events
from cell_events.jobs import Export, JobError, Result, run
from cell_events.track_ctc import read_ctc
from cell_events.tracks import TracksError, read_tracks, write_tracks

EVENTS = [
    Event(2, 10, 10, score=0.9),
    Event(2, 10, 10, status="rejected"),
    Event(3, 90, 90, source="model", extra={"note": "far"}),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        *((1, t, 10.0, 10.0) for t in (0, 1)),
        *((2, t, 6.0, 10.0) for t in (2, 3)),
        *((3, t, 14.0, 10.0) for t in (2, 3)),
    ]
    tracks = pd.DataFrame(rows, columns=["track_id", "t", "y", "x"])
    write_tracks(tmp_path / "tracks.csv", tracks)
    write_events(tmp_path / "events.csv", EVENTS)
    labels = np.zeros((4, 20, 20), np.uint8)
    labels[tracks["t"], tracks["y"].astype(int), tracks["x"].astype(int)] = tracks["track_id"]
    tifffile.imwrite(tmp_path / "labels.tif", labels, photometric="minisblack")
    return tmp_path


def test_divisions_are_written_in_every_form(folder: Path) -> None:
    pytest.importorskip("geff")
    job = Export(
        folder / "events.csv",
        folder / "tracks.csv",
        csv=folder / "new" / "parents.csv",
        ctc=folder / "res_track.txt",
        geff=folder / "tracks.geff",
        unmatched=folder / "left.csv",
        labels=folder / "labels.tif",
    )
    (result,) = run(job)
    assert isinstance(result, Result)
    assert result.values["divisions"] == 1
    assert result.values["unmatched_divisions"] == {"no track ends near it": 1}
    assert read_tracks(folder / "new" / "parents.csv")["parent_id"].dropna().tolist() == [1] * 4
    assert read_ctc(folder / "res_track.txt")["P"].tolist() == [0, 1, 1]
    assert (folder / "tracks.geff").is_dir()
    (left,) = read_events(folder / "left.csv")
    assert left.extra == {"note": "far", "reason": "no track ends near it"}


def test_labels_of_other_tracks_stop_the_export(folder: Path) -> None:
    tifffile.imwrite(
        folder / "labels.tif", np.zeros((4, 20, 20), np.uint8), photometric="minisblack"
    )
    job = Export(
        folder / "events.csv",
        folder / "tracks.csv",
        ctc=folder / "res_track.txt",
        labels=folder / "labels.tif",
    )
    with pytest.raises(TracksError, match="Track 1 is in frame 0 of the tracks, and is not in"):
        list(run(job))
    assert not (folder / "res_track.txt").exists()


def test_an_export_that_writes_nothing_or_cannot_check_is_refused() -> None:
    with pytest.raises(JobError, match="Nothing would be written"):
        Export(Path("events.csv"), Path("tracks.csv"))
    with pytest.raises(JobError, match="name one with --ctc"):
        Export(Path("e.csv"), Path("t.csv"), csv=Path("o.csv"), labels=Path("labels.tif"))
    with pytest.raises(JobError, match="radius must be a positive number"):
        Export(Path("e.csv"), Path("t.csv"), csv=Path("o.csv"), radius_px=0.0)
