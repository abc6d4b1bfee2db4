"""Explain events, each in a window around it: `explain` with events."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event
from cell_events.jobs.checks import JobError
from cell_events.jobs.events_to_explain import check_kinds, events_to_explain
from cell_events.jobs.explain import Explain
from cell_events.jobs.explained_network import ExplainedNetwork
from cell_events.jobs.explained_networks import explained_network
from cell_events.jobs.explained_silence import silent_notes
from cell_events.jobs.explaining_sanity import write_sanity_check
from cell_events.jobs.kept import file_state, kept, kept_movie
from cell_events.jobs.reports import Progress, Report, Result
from cell_events.jobs.whole_folder import make_folder
from cell_events.trust.dense_network import first_of_crop
from cell_events.trust.explained_events import ExplainedEvent, placed, write_explained_events
from cell_events.trust.explained_frames import scale_of
from cell_events.trust.grad_cam_dense import PlaceMap, place_map
from cell_events.trust.region_figure import write_event_figure

if TYPE_CHECKING:
    from cell_events.movie import Movie

STAGE = "explain the events"


def explain_events(job: Explain) -> Iterator[Report]:
    """Write the maps of one event after the other."""
    if job.events is None:
        raise JobError("Give a CSV of events to explain.")
    if job.crops is not None:
        make_folder(job.crops)
    job.out.parent.mkdir(parents=True, exist_ok=True)
    movie = kept_movie(job.movie, job.missing_chunks)
    network = network_for(job, movie, job.kind)
    wanted = events_to_explain(job, movie, job.events)
    check_kinds(job, network, wanted)
    events = [event for event in wanted if event.t >= network.first_frame]
    if not events:
        raise JobError(
            f"None of the {len(wanted)} events can be explained: this model compares a frame with "
            f"an earlier one, so events begin with frame {network.first_frame}; give later events."
        )
    about = {"layer": network.layer, "model": job.model.name, **scale_of(movie)}
    explained = (_explained(movie, _for_event(job, movie, event), event) for event in events)
    started = time.monotonic()
    written = write_explained_events(job.out, explained, len(events), about)
    silent = 0
    for done, event in enumerate(written, 1):
        silent += event.highest == 0
        if job.crops is not None:
            title = _title(event, events[done - 1].score)
            write_event_figure(job.crops / f"event-{done:04d}.png", event, title)
        left = (time.monotonic() - started) / done * (len(events) - done)
        yield Progress(STAGE, done, len(events), seconds_left=left)
    yield Result(
        {
            "maps": str(job.out),
            "layer": network.layer,
            "layers": list(network.layers),
            "events": len(events),
            "left_out": len(wanted) - len(events),
            **silent_notes("event", silent, len(events), network.layer),
            **({} if job.crops is None else {"crops": str(job.crops)}),
            **(_checked(job, movie, events[0]) if job.sanity else {}),
        }
    )


def network_for(job: Explain, movie: Movie, kind: str) -> ExplainedNetwork:
    """Give the network that explains a class, loaded once as long as its file does not change."""
    key = (
        file_state(job.model),
        file_state(job.movie.path),
        job.movie,
        kind,
        job.layer,
        job.device,
    )
    return kept(
        "explained network",
        key,
        lambda: explained_network(movie, job.model, kind, job.layer, job.device),
    )


def event_map(network: ExplainedNetwork, event: Event) -> PlaceMap:
    """Grad-CAM of an event, where the crop around it, which alone decides, lies in the movie."""
    return place_map(network, network.layer, event.t, (event.y, event.x), network.size)


def _title(event: ExplainedEvent, score: float | None) -> str:
    told = "" if score is None else f", score {score:.2f}"
    return f"{event.kind} in frame {event.t}{told}"


def _for_event(job: Explain, movie: Movie, event: Event) -> ExplainedNetwork:
    """Explain the class that is asked for, else that of the event if the model knows it."""
    network = network_for(job, movie, job.kind)
    if job.kind or event.kind == network.kind or event.kind not in network.kinds:
        return network
    return network_for(job, movie, event.kind)


def _explained(movie: Movie, network: ExplainedNetwork, event: Event) -> ExplainedEvent:
    found, frames = event_map(network, event), network.frames_read(event.t)
    rows, columns = found.window
    crops = np.stack([movie.read_normalised(t, rows, columns) for t in frames]).clip(0, 1)
    place = (event.t, event.y, event.x, network.kind, found.output)
    first = first_of_crop(event.y, network.size), first_of_crop(event.x, network.size)
    images = (placed(each, found.window, first, network.size) for each in (found.maps, crops))
    return ExplainedEvent(*place, frames, *first, *images)


def _checked(job: Explain, movie: Movie, event: Event) -> dict[str, object]:
    """Explain the first event with random weights, too."""

    def map_of(network: ExplainedNetwork) -> NDArray[np.float32]:
        mean: NDArray[np.float32] = event_map(network, event).maps.mean(0)
        return mean

    return write_sanity_check(job, _for_event(job, movie, event), map_of)
