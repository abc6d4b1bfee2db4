"""Two reliability diagrams side by side (figure 5 of Chen et al. 2024), with counts per bin."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377")  # Tol, bright
DPI = 120
ROOM = 100
"""Times the highest bar that the axis of counts goes up to, for the numbers above the bars."""

FEW = 10
"""Bins with fewer crops are drawn hollow: they say little."""


def reliability_png(tables: Mapping[str, pd.DataFrame], sentence: str) -> bytes:
    """Draw the tables of `reliability`, each under its title, as a PNG.

    Parameters
    ----------
    sentence
        What the crops are; it stands above the diagrams.
    """
    figure = Figure(figsize=(4.6 * len(tables), 5.6), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(
        2, len(tables), squeeze=False, sharex=True, sharey="row", height_ratios=(3, 1.2)
    )
    for column, (title, table) in enumerate(tables.items()):
        _draw_shares(axes[0, column], table)
        _draw_counts(axes[1, column], table)
        axes[0, column].set_title(title)
    axes[0, 0].set_ylabel("share that shows the event")
    axes[1, 0].set_ylabel("crops")
    figure.suptitle(sentence, fontsize=10, color="0.35")
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    return file.getvalue()


def _draw_shares(axes: Axes, table: pd.DataFrame) -> None:
    """Shares over probabilities with their intervals; on the diagonal both are the same."""
    axes.plot([0, 1], [0, 1], color="0.6", linestyle="--", linewidth=1, zorder=0)
    names = table["class"].unique()
    for name, colour in zip(names, COLOURS, strict=False):
        rows = table[(table["class"] == name) & (table["crops"] > 0)]
        said, share = rows["probability"].to_numpy(), rows["share"].to_numpy()
        low, high = rows["share_low"].to_numpy(), rows["share_high"].to_numpy()
        axes.vlines(said, low, high, color=colour, alpha=0.45, linewidth=2)
        axes.plot(said, share, color=colour, linewidth=1, alpha=0.6)
        many = (rows["crops"] >= FEW).to_numpy()
        axes.plot(said[many], share[many], "o", color=colour, label=name)
        axes.plot(said[~many], share[~many], "o", color=colour, markerfacecolor="white")
    if len(names) > 1:
        axes.legend(loc="upper left", fontsize=8)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))


def _draw_counts(axes: Axes, table: pd.DataFrame) -> None:
    """Number of crops in each bin, on a logarithmic axis, as most crops show nothing."""
    names = list(table["class"].unique())
    for position, (name, colour) in enumerate(zip(names, COLOURS, strict=False)):
        rows = table[table["class"] == name]
        low, high = rows["low"].to_numpy(), rows["high"].to_numpy()
        width = (high - low) / len(names)
        places = low + (position + 0.5) * width
        counts = rows["crops"].to_numpy()
        axes.bar(places, counts, 0.92 * width, color=colour, alpha=0.7)
        if len(names) == 1:
            _tell_counts(axes, places, counts)
    axes.set_yscale("symlog", linthresh=1)
    axes.set_ylim(0, ROOM * max(1, int(table["crops"].max())))
    axes.set_xlabel("probability")


def _tell_counts(axes: Axes, places: NDArray[np.float64], counts: NDArray[np.int64]) -> None:
    """Write the numbers above the bars."""
    for place, count in zip(places.tolist(), counts.tolist(), strict=True):
        if count:
            axes.annotate(
                str(count),
                (place, count),
                (0, 1),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=6,
                rotation=90 if count > 99 else 0,
            )
