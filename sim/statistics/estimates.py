"""What is told of a quantity, and estimates from pooled replications: quantiles, chances, what common luck is worth.

A sample has one value a replication, in whatever unit; nan, where one is undefined, is left out. What cannot be
computed is nan, never an error. Quantiles and chances rest on the pooled replications, with the intervals of
independent draws: replications of an even set show a tail at least as surely, so they are on the safe side. Means,
differences and ratios are estimated over sets (`by_sets`).

References: Conover, *Practical Nonparametric Statistics*, 3rd ed., ch. 3 (quantiles, proportions).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.statistics.discordance import Refusal
from sim.statistics.intervals import Interval, chance_upper_bound, paired
from sim.words.numbers import finite_values

Sample = NDArray[np.float64]
NAN = math.nan


@dataclass(frozen=True, slots=True)
class Estimate(Interval):
    """What a sample says about a quantity, in the unit of the sample."""

    mean: float
    """The estimate itself: of a mean, a ratio, a quantile or a chance."""
    sd: float
    """Standard deviation of one replication (of a ratio, of what each replication gives it)."""
    low: float
    """Lower end of the interval; nan where there is none."""
    high: float
    """Upper end of the interval."""
    n: int
    """Replications that it rests on."""
    sets: int = 0
    """Sets that the interval rests on; 0 where it rests on the pooled replications."""
    refused: Refusal | None = None
    """Why there is no interval."""

    @property
    def half_width(self) -> float:
        """The longer side of the interval; nan where there is none."""
        return max(self.high - self.mean, self.mean - self.low)

    @property
    def nothing(self) -> bool:
        """Whether it is 0 and cannot be anything else."""
        return self.mean == self.low == self.high == 0

    def one_minus(self) -> Estimate:
        """The estimate of one minus the quantity: coverage from the share that is unmet."""
        return replace(self, mean=1 - self.mean, low=1 - self.high, high=1 - self.low)

    def as_json(self) -> dict[str, float | int | None]:
        """Plain numbers; None where undefined, since JSON has no nan."""
        return {**finite_values(self, "mean", "sd", "low", "high"), "n": self.n}


def quantile(sample: ArrayLike, share: float, confidence: float = 0.95) -> Estimate:
    """The `share` quantile (0.5: the median), with a distribution-free interval between two values of the sample.

    The ends are order statistics that enclose the quantile with at least `confidence`, at most half of the rest on
    each side (Conover, sec. 3.2). An end is nan where the sample is too small to have one: P5 and P95 at 95 % need
    72 replications.
    """
    from scipy.special import bdtr

    values = np.sort(_defined(sample))
    n = values.size
    if n == 0:
        return Estimate(NAN, NAN, NAN, NAN, 0)
    # P(B <= r) for r = 0..n - 1, where B is binomial: how many of n values lie below their quantile.
    below = bdtr(np.arange(n, dtype=np.float64), n, share)
    tail = (1 - confidence) / 2
    # The r-th smallest value lies above the quantile with chance P(B < r), below it with chance P(B >= r).
    low_rank = int(np.searchsorted(below, tail, side="right"))
    high_rank = int(np.searchsorted(below, 1 - tail, side="left")) + 1
    low = float(values[low_rank - 1]) if low_rank >= 1 else NAN
    high = float(values[high_rank - 1]) if high_rank <= n else NAN
    # In small samples interpolation may lead out of the interval.
    middle = float(np.fmin(np.fmax(np.quantile(values, share), low), high))
    return Estimate(middle, _sd(values), low, high, n)


def chance(happened: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Chance of an event from whether it happened (1, 0 or nan) in each replication, with Wilson's score interval.

    An event that was never seen has its one-sided bound (0 of 200: at most 1.5 %), and one that always came, too.
    """
    from scipy.special import ndtri

    values = _defined(happened)
    n = values.size
    if n == 0:
        return Estimate(NAN, NAN, NAN, NAN, 0)
    share = float(values.mean())
    z = float(ndtri((1 + confidence) / 2))
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    low, high = centre - half, centre + half
    if share in (0, 1):  # what was never seen has its largest chance, and no other word
        most = chance_upper_bound(n, confidence)
        low, high = (0.0, most) if share == 0 else (1 - most, 1.0)
    return Estimate(share, math.sqrt(share * (1 - share)), low, high, n)


def variance_reduction(one: ArrayLike, other: ArrayLike) -> float:
    """How many times as many independent replications a difference of means would need without common numbers.

    (Var(one) + Var(other)) / Var(one - other): 1 is no gain, infinite where the difference never varies, nan with
    fewer than two pairs or where nothing varies at all.
    """
    first, second = map(_defined, paired(one, other))
    if first.size < 2:
        return NAN
    apart = float(first.var(ddof=1) + second.var(ddof=1))
    together = float((first - second).var(ddof=1))
    if apart == 0:
        return NAN
    # A difference that never varies must not seem to by rounding.
    return apart / together if together > 1e-13 * apart else math.inf


def _defined(sample: ArrayLike) -> Sample:
    values = np.asarray(sample, dtype=np.float64).ravel()
    return values[~np.isnan(values)]


def _sd(values: Sample) -> float:
    return float(values.std(ddof=1)) if values.size > 1 else NAN
