"""Chance after the trace: delays, refusals and other draws of loans, keyed by what they belong to."""

from __future__ import annotations

from sim.chance.streams import stream
from sim.scenario.nouns.distributions import Random


class Luck:
    """Draws for one block of replications.

    A draw belongs to (replication, crisis occurrence, resource, lender, what, attempt); so options that take the same
    step get the same luck. The draws of all occurrences of a crisis in the block are made at once and kept.
    """

    __slots__ = ("_block", "_drawn", "_seed", "papers")

    def __init__(self, seed: int, block: int) -> None:
        self._seed = seed
        self._block = block
        self._drawn: dict[tuple[str, ...], list[float]] = {}
        self.papers: dict[tuple[str, int, int], object] = {}
        """Where the user of these draws may keep those that it needs together, by its own key."""

    def amounts(self, distribution: Random, key: tuple[str, ...], places: int) -> list[float]:
        """The draws for each of `places` occurrences, of the thing that `key` names."""
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = distribution.quantile(stream(self._seed, self._block, "loan", *key).random(places)).tolist()
            self._drawn[key] = drawn
        return drawn

    def chances(self, key: tuple[str, ...], places: int) -> list[float]:
        """Numbers from 0 to 1 for each of `places` occurrences, to be compared with a chance."""
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = stream(self._seed, self._block, "loan", *key).random(places).tolist()
            self._drawn[key] = drawn
        return drawn
