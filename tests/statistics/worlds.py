"""Worlds small enough to be drawn a million times by NumPy, with means known in closed form.

A world gives the unmet need of its options and its requirement for many experiments at once, each of so many sets of
20 replications, from uniforms that are drawn evenly within each set or independently. What it gives is one value a
set: the mean over the set's replications. Five kinds of outcome, from near-normal to 99.9 % zeros, and three races in
which the rare decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtri

from sim.chance.sets import SIZE, even_uniforms

Array = NDArray[np.float64]
YEAR = 365.0
CHUNK = 40_000
"""Sets that are drawn at once: memory, not speed."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Values of many experiments."""

    losses: Array
    """Unmet need by experiment, set and option: (experiments, sets, options)."""
    requirement: Array
    """Requirement by experiment and set: (experiments, sets)."""
    mean_by_cell: Array
    """The same by cell (mission and resource): (experiments, sets, cells)."""
    met: Array
    """The largest requirement of a replication by experiment, set and cell: (experiments, sets, cells)."""
    zeros: float
    """Share of the replications in which the first option loses nothing."""


Uniforms = Callable[[], Array]
"""Gives one named draw: an array of shape (sets, SIZE)."""
Outcome = Callable[[Uniforms], tuple[Array, Array]]
"""Losses (sets, SIZE, options) and requirement by cell (sets, SIZE, cells)."""


@dataclass(frozen=True, slots=True)
class World:
    """One kind of outcome."""

    name: str
    outcome: Outcome
    means: Array
    """Exact mean loss of every option."""
    requirement: float
    """Exact mean requirement."""

    def drawn(self, experiments: int, sets: int, *, seed: int, even: bool = True) -> Drawn:
        """So many experiments, each of so many independent sets."""
        generator = np.random.default_rng(seed)
        losses, requirement, met, zero, left = [], [], [], 0.0, experiments * sets
        while left:
            now = min(left, CHUNK)
            left -= now

            def uniforms(now: int = now) -> Array:
                return even_uniforms(generator, now) if even else generator.random((now, SIZE))

            lost, needed = self.outcome(uniforms)
            losses.append(lost.mean(axis=1))
            requirement.append(needed.mean(axis=1))
            met.append(needed.max(axis=1))
            zero += float((lost[..., 0] == 0).sum())
        shape = (experiments, sets)
        share = zero / (experiments * sets * SIZE)
        lost, needs, most = (np.concatenate(each) for each in (losses, requirement, met))
        lost, needs, most = (each.reshape(*shape, -1) for each in (lost, needs, most))
        return Drawn(lost, needs.sum(axis=-1), needs, most, share)

    def traces(self, count: int, *, seed: int) -> Array:
        """The requirement by cell of so many replications, drawn independently: (count, cells)."""
        generator = np.random.default_rng((seed, 1))
        return self.outcome(lambda: generator.random((count, 1)))[1][:, 0]


def near_normal() -> World:
    """Six crises of random length and size, met by a standing force; each option has luck of its own."""
    held = np.array([1.0, 1.3, 1.6, 1.9, 2.2, 2.5])
    spread = math.sqrt(math.log(1.25))

    def outcome(uniforms: Uniforms) -> tuple[Array, Array]:
        lost, needed = 0.0, 0.0
        for _ in range(6):
            days = 20 * np.exp(spread * ndtri(uniforms()) - spread**2 / 2)
            units = 1 + 4 * uniforms()
            lost = lost + days[..., None] * np.maximum(units[..., None] - held, 0)
            needed = needed + days * units
        luck = np.stack([0.7 + 0.6 * uniforms() for _ in held], axis=-1)
        return np.asarray(lost * luck), np.asarray(needed)[..., None]

    return World("near-normal", outcome, 6 * 20 * (5 - held) ** 2 / 8, 6 * 20 * 3.0)


def skewed() -> World:
    """Lognormal losses (skewness of a replication 6 and more), shared by the options up to luck of their own."""
    level = np.array([1.0, 0.9, 0.8, 1.1, 0.7, 0.6])

    def outcome(uniforms: Uniforms) -> tuple[Array, Array]:
        shared = np.exp(sum(ndtri(uniforms()) for _ in range(4)) / 2 - 0.5)
        own = np.stack([np.exp(0.5 * ndtri(uniforms()) - 0.125) for _ in level], axis=-1)
        return 100 * level * own * shared[..., None], 300 * shared[..., None]

    return World("skewed", outcome, 100 * level, 300.0)


def pool() -> World:
    """A pool that meets a Poisson process of crises and mostly suffices: 77 % zeros."""
    spare = (3, 2, 1, 4, 3, 2)
    share = np.array([1, 1, 1, 1, 0.8, 0.7])

    def outcome(uniforms: Uniforms) -> tuple[Array, Array]:
        excess = _excess(uniforms, every=POOL_EVERY, lasts=POOL_LASTS, spare=(0, 1, 2, 3, 4))
        return excess[..., list(spare)] * share, excess[..., :1]

    means = np.array([_mean_excess(POOL_EVERY, POOL_LASTS, each) for each in spare]) * share
    return World("pool, 77 % zeros", outcome, means, _mean_excess(POOL_EVERY, POOL_LASTS, 0))


POOL_EVERY, POOL_LASTS = 40.0, 35.0


def disaster(years: float, name: str) -> World:
    """A disaster once in so many years that needs 5 units for 300 days, beside small things that are always met."""
    held = np.array([1.0, 5, 2, 3, 4, 0])

    def outcome(uniforms: Uniforms) -> tuple[Array, Array]:
        days = _disaster_days(uniforms, years * YEAR)
        return days[..., None] * (5 - held), np.stack([5 * days, 60 * uniforms()], axis=-1)

    return World(
        name, outcome, _mean_disaster_days(years * YEAR) * (5 - held), 5 * _mean_disaster_days(years * YEAR) + 30
    )


def frequent_against_rare(years: float, name: str) -> World:
    """The second unit helps against frequent incidents, four more against a disaster once in so many years."""

    def outcome(uniforms: Uniforms) -> tuple[Array, Array]:
        excess = _excess(uniforms, every=90.0, lasts=15.0, spare=(0, 1, 2))
        days = _disaster_days(uniforms, years * YEAR)
        losses = np.stack([excess[..., 2] + 4 * days, excess[..., 1]], axis=-1)
        return losses, np.stack([excess[..., 0], 5 * days], axis=-1)

    days = _mean_disaster_days(years * YEAR)
    means = np.array([_mean_excess(90, 15, 2) + 4 * days, _mean_excess(90, 15, 1)])
    return World(name, outcome, means, _mean_excess(90, 15, 0) + 5 * days)


def kinds() -> tuple[World, ...]:
    """The five kinds of outcome."""
    return (
        near_normal(),
        skewed(),
        pool(),
        disaster(100, "rare, 99 % zeros"),
        disaster(1000, "disaster, 99.9 % zeros"),
    )


def _excess(uniforms: Uniforms, *, every: float, lasts: float, spare: tuple[int, ...]) -> Array:
    """∫ (N(t) − s)⁺ dt over a year, for each s, of Poisson crises of exponential length: (sets, SIZE, len(spare))."""
    most = int(YEAR / every + 6 * math.sqrt(YEAR / every) + 4)
    onset: Array | float = 0.0
    begins: list[Array] = []
    ends: list[Array] = []
    for _ in range(most):
        onset = onset - every * np.log1p(-uniforms())
        begins.append(np.minimum(onset, YEAR))
        ends.append(np.minimum(onset - lasts * np.log1p(-uniforms()), YEAR))
    times = np.stack([*begins, *ends], axis=-1)
    order = np.argsort(times, axis=-1)
    active = np.cumsum(np.where(order < most, 1, -1), axis=-1)[..., :-1]
    apart = np.diff(np.take_along_axis(times, order, axis=-1), axis=-1)
    return np.stack([(np.maximum(active - each, 0) * apart).sum(axis=-1) for each in spare], axis=-1)


@lru_cache
def _mean_excess(every: float, lasts: float, spare: int) -> float:
    """The same in the mean: N(t) is Poisson with mean lasts / every * (1 − e^(−t / lasts))."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    times = (nodes + 1) * YEAR / 2
    mean = lasts / every * -np.expm1(-times / lasts)
    counts = np.arange(spare + 1, spare + 60)[:, None]
    chance = np.exp(counts * np.log(mean) - mean - gammaln(counts + 1))
    return float(((counts - spare) * chance).sum(axis=0) @ weights * YEAR / 2)


def _disaster_days(uniforms: Uniforms, every: float) -> Array:
    onset: Array | float = 0.0
    days: Array | float = 0.0
    for _ in range(2):
        onset = onset - every * np.log1p(-uniforms())
        days = days + np.clip(YEAR - onset, 0, 300)
    return np.asarray(days)


def _mean_disaster_days(every: float) -> float:
    """Exactly, of the first two occurrences, by the densities of their onsets (exponential, and gamma of shape 2)."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    total = 0.0
    for start, end in ((0.0, YEAR - 300), (YEAR - 300, YEAR)):
        times = start + (nodes + 1) * (end - start) / 2
        density = np.exp(-times / every) / every * (1 + times / every)
        total += float(np.minimum(YEAR - times, 300) * density @ weights) * (end - start) / 2
    return total
