"""Points spread evenly over a unit cube, one after another: Sobol's sequence, scrambled as Owen does.

Of any 2^m consecutive points from a multiple of 2^m on, one falls into each 2^m-th of every dimension; and the first
dimensions are spread evenly together as well. Each point alone is uniform, so that means stay unbiased. A point depends
on its number and its dimension's key only: a sequence can be gone on with, or split, at any point.

References: Sobol' (1967), USSR Computational Mathematics and Mathematical Physics 7:86; Joe and Kuo (2008), SIAM
Journal on Scientific Computing 30:2635 (direction numbers); Owen (1995), in Monte Carlo and Quasi-Monte Carlo
Methods (nested uniform scrambling), here by hashing, as in Laine and Karras (2011), Computer Graphics Forum 30:1265.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.statistics.direction_numbers import BITS, DIMENSIONS, directions

MOST_POINTS = 2**BITS
TOGETHER = 64
"""Points that are made together."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = ((np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB)))


def even_points(keys: Sequence[int], batch: int) -> NDArray[np.float64]:
    """Points `batch * TOGETHER` to `(batch + 1) * TOGETHER - 1`, (TOGETHER, len(keys)), each between 0 and 1.

    The n-th column is Sobol's n-th dimension, scrambled by the n-th key, 0 to 2^64 - 1: a column more leaves those
    before it as they were. Made of whole numbers, so the same on every machine. ValueError for more than DIMENSIONS.
    """
    if len(keys) > DIMENSIONS:
        raise ValueError(f"no more than {DIMENSIONS} dimensions are spread evenly together, not {len(keys)}")
    digits = sobol(len(keys), batch * TOGETHER)
    columns = [scrambled(digits[:, place], key) for place, key in enumerate(keys)]
    points: NDArray[np.float64] = (np.stack(columns, axis=1) + 0.5) / MOST_POINTS
    return points


@lru_cache(maxsize=2)
def shared_points(count: int) -> NDArray[np.float64]:
    """The first `count` of Sobol's points as they are, from 0: (count, DIMENSIONS). To average with, shifted at random.

    `count` is a multiple of TOGETHER.
    """
    digits = [sobol(DIMENSIONS, first) for first in range(0, count, TOGETHER)]
    points: NDArray[np.float64] = np.concatenate(digits) / MOST_POINTS
    return points


def sobol(dimensions: int, first: int) -> NDArray[np.uint64]:
    """The digits of points `first` to `first + TOGETHER - 1`: (TOGETHER, dimensions)."""
    numbers = first + np.arange(TOGETHER, dtype=np.uint64)
    gray = numbers ^ numbers >> np.uint64(1)  # Antonov and Saleev (1979): a point differs from the last by one number
    digits = np.zeros((TOGETHER, dimensions), dtype=np.uint64)
    for place in range(BITS):
        owes = (gray >> np.uint64(place) & np.uint64(1)).astype(bool)
        digits[owes] ^= directions()[:dimensions, place]
    return digits


def scrambled(digits: NDArray[np.uint64], key: int) -> NDArray[np.uint64]:
    """Numbers of BITS binary digits, each of which is flipped or not as all the digits before it decide.

    Numbers that begin alike begin alike afterwards: what was spread evenly stays so.
    """
    result = np.zeros_like(digits)
    for place in range(BITS - 1, -1, -1):
        before = digits >> np.uint64(place + 1)
        coin = _hashed((before * np.uint64(2 * BITS) + np.uint64(place)) * _GOLDEN + np.uint64(key)) >> np.uint64(63)
        result |= ((digits >> np.uint64(place) & np.uint64(1)) ^ coin) << np.uint64(place)
    return result


def _hashed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Steele, Lea and Flood's finalizer of SplitMix64 (2014): every digit depends on every digit."""
    for shift, factor in _MIX:
        numbers = (numbers ^ (numbers >> shift)) * factor
    return numbers ^ (numbers >> np.uint64(31))
