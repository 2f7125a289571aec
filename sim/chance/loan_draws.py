"""Chance after the trace: delays, refusals and other draws of loans, keyed by what they belong to."""

from __future__ import annotations

from sim.chance.streams import stream
from sim.scenario.distribution import Block, Days, Random


class BlockDraws:
    """Draws for one block of replications.

    A draw belongs to (replication, crisis occurrence, resource, lender, attempt, what); so options that take the same
    step draw the same. The draws of all occurrences of a crisis in the block are made at once and cached.
    """

    __slots__ = ("_block", "_drawn", "_seed")

    def __init__(self, seed: int, block: int) -> None:
        self._seed = seed
        self._block = block
        self._drawn: dict[tuple[str, ...], list[float]] = {}

    def amounts(self, distribution: Random, key: tuple[str, ...], count: int) -> list[float]:
        """The draws for each of `count` occurrences, of the thing that `key` names."""
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = distribution.quantile(stream(self._seed, self._block, "loan", *key).random(count)).tolist()
            self._drawn[key] = drawn
        return drawn

    def chances(self, key: tuple[str, ...], count: int) -> list[float]:
        """Numbers from 0 to 1 for each of `count` occurrences, to be compared with a chance."""
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = stream(self._seed, self._block, "loan", *key).random(count).tolist()
            self._drawn[key] = drawn
        return drawn


class LoanDraws:
    """The draws that belong to one loan: to the occurrence of a crisis that it is for, and whom it asks how often."""

    __slots__ = ("block", "count", "index", "key")

    def __init__(self, block: BlockDraws, key: tuple[str, ...], index: int, count: int) -> None:
        self.block = block
        self.key = key
        """Crisis, resource, lender, contributor and number of the attempt."""
        self.index = index
        """Number of the occurrence within the block."""
        self.count = count
        """How many occurrences are drawn together."""

    def days(self, amount: Days, what: str) -> float:
        """A number of days, drawn where it varies."""
        if not isinstance(amount, Block):
            return float(amount)
        return self.block.amounts(amount, (*self.key, what), self.count)[self.index]

    def chance(self, what: str) -> float:
        """A number from 0 to 1, to be compared with the chance of `what`."""
        return self.block.chances((*self.key, what), self.count)[self.index]
