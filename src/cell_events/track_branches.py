"""Tracks without branches, from spots and the links between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cell_events.tracks import TracksError

Links = Collection[tuple[int, int]]


def branches(frame_of: Mapping[int, int], links: Links) -> tuple[dict[int, int], dict[int, int]]:
    """Give the track of each spot, numbered from 1 by their beginnings, and the parents of tracks.

    A track ends where it splits, and those that begin have it as parent; where tracks merge, all
    end, and one without a parent begins.

    Parameters
    ----------
    frame_of
        Frame of each spot.
    links
        Pairs of spots; links to other spots are left out.

    Raises
    ------
    TracksError
        If spots of the same frame are linked.
    """
    before, after = _neighbours(frame_of, links)
    track_of: dict[int, int] = {}
    parents: dict[int, int] = {}
    n_tracks = 0
    for spot in sorted(frame_of, key=lambda one: (frame_of[one], one)):
        came_from = before[spot]
        if len(came_from) == 1 and len(after[came_from[0]]) == 1:
            track_of[spot] = track_of[came_from[0]]
            continue
        n_tracks += 1
        track_of[spot] = n_tracks
        if len(came_from) == 1:
            parents[n_tracks] = track_of[came_from[0]]
    return track_of, parents


def _neighbours(
    frame_of: Mapping[int, int], links: Links
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Spots that each spot comes from and goes on to."""
    before: dict[int, list[int]] = {spot: [] for spot in frame_of}
    after: dict[int, list[int]] = {spot: [] for spot in frame_of}
    for pair in set(links):
        if not set(pair) <= frame_of.keys():
            continue
        earlier, later = sorted(pair, key=lambda spot: frame_of[spot])
        if frame_of[earlier] == frame_of[later]:
            raise TracksError(
                f"The spots {earlier} and {later} are linked and both in frame {frame_of[later]}; "
                "a link leads from one frame to another: delete it in the tracking program."
            )
        before[later].append(earlier)
        after[earlier].append(later)
    return before, after
