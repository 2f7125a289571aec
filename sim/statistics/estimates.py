"""Estimates with their intervals, from samples with one value per replication.

Every sample is a one-dimensional array in the order of the replications, in whatever unit it is measured in. A value
that a replication leaves undefined is nan: it is left out, and where samples are paired so is its partner. What
cannot be computed is nan, never an error: fewer than two values have no spread and so no interval. Samples that are
compared must be of equal length where they are paired (ValueError otherwise).

Intervals are two-sided and nominal: exact for normal data, and by the central limit theorem otherwise. How to choose
between options is in `selection`.

References: Law, *Simulation Modeling and Analysis*, 5th ed., ch. 9 and 10; Cochran, *Sampling Techniques*, 3rd ed.,
ch. 6 (ratios); Wolter, *Introduction to Variance Estimation*, ch. 4 (jackknife); Conover, *Practical Nonparametric
Statistics*, 3rd ed., ch. 3 (quantiles, proportions).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Sample = NDArray[np.float64]
NAN = math.nan


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a sample says about a quantity, in the unit of the sample."""

    mean: float
    """The estimate itself: of a mean, a ratio, a quantile or a chance."""
    sd: float
    """Standard deviation of one replication (for a ratio, of one pseudo-value)."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""
    n: int
    """Replications that it rests on."""

    @property
    def half_width(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2

    @property
    def significant(self) -> bool:
        """Whether the interval leaves 0 out: what a difference must do before a word is said about it."""
        return self.low > 0 or self.high < 0

    def one_minus(self) -> Estimate:
        """The estimate of one minus the quantity: coverage from the share that is unmet."""
        return Estimate(1 - self.mean, self.sd, 1 - self.high, 1 - self.low, self.n)

    def as_json(self) -> dict[str, float | int | None]:
        """Plain numbers; None where undefined, since JSON has no nan."""
        numbers = {"mean": self.mean, "sd": self.sd, "low": self.low, "high": self.high}
        return {**{name: value if math.isfinite(value) else None for name, value in numbers.items()}, "n": self.n}


@dataclass(frozen=True, slots=True)
class Contrast:
    """The difference of two independent samples' means, with its test of no difference."""

    estimate: Estimate
    t: float
    df: float
    p: float
    """Two-sided p-value."""


def t_quantile(share: float, df: float) -> float:
    """The `share` quantile of Student's t with `df` degrees of freedom; nan without any."""
    from scipy.special import stdtrit

    return float(stdtrit(df, share)) if df > 0 else NAN


def mean(sample: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Mean with its t interval (Law, sec. 9.4.1). A sample without spread has an interval of width 0."""
    values = _defined(sample)
    n = values.size
    if n == 0:
        return Estimate(NAN, NAN, NAN, NAN, 0)
    return _around(float(values.mean()), _sd(values), n, confidence)


def paired(one: ArrayLike, other: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Mean of `one - other`, replication by replication (Law, sec. 10.2.1): for common random numbers."""
    first, second = _both(one, other)
    return mean(first - second, confidence)


def welch(one: ArrayLike, other: ArrayLike, confidence: float = 0.95) -> Contrast:
    """Difference of the means of two independent samples with unequal variances (Welch 1938; Law, sec. 10.2.2)."""
    first, second = _defined(one), _defined(other)
    n, m = first.size, second.size
    if min(n, m) < 2:
        return _contrast(first, second, NAN, NAN, confidence)
    v, w = float(first.var(ddof=1)) / n, float(second.var(ddof=1)) / m
    spread = v + w
    df = spread**2 / (v**2 / (n - 1) + w**2 / (m - 1)) if spread > 0 else float(n + m - 2)
    return _contrast(first, second, math.sqrt(spread), df, confidence)


def pooled(one: ArrayLike, other: ArrayLike, confidence: float = 0.95) -> Contrast:
    """Difference of the means of two independent samples that share one variance (two-sample t)."""
    first, second = _defined(one), _defined(other)
    n, m = first.size, second.size
    if min(n, m) < 2:
        return _contrast(first, second, NAN, NAN, confidence)
    variance = ((n - 1) * float(first.var(ddof=1)) + (m - 1) * float(second.var(ddof=1))) / (n + m - 2)
    return _contrast(first, second, math.sqrt(variance * (1 / n + 1 / m)), n + m - 2, confidence)


def all_pairs(samples: Mapping[str, ArrayLike], confidence: float = 0.95) -> dict[tuple[str, str], Estimate]:
    """Paired differences `first - second` of every two samples, all true at once with at least `confidence`.

    Bonferroni: each of the k(k - 1)/2 intervals misses with at most its share of 1 - confidence (Law, sec. 10.3.2).
    """
    pairs = list(combinations(samples, 2))
    each = 1 - (1 - confidence) / max(1, len(pairs))
    return {(one, other): paired(samples[one], samples[other], each) for one, other in pairs}


def ratio(numerators: ArrayLike, denominators: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Ratio of the sums over replications, with its jackknife interval (Wolter, sec. 4.2, about the ratio itself).

    nan where the denominators add up to 0, without interval where they do so without one of the replications.
    """
    above, below = _both(numerators, denominators)
    return _jackknifed(_ratio(above, below), _ratios_without_each(above, below), confidence)


def ratio_linear(numerators: ArrayLike, denominators: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Ratio of the sums over replications, with its linearised (Taylor) interval (Cochran, sec. 6.4)."""
    above, below = _both(numerators, denominators)
    centre = _ratio(above, below)
    if math.isnan(centre):
        return Estimate(NAN, NAN, NAN, NAN, above.size)
    return _around(centre, _sd(above - centre * below) / abs(float(below.mean())), above.size, confidence)


def ratio_difference(
    numerators: ArrayLike,
    denominators: ArrayLike,
    other_numerators: ArrayLike,
    other_denominators: ArrayLike,
    *,
    confidence: float = 0.95,
) -> Estimate:
    """The first ratio of sums minus the other, paired by replication: the jackknife leaves one out of both at once."""
    above, below, other_above, other_below = _both(numerators, denominators, other_numerators, other_denominators)
    centre = _ratio(above, below) - _ratio(other_above, other_below)
    without = _ratios_without_each(above, below) - _ratios_without_each(other_above, other_below)
    return _jackknifed(centre, without, confidence)


def quantile(sample: ArrayLike, share: float, confidence: float = 0.95) -> Estimate:
    """The `share` quantile (0.5: the median), with a distribution-free interval between two values of the sample.

    The ends are order statistics that enclose the quantile with at least `confidence`, at most half of the rest on
    each side (Conover, sec. 3.2). An end is nan where the sample is too small to have one: P5 and P95 at 95 % need
    72 replications.
    """
    values = np.sort(_defined(sample))
    n = values.size
    if n == 0:
        return Estimate(NAN, NAN, NAN, NAN, 0)
    below = _binomial_cdf(n, share)
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
    """Chance of an event from whether it happened (1, 0 or nan) in each replication, with Wilson's score interval."""
    from scipy.special import ndtri

    values = _defined(happened)
    n = values.size
    if n == 0:
        return Estimate(NAN, NAN, NAN, NAN, 0)
    share = float(values.mean())
    z = float(ndtri((1 + confidence) / 2))
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # In exact arithmetic the ends are 0 and 1 at the extremes.
    low = 0.0 if share == 0 else centre - half
    high = 1.0 if share == 1 else centre + half
    return Estimate(share, math.sqrt(share * (1 - share)), low, high, n)


def chance_exact(happened: ArrayLike, confidence: float = 0.95) -> Estimate:
    """As `chance`, with the interval of Clopper and Pearson (1934): never covers less than it says, so it is wider."""
    from scipy.special import betaincinv

    values = _defined(happened)
    n = values.size
    if n == 0:
        return Estimate(NAN, NAN, NAN, NAN, 0)
    events, tail = int(values.sum()), (1 - confidence) / 2
    low = float(betaincinv(events, n - events + 1, tail)) if events > 0 else 0.0
    high = float(betaincinv(events + 1, n - events, 1 - tail)) if events < n else 1.0
    share = events / n
    return Estimate(share, math.sqrt(share * (1 - share)), low, high, n)


def variance_reduction(one: ArrayLike, other: ArrayLike) -> float:
    """How many times as many independent replications a difference of means would need without common numbers.

    (Var(one) + Var(other)) / Var(one - other): 1 is no gain, infinite where the difference never varies, nan with
    fewer than two pairs or where nothing varies at all.
    """
    first, second = _both(one, other)
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


def _both(*samples: ArrayLike) -> list[Sample]:
    """The samples, without the replications in which any of them is undefined."""
    arrays = [np.asarray(sample, dtype=np.float64).ravel() for sample in samples]
    if len({array.size for array in arrays}) > 1:
        raise ValueError(f"paired samples must be of equal length, not {[array.size for array in arrays]}")
    defined = ~np.isnan(np.stack(arrays)).any(axis=0)
    return [array[defined] for array in arrays]


def _sd(values: Sample) -> float:
    return float(values.std(ddof=1)) if values.size > 1 else NAN


def _around(centre: float, sd: float, n: int, confidence: float) -> Estimate:
    """The t interval of `centre`, whose standard error is sd / sqrt(n)."""
    half = t_quantile((1 + confidence) / 2, n - 1) * sd / math.sqrt(n)
    return Estimate(centre, sd, centre - half, centre + half, n)


def _contrast(first: Sample, second: Sample, error: float, df: float, confidence: float) -> Contrast:
    from scipy.special import stdtr

    n, m = first.size, second.size
    apart = float(first.mean() - second.mean()) if min(n, m) > 0 else NAN
    half = t_quantile((1 + confidence) / 2, df) * error
    # The sd of one pair, as if the samples had been paired: what a paired estimate calls its sd.
    sd = math.sqrt(float(first.var(ddof=1) + second.var(ddof=1))) if min(n, m) > 1 else NAN
    no_spread = NAN if math.isnan(error) or apart == 0 else math.copysign(math.inf, apart)
    t = apart / error if error > 0 else no_spread
    p = 2 * float(stdtr(df, -abs(t)))
    return Contrast(Estimate(apart, sd, apart - half, apart + half, min(n, m)), t, df, p)


def _ratio(above: Sample, below: Sample) -> float:
    total = float(below.sum())
    return float(above.sum()) / total if total != 0 else NAN


def _ratios_without_each(above: Sample, below: Sample) -> Sample:
    """The ratio of sums without the first replication, without the second, and so on."""
    # Measures are never negative: a rest that rounding leaves of a sum of nothing else must not become a denominator.
    rest = below.sum() - below
    rest[np.abs(rest) <= 1e-12 * np.abs(below).sum()] = NAN
    return np.asarray((above.sum() - above) / rest, dtype=np.float64)


def _jackknifed(centre: float, without: Sample, confidence: float) -> Estimate:
    n = without.size
    if n < 2 or math.isnan(centre):
        return Estimate(centre, NAN, NAN, NAN, n)
    pseudo_values = n * centre - (n - 1) * without
    return _around(centre, _sd(pseudo_values), n, confidence)


def _binomial_cdf(n: int, share: float) -> Sample:
    """P(B <= r) for r = 0..n - 1, where B is binomial: how many of n values lie below their `share` quantile."""
    from scipy.special import bdtr

    return np.asarray(bdtr(np.arange(n, dtype=np.float64), n, share), dtype=np.float64)
