"""Names on a chart change nothing of what stands beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.text import Text

from sim.words.direction import readable

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def make_readable(figure: Figure) -> None:
    """Makes every text of a figure `readable`, names of ticks included."""
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        names = [label.get_text() for label in axis.get_ticklabels()]
        shown = [readable(name) for name in names]
        if shown != names:
            axis.set_ticks(axis.get_ticklocs(), shown)
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        text.set_text(readable(text.get_text()))
