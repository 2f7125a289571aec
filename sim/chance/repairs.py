"""When units fall unfit and when they are repaired: drawn for each unit of a contingent, whatever becomes of it.

A unit is fit for an exponential time, so that while it is fit it fails as a Poisson process does, and then in repair
for as long as the scenario says. It begins in its steady state (Cox, *Renewal Theory*, 1962, chs. 5 and 7): in repair
with the chance that the share leaves, and then for what a repair that is met half-way has still to last.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.chance.durations import durations
from sim.chance.rows import rows
from sim.chance.sets import SIZE
from sim.scenario.nouns.distributions import Block, Days, mean_of
from sim.scenario.nouns.milliseconds import DAY
from sim.scenario.nouns.resources import Serviceable

Values = NDArray[np.float64]
POINTS = 4000
"""Equally likely values that stand for the length of a repair, where one is met half-way."""


class Turn(NamedTuple):
    """A unit falls unfit, or is fit again."""

    instant: int
    unit: int
    """Its number in the contingent, from 0."""
    fit: bool


def turns(  # noqa: PLR0913  # whose draws, how many, and for how long
    seed: int, block: int, names: tuple[str, ...], serviceable: Serviceable, *, units: int, end: int, even: bool
) -> list[list[Turn]]:
    """By replication of the set `block`: the turns of a contingent's `units` before the instant `end`, in order.

    Units that are in repair when the period begins fall unfit at 0. A unit more leaves the others as they were.
    """
    found: list[list[Turn]] = [[] for _ in range(SIZE)]
    for unit in range(units) if serviceable.share < 1 else ():
        chances = _Chances(seed, block, (*names, str(unit)), even)
        fails, repaired = _spells(chances, serviceable, end)
        for within, mine in enumerate(found):
            for instants, fit in ((fails[:, within], False), (repaired[:, within], True)):
                mine += [Turn(instant, unit, fit) for instant in instants[instants < end].tolist()]
    return [sorted(mine, key=lambda turn: (turn.instant, turn.unit)) for mine in found]


class _Chances(NamedTuple):
    """Numbers from 0 to 1 that belong to one unit."""

    seed: int
    block: int
    names: tuple[str, ...]
    even: bool

    def of(self, what: str, count: int = 1) -> Values:
        """(count, SIZE)."""
        return rows(self.seed, self.block, ("repair", *self.names, what), count, even=self.even)


def _spells(chances: _Chances, serviceable: Serviceable, end: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """When one unit falls unfit and when it is repaired, each (spells, SIZE), until all replications are past `end`."""
    share, repair = serviceable.share, serviceable.repair_days
    mean = mean_of(repair)
    begins = chances.of("begins")[0]
    left = _residual(repair, np.clip((begins - share) / (1 - share), 0, 1))
    count = 4 + int(end / DAY * (1 - share) / mean)
    while True:
        fit = -np.log1p(-chances.of("fit", count)) * (mean * share / (1 - share))
        lasts = _quantiles(repair, chances.of("lasts", count))
        fit[0] = np.where(begins < share, fit[0], 0)
        lasts[0] = np.where(begins < share, lasts[0], left)
        spells = np.stack([_instants(fit, end), _instants(lasts, end)], axis=1).reshape(2 * count, SIZE).cumsum(axis=0)
        if spells[-1].min() >= end:
            return spells[::2], spells[1::2]
        count *= 2


def _instants(days: Values, end: int) -> NDArray[np.int64]:
    """Whole milliseconds, none of them beyond `end`, so that their sums stay whole numbers."""
    return np.minimum(np.array(durations(days), dtype=np.int64), end)


def _quantiles(amount: Days, chances: Values) -> Values:
    return amount.quantile(chances) if isinstance(amount, Block) else np.full_like(chances, amount)


def _residual(repair: Days, chances: Values) -> Values:
    """What a repair that is met half-way has still to last: its density at x is P(repair > x) / mean."""
    lengths = _quantiles(repair, (np.arange(POINTS) + 0.5) / POINTS)
    longer = np.arange(POINTS - 1, -1, -1)
    until = (np.cumsum(lengths) + longer * lengths) / lengths.sum()
    left: Values = np.interp(chances, np.concatenate([[0.0], until]), np.concatenate([[0.0], lengths]))
    return left
