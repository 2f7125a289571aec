"""Chance after the trace: delays, refusals and other draws of loans, keyed by what they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance.durations import durations
from sim.chance.rows import rows
from sim.chance.sets import SIZE
from sim.scenario.nouns.distributions import Days
from sim.scenario.nouns.milliseconds import milliseconds


class BlockDraws:
    """Draws for one block of replications.

    A draw belongs to (replication, crisis occurrence, resource, lender, attempt, what); so options that take the same
    step draw the same. The draws of all occurrences of a crisis in the block are made at once and cached.
    """

    __slots__ = ("_cache", "_even", "_seed_and_block")

    def __init__(self, seed: int, block: int, *, even: bool = True) -> None:
        self._seed_and_block = seed, block
        self._even = even
        self._cache: dict[tuple[str, ...], dict[Any, list[Any]]] = {}

    def of_loan(self, key: tuple[str, ...], index: int, count: int) -> LoanDraws:
        """The draws of the loan that `key` names (crisis, resource, lender, contributor, number of the attempt).

        It is for occurrence `index` of the `count` in the block.
        """
        return LoanDraws(self, key, index, count, self._cache.setdefault(key, {}))

    def uniforms(self, key: tuple[str, ...], count: int) -> NDArray[np.float64]:
        """Numbers from 0 to 1 for each of `count` occurrences, of the thing that `key` names: whole rows of a set."""
        return rows(*self._seed_and_block, ("loan", *key), count // SIZE, even=self._even).ravel()


@dataclass(slots=True, eq=False)
class LoanDraws:
    """The draws that belong to one loan: to the occurrence of a crisis that it is for, and whom it asks how often."""

    block: BlockDraws
    key: tuple[str, ...]
    index: int
    count: int
    cache: dict[Any, list[Any]]

    def lasts(self, amount: Days, what: str, times: float = 1, *, alike: bool = True) -> int:
        """So many days, `times` a factor, in whole milliseconds.

        What was drawn is cached by `what` it is of; where that may be of other days, or another factor, elsewhere (not
        `alike`), by these, too. The chance is the same.
        """
        if isinstance(amount, (int, float)):
            return milliseconds(amount * times)
        known = what if alike else (what, amount, times)
        drawn = self.cache.get(known)
        if drawn is None:
            drawn = self.cache[known] = durations(amount.quantile(self._chances(what)) * times)
        lasts: int = drawn[self.index]
        return lasts

    def _chances(self, what: str) -> NDArray[np.float64]:
        """Numbers from 0 to 1, of every loan that is drawn together with this one."""
        return self.block.uniforms((*self.key, what), self.count)

    def chance(self, what: str) -> float:
        """A number from 0 to 1, to be compared with the chance of `what`."""
        drawn = self.cache.get(what)
        if drawn is None:
            drawn = self.cache[what] = self._chances(what).tolist()
        uniform: float = drawn[self.index]
        return uniform
