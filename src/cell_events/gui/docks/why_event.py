"""The part of the dock 'Why here?' about one event: its words, and its crops with the map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QObject

from cell_events.events import Event
from cell_events.gui.forms.attention_pictures import attention_picture
from cell_events.gui.forms.crop_pairs import CropPair
from cell_events.gui.forms.why_form import NO_EVENT, WhyForm
from cell_events.gui.layers.attention_layers import AttentionLayers
from cell_events.gui.review.event_words import details, headline
from cell_events.gui.running.explain_outcomes import told_event, told_sanity
from cell_events.gui.workbench import Workbench
from cell_events.jobs import Explain
from cell_events.trust.explained_events import ExplainedEvent, read_explained_events

CONTRAST = (0.0, 1.0)
"""Of crops as the network reads them."""


class WhyEvent(QObject):
    """Follows the selected event; shows an explanation as long as its event is selected."""

    def __init__(self, bench: Workbench, form: WhyForm, layers: AttentionLayers) -> None:
        super().__init__(form)
        self.bench, self.form, self.layers = bench, form, layers
        self._explained: tuple[int, float, float] | None = None  # its place
        bench.events.selected.connect(self.follow)
        bench.events.changed.connect(self.follow)
        bench.events.reset.connect(self.follow)
        self.follow()

    def follow(self, _: object = None) -> None:
        """Say which event is selected; what was said of another one goes."""
        event = self.bench.events.get(self.bench.events.selected_id)
        looked_at = self.bench.looked_at
        interval_s = looked_at.placement.frame_interval_s if looked_at else None
        words = f"{headline(event)}: {details(event, interval_s)}" if event else NO_EVENT
        self.form.event_words.setText(words)
        if self._explained is not None and _place(event) != self._explained:
            self._forget()

    def show(self, job: Explain, values: dict[str, Any]) -> None:
        """Show what a job has found out about the event that it was given."""
        (explained, *_) = read_explained_events(job.out)
        self._explained = explained.t, explained.y, explained.x
        self._show_pair(explained)
        self._show_layer(explained)
        self._show_sanity(explained, values.get("sanity"))
        self.form.reveal(self.form.sanity if "sanity" in values else self.form.told)

    def _show_pair(self, explained: ExplainedEvent) -> None:
        """Show the frame of the event and that before it, with the maps over them."""
        crops, maps, highest = explained.crops, explained.maps, explained.highest
        after = int(np.argmin([abs(t - explained.t) for t in explained.frames]))
        both = (max(after - 1, 0), after)
        pictures = [attention_picture(crops[i], CONTRAST, maps[i], highest) for i in both]
        frames = " and ".join(f"{explained.frames[i]}" for i in both)
        self.form.pair.show_pairs([CropPair(pictures[0], pictures[1], words=f"frames {frames}")])
        self.form.told.setText(told_event(explained.kind, explained.logit, highest))
        self.form.told.show()

    def _show_layer(self, explained: ExplainedEvent) -> None:
        looked_at = self.bench.looked_at
        if looked_at is not None:
            self.layers.show_event(explained, looked_at.layer, looked_at.placement)

    def _show_sanity(self, explained: ExplainedEvent, sanity: dict[str, Any] | None) -> None:
        """Show the map of random weights beside that of the trained network."""
        self.form.random_pair.show_pairs([])
        self.form.sanity.setVisible(sanity is not None)
        if sanity is None:
            return
        self.form.sanity.setText(told_sanity(sanity))
        random = explained.whole(np.load(Path(sanity["random_map"]), allow_pickle=False))
        pictures = [self._over_crop(explained, each) for each in (explained.maps.mean(0), random)]
        words = "as learned | with random weights"
        self.form.random_pair.show_pairs([CropPair(pictures[0], pictures[1], words=words)])

    def _over_crop(self, explained: ExplainedEvent, attention: NDArray[Any]) -> NDArray[np.uint8]:
        crop = explained.crops.mean(0)
        return attention_picture(crop, CONTRAST, attention, float(np.nanmax(attention)))

    def _forget(self) -> None:
        self._explained = None
        for pairs in (self.form.pair, self.form.random_pair):
            pairs.show_pairs([])
        self.form.told.hide()
        self.form.sanity.hide()
        if self.layers.shows_event:
            self.layers.forget_map()


def _place(event: Event | None) -> tuple[int, float, float] | None:
    return (event.t, event.y, event.x) if event is not None else None
