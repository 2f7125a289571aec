"""Small multiples: a panel for each mission and resource on one time axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.ticker import MaxNLocator

from sim.charts.house.dates import time_axis
from sim.charts.house.sheet import Area, axes_in, fitted, line_height
from sim.charts.house.words import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.charts.house.style import Chart
    from sim.scenario.nouns import Scenario

MOST = 12
GRID = {1: (1, 1), 2: (1, 2), 3: (1, 3), 4: (2, 2), 5: (2, 3), 6: (2, 3), 7: (2, 4), 8: (2, 4), 9: (3, 3)}


def panels(chart: Chart, area: Area, scenario: Scenario, cells: Sequence[tuple[str, str]]) -> list[Axes]:
    """An axes for each cell, titled, with the period along the bottom and whole units up the side."""
    down, across = GRID.get(len(cells), (3, 4))
    size = 12.0 if across <= 2 else 10.5
    wide, tall = area.width / across, (area.height - 0.15) / down
    head = 2 * line_height(size) + 0.14
    made = []
    for place, cell in enumerate(cells):
        row, column = divmod(place, across)
        left, top = area.left + column * wide, area.top - row * tall
        foot = 0.45 if place + across >= len(cells) else 0.24
        box = Area(left + 0.45, max(top - tall, area.bottom) + foot, left + wide - 0.1, top - head)
        axes = axes_in(chart, box)
        title = "\n".join(fitted(label(scenario, name), wide - 0.55, size, weight="bold") for name in cell)
        axes.set_title(title, fontsize=size, x=0, pad=4, linespacing=1.1)
        time_axis(axes, scenario, box.width)
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.tick_params(axis="y", labelsize=10)
        axes.tick_params(axis="x", labelsize=9.5)
        axes.xaxis.offsetText.set_fontsize(9.5)
        axes.grid(visible=True, axis="y")
        if foot < 0.4:
            axes.tick_params(axis="x", labelbottom=False)
            axes.xaxis.offsetText.set_visible(False)
        made.append(axes)
    return made
