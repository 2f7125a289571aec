"""Whether a sample has seen enough to be believed: how many of its sets differ, how many of them weigh, what is unseen.

An interval made of the sample's spread says nothing about what the sample has not met: twenty zeros have no spread.
Three questions are asked before one is given.

**How many sets must differ.** If a quantity differed from its usual value in d sets only, up and down with equal
chance, all d would go the same way with chance 2 * 2^-d (the sign test: Conover, *Practical Nonparametric Statistics*,
sec. 3.4). Where that exceeds 1 - confidence no sign can be told, whatever the sizes. So

    d(confidence) = ceil(log2(2 / (1 - confidence))),

6 at 95 %, 10 for each of 15 pairs at 95 % together. Sets in which a pair of options does not differ carry no word on
its sign and do not count. Where only the chance of a difference is unknown (zero or one size, binomial), the interval
of `intervals` misses at most 5.4 % from that number on, at every chance and at 10 to 250 sets (enumerated in
`tests/test_interval_coverage.py`).

**How many of them must weigh.** One disaster among many trifles is one observation. The effective number is
(sum |x - median|)^2 / sum (x - median)^2 (Kish 1965): k sets of equal weight count as k, one that outweighs all others
as 1. At least `LEAST_EFFECTIVE` must weigh; the number is the largest that keeps small samples of near-normal values
(6 sets: 94 % pass) and that measured coverage does not fall by leaving out whoever fails it.

**What nobody has seen.** No rule on values can tell a world without disasters from one whose disaster has not come
yet. The requirement can be known without simulating (`unseen_requirement`).
"""

from __future__ import annotations

import math
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

LEAST_EFFECTIVE = 2.5
"""Sets of equal weight that the spread must at least be made of."""
EQUAL = 1e-12
"""Values that are so close, as a share of the largest, are equal but for rounding."""


class Refusal(StrEnum):
    """Why there is no interval."""

    FEW_SETS = "too few sets"
    ALL_EQUAL = "no set differed from another"
    FEW_DIFFER = "too few sets differed"
    FEW_WEIGH = "a few sets make the whole spread"
    UNDEFINED = "undefined in too many sets"
    UNSEEN = "what the traces may bring has not been seen"


def least_discordant(confidence: float = 0.95) -> int:
    """Sets that must differ before anything is told with this two-sided confidence: see above."""
    return math.ceil(math.log2(2 / (1 - confidence)) - 1e-9)


def usual(values: ArrayLike) -> tuple[float, int]:
    """The most common value, and in how many sets there is another. (nan, n) where no two sets are equal."""
    ordered = np.sort(np.asarray(values, dtype=np.float64).ravel())
    if ordered.size == 0:
        return math.nan, 0
    near = EQUAL * float(np.abs(ordered).max())
    starts = np.flatnonzero(np.diff(ordered, prepend=-math.inf) > near)
    counts = np.diff(np.append(starts, ordered.size))
    most = int(np.argmax(counts))
    if counts[most] == 1 and ordered.size > 1:
        return math.nan, int(ordered.size)
    return float(ordered[starts[most]]), int(ordered.size - counts[most])


def effective_sets(values: ArrayLike) -> float:
    """How many sets of equal weight the spread about the median is worth; 0 where there is none."""
    sample = np.asarray(values, dtype=np.float64).ravel()
    if sample.size == 0:
        return 0.0
    apart = np.abs(sample - np.median(sample))
    largest = float(apart.max())
    if largest <= EQUAL * float(np.abs(sample).max()):
        return 0.0
    apart /= largest
    return float(apart.sum() ** 2 / (apart**2).sum())


def refusal(values: ArrayLike, confidence: float = 0.95) -> Refusal | None:
    """Why a sample (sets,) bears no interval of this confidence; None where it does."""
    sample = np.asarray(values, dtype=np.float64).ravel()
    needed = least_discordant(confidence)
    differing = usual(sample)[1]
    if sample.size < needed:
        return Refusal.FEW_SETS
    if differing == 0:
        return Refusal.ALL_EQUAL
    if differing < needed:
        return Refusal.FEW_DIFFER
    return Refusal.FEW_WEIGH if effective_sets(sample) < LEAST_EFFECTIVE else None


def unseen_requirement(seen: ArrayLike, known: ArrayLike) -> float:
    """Mean requirement in excess of twice the largest met: what the sample has not been put to, in unit-days.

    `seen`: (replications, cells), the requirement by mission and resource of the replications that were simulated.
    `known`: (traces, cells), the same of many traces that were only drawn. A cell's requirement counts as far as it
    exceeds twice the largest that was seen there (all of it where none was). An option cannot lose more than is
    required, so a mean, and a difference of two, may be wrong by so much through what has not come yet. It is 0 where
    the sample met what the traces can bring. ValueError where the cells are not the same.
    """
    met, drawn = (np.asarray(each, dtype=np.float64) for each in (seen, known))
    if met.ndim != 2 or drawn.ndim != 2 or met.shape[1] != drawn.shape[1] or len(drawn) == 0:
        raise ValueError(f"requirements by trace and cell are needed, not arrays of {met.shape} and {drawn.shape}")
    largest = met.max(axis=0) if len(met) else np.zeros(met.shape[1])
    return float(np.maximum(drawn - 2 * largest, 0).mean(axis=0).sum())
