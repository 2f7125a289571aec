"""How often what the product says of sets is true, by many experiments in worlds whose means are known."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from sim.chance.sets import SIZE
from sim.statistics.calibration_weights import Declined, calibrated
from sim.statistics.confidence_sequences import EveryLook
from sim.statistics.discordance import unseen_requirement
from sim.statistics.intervals import SetEstimate, Terms, difference_of, mean_of, ratio_of
from sim.statistics.races import Plan, nothing_unseen, race
from sim.statistics.simultaneous import against_the_best, all_pairs
from tests.statistics.worlds import Drawn, World, disaster, frequent_against_rare

Array = NDArray[np.float64]
LOOKS = (10, 25, 50, 100, 250)
"""Sets at five looks: 200, 500, 1000, 2000 and 5000 replications."""
TRACES = 2_000
"""Traces by which the requirement is known beforehand."""
NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Told:
    """How often intervals were given, and how often they were right."""

    quantity: str
    given: float
    """Share of the experiments in which there was an interval."""
    covered: float
    """Share of those in which it held the truth; nan where there was none."""
    wrong: float
    """Share of all experiments in which an interval was given and wrong."""
    experiments: int

    @property
    def error(self) -> float:
        """Standard error of a share that is 5 %."""
        return math.sqrt(0.05 * 0.95 / self.experiments)


def told(quantity: str, found: list[SetEstimate], truth: float) -> Told:
    """What a list of experiments amounts to."""
    given = np.array([each.known for each in found])
    held = np.array([each.known and each.low - NEAR <= truth <= each.high + NEAR for each in found])
    covered = float(held.sum() / given.sum()) if given.any() else math.nan
    return Told(quantity, float(given.mean()), covered, float((given & ~held).mean()), len(found))


def intervals(world: World, sets: int, experiments: int, *, even: bool, seed: int = 1) -> list[Told]:
    """Mean, paired difference and ratio of single experiments of so many sets."""
    drawn = world.drawn(experiments, sets, seed=seed, even=even)
    first, second = drawn.losses[..., 0], drawn.losses[..., 1]
    mean, other = (float(each) for each in world.means[:2])
    return [
        told("mean", [mean_of(each, Terms(loss=True)) for each in first], mean),
        told("difference", [difference_of(*each) for each in zip(first, second, strict=True)], mean - other),
        told(
            "ratio",
            [ratio_of(*each) for each in zip(first, drawn.requirement, strict=True)],
            mean / world.requirement,
        ),
    ]


def every_look(planned: int, values: Array, confidence: float = 0.95, *, unseen: float = 0.0) -> SetEstimate:
    """The mean of (sets,) with the interval that holds at every look, after the last of them."""
    return mean_of(values, Terms(confidence, quantile=EveryLook(planned, confidence).quantile, unseen=unseen))


def together(
    world: World, sets: int, experiments: int, options: int, *, even: bool, seed: int = 2
) -> tuple[Told, Told]:
    """All pairs at once, and all options against the best of the others at once."""
    values = world.drawn(experiments, sets, seed=seed, even=even).losses[..., :options]
    means = world.means[:options]
    given, wrong, mistaken = 0.0, 0, 0
    for table in values:
        pairs = all_pairs(table)
        given += float(np.mean([each.known for each in pairs.values()])) / experiments
        wrong += any(
            each.known and not each.low - NEAR <= means[one] - means[other] <= each.high + NEAR
            for (one, other), each in pairs.items()
        )
        standings = against_the_best(table)
        apart = [means[one] - np.delete(means, one).min() for one in range(options)]
        held = all(each.low - NEAR <= gap <= each.high + NEAR for each, gap in zip(standings, apart, strict=True))
        mistaken += not (held and standings[int(np.argmin(means))].may_be_best)
    pairs_told = Told("all pairs", float(given), 1 - wrong / experiments, wrong / experiments, experiments)
    return pairs_told, Told("against the best", 1.0, 1 - mistaken / experiments, mistaken / experiments, experiments)


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """Share of the experiments in which a difference of nothing was called significant at one of five looks."""

    fixed: float
    """By Student's t at each look."""
    every_look: float
    with_traces: float
    """With what the traces may bring added."""
    experiments: int


def false_alarms(world: World, experiments: int, *, even: bool, seed: int = 3) -> FalseAlarms:
    """The difference of two options less its exact mean is a difference of nothing, of the same shape."""
    drawn = world.drawn(experiments, LOOKS[-1], seed=seed, even=even)
    apart = drawn.losses[..., 0] - drawn.losses[..., 1] - (world.means[0] - world.means[1])
    traces = world.traces(TRACES, seed=seed)
    alarms = np.zeros(3)
    for values, met in zip(apart, drawn.met, strict=True):
        alarms += _alarms(values, met, traces)
    one, two, three = (alarms / experiments).tolist()
    return FalseAlarms(one, two, three, experiments)


def _alarms(values: Array, met: Array, traces: Array) -> Array:
    found = np.zeros(3, dtype=bool)
    for sets in LOOKS:
        sample = values[:sets]
        error = sample.std(ddof=1) / math.sqrt(sets)
        found[0] |= abs(sample.mean()) > stdtrit(sets - 1, 0.975) * error
        seen = every_look(50, sample)
        if not seen.significant:
            continue
        found[1] = True
        unseen = unseen_requirement(met[:sets], traces)
        found[2] |= seen.low - unseen > 0 or seen.high + unseen < 0
    return found


@dataclass(frozen=True, slots=True)
class Raced:
    """How races between options ended."""

    world: str
    right: float
    """Share in which the best option was chosen."""
    undecided: float
    sets: float
    """Median number of sets that a race took."""
    experiments: int


RACES = (
    (disaster(50, "rare: a disaster once in 50 years"), 10.0),
    (frequent_against_rare(50, "asymmetric: incidents against one disaster in 50 years"), 5.0),
    (frequent_against_rare(100, "third: incidents against one disaster in 100 years"), 2.0),
)
"""Worlds in which the rare decides, each with an indifference zone in unit-days. Exact means: 14.1 and 0, 14.4 and 4.5,
7.3 and 4.5."""


def raced(
    world: World, zone: float, experiments: int, *, even: bool, traces: bool, most: int = 400, seed: int = 4
) -> Raced:
    """Races between the first two options, with this zone of indifference and so many sets at most."""
    drawn = world.drawn(experiments, most, seed=seed, even=even)
    best, ends = int(np.argmin(world.means[:2])), []
    for number in range(experiments):
        ends.append(race(drawn.losses[number, :, :2], zone, _plan(world, drawn, number, traces)))
    chosen = [each.chosen for each in ends]
    return Raced(
        world.name,
        sum(each == best for each in chosen) / experiments,
        sum(each is None for each in chosen) / experiments,
        float(np.median([each.sets for each in ends])),
        experiments,
    )


def _plan(world: World, drawn: Drawn, number: int, traces: bool) -> Plan:
    if not traces:
        return Plan(50, unseen=nothing_unseen)
    known, met = world.traces(TRACES, seed=number), drawn.met[number]
    return Plan(50, unseen=lambda sets: unseen_requirement(met[:sets], known))


@dataclass(frozen=True, slots=True)
class Weighted:
    """What calibration weights were worth in one world."""

    taken: float
    """Share of the experiments in which the sets were weighted."""
    factor: float
    """Variance of the plain mean over that of the weighted one (the plain one's where weights were declined)."""
    told: Told


def weighted(world: World, sets: int, experiments: int, *, even: bool, seed: int = 5) -> Weighted:
    """The mean of the first option, weighted to the requirement by cell known from 1,000 even sets of traces."""
    drawn = world.drawn(experiments, sets, seed=seed, even=even)
    found, plain = [], []
    taken = 0
    for number, losses in enumerate(drawn.losses):
        traces = world.drawn(1, 1000, seed=1000 + number).mean_by_cell[0]
        covariance = np.atleast_2d(np.cov(traces, rowvar=False)) / len(traces)
        weights = calibrated(drawn.mean_by_cell[number], traces.mean(axis=0), covariance, losses[:, :1])
        taken += not isinstance(weights, Declined)
        terms = Terms(weights=None if isinstance(weights, Declined) else weights)
        found.append(mean_of(losses[:, 0], terms))
        plain.append(losses[:, 0].mean())
    gain = float(np.var(plain) / np.var([each.mean for each in found]))
    return Weighted(taken / experiments, gain, told("weighted mean", found, float(world.means[0])))


def set_variances(world: World, experiments: int, *, even: bool, seed: int = 6) -> Iterator[float]:
    """Variance of a set's mean, times SIZE, of each option: that of one replication where draws are independent."""
    yield from SIZE * world.drawn(experiments, 1, seed=seed, even=even).losses[:, 0].var(axis=0)
