"""How well a forecast that is a distribution met what happened: scores of delays in days, and of chances.

A delay is scored on z = log(1 + days), so that a forecast of 2 days for 4 is as far off as one of 20 for 40. What
happened may be known as a value, within bounds, or from one side only: `low` and `high` are the least and the most that
it can have been, equal for a value and infinite where nothing is known. The score is

    ∫ F(z)² dz up to low  +  ∫ (1 − F(z))² dz from high on,

F being the forecast's distribution function. For a value that is the continuous ranked probability score (CRPS;
Gneiting & Raftery 2007, JASA 102:359); between the bounds nothing is asked, which is the threshold-weighted CRPS
(Gneiting & Ranjan 2011, JBES 29:411) and proper like it. Smaller is better; a forecast that lies within the bounds
altogether scores 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.statistics.intervals import student
from sim.words.numbers import finite_values

Array = NDArray[np.float64]
LEAST_DAYS, MOST_DAYS = 1.0, 120.0
"""A guess without shape at a delay: any order of magnitude between a day and four months."""
NODES = 200
"""Points of the quadrature, by which it is exact to rounding on each side of the record."""


def crps(days: ArrayLike, low: float, high: float) -> float:
    """Score of an ensemble of delays, each as likely as any other, against what happened (days, 0 or more).

    ValueError where there is no ensemble, or the bounds are not in order.
    """
    sample, (low, high) = _logs(days), _bounds(low, high)
    below = 0.0 if math.isinf(low) else _crps_of_a_value(np.minimum(sample, low), low)
    above = 0.0 if math.isinf(high) else _crps_of_a_value(np.maximum(sample, high), high)
    return below + above


def pit(days: ArrayLike, low: float, high: float) -> float:
    """Where in the ensemble what happened lies: 0 below all of it, 1 above, and 0.5 in its middle.

    The probability integral transform; of a value that the ensemble has itself, its middle (mid-PIT). Of a range it is
    the mean over the range, evenly in log(1 + days); of a bound the middle between the bound's and the end. Over many
    facts that the forecasts get right it is spread evenly (Czado, Gneiting & Held 2009, Biometrics 65:1254).
    """
    sample, (low, high) = _logs(days), _bounds(low, high)
    if math.isinf(low) or math.isinf(high):
        return (_middle(sample, low) + _middle(sample, high)) / 2
    if low == high:
        return _middle(sample, low)
    return float(np.clip((high - sample) / (high - low), 0, 1).mean())


def crps_log_uniform(low: float, high: float) -> float:
    """Score of the guess without shape: the logarithm of the days evenly between LEAST_DAYS and MOST_DAYS."""
    low, high = _bounds(low, high)
    ends = math.log1p(LEAST_DAYS), math.log1p(MOST_DAYS)
    below, above = 0.0, 0.0
    if math.isfinite(low):
        below = _integral(ends[0], min(low, ends[1])) + max(0.0, low - ends[1])
    if math.isfinite(high):
        above = _integral(max(high, ends[0]), ends[1], upper=True) + max(0.0, ends[0] - high)
    return below + above


def brier(chance: float, happened: bool) -> float:
    """Squared distance of a chance from what happened (Brier 1950): 0 is best, 0.25 that of an even chance."""
    return (chance - happened) ** 2


@dataclass(frozen=True, slots=True)
class Skill:
    """How much better than a reference a forecast scored, pooled over facts: 1 is perfect, 0 no better, below 0 worse.

    nan where it is not defined: without facts, and the range with fewer than two.
    """

    value: float
    low: float
    high: float
    facts: int

    def as_json(self) -> dict[str, float | int | None]:
        """Plain numbers; None where undefined."""
        return {**finite_values(self, "value", "low", "high"), "facts": self.facts}


def skill(scores: Sequence[float], reference: Sequence[float]) -> Skill:
    """1 − (sum of the scores) / (sum of the reference's), fact by fact in the same order.

    The range is the jackknife's over facts at 95 %, by its pseudo-values and Student's t (Wolter, *Introduction to
    Variance Estimation*, ch. 4): the facts are few, and each was drawn once.
    """
    above, below = np.asarray(scores, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    n = above.size
    if n == 0 or not below.sum() > 0:
        return Skill(math.nan, math.nan, math.nan, n)
    whole = 1 - float(above.sum() / below.sum())
    left = below.sum() - below
    if n < 2 or not (left > 0).all():
        return Skill(whole, math.nan, math.nan, n)
    pseudo = n * whole - (n - 1) * (1 - (above.sum() - above) / left)
    half = student(n - 1, 0.95) * float(pseudo.std(ddof=1)) / math.sqrt(n)
    return Skill(whole, whole - half, whole + half, n)


def _logs(days: ArrayLike) -> Array:
    sample = np.log1p(np.asarray(days, dtype=np.float64))
    if sample.ndim != 1 or not sample.size or not np.isfinite(sample).all():
        raise ValueError("an ensemble is one or more numbers of days, none below 0")
    return sample


def _bounds(low: float, high: float) -> tuple[float, float]:
    """The bounds on the scale of the scores; -inf for a lower one that says nothing."""
    if math.isnan(low) or math.isnan(high) or low > high or (low == high and math.isinf(low)) or high < 0:
        raise ValueError(f"what happened must lie between bounds in their order, not {low} and {high}")
    return (math.log1p(low) if low >= 0 else -math.inf), math.log1p(high)


def _crps_of_a_value(sample: Array, value: float) -> float:
    """Mean distance from the value less half the mean distance of two members from each other."""
    ordered, n = np.sort(sample), sample.size
    places = 2 * np.arange(1, n + 1) - n - 1
    return max(0.0, float(np.abs(ordered - value).mean() - (places * ordered).sum() / n**2))


def _middle(sample: Array, value: float) -> float:
    """Share of the ensemble below the value, and half of what equals it."""
    if math.isinf(value):
        return float(value > 0)
    equal = np.isclose(sample, value, rtol=0, atol=1e-9)
    return float((equal / 2 + ((sample < value) & ~equal)).mean())


@lru_cache(maxsize=1)
def _nodes() -> tuple[Array, Array]:
    """Gauss and Legendre's: where to look, and what each weighs. To find them takes longer than all else."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return nodes, weights


def _integral(start: float, end: float, *, upper: bool = False) -> float:
    """∫ F² or, for the upper side, ∫ (1 − F)², from `start` to `end` on the scale of the scores, within the guess."""
    if not start < end:
        return 0.0
    first, last = math.log(math.expm1(start)), math.log(math.expm1(end))  # by the logarithm of the days, F is a line
    nodes, weights = _nodes()
    logs = (last - first) / 2 * nodes + (first + last) / 2
    share = (logs - math.log(LEAST_DAYS)) / math.log(MOST_DAYS / LEAST_DAYS)
    side = 1 - share if upper else share
    return float((last - first) / 2 * (weights * side**2 / (1 + np.exp(-logs))).sum())
