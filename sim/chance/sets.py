"""Evenly spread chance: one draw for every replication of some sets, a Latin hypercube within each set.

Within a set the values of one named draw fall one into each equal part of (0, 1), in random order; different draws are
ordered independently of one another. Every value alone is uniform, so a mean over a set is unbiased, and what an
answer owes to each draw by itself averages out (Stein 1987, Technometrics 29:143; Owen 1992, Journal of the Royal
Statistical Society B 54:541). Sets are independent of one another.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

SIZE = 20
"""Replications of one set."""


def even_uniforms(generator: Generator, sets: int, size: int = SIZE) -> NDArray[np.float64]:
    """One draw from 0 (inclusive) to 1 (exclusive) for every replication: an array of shape (sets, size).

    Each row has one value in each of `size` equal parts: `floor(value * size)` is every number from 0 to size - 1 once.
    The generator gives 2 * size numbers a set, set by set: further sets leave the earlier ones as they were, and a
    second call continues the stream (the next occurrence's draws). ValueError unless sets >= 0 and size >= 1.
    """
    if sets < 0 or size < 1:
        raise ValueError(f"there are no {sets} sets of {size} replications")
    drawn = generator.random((sets, 2, size))
    part = np.argsort(drawn[:, 0], axis=1, kind="stable")
    even = (part + drawn[:, 1]) / size
    # Rounding may lift a value to its part's upper end (to 1, in the last part): it stays below, whatever divides it.
    late = np.floor(even * size) > part
    if late.any():
        even[late] = np.nextafter(np.nextafter((part[late] + 1) / size, 0.0), 0.0)
    return even
