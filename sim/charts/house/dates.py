"""A time axis that is right in any period, from three weeks to a century."""

from __future__ import annotations

from typing import Any

from matplotlib import dates
from matplotlib.axes import Axes

from sim.scenario.loaded import LoadedScenario

_dates: Any = dates  # untyped in matplotlib
FORMATS = ["%Y", "%b", "%-d", "%H:%M", "%H:%M", "%S.%f"]
OFFSETS = ["", "%Y", "%B %Y", "%-d %B %Y", "%-d %B %Y", "%-d %B %Y %H:%M"]


def day_number(scenario: LoadedScenario, day: float) -> float:
    """Where a day of the period stands on a time axis."""
    return float(_dates.date2num(scenario.period.from_)) + day


def time_axis(axes: Axes, scenario: LoadedScenario, inches: float) -> None:
    """Makes the x axis of `axes`, `inches` wide, the scenario's period, with about a tick an inch."""
    first = day_number(scenario, 0)
    axes.set_xlim(first, first + scenario.days)
    most = max(4, round(inches / 0.55))
    locator = _dates.AutoDateLocator(minticks=min(5, most // 2), maxticks=most, interval_multiples=True)
    axes.xaxis.set_major_locator(locator)
    how = {"formats": FORMATS, "zero_formats": ["", *FORMATS[:-1]], "offset_formats": OFFSETS}
    axes.xaxis.set_major_formatter(_dates.ConciseDateFormatter(locator, **how))
