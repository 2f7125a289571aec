"""Which option is best, how sure one can be of it, and how many replications that takes.

Everything here allows common random numbers: options are compared replication by replication. `samples` map an
option's name to one value per replication, all of one length and in the same order; a replication in which any option
is undefined (nan) is left out. Smaller is better (unmet need) unless `smaller_is_better` is False.

References: Nelson and Matejcik (1995), Management Science 41:1935, with Bonferroni's t as in Law ch. 10; Chang and
Hsu (1992), Journal of the American Statistical Association 87 (intervals of unequal width); Nelson, Swann, Goldsman
and Song (2001), Operations Research 49:950 (screening); Kim and Nelson (2001), TOMACS 11:251; Chen, Lin, Yücesan and
Chick (2000), Discrete Event Dynamic Systems 10:251.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.statistics.estimates import t_quantile

Matrix = NDArray[np.float64]

LEAST_RESAMPLED = 10
"""Replications below which no option is judged the best: intervals rest on normality that so few cannot show, and
resampling says more than they know (of two, the better would be sure to be the best)."""
RESAMPLES = 4000
"""Bootstrap resamples: a share of 50 % is then known to 1.6 points."""
MOST_RESAMPLED = 2_000
"""Replications above which the means of resamples are drawn from their normal limit instead, which is as good and takes
no longer for a million of them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One option against the best of the others."""

    name: str
    mean: float
    """Mean of its own sample."""
    low: float
    """Lower end of the interval of its mean minus that of the best of the others; all options' hold at once."""
    high: float
    """Upper end. Where smaller is better: high = 0 says that it is the best, low = 0 that it is not."""
    may_be_best: bool
    """Whether screening could not rule it out as the best."""
    chance_best: float
    """Share of the bootstrap resamples of the replications in which its mean is the best; ties are shared. nan
    from too few replications."""


@dataclass(frozen=True)
class Ranking:
    """All options against the best."""

    standings: Mapping[str, Standing]
    confidence: float
    """With at least this confidence, `may_be_best` holds the best option and every interval is true, all at once."""
    replications: int
    smaller_is_better: bool

    @property
    def may_be_best(self) -> tuple[str, ...]:
        """The options that could not be ruled out, best mean first."""
        sign = 1 if self.smaller_is_better else -1
        left = [standing for standing in self.standings.values() if standing.may_be_best]
        return tuple(standing.name for standing in sorted(left, key=lambda one: sign * one.mean))


def rank(
    samples: Mapping[str, ArrayLike],
    confidence: float = 0.95,
    *,
    smaller_is_better: bool = True,
    width: float | None = None,
) -> Ranking:
    """Multiple comparisons with the best, and the options that may be best.

    For the true best b, all k - 1 differences from it err by at most t S / sqrt(n) on one side, with at least
    `confidence` (Bonferroni, t of 1 - (1 - confidence)/(k - 1) with n - 1 degrees of freedom). Both the intervals and
    the screening follow from that one event. `width` replaces every t S / sqrt(n) by the indifference zone that the
    replications were planned for (`replications_for`): Nelson and Matejcik's intervals. With fewer than
    `LEAST_RESAMPLED` replications nothing is ruled out and the intervals are nan.
    """
    names, values = _table(samples)
    means = values.mean(axis=0) if len(values) else np.full(len(names), math.nan)
    gains = -means if smaller_is_better else means
    known = len(values) >= LEAST_RESAMPLED
    widths = _widths(values, confidence) if width is None else np.full((len(names), len(names)), width)
    candidates, low, high = _with_the_best(gains, widths) if known else _nothing_known(len(names))
    if smaller_is_better:
        low, high = -high, -low
    chances = _chances_best(values if smaller_is_better else -values)
    standings = {
        name: Standing(name, float(means[i]), float(low[i]), float(high[i]), bool(candidates[i]), chances[i])
        for i, name in enumerate(names)
    }
    return Ranking(standings, confidence, len(values), smaller_is_better)


def replications_for(samples: Mapping[str, ArrayLike], indifference: float, confidence: float = 0.95) -> int:
    """Replications in all with which the best mean seen is, with `confidence`, within `indifference` of the best.

    The second stage of Nelson and Matejcik's procedure in Bonferroni's form, from a first stage of n replications:
    max(n, ceil(t² max S² / indifference²)). 0 with fewer than two replications: run a first stage.
    """
    if indifference <= 0:
        raise ValueError(f"the indifference zone must be more than 0, not {indifference:g}")
    names, values = _table(samples)
    n = len(values)
    if n < 2:
        return 0
    t = t_quantile(1 - (1 - confidence) / max(1, len(names) - 1), n - 1)
    return max(n, math.ceil(t**2 * float(variances_of_differences(values).max()) / indifference**2))


def variances_of_differences(values: Matrix) -> Matrix:
    """Variances of the paired differences of every two columns: (replications, options) -> (options, options)."""
    covariance = np.atleast_2d(np.cov(values, rowvar=False, ddof=1))
    own = np.diag(covariance)
    variances: Matrix = np.maximum(0.0, own[:, None] + own[None, :] - 2 * covariance)
    # Options that always differ by the same amount must not seem to vary by rounding.
    variances[variances <= 1e-13 * (own[:, None] + own[None, :])] = 0
    return variances


def optimal_allocation(
    means: Sequence[float],
    variances: Sequence[float],
    done: Sequence[int],
    more: int,
    *,
    smaller_is_better: bool = True,
) -> list[int]:
    """How to share `more` replications among options, so that the best is picked most often (OCBA).

    Assumes independent samples: a guide to where replications pay, when common random numbers cannot be had. Needs
    at least two options, with positive variances. Follows the reference code of Chen and Lee (2010), appendix A.
    """
    goal = np.array(means, dtype=np.float64) * (1 if smaller_is_better else -1)
    spread, have = np.array(variances, dtype=np.float64), np.array(done, dtype=np.int64)
    best, second = np.argsort(goal, kind="stable")[:2]
    gaps = np.maximum(goal - goal[best], 1e-12 * max(1.0, float(np.ptp(goal))))
    shares = (gaps[second] / gaps) ** 2 * spread / spread[second]
    shares[best] = 0
    shares[best] = math.sqrt(spread[best] * float((shares**2 / spread).sum()))
    total = int(have.sum()) + more
    planned, open_ = have.copy(), np.ones(len(have), dtype=bool)
    while True:
        left = total - int(planned[~open_].sum())
        planned[open_] = np.floor(left * shares[open_] / shares[open_].sum()).astype(np.int64)
        enough = open_ & (planned < have)
        if not enough.any():
            break
        planned[enough] = have[enough]
        open_ &= ~enough
    planned[best] += total - int(planned.sum())
    return [int(each) for each in planned - have]


def _table(samples: Mapping[str, ArrayLike]) -> tuple[list[str], Matrix]:
    """The options' names and their values as (replications, options), complete replications only."""
    columns = [np.asarray(sample, dtype=np.float64).ravel() for sample in samples.values()]
    if not columns:
        raise ValueError("there is no option to compare")
    if len({column.size for column in columns}) > 1:
        raise ValueError(f"samples must be of equal length, not {[column.size for column in columns]}")
    table = np.stack(columns, axis=1)
    return list(samples), table[~np.isnan(table).any(axis=1)]


def _widths(values: Matrix, confidence: float) -> Matrix:
    n, k = values.shape
    if n < 2:
        return np.full((k, k), math.nan)
    t = t_quantile(1 - (1 - confidence) / max(1, k - 1), n - 1)
    widths: Matrix = t * np.sqrt(variances_of_differences(values) / n)
    return widths


def _with_the_best(gains: Matrix, widths: Matrix) -> tuple[NDArray[np.bool_], Matrix, Matrix]:
    """Candidates, and constrained intervals of gain minus the best of the other gains (larger is better here)."""
    k = len(gains)
    if k == 1:
        return np.array([True]), np.zeros(1), np.zeros(1)
    others = ~np.eye(k, dtype=bool)
    apart = gains[:, None] - gains[None, :]
    upper = np.where(others, apart + widths, math.inf).min(axis=1)
    candidates = upper >= 0
    rivals = others & candidates[None, :]
    lower = np.where(rivals, apart - widths, math.inf).min(axis=1)
    # Without a rival left the option is the best: its lower end is 0.
    return candidates, np.where(rivals.any(axis=1), np.minimum(lower, 0), 0.0), np.maximum(upper, 0)


def _nothing_known(k: int) -> tuple[NDArray[np.bool_], Matrix, Matrix]:
    return np.ones(k, dtype=bool), np.full(k, math.nan), np.full(k, math.nan)


def _chances_best(values: Matrix) -> list[float]:
    """By column, the share of resamples of the rows in which its mean is the smallest; ties are shared equally."""
    n, k = values.shape
    if n < LEAST_RESAMPLED:
        return [math.nan] * k
    luck, scale = np.random.default_rng(1), float(np.abs(values).max())
    centre, wins = values.mean(axis=0), np.zeros(k)
    covariance = np.atleast_2d(np.cov(values, rowvar=False)) / n
    for _ in range(RESAMPLES // 100):
        if n > MOST_RESAMPLED:
            means = luck.multivariate_normal(centre, covariance, size=100)
        else:
            means = luck.multinomial(n, np.full(n, 1 / n), size=100) @ values / n
        # Equal options must tie, whatever the order in which they are summed.
        best = means <= means.min(axis=1, keepdims=True) + 1e-9 * scale
        wins += (best / best.sum(axis=1, keepdims=True)).sum(axis=0)
    return [float(win) / RESAMPLES for win in wins]
