"""Names within areas between curves: written once, where there is most room, instead of in a key."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from sim.charts.house.sheet import SMALL, line_height, text_width
from sim.charts.house.style import INK, SLIDE

Curve = NDArray[np.float64]


def name_area(axes: Axes, text: str, x: Curve, between: tuple[Curve, Curve], *, above: bool = False) -> bool:
    """Writes `text` where the area `between` two curves over evenly spaced `x` is tallest along its whole width; with
    `above`, just over the lower. False, and nothing written, where it fits nowhere."""
    low, high = between
    box, (west, east), (south, north) = axes.get_position(), axes.get_xlim(), axes.get_ylim()
    figure = axes.get_figure(root=True)
    assert figure is not None
    wide = (text_width(text, SMALL) + 0.1) * (east - west) / (box.width * SLIDE[0])
    tall = (line_height(SMALL) + 0.03) * (north - south) / (box.height * figure.get_figheight())
    count = math.ceil(wide / (x[1] - x[0])) + 1
    if count > len(x):
        return False
    floor = np.lib.stride_tricks.sliding_window_view(low, count).max(axis=1)
    room = np.lib.stride_tricks.sliding_window_view(high, count).min(axis=1) - floor
    place = int(room.argmax())
    if room[place] < tall:
        return False
    up = floor[place] + (tall if above else room[place]) / 2
    halo = [withStroke(linewidth=2.5, foreground="white")]
    middle = (x[place] + x[place + count - 1]) / 2
    axes.text(middle, up, text, fontsize=SMALL, color=INK, ha="center", va="center", path_effects=halo, zorder=6)
    return True
