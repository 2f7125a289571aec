"""Heat maps of a difference over two inputs, a panel an option, hatched where it is not significant."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from sim.charts.house import words
from sim.charts.house.input_names import input_name
from sim.charts.house.sheet import SMALL, Area, axes_in, balanced, fitted, text_width
from sim.charts.house.style import GREY, INK, Chart, lightness
from sim.questions.sweep.sweep import Sweep
from sim.statistics.estimates import Estimate
from sim.words import numbers

BETTER_WORSE = LinearSegmentedColormap.from_list("better", ["#005F8A", "#4DB8E5", "#FFFFFF", "#F0A56B", "#8C2D19"])
"""Blue: less unmet need than the reference; brown: more."""
MOST = 6


def heat_maps(chart: Chart, area: Area, sweep: Sweep, measure: str) -> None:
    """Sets a panel for each option that is held against the reference (at most six) into the area."""
    names = sweep.compared[:MOST]
    down = 1 if len(names) <= 3 else 2
    across = math.ceil(len(names) / down)
    wide, tall = area.width / across, area.height / down
    each = [setting.differences[name][measure].mean for setting in sweep.settings for name in names]
    top = max((abs(value) for value in words.finite(each)), default=1.0) or 1.0
    for k, name in enumerate(names):
        box = area.cell(k, across, wide, tall).inset(left=0.95, bottom=0.8, right=0.15, top=0.5)
        axes = axes_in(chart, box)
        title = balanced(words.label(sweep.scenario, name), box.width + 0.1, 11.5, weight="bold", lines=2)
        axes.set_title(title, x=0, fontsize=11.5, linespacing=1.1)
        _panel(axes, box, sweep, {"option": name, "measure": measure, "top": top})


def _panel(axes: Axes, box: Area, sweep: Sweep, what: dict[str, Any]) -> None:
    """First input across, second up; cells numbered where there is room."""
    first, second = (list(dict.fromkeys(str(s.inputs[path]) for s in sweep.settings)) for path in sweep.paths)
    table: dict[tuple[int, int], Estimate] = {}
    for setting in sweep.settings:
        at = first.index(str(setting.inputs[sweep.paths[0]])), second.index(str(setting.inputs[sweep.paths[1]]))
        table[at] = setting.differences[what["option"]][what["measure"]]
    means = np.full((len(second), len(first)), np.nan)
    for (column, row), estimate in table.items():
        means[row, column] = estimate.mean
    edges = np.arange(len(first) + 1) - 0.5, np.arange(len(second) + 1) - 0.5
    axes.pcolormesh(*edges, means, cmap=BETTER_WORSE, vmin=-what["top"], vmax=what["top"], edgecolors="white", lw=1)
    room = box.width / len(first)
    for (column, row), estimate in table.items():
        _cell(axes, (column, row), estimate, room=room, top=what["top"])
    size = 10 if room > 0.5 else SMALL
    _ticks(axes, "x", first, room, size)
    _ticks(axes, "y", second, 0.85, size)
    across, up = (input_name(sweep.scenario, path) for path in sweep.paths)
    axes.set_xlabel(balanced(across, box.width, 10, lines=2), fontsize=10, linespacing=1.1)
    axes.set_ylabel(balanced(up, box.height, SMALL, lines=3), fontsize=SMALL, linespacing=1.1)
    axes.spines[:].set_visible(False)


def _ticks(axes: Axes, which: str, values: list[str], room: float, size: float) -> None:
    """A tick for every value, or for every so manieth where they would touch."""
    widest = max(text_width(value, size) for value in values) if which == "x" else 0.0
    every = max(1, math.ceil(min(widest, room * 3) * 1.15 / room)) if which == "x" else math.ceil(len(values) / 12)
    names = [fitted(value, room * every * 0.95, size) for value in values[::every]]
    (axes.set_xticks if which == "x" else axes.set_yticks)(range(0, len(values), every), names, fontsize=size)


def _cell(axes: Axes, at: tuple[int, int], estimate: Estimate, *, room: float, top: float) -> None:
    if not math.isfinite(estimate.mean):
        return
    sure = words.significant(estimate)
    if not sure:
        corner = (at[0] - 0.5, at[1] - 0.5)
        axes.add_patch(Rectangle(corner, 1, 1, fill=False, hatch="///", edgecolor=GREY, lw=0))
    text = numbers.number(estimate.mean, 2)
    if text_width(text, 10) < room * 0.9:
        red, green, blue, _ = BETTER_WORSE((estimate.mean / top + 1) / 2)
        shade = lightness(f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}")
        weight = "bold" if sure else "normal"
        box = None if sure else {"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8}
        pen = INK if shade > 0.5 or not sure else "white"
        axes.text(*at, text, ha="center", va="center", fontsize=10, fontweight=weight, color=pen, bbox=box)
