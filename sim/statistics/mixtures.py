"""Mixtures of distributions: the value below which a share of the whole lies, for any share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

EXACT = 1e-13
"""So near to the share that is asked for lies the share below the value that is found."""
MOST_ROUNDS = 200


class Smooth(NamedTuple):
    """A part without steps."""

    weight: float
    quantile: Callable[[Numbers], Numbers]
    below: Callable[[Numbers], Numbers]
    """The share of the part that lies at a value or below it."""


class MixtureQuantiles:
    """Inverts the distribution function of a mixture: one number in, one value out, larger where the number is.

    `points` are (value, weight) of the values that have weight of their own, `smooth` the other parts. Weights need not
    add up to 1; some must be more than 0.
    """

    def __init__(self, points: Sequence[tuple[float, float]], smooth: Sequence[Smooth]) -> None:
        whole = sum(weight for _, weight in points) + sum(part.weight for part in smooth)
        values, places = np.unique(np.array([value for value, _ in points], dtype=float), return_inverse=True)
        weights = np.bincount(places, [weight / whole for _, weight in points], len(values))
        self._points, self._up_to = values, np.array([0.0, *np.cumsum(weights)])
        self._smooth = [part._replace(weight=part.weight / whole) for part in smooth]
        tails = 2.0 ** -np.arange(9, 54)
        shares = np.sort([*np.arange(256) / 256, *tails, *(1 - tails)])
        self._nodes = np.unique([*values, *(each for part in smooth for each in part.quantile(shares))])
        self._at, self._before = self._below(self._nodes), self._below(self._nodes, side="left")

    def _below(self, values: Numbers, side: str = "right") -> Numbers:
        """The share of all that lies at each value or below it; on the left side, strictly below."""
        share: Numbers = self._up_to[np.searchsorted(self._points, values, side=side)]  # type: ignore[call-overload]
        for part in self._smooth:
            share = share + part.weight * part.below(values)
        return share

    def quantile(self, shares: Numbers) -> Numbers:
        """The smallest value at or below which more than each of the shares (0 to less than 1) lies."""
        place = np.minimum(np.searchsorted(self._at, shares, side="right"), len(self._nodes) - 1)
        found: Numbers = self._nodes[place]
        between = (shares < self._before[place]) & (place > 0)
        if between.any():
            here = place[between]
            found[between] = self._between(shares[between], here - 1, here)
        return found

    def _between(self, shares: Numbers, left: NDArray[np.int64], right: NDArray[np.int64]) -> Numbers:
        """By the false position, after Illinois: between two nodes that lie so near, nearly a straight line.

        Each value is sought until it is exact, and no further, so that it never depends on what else is asked for.
        """
        values, sought = np.empty(len(shares)), np.arange(len(shares))
        low, high = self._nodes[left], self._nodes[right]
        under, over = self._at[left] - shares, self._before[right] - shares
        side = np.zeros(len(shares))
        for _ in range(MOST_ROUNDS):
            found: Numbers = np.clip(high - over * (high - low) / (over - under), low, high)
            values[sought] = found
            off = self._below(found) - shares
            now, far = np.sign(off), np.abs(off) > EXACT
            if not far.any():
                break
            again = np.where(now == side, 0.5, 1.0)  # an end that stays twice weighs half
            over, under = np.where(now > 0, off, over * again)[far], np.where(now > 0, under * again, off)[far]
            low, high = np.where(now > 0, low, found)[far], np.where(now > 0, found, high)[far]
            side, shares, sought = now[far], shares[far], sought[far]
        return values
