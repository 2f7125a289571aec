"""Chance after the trace: delays, refusals and other draws of loans, keyed by what they belong to."""

from __future__ import annotations

from sim.scenario.distribution import Random
from sim.streams import stream


class Luck:
    """Draws for one block of replications.

    A draw belongs to (replication, crisis occurrence, resource, lender, what, attempt); so options that take the same
    step get the same luck. The draws of all occurrences of a crisis in the block are made at once and kept.
    """

    __slots__ = ("_block", "_drawn", "_seed")

    def __init__(self, seed: int, block: int) -> None:
        self._seed = seed
        self._block = block
        self._drawn: dict[tuple[object, ...], list[float]] = {}

    def amount(self, distribution: Random, key: tuple[str, ...], place: int, places: int) -> float:
        """The draw for occurrence `place` of `places`, of the thing that `key` names."""
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = distribution.draw(stream(self._seed, self._block, "loan", *key), places).tolist()
            self._drawn[key] = drawn
        return drawn[place]

    def chance(self, key: tuple[str, ...], place: int, places: int) -> float:
        """A number from 0 to 1, to be compared with a chance."""
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = stream(self._seed, self._block, "loan", *key).random(places).tolist()
            self._drawn[key] = drawn
        return drawn[place]
