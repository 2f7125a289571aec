"""A time axis that is right in any period, from three weeks to a century."""

from __future__ import annotations

import calendar
import re
from typing import Any

from matplotlib import dates
from matplotlib.axes import Axes

from sim.scenario.loaded import LoadedScenario
from sim.words.language import ENGLISH, language, month_names

_dates: Any = dates  # untyped in matplotlib
FORMATS = ["%Y", "%b", "%-d", "%H:%M", "%H:%M", "%S.%f"]
OFFSETS = ["", "%Y", "%B %Y", "%-d %B %Y", "%-d %B %Y", "%-d %B %Y %H:%M"]


class _Dates(_dates.ConciseDateFormatter):  # type: ignore[misc]  # untyped in matplotlib
    """Dates with months as the language calls them, whatever the machine's does."""

    def format_ticks(self, values: Any) -> Any:
        """The labels of the ticks."""
        return [in_language(label) for label in super().format_ticks(values)]

    def get_offset(self) -> str:
        """What all labels share."""
        return in_language(super().get_offset())


def in_language(text: str) -> str:
    """A date's text with its month, short or whole, as the language spoken calls it."""
    if language() == ENGLISH:
        return text
    for english, short, month in zip(calendar.month_name[1:], calendar.month_abbr[1:], month_names(), strict=True):
        text = re.sub(rf"\b({english}|{short})\b", month, text)
    return text


def first_day(scenario: LoadedScenario) -> float:
    """Where the period's first day stands on a time axis."""
    return float(_dates.date2num(scenario.period.from_))


def time_axis(axes: Axes, scenario: LoadedScenario, inches: float) -> None:
    """Makes the x axis of `axes`, `inches` wide, the scenario's period, with about a tick an inch."""
    first = first_day(scenario)
    axes.set_xlim(first, first + scenario.days)
    most = max(4, round(inches / 0.55))
    locator = _dates.AutoDateLocator(minticks=min(5, most // 2), maxticks=most, interval_multiples=True)
    axes.xaxis.set_major_locator(locator)
    how = {"formats": FORMATS, "zero_formats": ["", *FORMATS[:-1]], "offset_formats": OFFSETS}
    axes.xaxis.set_major_formatter(_Dates(locator, **how))
