"""One long history instead of many replications: where it has warmed up, and how sure its mean is.

A scenario with a beginning and an end is replicated, and none of this is needed: nothing may be cut from its start.
These are for the steady state of a world that goes on, such as a standing pool watched for decades.

References: White, Cobb and Spratt (2000), Winter Simulation Conference, 755 (MSER-5); Künsch (1989), Annals of
Statistics 17:1217 (moving blocks); Politis and White (2004), Econometric Reviews 23:53, as corrected by Patton, Politis
and White (2009), 28:372 (their length).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]


class Truncation(NamedTuple):
    """What to cut from the start of a history."""

    observations: int
    statistics: tuple[float, ...]
    """The rule's statistic, a marginal standard error squared, after cutting 0, 1, 2, … batches."""


def mser(history: ArrayLike, batch: int = 5) -> Truncation:
    """Observations to delete from the start so that the rest's mean is surest, in batches of `batch` (MSER-5).

    Looks at the first half only, as usual: where the minimum lies at its end, the history is too short.
    """
    values = np.asarray(history, dtype=np.float64)
    count = values.size // batch
    if count < 2:
        raise ValueError(f"a history of {values.size} observations is too short for batches of {batch}")
    means = values[: count * batch].reshape(count, batch).mean(axis=1)
    statistics = [float(np.sum((means[d:] - means[d:].mean()) ** 2)) / (count - d) ** 2 for d in range(count // 2 + 1)]
    return Truncation(int(np.argmin(statistics)) * batch, tuple(statistics))


class BlockLengths(NamedTuple):
    """Block lengths that estimate the mean's variance best."""

    stationary: float
    """Mean length for blocks of random length."""
    circular: float
    """Length for blocks of one length."""


def block_lengths(history: ArrayLike) -> BlockLengths:
    """The lengths of Politis and White, from the autocovariances up to where they die out, by a flat-top window."""
    values = np.asarray(history, dtype=np.float64)
    count = values.size
    apart = values - values.mean()
    few = max(5, int(math.log10(count)))
    most = math.ceil(math.sqrt(count)) + few
    lags = range(most + 1)
    covariances = np.array([float(apart[lag:] @ apart[: count - lag]) / count for lag in lags])
    norms = [math.sqrt(float((apart[k + 1 :] ** 2).sum() * (apart[: -(k + 1)] ** 2).sum())) for k in lags]
    correlations = np.abs(covariances * count) / np.array(norms)
    small = correlations < 2 * math.sqrt(math.log10(count) / count)
    quiet = next((lag for lag in range(most - few + 1) if small[lag : lag + few].all()), None)
    window = min(2 * max(quiet, 1), most) if quiet is not None else most
    k = np.arange(1, window + 1)
    flat_top = np.where(k / window <= 0.5, 1, 2 * (1 - k / window))
    spectrum = covariances[0] + 2 * float((flat_top * covariances[1 : window + 1]).sum())
    slope = 2 * float((flat_top * k * covariances[1 : window + 1]).sum())
    if spectrum == 0:
        return BlockLengths(1.0, 1.0)
    longest = math.ceil(min(3 * math.sqrt(count), count / 3))
    stationary, circular = (float((2 * slope**2 / (c * spectrum**2) * count) ** (1 / 3)) for c in (2, 4 / 3))
    return BlockLengths(min(stationary, longest), min(circular, longest))


class BlockMean(NamedTuple):
    """The moving-block bootstrap's distribution of the mean of a history, exactly: no resampling."""

    centre: float
    """E*[mean]: the mean over all blocks, where the ends weigh less than in the sample mean. Centre intervals here."""
    variance: float
    """Var*[mean]."""


def moving_blocks(history: ArrayLike, block: int) -> BlockMean:
    """Mean and variance of the mean of floor(n / block) blocks drawn from all n - block + 1, each equally likely."""
    values = np.asarray(history, dtype=np.float64)
    if not 1 <= block <= values.size:
        raise ValueError(f"blocks must have 1 to {values.size} observations, not {block}")
    sums = np.convolve(values, np.ones(block), mode="valid")
    drawn = values.size // block
    return BlockMean(float(sums.mean()) / block, float(sums.var()) / block**2 / drawn)
