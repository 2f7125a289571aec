"""From one value a replication to what the sets say: the one way by which means, differences and ratios get intervals.

A sample has one value a replication, nan where it is undefined; its set gives the mean of those that are defined. A set
of which replications failed is the mean of the fewer. Intervals are those of `intervals`; the sd beside them is of one
replication.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.statistics.estimates import Estimate
from sim.statistics.intervals import (
    USUAL,
    SetEstimate,
    Terms,
    difference_of,
    mean_of,
    paired,
    ratio_difference_of,
    ratio_of,
)

Sample = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sets:
    """Which set every value of a sample belongs to."""

    places: NDArray[np.int64]
    """Number of the set by value, from 0."""
    count: int

    @classmethod
    def of(cls, keys: Iterable[object]) -> Sets:
        """By the set of each value, whatever names it; sets are numbered as they come."""
        numbers: dict[object, int] = {}
        places = [numbers.setdefault(key, len(numbers)) for key in keys]
        return cls(np.array(places, dtype=np.int64), len(numbers))

    @classmethod
    def in_order(cls, count: int, size: int, first: int = 0) -> Sets:
        """Of the replications `first` to `first + count - 1`, where so many make a set."""
        numbers = np.arange(first, first + count, dtype=np.int64) // size
        places = numbers - (numbers[0] if count else 0)
        return cls(places, int(places[-1]) + 1 if count else 0)

    def first(self, values: int) -> Sets:
        """Those of the first so many values."""
        places = self.places[:values]
        return Sets(places, int(places.max(initial=-1)) + 1)

    def means(self, sample: ArrayLike) -> Sample:
        """One value a set: (sets,), nan where none of its replications is defined. ValueError for another length."""
        values = np.asarray(sample, dtype=np.float64).ravel()
        if values.size != self.places.size:
            raise ValueError(f"{values.size} values, but {self.places.size} replications")
        defined = ~np.isnan(values)
        counts = np.bincount(self.places[defined], minlength=self.count)
        sums = np.bincount(self.places[defined], weights=values[defined], minlength=self.count)
        with np.errstate(invalid="ignore"):
            means: Sample = np.where(counts > 0, sums / np.maximum(counts, 1), math.nan)
        return means


@dataclass(frozen=True, eq=False)
class Inference:
    """How samples of one run are turned into estimates: their sets, the confidence, the weights of the sets.

    `fixed` says of a quantity that it cannot vary, by the scenario and not by what was seen: its interval may have
    width 0.
    """

    sets: Sets
    terms: Terms = USUAL
    unseen: float = 0.0
    """Of what may come no set has met so much, in unit-days (`discordance.unseen_requirement`)."""

    def mean(self, sample: ArrayLike, *, fixed: bool = False, exposed: bool = False) -> Estimate:
        """Mean over sets; `exposed`: it is an unmet need, to which what is unseen may add."""
        values = np.asarray(sample, dtype=np.float64).ravel()
        terms = replace(self.exposed, loss=True) if exposed else self.terms
        return _estimate_of(mean_of(self.sets.means(values), replace(terms, cannot_vary=fixed)), values)

    def difference(self, one: ArrayLike, other: ArrayLike, *, fixed: bool = False, exposed: bool = False) -> Estimate:
        """Mean of `one - other`, paired by replication within sets; `exposed`: of unmet needs."""
        first, second = paired(one, other)
        terms = replace(self.exposed if exposed else self.terms, cannot_vary=fixed)
        apart = difference_of(self.sets.means(first), self.sets.means(second), terms)
        return _estimate_of(apart, first - second)

    @property
    def exposed(self) -> Terms:
        """The terms for unmet needs and their differences."""
        return replace(self.terms, unseen=self.unseen)

    def ratio(self, above: ArrayLike, below: ArrayLike, *, fixed: bool = False) -> Estimate:
        """Ratio of sums over replications."""
        parts = paired(above, below)
        found = ratio_of(self.sets.means(parts[0]), self.sets.means(parts[1]), replace(self.terms, cannot_vary=fixed))
        return _estimate_of(found, _parts(*parts))

    def ratio_difference(
        self, one: tuple[ArrayLike, ArrayLike], other: tuple[ArrayLike, ArrayLike], *, fixed: bool = False
    ) -> Estimate:
        """The first ratio (above, below) of sums minus the other, paired by replication."""
        parts = paired(*one, *other)
        above, below, other_above, other_below = map(self.sets.means, parts)
        found = ratio_difference_of((above, below), (other_above, other_below), replace(self.terms, cannot_vary=fixed))
        return _estimate_of(found, _parts(*parts[:2]) - _parts(*parts[2:]))


def _estimate_of(found: SetEstimate, values: Sample) -> Estimate:
    defined = values[~np.isnan(values)]
    sd = float(defined.std(ddof=1)) if defined.size > 1 else math.nan
    return Estimate(found.mean, sd, found.low, found.high, defined.size, found.sets, found.refused)


def _parts(above: Sample, below: Sample) -> Sample:
    """What each replication gives a ratio of sums: values that scatter about it (Cochran, sec. 6.4)."""
    total = float(np.nansum(below))
    if total == 0:
        return np.full(above.size, math.nan)
    ratio = float(np.nansum(above)) / total
    parts: Sample = ratio + (above - ratio * below) * np.count_nonzero(~np.isnan(below)) / total
    return parts
