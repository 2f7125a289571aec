"""Two options held against one another in one measure, at one place: by chance, and over worlds of what nobody knows.

A place is a mission and a resource, `*` for all of either. A set of replications plays in one world where the scenario
has doubts, so what the sets give, one value each, are the worlds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.comparison.comparison import Comparison
from sim.comparison.counted_costs import columns_of
from sim.measures.catalogue import COLUMNS, MEASURES, OVERALL, Column, Measure
from sim.results.tables import Cell
from sim.statistics.estimates import Estimate
from sim.words.names import quoted
from sim.words.numbers import finite_values

EVERYWHERE = "*"
PLAUSIBLE = (0.05, 0.95)
"""Shares of the worlds that lie below the ends of the plausible range."""
LEAST_WORLDS = 10
"""Worlds, below which nine of ten are no number: all of them are told instead."""
LONGEST = 60
"""Letters of an option's name in a sentence."""
NOT_ADDED = frozenset({"days_short", "worst_shortfall"})
"""Measures that the places of a scenario do not add up to."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Worlds:
    """A difference over worlds."""

    count: int
    low: float
    """5th percentile over worlds of the set's mean; the least of all below `LEAST_WORLDS` worlds."""
    high: float
    """95th percentile, or the most of all."""
    holds: int
    """Worlds in which the difference has the sign of its mean."""

    @property
    def nine_of_ten(self) -> bool:
        """Whether it holds in nine worlds of ten or more."""
        return 10 * self.holds >= 9 * self.count

    @property
    def plausible(self) -> list[float] | None:
        """Its ends in nine worlds of ten; None where there are too few worlds."""
        return [self.low, self.high] if self.count >= LEAST_WORLDS else None


@dataclass(frozen=True)
class Pair:
    """One option less another."""

    option: str
    against: str
    measure: Measure
    difference: Estimate
    """option − against, with its interval."""
    before: float
    """The measure under `against`."""
    after: float
    """The measure under `option`."""
    worlds: Worlds | None = None
    """None where the scenario has no doubts."""

    @property
    def gain(self) -> float:
        """The difference, counted so that more is better."""
        return self.difference.mean if self.measure.more_is_better else -self.difference.mean

    @property
    def better(self) -> bool:
        """Whether the option is better, and its interval leaves no doubt of that."""
        return self.difference.significant and self.gain > 0

    def as_json(self) -> dict[str, Any]:
        """Plain maps and numbers; None where undefined."""
        over = self.worlds
        return {
            "option": self.option,
            "against": self.against,
            **finite_values(self.difference, "mean", "low", "high"),
            "plausible": None if over is None else over.plausible,
            "holds_in_worlds": None if over is None else over.holds,
        }


def worlds_of(comparison: Comparison) -> int | None:
    """How many worlds the comparison has seen; None where the scenario has no doubts."""
    return comparison.sets if comparison.scenario.doubts else None


def name_of(comparison: Comparison, option: str) -> str:
    """An option's name within a sentence or a title; of a very long one, its two ends."""
    return quoted(" ".join(comparison.options[option].label.split()), LONGEST)


def column_at(comparison: Comparison, option: str, place: Cell) -> Column:
    """The columns of an option's samples at a place, summed over what `*` stands for (of resources, no team is among
    them); costs that are not counted are nan."""
    results = comparison.results
    assert results is not None
    if place == OVERALL:
        table = results.samples(option, OVERALL)
    else:
        table = np.zeros((results.replications, len(COLUMNS)))
        teams = place[1] in comparison.scenario.teams
        for cell in results.teams(option) if teams else results.cells(option):
            if is_at(cell, place):
                table = table + results.samples(option, cell)
    return columns_of(table, counted=option not in comparison.not_counted)


def is_at(cell: Cell, place: Cell) -> bool:
    """Whether a mission and resource belong to a place."""
    return all(wanted in (EVERYWHERE, each) for each, wanted in zip(cell, place, strict=True))


def by_set(comparison: Comparison, column: Column, measure: Measure) -> Values:
    """The measure of an option by set, or world: an array of shape (sets,), nan where undefined."""
    sets = comparison.by.sets
    if measure.over is None:
        return sets.means(column(measure.key))
    above, below = sets.means(column(measure.of or measure.key)), sets.means(column(measure.over))
    shares: Values = np.divide(above, below, out=np.full(len(above), math.nan), where=below != 0)
    return 1 - shares if measure.complement else shares


def pair(comparison: Comparison, option: str, against: str, measure_name: str, place: Cell) -> Pair:
    """Hold `option` against another of the same comparison, which must know its results."""
    measure = MEASURES[measure_name]
    one, other = (column_at(comparison, name, place) for name in (option, against))
    fixed = comparison.cannot_vary.difference(option, against, measure_name)
    return Pair(
        option=option,
        against=against,
        measure=measure,
        difference=measure.difference(one, other, comparison.by, fixed=fixed),
        before=measure.estimate(other, comparison.by).mean,
        after=measure.estimate(one, comparison.by).mean,
        worlds=_over_worlds(comparison, by_set(comparison, one, measure) - by_set(comparison, other, measure)),
    )


def plausible(comparison: Comparison, option: str, measure: str, against: str | None = None) -> list[float] | None:
    """5th and 95th percentile over worlds of an option's measure, or of its difference from another; None where there
    are too few worlds, or no doubts.
    """
    names = (option,) if against is None else (option, against)
    values = [by_set(comparison, column_at(comparison, name, OVERALL), MEASURES[measure]) for name in names]
    found = _over_worlds(comparison, values[0] if against is None else values[0] - values[1])
    return None if found is None else found.plausible


def _over_worlds(comparison: Comparison, apart: Values) -> Worlds | None:
    known = apart[~np.isnan(apart)]
    if worlds_of(comparison) is None or not known.size:
        return None
    ends = PLAUSIBLE if known.size >= LEAST_WORLDS else (0.0, 1.0)
    low, high = (float(end) for end in np.quantile(known, ends))
    sign = np.sign(known.mean())
    return Worlds(int(known.size), low, high, int((np.sign(known) == sign).sum()))
