"""Number axes with compact units: thousands, millions and billions go into the axis label."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.charts.house.sheet import text_width
from sim.charts.house.style import SLIDE
from sim.measures.catalogue import ALL_MEASURES as MEASURES
from sim.words.language import Phrase, figure_marks
from sim.words.names import capital

NICE = [1, 2, 2.5, 5, 10]
CLEAR = 0.1
"""Inches between the labels of two ticks."""
STEPS = (
    (1e12, 1e12, Phrase("trillion {unit}")),
    (1e9, 1e9, Phrase("billion {unit}")),
    (1e6, 1e6, Phrase("million {unit}")),
    (2e4, 1e3, Phrase("thousand {unit}")),
)
"""(from this value on, in units of, called)."""


def _tick(value: float, scale: float, percent: bool) -> str:
    text = figure_marks(f"{value / scale * (100 if percent else 1):,.10g}".replace("-", "−"))
    return text + ("\u00a0%" if percent else "")


def _apart(axes: Axes, ticks: int, scale: float, percent: bool) -> bool:
    """Whether the labels of so many ticks along the bottom keep clear of one another."""
    low, high = axes.get_xlim()
    at = [float(tick) for tick in MaxNLocator(ticks, steps=NICE).tick_values(low, high) if low <= tick <= high]
    inches = axes.get_position().width * SLIDE[0] / (high - low)
    size = axes.xaxis.get_ticklabels()[0].get_fontsize()
    wide = [text_width(_tick(tick, scale, percent), size) for tick in at]
    pairs = zip(pairwise(at), pairwise(wide), strict=True)
    return all((b - a) * inches > (one + other) / 2 + CLEAR for (a, b), (one, other) in pairs)


def measure_axis(axes: Axes, measure: str, which: Literal["x", "y"] = "x") -> None:
    """Formats an axis for a measure, with its name and unit from the catalogue."""
    scaled_axis(axes, MEASURES[measure].unit_said, MEASURES[measure].name, which=which)


def scaled_axis(axes: Axes, unit: str, what: str, *, which: Literal["x", "y"] = "x", ticks: int = 5) -> None:
    """Formats an axis for `unit` (%, $ or a word), with few ticks, a light grid and the label "what (unit)"."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    most = max(abs(float(end)) for end in (axes.get_xlim() if which == "x" else axes.get_ylim()))
    scale, name = next(((factor, word) for least, factor, word in STEPS if most >= least), (1.0, None))
    if unit == "%":
        scale, name = 1.0, None
    if which == "x":
        ticks = next((few for few in range(ticks, 1, -1) if _apart(axes, few, scale, unit == "%")), 1)
    axis.set_major_locator(MaxNLocator(ticks, steps=NICE))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value, scale, unit == "%")))
    axes.grid(visible=True, axis=which)
    if unit in ("%", "") or (not name and unit in what.lower().split()):
        label = what
    else:
        counted = name(unit=unit) if name else unit
        label = f"{what} ({counted})" if what else counted
    axis.set_label_text(capital(label))
