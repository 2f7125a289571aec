"""Names at the ends of curves, moved apart so that none touches the next, each tied to its curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.lines import Line2D

from sim.charts.house.sheet import LONG_NAME, SMALL, Area, balanced, line_height, write
from sim.charts.house.style import SLIDE, Chart, Look
from sim.words.names import short_names


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres as near as may be to `wanted` (in any order) for things of these heights, between two bounds."""
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    centres = [0.0] * len(wanted)
    floor = low
    for k in order:
        centres[k] = max(wanted[k], floor + heights[k] / 2)
        floor = centres[k] + heights[k] / 2
    ceiling = high
    for k in reversed(order):
        centres[k] = min(centres[k], ceiling - heights[k] / 2)
        ceiling = centres[k] - heights[k] / 2
    return centres


def end_labels(
    chart: Chart, area: Area, ends: Sequence[tuple[str, float, Look]], limits: tuple[float, float], wide: float = 2.7
) -> None:
    """Sets names right of `area` at the heights (on a y axis with `limits`) where their curves end, with their mark."""
    size = 12.0 if len(ends) <= 6 else 10.0 if len(ends) <= 12 else SMALL
    lines = max(1, min(3, int(area.height / max(1, len(ends)) / line_height(size))))
    said = short_names([name for name, _, _ in ends], LONG_NAME)
    names = [balanced(name, wide, size, lines=lines) for name in said]
    heights = [line_height(size) * (name.count("\n") + 1) + 0.04 for name in names]
    scale = area.height / (limits[1] - limits[0])
    wanted = [area.bottom + (value - limits[0]) * scale for _, value, _ in ends]
    tall = chart.get_figheight()
    across = [(area.right + inches) / SLIDE[0] for inches in (0, 0.18, 0.3)]
    centres = spread(wanted, heights, area.bottom, area.top)
    for name, (_, _, look), at, there in zip(names, ends, wanted, centres, strict=True):
        up = [at / tall, there / tall, there / tall]
        chart.add_artist(Line2D(across, up, color=look.colour, lw=0.9, transform=chart.transFigure))
        how: dict[str, Any] = {"marker": look.marker, "ms": 8, "mec": "white", "transform": chart.transFigure}
        chart.add_artist(Line2D(across[2:], up[2:], color=look.colour, **how))
        write(chart, (area.right + 0.42, there), name, size=size, va="center", linespacing=1.1)
