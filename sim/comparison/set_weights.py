"""What is known of a run's crises beforehand, and how its sets are weighted by it.

The mean requirement by mission and resource is known without simulating anything, in the world of every set. What a set
has met more or less than that is chance: sets are weighted so that it comes out as nothing
(`statistics.calibration_weights`; the field says control variates), with one vector of weights for all measures and
options. The known means have errors of their own, independent by set; they are part of what a set seems to have met, so
they are counted. Of doubts the middle is known: each is uniform over its distribution. And what the traces may bring
and no set has met makes intervals of unmet need wider.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.chance.required import Cell
from sim.chance.sets import SIZE
from sim.chance.worlds import worlds
from sim.results.reader import Results
from sim.running.requirements import Requirements, Traced, apart_in_crises
from sim.statistics.by_sets import Sets
from sim.statistics.calibration_weights import LEAST_SETS as LEAST_WEIGHTED
from sim.statistics.calibration_weights import Declined, Weights, calibrated
from sim.statistics.discordance import unseen_requirement


@dataclass(frozen=True, eq=False)
class SetWeights:
    """What the traces say of the sets that were run."""

    weights: Weights | Declined
    """Of the sets; or why they are alike."""
    unseen: float
    """Unit-days of mean requirement that the traces may bring and no replication has met."""

    @property
    def factor(self) -> float:
        """Times fewer sets that the weights are worth: 1 where there are none."""
        return self.weights.factor if isinstance(self.weights, Weights) else 1.0

    def __str__(self) -> str:
        """How the sets are weighted, in a few words: what the manifest says."""
        if isinstance(self.weights, Weights):
            return f"worth {self.factor:.2g} times the sets"
        return f"none: {self.weights.value}"


def set_weights(results: Results, options: Mapping[str, NDArray[np.float64]], reference: str) -> SetWeights:
    """From the traces of the results' seeds. `options`: the unmet need of each, one value a set."""
    scenario, sets = results.scenario, results.sets
    traced = [
        [Traced(scenario, option, seed) for seed in results.seeds]
        for option in apart_in_crises(scenario, [reference, *options])
    ]
    unseen = max(_unseen(each, results.runs()) for each in traced)
    if sets.count < LEAST_WEIGHTED:
        return SetWeights(Declined.FEW_SETS, unseen)
    beyond = beyond_known(traced[0], results.runs(), sets)
    return SetWeights(weights_of(candidates(beyond, traced[0][0].cells), _doubts(results), options, reference), unseen)


def _doubts(results: Results) -> Requirements:
    """How far each doubt is from the middle of its distribution in the world of every set: (sets, doubts)."""
    drawn = [worlds(results.scenario, seed) for seed in results.seeds]
    return np.array([drawn[place].shares(block) - 0.5 for place, block in _blocks(results.runs())])


def _blocks(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """(place of the folder, number) of every set, in the order of `Results.sets`."""
    return list(dict.fromkeys((place, number // SIZE) for place, number in runs))


def _unseen(traced: list[Traced], runs: list[tuple[int, int]]) -> float:
    """Over the folders of the results together."""
    met, further = [], []
    for place, one in enumerate(traced):
        numbers = [number for where, number in runs if where == place]
        if numbers and one.cells:
            met.append(one.met(numbers))
            further.append(one.further(sorted({number // SIZE for number in numbers})))
    return unseen_requirement(np.concatenate(met), np.concatenate(further)) if met else 0.0


def beyond_known(traced: list[Traced], runs: list[tuple[int, int]], sets: Sets) -> Requirements:
    """What every set has met beyond the known mean in its world: (sets, cells), each of mean zero.

    `runs`: (place of the folder, replication) of every value of a sample, in order; `traced`: by place.
    """
    met = np.concatenate([traced[place].met([number]) for place, number in runs])
    known = [traced[place].means([block]) for place, block in _blocks(runs)]
    by_set = [sets.means(column) for column in met.T]
    return (np.stack(by_set, axis=1) if by_set else np.zeros((sets.count, 0))) - np.concatenate(known)


def candidates(beyond: Requirements, cells: Sequence[Cell]) -> list[Requirements]:
    """What may be made to come out as known, each (sets, variables) of mean zero, the finest first.

    The requirement by mission and resource, by resource or in all, since few sets bear few variables.
    """
    found = [beyond]
    for alike in ([resource for _, resource in cells], [""] * len(cells)):
        columns = [beyond[:, [each == name for each in alike]].sum(axis=1) for name in dict.fromkeys(alike)]
        if 0 < len(columns) < found[-1].shape[1]:
            found.append(np.stack(columns, axis=1))
    return found


def weights_of(
    known: Sequence[Requirements], doubts: Requirements, options: Mapping[str, NDArray[np.float64]], reference: str
) -> Weights | Declined:
    """The weights by which the first of `known` comes out that pays; or why there are none.

    With the doubts' middles in addition where that spares more sets. That the choice leaves intervals honest was
    measured: `docs/explanation/what_the_intervals_promise.md`.
    """
    samples = [*options.values(), *(each - options[reference] for name, each in options.items() if name != reference)]
    judged_by = np.stack(samples, axis=1)
    why: Weights | Declined = Declined.NOTHING_VARIES
    for each in known:
        both = [each, np.hstack([each, doubts])] if doubts.size else [each]
        found = [calibrated(one, np.zeros(one.shape[1]), np.zeros((one.shape[1],) * 2), judged_by) for one in both]
        if made := [one for one in found if isinstance(one, Weights)]:
            return max(made, key=lambda one: one.factor)
        why = found[0]
    return why
