"""Intervals of means, differences and ratios over sets, and the bound of a chance that was never seen.

Samples have one value a set: the mean over the set's replications (a sum would do as well, for ratios). Sets are
independent; what is compared is paired by set. A set that is undefined (nan) is left out.

The interval is the hull of two: Student's t, and Hall's (1992, Journal of the Royal Statistical Society B 54:221),
which removes the skewness of t by a monotone cubic. Each is right where the other is not: t for small near-normal
samples, Hall's for skewed ones. The hull was chosen by measured coverage among t, bootstrap-t, Hall's, Johnson's and
empirical likelihood; the measurements are in `docs/explanation/what_the_intervals_promise.md`. Where a sample is too
poor for any of them there is no interval, and `refused` says why (`discordance`). No interval has width 0 unless the
caller says that the quantity cannot vary.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.statistics.discordance import EQUAL, Refusal, least_discordant, refusal, usual

if TYPE_CHECKING:
    from sim.statistics.calibration_weights import Weights

Array = NDArray[np.float64]
Quantile = Callable[[int, float], float]
NAN = math.nan


class Interval:
    """An estimate with its interval, or nan's where there is none."""

    __slots__ = ()
    mean: float
    low: float
    high: float

    @property
    def significant(self) -> bool:
        """Whether the interval leaves 0 out: what a difference must do before a word is said about it."""
        return 0 < self.low <= self.high or self.low <= self.high < 0  # neither where an end is nan

    def turned(self) -> Self:
        """Of the quantity with the other sign: other − one from one − other."""
        return replace(self, mean=-self.mean, low=-self.high, high=-self.low)  # type: ignore[type-var]  # each is one


@dataclass(frozen=True, slots=True)
class SetEstimate(Interval):
    """What the sets say about a quantity, in its own unit."""

    mean: float
    """The estimate: of a mean, a difference or a ratio; weighted where weights were given."""
    error: float
    """Its standard error; nan with fewer than two sets."""
    low: float
    """Lower end of the interval; nan where there is none."""
    high: float
    """Upper end of the interval; nan where there is none."""
    sets: int
    """Sets that it rests on."""
    refused: Refusal | None = None
    """Why the sample's spread gives no interval."""

    @property
    def known(self) -> bool:
        """Whether there is an interval."""
        return not (math.isnan(self.low) or math.isnan(self.high))

    @property
    def half_width(self) -> float:
        """The longer side of the interval: how far the estimate may be off. inf where there is no interval."""
        return max(self.high - self.mean, self.mean - self.low) if self.known else math.inf


@dataclass(frozen=True, slots=True)
class Terms:
    """How an interval is to be made."""

    confidence: float = 0.95
    weights: Weights | None = None
    """Calibration weights of the sets; None: all alike."""
    cannot_vary: bool = False
    """The quantity is the same in every set by construction (equal logs): its interval may have width 0."""
    unseen: float = 0.0
    """What the sets may not have met, in the quantity's unit (`unseen_requirement`): the ends move apart by as much."""
    quantile: Quantile | None = None
    """How many standard errors the interval reaches, from the degrees of freedom and the confidence; None: Student's t.
    Where it is inf there is no interval yet."""
    loss: bool = False
    """The quantity cannot be negative, and what has not been met can only add to it: its lower end is not below 0."""


USUAL = Terms()


def mean_of(values: ArrayLike, terms: Terms = USUAL) -> SetEstimate:
    """The mean of one value a set: (sets,)."""
    sample = np.asarray(values, dtype=np.float64).ravel()
    return _estimated(sample, terms)


def difference_of(one: ArrayLike, other: ArrayLike, terms: Terms = USUAL) -> SetEstimate:
    """The mean of `one - other`, paired by set: (sets,) each. ValueError where they are not of equal length."""
    return _estimated(differences(*paired(one, other)), terms)


def differences(one: Array, other: Array) -> Array:
    """`one - other`; 0 where options that did the same seem to differ by the order of summation only."""
    apart = one - other
    return np.where(np.abs(apart) <= EQUAL * np.maximum(np.abs(one), np.abs(other)), 0.0, apart)


def ratio_of(above: ArrayLike, below: ArrayLike, terms: Terms = USUAL) -> SetEstimate:
    """The ratio of the means of two samples over sets: (sets,) each, the denominators not negative.

    Without weights by the jackknife over sets (Wolter, *Introduction to Variance Estimation*, sec. 4.2), with weights
    linearised (Deville 1999, Survey Methodology 25:193). UNDEFINED where the denominators add up to 0, or would without
    one of the sets; a set whose numerator is 0 like most others' is one that does not differ.
    """
    first, second = paired(above, below)
    defined = ~np.isnan(first)
    base, differing = usual(first[defined])
    why = _too_few(differing, terms.confidence) if base == 0 else None
    if terms.weights is None:
        return _of_ratio(_ratio(first, second), _pseudo_values(first, second), defined, why, terms)
    centre, values = _linear(first, second, terms.weights)
    return _of_ratio(centre, values, defined, why, terms)


def ratio_difference_of(
    one: tuple[ArrayLike, ArrayLike], other: tuple[ArrayLike, ArrayLike], terms: Terms = USUAL
) -> SetEstimate:
    """The first ratio (above, below) minus the other, paired by set; the jackknife leaves a set out of both at once.

    A set in which both numerators and both denominators are equal is one that does not differ.
    """
    above, below, other_above, other_below = paired(*one, *other)
    defined = ~np.isnan(above)
    same = np.isclose(above, other_above, rtol=EQUAL, atol=0) & np.isclose(below, other_below, rtol=EQUAL, atol=0)
    why = _too_few(int((defined & ~same).sum()), terms.confidence)
    if terms.weights is None:
        centre = _ratio(above, below) - _ratio(other_above, other_below)
        values = _pseudo_values(above, below) - _pseudo_values(other_above, other_below)
        return _of_ratio(centre, values, defined, why, terms)
    centre, values = _linear(above, below, terms.weights)
    other_centre, other_values = _linear(other_above, other_below, terms.weights)
    return _of_ratio(centre - other_centre, values - other_values, defined, why, terms)


def chance_upper_bound(n: int, confidence: float = 0.95) -> float:
    """The largest chance that an event may have which n independent replications have not shown; 1 where n is 0.

    1 - (1 - confidence)^(1/n): the rule of three, exactly (0 of 200: at most 1.5 %). Replications of an even set show
    an event at least as surely as independent ones, so the bound is on the safe side for them.
    """
    return -math.expm1(math.log1p(-confidence) / n) if n > 0 else 1.0


def limits(centre: Array, error: Array, skewness: Array, count: Array, quantile: Array) -> tuple[Array, Array]:
    """The hull of `centre ± quantile * error` and Hall's interval for the same quantile; arrays of one shape.

    `skewness`: of one value, estimated without bias for normal data; `count`: values that the centre is a mean of.
    """
    steep = skewness / np.sqrt(count)
    flat = np.abs(steep) < 1e-6
    slope = np.where(flat, 1.0, steep)

    def back(z: Array) -> Array:
        bent: Array = 3 / slope * (np.cbrt(1 + slope * (z - slope / 6)) - 1)
        return np.where(flat, z, bent)

    up, down = back(np.asarray(quantile)), back(-np.asarray(quantile))
    return centre - error * np.maximum(quantile, up), centre - error * np.minimum(-quantile, down)


def skewness_of(values: Array) -> float:
    """The sample's skewness (Fisher's, adjusted); 0 where nothing varies or fewer than three values are there."""
    n = values.size
    if n < 3:
        return 0.0
    apart = values - values.mean()
    largest = float(np.abs(apart).max())
    if largest == 0:
        return 0.0
    apart /= largest
    return float((apart**3).mean() / (apart**2).mean() ** 1.5) * math.sqrt(n * (n - 1)) / (n - 2)


def _estimated(sample: Array, terms: Terms, centre: float | None = None) -> SetEstimate:
    """From one value a set; `centre` replaces their (weighted) mean where the values are linearised about another."""
    defined = ~np.isnan(sample)
    values, n = sample[defined], int(defined.sum())
    if n == 0:
        return SetEstimate(NAN, NAN, NAN, NAN, 0, Refusal.UNDEFINED if sample.size else Refusal.FEW_SETS)
    if terms.weights is None:
        middle, parts, lost, added = float(values.mean()), values, 1, 0.0
    else:
        middle, parts, lost, added = terms.weights.influence(sample)
    middle = middle if centre is None else centre
    if terms.cannot_vary:
        return SetEstimate(middle, 0.0, middle, middle, n)
    if n <= lost:
        return SetEstimate(middle, NAN, NAN, NAN, n, Refusal.FEW_SETS)
    # Weighted residuals are left out of their own fits: they have but the mean's degree of freedom less.
    error = math.hypot(math.sqrt(float(((parts - parts.mean()) ** 2).sum()) / (n - 1) / n), added)
    why = refusal(values, terms.confidence)
    if why is None and error == 0:
        why = Refusal.ALL_EQUAL
    if why is not None:
        return SetEstimate(middle, error, NAN, NAN, n, why)
    quantile = (terms.quantile or student)(n - lost, terms.confidence)
    if math.isinf(quantile):
        return SetEstimate(middle, error, NAN, NAN, n, Refusal.FEW_SETS)
    low, high = _hull(middle, error, (parts, values), quantile)
    low = max(0.0, low) if terms.loss else low - terms.unseen
    return SetEstimate(middle, error, low, high + terms.unseen, n)


def student(freedom: int, confidence: float) -> float:
    """Standard errors to either side for an interval that is looked at once, by Student's t; 0 without freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + confidence) / 2)) if freedom > 0 else 0.0


def _hull(middle: float, error: float, shapes: tuple[Array, Array], quantile: float) -> tuple[float, float]:
    """With the skewness of what is left by a fit, and of the sample itself: few sets hide the one in the other."""
    skewness = np.array([skewness_of(each) for each in shapes])
    centre, spread, count, reach = (np.full(2, each) for each in (middle, error, float(shapes[0].size), quantile))
    low, high = limits(centre, spread, skewness, count, reach)
    return float(low.min()), float(high.max())


def paired(*samples: ArrayLike) -> list[Array]:
    """The samples, undefined (nan) together: a replication or set counts where all of them are defined.

    ValueError where they are not of equal length.
    """
    arrays = [np.array(sample, dtype=np.float64).ravel() for sample in samples]
    if len({array.size for array in arrays}) > 1:
        raise ValueError(f"paired samples must be of equal length, not {[array.size for array in arrays]}")
    undefined = np.isnan(np.stack(arrays)).any(axis=0)
    for array in arrays:
        array[undefined] = NAN
    return arrays


def _ratio(above: Array, below: Array) -> float:
    total = float(np.nansum(below))
    return float(np.nansum(above)) / total if total > 0 else NAN


def _linear(above: Array, below: Array, weights: Weights) -> tuple[float, Array]:
    """The ratio of the weighted means, and what every set adds to it: values whose weighted mean is the ratio."""
    level = weights.mean(below)
    if not level > 0:
        return NAN, np.full(above.size, NAN)
    centre = weights.mean(above) / level
    return centre, np.asarray(centre + (above - centre * below) / level, dtype=np.float64)


def _pseudo_values(above: Array, below: Array) -> Array:
    """Of the jackknife: n * ratio − (n − 1) * the ratio without each set; nan where that is undefined."""
    defined = ~np.isnan(above)
    n, total = int(defined.sum()), float(np.nansum(below))
    rest = total - below
    # Denominators are never negative: what rounding leaves of nothing must not become one.
    rest[rest <= EQUAL * total] = NAN
    return np.asarray(n * _ratio(above, below) - (n - 1) * (np.nansum(above) - above) / rest, dtype=np.float64)


def _of_ratio(
    centre: float, values: Array, defined: NDArray[np.bool_], why: Refusal | None, terms: Terms
) -> SetEstimate:
    """From pseudo-values, unless a set's absence would leave the ratio undefined or `why` says otherwise."""
    n = int(defined.sum())
    if terms.cannot_vary and not math.isnan(centre):
        return SetEstimate(centre, 0.0, centre, centre, n)
    if n == 0 or math.isnan(centre) or np.isnan(values[defined]).any():
        return SetEstimate(centre, NAN, NAN, NAN, n, Refusal.UNDEFINED if n > 1 else Refusal.FEW_SETS)
    found = _estimated(values, terms, centre=centre)
    return found if why is None else replace(found, low=NAN, high=NAN, refused=why)


def _too_few(differing: int, confidence: float) -> Refusal | None:
    """Why so few sets say nothing about a ratio, whatever its denominators do."""
    if differing >= least_discordant(confidence):
        return None
    return Refusal.FEW_DIFFER if differing else Refusal.ALL_EQUAL
