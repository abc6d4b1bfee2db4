"""In which colours a mass curve is drawn, and what they mean."""

from __future__ import annotations

from typing import Any, NamedTuple

from cell_events.dry_mass.cell_picture import CellPicture


class Colours(NamedTuple):
    """One theme's colours."""

    ink: str
    cell: str
    forecast: str
    doubtful: str
    others: str
    stretch: str
    cursor: str


ON_DARK = Colours("#d0d0d0", "#5cc8ff", "#ffb000", "#ff7a7a", "#a8adb3", "#ffd400", "#ffffff")
ON_LIGHT = Colours("#303030", "#0a6ebd", "#b35c00", "#c02020", "#70757b", "#c79a00", "#000000")


def key_of_colours(seen: CellPicture, with_others: bool, dark: bool) -> str:
    """Say what each colour stands for, as rich text; only what is there."""
    colours = ON_DARK if dark else ON_LIGHT
    named = [(colours.cell, "━", "cell", True)]
    named.append((colours.cell, "─", "mother, daughters", bool(seen.relatives)))
    named.append((colours.forecast, "┅", "forecast", seen.forecast is not None))
    named.append((colours.stretch, "■", "unusual", seen.stretch is not None))
    named.append(
        (colours.doubtful, "\N{MULTIPLICATION SIGN}", "doubtful", bool(seen.curve.doubtful.any()))
    )
    named.append((colours.others, "■", "other cells", with_others))
    return " &nbsp; ".join(
        f'<span style="color:{colour}">{mark}</span>&nbsp;{words.replace(" ", "&nbsp;")}'
        for colour, mark, words, is_there in named
        if is_there
    )


def pen(colour: str, width: float, alpha: int = 255) -> Any:
    """Pen of a colour, more or less opaque."""
    import pyqtgraph as pg

    shade = pg.mkColor(colour)
    shade.setAlpha(alpha)
    return pg.mkPen(shade, width=width)


def brush(colour: str, alpha: int) -> Any:
    """Brush of a colour, more or less opaque."""
    import pyqtgraph as pg

    shade = pg.mkColor(colour)
    shade.setAlpha(alpha)
    return pg.mkBrush(shade)
