"""Names on a chart change nothing of what stands beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter

from sim.words.direction import readable

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def make_readable(figure: Figure) -> None:
    """Makes every text of a figure `readable`, names of ticks included."""
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        formatter: Any = axis.get_major_formatter()
        if isinstance(formatter, FixedFormatter):
            formatter.seq = [readable(name) for name in formatter.seq]
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        text.set_text(readable(text.get_text()))
