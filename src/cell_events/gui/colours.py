"""Colours of the kinds of event, the same for paint and detections."""

KIND_COLOURS = ("#ffd400", "#ff5ab4", "#00d5ff", "#7dff6a", "#ff8a3d", "#b59bff")
"""For the labels 1, 2, ...: bright on a dark movie, apart by brightness as well as by hue."""

OTHER_COLOUR = "#ffffff"
