"""The part of the dock 'Why here?' about whole frames: their map, and the strongest regions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import zarr
from qtpy.QtCore import QObject

from cell_events.events import Event
from cell_events.gui.forms.attention_pictures import attention_picture
from cell_events.gui.forms.crop_pairs import CropPair
from cell_events.gui.forms.why_form import WhyForm
from cell_events.gui.layers.attention_layers import AttentionLayers
from cell_events.gui.layers.heat_layer import shown_frame
from cell_events.gui.layers.movie_layer import movie_of_layer
from cell_events.gui.review.event_crops import crop_at
from cell_events.gui.review.latest_reader import LatestReader
from cell_events.gui.running.explain_state import ExplainState, FramesExplained, read_regions
from cell_events.movie import Movie, open_movie
from cell_events.trust.top_regions import Region


@dataclass(frozen=True, eq=False)
class ReadRegions:
    """Crops of the regions of one frame, and the brightest value of its map."""

    regions: tuple[Region, ...]
    pairs: list[CropPair]
    highest: float


class WhyFrames(QObject):
    """Follows movie and time slider; reads in a thread, so that moving it stays smooth."""

    def __init__(self, state: ExplainState, form: WhyForm, layers: AttentionLayers) -> None:
        super().__init__(form)
        self.state, self.bench, self.form, self.layers = state, state.bench, form, layers
        self._explained: FramesExplained | None = None
        self._regions: tuple[Region, ...] = ()
        self._shown: tuple[Region, ...] = ()
        self._reader = LatestReader(self)
        self._reader.done.connect(self._take)
        self._reader.failed.connect(self._say_failure)
        form.regions.chosen.connect(self._go_to)
        self.bench.viewer.dims.events.current_step.connect(self._follow)

    def show(self) -> None:
        """Show what the project holds of the movie looked at, or nothing."""
        self._explained, looked_at = self.state.explained(), self.bench.looked_at
        self._shown = self._regions = ()
        self.form.regions.show_pairs([])
        self.form.regions_words.setVisible(self._explained is not None)
        self.layers.forget()
        if self._explained is None or looked_at is None:
            return
        self._regions = read_regions(self.state.path(self._explained.table))
        self.layers.show_regions(
            self._regions, self._explained.delta, looked_at.layer, looked_at.placement
        )
        self._read()

    def shut_down(self) -> None:
        """Stop to follow the viewer, and end the thread. Safe to call twice."""
        events = self.bench.viewer.dims.events.current_step
        if self._follow in events.callbacks:
            events.disconnect(self._follow)
        self._reader.shut_down()

    def _follow(self, event: object = None) -> None:
        """Show the regions of another frame, if it was explained."""
        del event
        if self._explained is not None and self._wanted() != self._shown:
            self._read()

    def _wanted(self) -> tuple[Region, ...]:
        """Regions of the pair that the viewer shows; else those on screen, or the first."""
        looked_at, explained = self.bench.looked_at, self._explained
        if looked_at is None or explained is None or not self._regions:
            return ()
        t = shown_frame(self.bench.viewer, looked_at.placement)
        frames = {region.t for region in self._regions}
        shown = {region.t for region in self._shown}
        near = [t] if t in frames else [t + explained.delta] if t + explained.delta in shown else []
        chosen = next(iter([*near, *shown, min(frames)]))
        return tuple(region for region in self._regions if region.t == chosen)

    def _read(self) -> None:
        looked_at, explained = self.bench.looked_at, self._explained
        regions = self._wanted()
        if looked_at is None or explained is None or not regions:
            return
        movie = movie_of_layer(looked_at.layer, looked_at.placement)
        low, high = looked_at.layer.contrast_limits
        path, contrast = self.state.path(explained.maps), (float(low), float(high))

        def read() -> ReadRegions:
            maps = open_movie(zarr.open_array(str(path), mode="r"), axes="TYX")
            highest = float(np.max(maps.read(regions[0].t)))
            shown = _Shown(movie, maps, explained, contrast, highest)
            strongest = max(regions[0].score, 1e-12)
            pairs = [shown.pair(region, strongest) for region in regions]
            return ReadRegions(regions, pairs, highest)

        self._reader.read((str(path), regions[0].t), read)

    def _take(self, key: tuple[str, int], found: ReadRegions) -> None:
        """Show crops that were read, and the map, which is as bright as in the first of them."""
        explained, looked_at = self._explained, self.bench.looked_at
        if explained is None or looked_at is None or key[0] != str(self.state.path(explained.maps)):
            return
        if not self._shown:
            self.layers.show_map(
                self.state.path(explained.maps), found.highest, looked_at.layer, looked_at.placement
            )
        is_first, self._shown = not self._shown, found.regions
        self.form.regions.show_pairs(found.pairs)
        t = key[1]
        self.form.regions_words.setText(
            f"Where '{explained.kind}' is spoken for most, frames {t - explained.delta} and {t}:"
        )
        if is_first:
            self.form.reveal(self.form.regions)

    def _go_to(self, index: int) -> None:
        looked_at = self.bench.looked_at
        if looked_at is not None and index < len(self._shown):
            region = self._shown[index]
            event = Event(region.t, region.y, region.x)
            self.bench.follower.navigator.go_to(event, looked_at.placement)

    def _say_failure(self, key: object, sentence: str) -> None:
        del key
        self.bench.say(f"The regions cannot be read: {sentence}", is_error=True)


@dataclass(frozen=True, eq=False)
class _Shown:
    """What the crops of regions are made from; `highest` is the brightest value of the map."""

    movie: Movie
    maps: Movie
    explained: FramesExplained
    contrast: tuple[float, float]
    highest: float

    def pair(self, region: Region, strongest: float) -> CropPair:
        """Crops of a region in both frames, with the map of the pair over them."""
        place, size = (float(region.y), float(region.x)), self.explained.size
        attention = crop_at(self.maps, region.t, place, size)
        before, after = (
            attention_picture(
                crop_at(self.movie, t, place, size), self.contrast, attention, self.highest
            )
            for t in (region.t - self.explained.delta, region.t)
        )
        share = f"{100 * region.score / strongest:.0f}\N{NO-BREAK SPACE}%"
        tip = (
            f"Region {region.rank} at y {region.y}, x {region.x}, {share} as strong as the "
            f"strongest (score {region.score:.3g}). Click to go there."
        )
        return CropPair(before, after, str(region.rank), share, tip)
