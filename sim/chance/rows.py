"""Rows of chance: what a named draw is in every replication of a set, spread evenly over it or independent.

A row is one draw: the n-th occurrence of a crisis, say. More rows leave the earlier ones as they were.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.chance.sets import SIZE, even_uniforms
from sim.chance.streams import stream

TOGETHER = 5
"""Sets whose rows come from one stream, since a stream costs as much as some hundred numbers."""


def rows(seed: int, block: int, names: tuple[str, ...], count: int, *, even: bool = True) -> NDArray[np.float64]:
    """Numbers from 0 (inclusive) to 1 (exclusive) of the thing that `names` name: an array of shape (count, SIZE).

    One row a draw, and in it one number for each replication of the set `block`.
    """
    together, within = divmod(block, TOGETHER)
    enough = 1 << max(0, count - 1).bit_length()  # so that sets that need a row more or less share them
    found: NDArray[np.float64] = _drawn(seed, together, names, enough, even)[:count, within]
    return found


@lru_cache(maxsize=8192)
def _drawn(seed: int, together: int, names: tuple[str, ...], count: int, even: bool) -> NDArray[np.float64]:
    """(count, TOGETHER, SIZE). Kept, since every option, and every world, asks for the same."""
    generator = stream(seed, together, *names)
    if even:
        return even_uniforms(generator, count * TOGETHER).reshape(count, TOGETHER, SIZE)
    return generator.random((count, TOGETHER, SIZE))
