"""Small multiples: a panel for each mission and resource on one time axis."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.charts.house.dates import time_axis
from sim.charts.house.sheet import SMALL, Area, axes_in, fitted, line_height, text_width, write
from sim.charts.house.style import SLATE, Chart
from sim.charts.house.words import label
from sim.scenario.loaded import LoadedScenario

MOST = 12
GRID = {1: (1, 1), 2: (1, 2), 3: (1, 3), 4: (2, 2), 5: (2, 3), 6: (2, 3), 7: (2, 4), 8: (2, 4), 9: (3, 3)}


def panels(chart: Chart, area: Area, scenario: LoadedScenario, cells: Mapping[tuple[str, str], str]) -> list[Axes]:
    """An axes for each cell, titled, with the period along the bottom and whole units up the side.

    What `cells` notes of a cell stands at the right above its panel, where there is room beside its names.
    """
    down, across = GRID.get(len(cells), (3, 4))
    size = 12.0 if across <= 2 else 10.5
    wide, tall = area.width / across, (area.height - 0.15) / down
    head = 2 * line_height(size) + 0.14
    made = []
    for k, (cell, note) in enumerate(cells.items()):
        row, column = divmod(k, across)
        left, top = area.left + column * wide, area.top - row * tall
        last = k + across >= len(cells)  # nothing stands below it
        foot = 0.45 if (row + 2) * across > len(cells) else 0.24  # as deep as any in its row needs
        box = Area(left + 0.45, max(top - tall, area.bottom) + foot, left + wide - 0.1, top - head)
        axes = axes_in(chart, box)
        _head(chart, box, (label(scenario, cell[0]), label(scenario, cell[1])), note, size)
        time_axis(axes, scenario, box.width)
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.tick_params(axis="y", labelsize=10)
        axes.tick_params(axis="x", labelsize=9.5)
        axes.xaxis.offsetText.set_fontsize(9.5)
        axes.grid(visible=True, axis="y")
        if not last:
            axes.tick_params(axis="x", labelbottom=False)
            axes.xaxis.offsetText.set_visible(False)
        made.append(axes)
    return made


def _head(chart: Chart, box: Area, names: tuple[str, str], note: str, size: float) -> None:
    """Mission and resource above a panel, and the note beside whichever leaves room for it."""
    noted = text_width(note, SMALL) + 0.15 if note else 0.0
    y = box.top + 2 * line_height(size) + 0.04
    for name, weight in zip(names, ("bold", "normal"), strict=True):
        least = size if text_width(name, size, weight) <= box.width else SMALL
        title = fitted(name, box.width, least, weight=weight)
        write(chart, (box.left, y), title, size=least, weight=weight, va="top")
        if noted and text_width(title, least, weight) + noted <= box.width:
            write(chart, (box.right, y), note, size=SMALL, colour=SLATE, ha="right", va="top")
            noted = 0.0
        y -= line_height(size)
