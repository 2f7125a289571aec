"""Digests of rows, so that a number that was damaged, edited or swapped is never taken for what was computed.

Each depends on the run (scenario, seed, rules, code) and on what its row is about. They are no signature: who knows how
they are made can make them again. Measures are digested an array at a time, as reading them must stay quick.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.measures.catalogue import COLUMNS

Words = NDArray[np.uint64]


def digest(run: str, *about: Any) -> int:
    """Of plain values (None, text, numbers), as a whole number that SQLite keeps."""
    return int.from_bytes(blake2b(repr((run, *about)).encode(), digest_size=8).digest(), signed=True)


def log_digest(run: str, table: str, rows: Sequence[tuple[Any, ...]]) -> int:
    """Of all rows of a replication's log as SQLite gives them, in their order."""
    # Version 2 of the format writes the same values as the same bytes, and is ten times quicker than text.
    return int.from_bytes(blake2b(marshal.dumps([run, table, *rows], 2), digest_size=8).digest(), signed=True)


def _odd(name: str) -> np.uint64:
    return np.uint64(int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) | 1)


FACTORS: Words = np.array([_odd(name) for name in COLUMNS])
WEIGHTS: Words = np.array([_odd(f"weight of {name}") for name in COLUMNS])
NUMBERED, LAST, MIXED = (_odd(each) for each in ("numbered", "last", "mixed"))
SHIFT = np.uint64(32)


def salts(run: str, places: Iterable[tuple[str, ...]]) -> Words:
    """What the digests of measures depend on besides the replication and the numbers: (option, mission, resource)."""
    return np.array([digest(run, *place) for place in places], dtype=np.int64).view(np.uint64)


def as_stored(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values as SQLite gives them back: it keeps no sign of nothing, and one nan."""
    plain = values + 0.0
    plain[np.isnan(plain)] = np.nan
    return plain


def measure_digests(salt: Words, replications: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Of rows of measures, as they are stored: `values` (rows, len(COLUMNS)), `salt` and `replications` (rows,).

    Multiply, fold and weigh (as in Steele, Lea and Flood 2014), each column by factors of its own: two changes that
    undo one another are as good as impossible.
    """
    words = values.view(np.uint64) * FACTORS
    words ^= words >> SHIFT
    whole: Words = words @ WEIGHTS
    whole ^= salt + replications.astype(np.uint64) * NUMBERED
    whole *= LAST
    whole ^= whole >> SHIFT
    return (whole * MIXED).view(np.int64)
