"""What is known of a run's crises beforehand, and how its sets are weighted by it.

The requirement by mission and resource is known from many more traces than were run: five for each replication, drawn
and not simulated. Sets are weighted so that it comes out (`statistics.calibration_weights`), with one vector of weights
for all measures and options; and what the traces may bring and no set has met makes intervals of unmet need wider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.chance.sets import SIZE
from sim.results.reader import Results
from sim.running.requirements import MORE, Traced, worlds_of
from sim.statistics.by_sets import Sets
from sim.statistics.calibration_weights import LEAST_SETS as LEAST_WEIGHTED
from sim.statistics.calibration_weights import Declined, Weights, calibrated
from sim.statistics.discordance import unseen_requirement


@dataclass(frozen=True, eq=False)
class Known:
    """What the traces say of the sets that were run."""

    weights: Weights | Declined
    """Of the sets; or why they are alike."""
    unseen: float
    """Unit-days of mean requirement that the traces may bring and no replication has met."""

    @property
    def factor(self) -> float:
        """Times fewer sets that the weights are worth: 1 where there are none."""
        return self.weights.factor if isinstance(self.weights, Weights) else 1.0


def known_of(results: Results, options: Mapping[str, NDArray[np.float64]], reference: str) -> Known:
    """From the traces of the results' seeds. `options`: the unmet need of each, one value a set."""
    scenario, places, sets = results.scenario, results.runs(), results.sets
    worlds = [[Traced(world, seed) for world in worlds_of(scenario, [reference, *options])] for seed in results.seeds]
    by_world = [_rows(list(each), places) for each in zip(*worlds, strict=True)]
    unseen = max((unseen_requirement(met, known) for met, known in by_world if met.shape[1] and len(met)), default=0.0)
    return Known(weights_of(sets, by_world[0], options, reference), unseen)


def _rows(traced: list[Traced], places: list[tuple[int, int]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What a world's replications met, in the order of the samples, and what further traces of its seeds require."""
    met, known = [], []
    for place, world in enumerate(traced):
        numbers = [number for where, number in places if where == place]
        met.append(world.met(numbers))
        known.append(world.known(MORE * max(1, len(numbers))))
    return np.concatenate(met), np.concatenate(known)


def weights_of(
    sets: Sets,
    requirement: tuple[NDArray[np.float64], NDArray[np.float64]],
    options: Mapping[str, NDArray[np.float64]],
    reference: str,
) -> Weights | Declined:
    """Weights by which the known requirement comes out; `requirement`: of the replications, and of further traces."""
    met, known = requirement
    if sets.count < LEAST_WEIGHTED:
        return Declined.FEW_SETS
    if not met.shape[1]:
        return Declined.NOTHING_VARIES
    variables = np.stack([sets.means(column) for column in met.T], axis=1)
    drawn = known[: len(known) // SIZE * SIZE].reshape(-1, SIZE, known.shape[1]).mean(axis=1)
    covariance = np.atleast_2d(np.cov(drawn, rowvar=False)) / len(drawn)
    samples = [*options.values(), *(each - options[reference] for name, each in options.items() if name != reference)]
    return calibrated(variables, drawn.mean(axis=0), covariance, np.stack(samples, axis=1))
