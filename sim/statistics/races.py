"""Races: when a run may stop because one option is chosen, or because its differences are known precisely enough.

Both rules look after every set, at intervals that hold at every look (`confidence_sequences`), and both wait until
enough discordant sets were seen (`discordance`): an option is not ruled out, chosen or called the same, and no
precision is reached, on a sample that bears no interval. What the traces may bring and no set has met yet is added to
every interval. Both are functions of the values alone, so what they decide never depends on how the sets were batched.

Values are (sets, options), one value a set, less is better; none is nan. Options that are the same by construction
(equal logs) must be one option here: only the caller can know, and no number of equal sets proves it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.statistics.confidence_sequences import LEAST_SETS, EveryLook
from sim.statistics.discordance import refusal
from sim.statistics.intervals import differences

Array = NDArray[np.float64]
Unseen = Callable[[int], float]
"""What the first so many sets have not met of the requirement that the traces may bring (`unseen_requirement`)."""


@dataclass(frozen=True, slots=True)
class RuledOut:
    """An option that is worse than another."""

    option: int
    behind: int
    sets: int
    """Sets after which that was known."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a race stands."""

    chosen: int | None
    """The option that is the best, or within the indifference zone of it; None while that is not known."""
    alive: tuple[int, ...]
    """The options that are not ruled out: those that further sets are needed of. The chosen one's near equals too."""
    ruled_out: tuple[RuledOut, ...]
    sets: int
    """Sets that were looked at: later ones are not, once an option is chosen."""


def nothing_unseen(sets: int) -> float:  # noqa: ARG001  # an `Unseen`
    """For worlds of which everything was met, or nothing is known beforehand."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run is looked at."""

    planned: int
    """Sets at which the sequences are narrowest: those of a usual run, chosen before looking."""
    confidence: float = 0.95
    unseen: Unseen = nothing_unseen


@dataclass(frozen=True, slots=True)
class Goal:
    """How precisely differences are to be known."""

    half_width: float
    """Either way: in the values' unit, or as a share of the reference's mean."""
    relative: bool = False


def race(values: ArrayLike, indifference: float, plan: Plan) -> Outcome:
    """Choose among options after as few sets as will do.

    After every set from `LEAST_SETS` on an option is ruled out when its difference from some other alive is above 0,
    and one is chosen when none alive can be better than it by more than `indifference`. With at least the confidence
    the chosen one is the best or within the indifference zone of it (asymptotically): that takes the k - 1 differences
    from the best to err on one side only, so each sequence has the confidence 1 - 2 (1 - confidence) / (k - 1) of two
    sides. A difference that bears no interval decides nothing, not even "the same".

    A ruled-out option's later values are not looked at and may be anything but nan. ValueError without two options or
    an indifference zone.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] < 2 or not indifference > 0:
        raise ValueError(f"a race takes two options and an indifference zone, not {table.shape} and {indifference:g}")
    differences = _Differences(table, plan)
    alive, out = set(range(table.shape[1])), list[RuledOut]()
    for sets in range(LEAST_SETS, len(table) + 1):
        by_mean = sorted(alive, key=lambda each: (float(differences.means[sets - 1, each]), each))
        for one in sorted(alive):
            behind = [other for other in by_mean if other != one and differences.above(one, other, sets, 0)]
            if behind:
                out.append(RuledOut(one, behind[0], sets))
        alive -= {each.option for each in out}
        rivals = [each for each in by_mean if each in alive]
        if all(differences.above(other, rivals[0], sets, -indifference) for other in rivals[1:]):
            return Outcome(rivals[0], tuple(sorted(alive)), tuple(out), sets)
    return Outcome(None, tuple(sorted(alive)), tuple(out), len(table))


def precise_after(values: ArrayLike, reference: int, goal: Goal, plan: Plan) -> int | None:
    """The first number of sets after which every difference from the reference's column is known to `goal`.

    Each sequence has the confidence; with one option its own mean is what must be known. None while more sets are
    needed: also while a sample bears no interval, so a run of zeros is never precise.
    """
    table = np.asarray(values, dtype=np.float64)
    others = np.delete(table, reference, axis=1)
    apart = differences(others, table[:, [reference]]) if others.size else table
    if len(apart) < LEAST_SETS:
        return None
    mean, low, high = EveryLook(plan.planned, plan.confidence).path(apart)
    half = np.maximum(high - mean, mean - low).max(axis=1)
    level = np.abs(np.cumsum(table[:, reference]) / np.arange(1, len(table) + 1))
    target = goal.half_width * level if goal.relative else np.full(len(table), goal.half_width)
    for sets in (int(each) + 1 for each in np.flatnonzero(half <= target)):
        borne = all(refusal(column[:sets], plan.confidence) is None for column in apart.T)
        if borne and half[sets - 1] + plan.unseen(sets) <= target[sets - 1]:
            return sets
    return None


class _Differences:
    """The paired differences' lower ends at every look."""

    def __init__(self, table: Array, plan: Plan) -> None:
        k = table.shape[1]
        self.means = np.cumsum(table, axis=0) / np.arange(1, len(table) + 1)[:, None]
        pairs = list(combinations(range(k), 2))
        self._plan, self._confidence = plan, 1 - 2 * (1 - plan.confidence) / (k - 1)
        self._column = {pair: place for place, pair in enumerate(pairs)}
        self._apart = np.stack([differences(table[:, one], table[:, other]) for one, other in pairs], axis=1)
        _, self._low, self._high = EveryLook(plan.planned, self._confidence).path(self._apart)
        self._unseen = lru_cache(plan.unseen)

    def above(self, one: int, other: int, sets: int, least: float) -> bool:
        """Whether `one - other` is known to be above `least` after so many sets."""
        place = self._column[min(one, other), max(one, other)]
        end = float(self._low[sets - 1, place] if one < other else -self._high[sets - 1, place])
        if not end > least or not end - self._unseen(sets) > least:
            return False
        return refusal(self._apart[:sets, place], self._confidence) is None
