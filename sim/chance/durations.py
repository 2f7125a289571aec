"""Durations as they are drawn: days become whole milliseconds at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.scenario.nouns.milliseconds import DAY

LONGEST = 2.0**62
"""Milliseconds that a drawn duration may last at most, some 146 million years: a heavy tail may reach beyond it."""


def durations(days: NDArray[np.float64]) -> list[int]:
    """Whole milliseconds, each nearest to so many days."""
    rounded: list[int] = np.minimum(np.rint(days * DAY), LONGEST).astype(np.int64).tolist()
    return rounded
