"""Worlds: one draw each of everything that a scenario says nobody knows. Every set of replications plays in one.

World k depends on the seed, on k, and on the doubts up to its own: the n-th doubt of the file takes the n-th dimension
of Sobol's sequence, scrambled by its name and the seed. So a run can be topped up, resumed or split at any world, and a
doubt that is added after the others leaves them as they were. One that is put before others, or taken away, draws those
behind it anew, evenly again. (A dimension of each name's own, hashed, would spare them that. But the even spread over
pairs of doubts, which is what the sequence is for, is only to be had in its first dimensions: among 1,000, some pair of
eight doubts was correlated by 0.6 over 64 worlds; among the first eight by 0.2.)

An option's change is laid over the world, not the other way round: `with_option(world.scenario, option)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.scenario.loaded import LoadedScenario, in_world, is_whole
from sim.statistics.even_points import MOST_POINTS, TOGETHER, even_points

KEPT = 4
"""Worlds that are kept at hand: whoever plays options one after another asks for the same few."""

WorldRow = tuple[int, str, float]
"""(number of the world, doubt, value)."""


class World(NamedTuple):
    """One draw of all doubts, and the scenario as it is in that world."""

    number: int
    """Number of the world, and of the set of replications that plays in it, from 0."""
    values: Mapping[str, float]
    """What was drawn for each doubt, in the order of the file: the number itself, or the factor on it."""
    scenario: LoadedScenario
    """Without doubts. The scenario as it was read, the same object, where that has none."""


class Worlds:
    """The worlds of a scenario under one seed; `worlds[k]` is the k-th. Without doubts each is the scenario itself."""

    def __init__(self, scenario: LoadedScenario, seed: int) -> None:
        self.scenario, self.seed = scenario, seed
        self._whole = {name: is_whole(scenario, name) for name in scenario.doubts}
        self._keys = [_key(seed, name) for name in scenario.doubts]
        self._points: tuple[int, NDArray[np.float64]] | None = None
        self._kept: dict[int, World] = {}

    def __getitem__(self, number: int) -> World:
        if not self.scenario.doubts:
            return World(number, {}, self.scenario)
        world = self._kept.pop(number, None)
        if world is None:
            values = self.values(number)
            world = World(number, values, in_world(self.scenario, values))
        self._kept[number] = world  # the last that was asked for comes last
        for oldest in list(self._kept)[:-KEPT]:
            del self._kept[oldest]
        return world

    def values(self, number: int) -> dict[str, float]:
        """What is drawn for each doubt in a world; UsageError for a number that no world has."""
        if not 0 <= number < MOST_POINTS:
            raise UsageError(f"world: must be 0 to {MOST_POINTS - 1}, not {number}")
        shares = self.shares(number).tolist()
        return {
            name: doubt.at(share, whole=self._whole[name])
            for (name, doubt), share in zip(self.scenario.doubts.items(), shares, strict=True)
        }

    def shares(self, number: int) -> NDArray[np.float64]:
        """How far up its distribution each doubt is in a world: (doubts,), each uniform from 0 to 1 over all worlds."""
        batch, place = divmod(number, TOGETHER)
        if not self._keys:
            return np.zeros(0)
        if self._points is None or self._points[0] != batch:
            self._points = batch, even_points(self._keys, batch)
        shares: NDArray[np.float64] = self._points[1][place]
        return shares

    def rows(self, number: int) -> list[WorldRow]:
        """The rows of the table `worlds` for one world: (its number, doubt, value), in the order of the file."""
        return [(number, name, value) for name, value in self.values(number).items()]


def worlds(scenario: LoadedScenario, seed: int) -> Worlds:
    """The worlds of `scenario`; the same for the same doubts and seed, whatever else differs."""
    return Worlds(scenario, int(seed))


def ends(scenario: LoadedScenario) -> Iterator[LoadedScenario]:
    """The worlds in which every doubt is at its lower end, and at its upper; none without doubts."""
    for end in (0, 1) if scenario.doubts else ():
        values = {name: doubt.ends(whole=is_whole(scenario, name))[end] for name, doubt in scenario.doubts.items()}
        yield in_world(scenario, values)


def _key(seed: int, doubt: str) -> int:
    """What a doubt's dimension is scrambled by: 64 bits of its name and the seed."""
    return int.from_bytes(blake2b("\x1f".join((str(seed), "worlds", doubt)).encode(), digest_size=8).digest(), "big")
