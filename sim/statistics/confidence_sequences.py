"""Intervals that hold at every look: asymptotic confidence sequences over sets.

An ordinary interval promises to be right once. Who looks at a run, tops it up and looks again looks until something is
"significant": of five looks at nothing, 12 % find something. A confidence sequence is right at all looks together.

The Gaussian mixture of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024, Annals of Statistics 52:2613): after t
sets the ends are sd * sqrt((x + 1) / x * log((x + 1) / alpha^2)) / sqrt(t) from the mean, where x = t * rho^2. rho is
such that the sequence is narrowest at the planned number of sets: x = -1 - W(-alpha^2 / e) there, W being Lambert's
function's lower branch (where the radius is stationary). Nothing is told before `LEAST_SETS`. As a number of standard
errors the radius is made Student's at the same tail chance, since the sd is estimated, and skewness is removed as in
`intervals`; both widen it for few sets only. At every look the sample must bear an interval (`discordance`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.statistics.intervals import limits

Array = NDArray[np.float64]

LEAST_SETS = 10
"""Sets before which a sequence tells nothing: its guarantee is asymptotic."""


@dataclass(frozen=True, slots=True)
class EveryLook:
    """A confidence sequence: how wide it is after any number of sets."""

    planned: int
    """Sets at which it is narrowest, at least `LEAST_SETS`: to be chosen before looking."""
    confidence: float = 0.95

    def __post_init__(self) -> None:
        if self.planned < 1 or not 0 < self.confidence < 1:
            raise ValueError(f"no confidence sequence is planned at {self.planned} sets for {self.confidence:g}")

    def errors(self, sets: ArrayLike) -> Array:
        """Standard errors to either side after so many sets, for values with a known sd."""
        from scipy.special import lambertw

        alpha = 1 - self.confidence
        at_plan = -1 - float(lambertw(-(alpha**2) / math.e, -1).real)
        x = at_plan * np.asarray(sets, dtype=np.float64) / max(self.planned, LEAST_SETS)
        return np.asarray(np.sqrt((x + 1) / x * np.log((x + 1) / alpha**2)), dtype=np.float64)

    def quantile(self, freedom: int, confidence: float) -> float:
        """Standard errors to either side with so many degrees of freedom, for `intervals.Terms`; inf before
        `LEAST_SETS`."""
        from scipy.special import ndtr, stdtrit

        if freedom + 1 < LEAST_SETS:
            return math.inf
        errors = replace(self, confidence=confidence).errors(freedom + 1)
        return float(-stdtrit(freedom, ndtr(-errors)))

    def path(self, values: ArrayLike) -> tuple[Array, Array, Array]:
        """Mean, low and high of each column of (sets, columns) after every set: arrays of the same shape.

        Before `LEAST_SETS` the ends are infinite. Whether the sample bears an interval is for the caller to ask
        (`discordance.refusal`), where it matters: it takes longer.
        """
        from scipy.special import ndtr, stdtrit

        table = np.asarray(values, dtype=np.float64)
        count = np.arange(1.0, len(table) + 1)[:, None]
        mean, variance, skewness = _moments(table, count)
        ready = np.maximum(count, LEAST_SETS)
        quantile = -stdtrit(ready - 1, ndtr(-self.errors(ready)))
        shape = mean.shape
        low, high = limits(
            mean, np.sqrt(variance / count), skewness, np.broadcast_to(ready, shape), np.broadcast_to(quantile, shape)
        )
        early = np.broadcast_to(count < LEAST_SETS, shape)
        return mean, np.where(early, -math.inf, low), np.where(early, math.inf, high)


def _moments(table: Array, count: Array) -> tuple[Array, Array, Array]:
    """Mean, variance and adjusted skewness of each column's first 1, 2, … values; 0 where they are not defined."""
    # About the first value, not the mean: what is said after some sets must not depend on later ones, to the last bit.
    start = table[0] if len(table) else 0.0
    apart = table - start
    first, second, third = (np.cumsum(apart**power, axis=0) / count for power in (1, 2, 3))
    # What rounding leaves where nothing varied is no variance.
    variance = np.where(second - first**2 > 1e-13 * second, second - first**2, 0.0)
    bent = third - 3 * first * second + 2 * first**3
    with np.errstate(divide="ignore", invalid="ignore"):
        adjusted = bent / variance**1.5 * np.sqrt(count * (count - 1)) / (count - 2)
        unbiased = variance * count / (count - 1)
    usable = (variance > 0) & (count > 2)
    return start + first, np.where(variance > 0, unbiased, 0.0), np.where(usable, adjusted, 0.0)
