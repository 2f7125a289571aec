"""Several differences told at once: all pairs of options, and every option against the best of the others.

Values are (sets, options), one value a set, paired by set; a set in which any option is undefined (nan) is left out.
Every single interval is that of `intervals`, at the confidence by which all hold together (Bonferroni), and needs the
more discordant sets for it. A pair without an interval is simply not known: nothing is ruled out by it.

References: Law, *Simulation Modeling and Analysis*, sec. 10.3.2 (all pairs); Hsu (1996), *Multiple Comparisons*, ch. 4,
and Chang and Hsu (1992), Journal of the American Statistical Association 87 (against the best, unequal widths).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.statistics.intervals import USUAL, SetEstimate, Terms, difference_of

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AgainstBest:
    """One option against the best of the others, where less is better."""

    low: float
    """Lower end of the interval of its mean minus the best of the others'; -inf where that is not known."""
    high: float
    """Upper end; 0 says that it is the best. inf where that is not known."""
    may_be_best: bool
    """Whether it could not be ruled out as the best."""


def all_pairs(values: ArrayLike, terms: Terms = USUAL) -> dict[tuple[int, int], SetEstimate]:
    """The differences `first - second` of every two columns, all true at once with at least `terms.confidence`."""
    table = _complete(values)
    pairs = list(combinations(range(table.shape[1]), 2))
    each = replace(terms, confidence=1 - (1 - terms.confidence) / max(1, len(pairs)))
    return {(one, other): difference_of(table[:, one], table[:, other], each) for one, other in pairs}


def against_the_best(values: ArrayLike, terms: Terms = USUAL) -> list[AgainstBest]:
    """Multiple comparisons with the best, and which options may be best, by column.

    Rests on one event: the true best's differences from the k - 1 others err to one side only by what their intervals
    allow. Each interval has the two-sided confidence 1 - (1 - confidence) / (k - 1): for normal values twice what one
    side takes, but a skewed sample errs mostly to one side (with the one-sided level 92 % was measured), and so two
    options are judged as by their difference alone. With at least the confidence all intervals hold at once and the
    best is among those that may be. Less is better: give negative values where more is.
    """
    table = _complete(values)
    k = table.shape[1]
    if k == 1:
        return [AgainstBest(0.0, 0.0, True)]
    low, high = _limits(table, replace(terms, confidence=1 - (1 - terms.confidence) / (k - 1)))
    candidate = low.max(axis=1) <= 0
    found = []
    for option in range(k):
        rivals = candidate & (np.arange(k) != option)
        top = max(0.0, float(high[option][rivals].max())) if rivals.any() else 0.0
        found.append(AgainstBest(min(0.0, float(low[option].max())), top, bool(candidate[option])))
    return found


def _limits(table: Array, terms: Terms) -> tuple[Array, Array]:
    """(options, options): ends of the interval of row minus column; infinite where it is not known."""
    k = table.shape[1]
    low, high = np.full((k, k), -math.inf), np.full((k, k), math.inf)
    for one, other in combinations(range(k), 2):
        found = difference_of(table[:, one], table[:, other], terms)
        if found.known:
            low[one, other], high[one, other] = found.low, found.high
            low[other, one], high[other, one] = -found.high, -found.low
    return low, high


def _complete(values: ArrayLike) -> Array:
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] == 0:
        raise ValueError(f"one value by set and option is needed, not an array of {table.shape}")
    if np.isnan(table).any():
        table = np.where(np.isnan(table).any(axis=1, keepdims=True), math.nan, table)
    return table
