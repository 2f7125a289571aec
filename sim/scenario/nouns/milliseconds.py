"""Time as the simulation counts it: in whole milliseconds. People read and write days.

Every duration becomes one when it comes into being, so that sums of them are exact: what is due at one instant meets,
however its time was composed. In days, 1.1 + 1.3 + 0.6 is a little less than 3.
"""

from __future__ import annotations

DAY = 86_400_000
"""Milliseconds of a day."""


def milliseconds(days: float) -> int:
    """Whole milliseconds nearest to so many days; exactly those that `in_days` was given, up to 100 million days."""
    return round(days * DAY)


def in_days(instant: int) -> float:
    """Days from whole milliseconds: the nearest number, and a whole number where the days are whole."""
    return instant / DAY
