"""Coverage as a curve over the number of units, and where it crosses a target."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.chance.sets import SIZE
from sim.questions.sizing.scaled_holdings import Holding
from sim.running.samples import Effort, Variant, sample
from sim.statistics.by_sets import Inference, Sets
from sim.statistics.discordance import least_discordant
from sim.statistics.estimates import Estimate

Values = NDArray[np.float64]

SHARES = (0.75, 1.0, 1.25, 1.5, 2.0)
"""Of the units held now: the first points of a curve."""
MOST_SHARE = 12.0
"""Nobody is offered more than this multiple of what there is."""
FINEST = 0.005
"""Share of the units below which the search does not tell numbers apart."""
RESAMPLES = 1000


class Point(NamedTuple):
    """Unmet and required unit-days by replication, with so many units."""

    unmet: Values
    required: Values

    @property
    def coverage(self) -> float:
        """Share of the requirement that is met, over all replications; nan where nothing was required."""
        required = float(np.nansum(self.required))
        return 1 - float(np.nansum(self.unmet)) / required if required else math.nan

    def estimate(self, by: Inference, *, fixed: bool = False) -> Estimate:
        """The same with its interval over sets; `fixed`: nothing is left to chance."""
        return by.ratio(self.unmet, self.required, fixed=fixed).one_minus()


Curve = dict[int, Point]


class Search:
    """Runs numbers of units until every option's crossing, and its interval, lie between two that were tried."""

    def __init__(self, holdings: Mapping[str, Holding], target: float, effort: Effort, confidence: float) -> None:
        self.holdings, self.target, self.effort, self.confidence = holdings, target, effort, confidence
        self.sets = Sets.in_order(effort.replications, SIZE, effort.first)
        self.found: dict[str, Curve] = {name: {} for name in holdings}
        self.done = 0

    def curves(self) -> dict[str, Curve]:
        """By option, the coverage with enough numbers of units, in increasing order."""
        self._run({name: self._first(holding) for name, holding in self.holdings.items()})
        while any((more := {name: self._next(name) for name in self.holdings}).values()):
            self._run(more)
        return {name: dict(sorted(curve.items())) for name, curve in self.found.items()}

    def _first(self, holding: Holding) -> list[int]:
        if not holding.scaled:
            return [holding.total]
        now = max(1, sum(holding.scaled.values()) or holding.total)
        return sorted({holding.total, *(holding.least + math.ceil(share * now) for share in SHARES)})

    def _next(self, name: str) -> list[int]:
        """Numbers of units still to be tried: beyond what was, or between the two that enclose the target."""
        holding = self.holdings[name]
        if not holding.scaled:  # nothing can be added
            return []
        points = dict(sorted(self.found[name].items()))
        curve = [(units, point.coverage) for units, point in points.items()]
        (fewest, low), (most, high) = curve[0], curve[-1]
        if low >= self.target and fewest > holding.least:
            return [holding.least + (fewest - holding.least) // 2]
        if not any(covered >= self.target for _, covered in curve):
            further = min(2 * most, self._limit(holding))
            return [further] if further > most and not math.isnan(high) else []
        for (below, short), (above, enough) in pairwise(curve):
            if short < self.target <= enough:
                step = max(1, math.ceil((above - below) / 4), math.ceil(above * FINEST))
                if between := list(range(below + step, above, step)):
                    return between
        return self._beyond(holding, points)

    def _limit(self, holding: Holding) -> int:
        return math.ceil(MOST_SHARE * max(1, holding.total))

    def _beyond(self, holding: Holding, points: Curve) -> list[int]:
        """A few more units where the interval's upper end lies beyond what was tried, and more units still help."""
        *_, before, most = points
        found = crossings(points, self.target, self.sets)
        end = ends_of(found, self.confidence, bearing(points, self.sets))[1]
        # One more than what is enough is always tried: whether it helps is then seen.
        helps = points[most].coverage > points[before].coverage or most <= found[0]
        further = min(most + max(1, math.ceil((most - holding.least) / 4)), self._limit(holding))
        return [further] if np.isinf(end) and helps and further > most else []

    def _run(self, numbers: Mapping[str, Sequence[int]]) -> None:
        runs = [(name, units) for name, wanted in numbers.items() for units in wanted]
        variants = [
            Variant(self.holdings[name].with_total(units), (name,), self.holdings[name].resource)
            for name, units in runs
        ]
        effort = replace(self.effort, progress=self._progress)
        for (name, units), samples in zip(runs, sample(variants, effort), strict=True):
            found = samples[name]
            self.found[name][units] = Point(found.of("unmet_unit_days"), found.of("requirement_unit_days"))

    def _progress(self, done: int, wanted: int) -> None:
        """In batches; how many there will be is only known in the end."""
        if self.effort.progress is not None:
            self.effort.progress(self.done + done, self.done + wanted)
        if done == wanted:
            self.done += done


def bearing(curve: Curve, sets: Sets) -> int:
    """How many sets say anything of coverage: those in which something was required."""
    point = next(iter(curve.values()))
    return int(np.count_nonzero(np.nan_to_num(sets.means(point.required))))


def ends_of(found: Values, confidence: float, sets: int) -> tuple[float, float]:
    """The interval's ends among the resamples of `crossings`: percentiles, moved out as few sets ask for.

    `sets`: how many say anything. Expanded percentiles of Hesterberg (2015, The American Statistician 69:371). nan from
    fewer sets than bear an interval.
    """
    from scipy.special import ndtr, stdtrit

    resampled = np.sort(found[1:])
    if sets < least_discordant(confidence) or np.isnan(resampled).any():
        return math.nan, math.nan
    tail = float(ndtr(math.sqrt(sets / (sets - 1)) * stdtrit(sets - 1, (1 - confidence) / 2)))
    low, high = (float(resampled[round(share * (len(resampled) - 1))]) for share in (tail, 1 - tail))
    return low, high


def crossings(curve: Curve, target: float, sets: Sets) -> Values:
    """Fewest units that reach the target: on all sets, then on each resample of them; inf where none do."""
    units = np.array(list(curve), dtype=np.float64)
    unmet, required = (
        np.nan_to_num(np.stack([sets.means(each) for each in parts], axis=1))
        for parts in zip(*curve.values(), strict=True)
    )
    count = len(unmet)
    weights = np.random.default_rng(1).multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    weights = np.concatenate([np.ones((1, count), dtype=weights.dtype), weights])
    with np.errstate(invalid="ignore", divide="ignore"):
        covered = 1 - (weights @ unmet) / (weights @ required)
    reached = covered >= target
    first = reached.argmax(axis=1)
    rows, before = np.arange(len(covered)), np.maximum(first - 1, 0)
    rise = covered[rows, first] - covered[rows, before]
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(first > 0, (target - covered[rows, before]) / rise, 0)
    crossing = units[before] + part * (units[first] - units[before])
    return np.where(reached.any(axis=1), np.ceil(crossing - 1e-9), np.inf)
