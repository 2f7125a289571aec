"""What is known of a run's crises beforehand, and how its sets are weighted by it.

The mean requirement by mission and resource is known without simulating anything, in the world of every set. What a set
has met more or less than that is chance: sets are weighted so that it comes out as nothing
(`statistics.calibration_weights`; the field says control variates), with one vector of weights for all measures and
options. The known means have errors of their own, independent by set; they are part of what a set seems to have met, so
they are counted. Of doubts the middle is known: each is uniform over its distribution. And what the traces may bring
and no set has met makes intervals of unmet need wider.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance.required import Cell
from sim.chance.sets import SIZE
from sim.chance.worlds import worlds
from sim.results.reader import Results
from sim.running.requirements import Requirements, Traced, alike_in_crises
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
    traced: Mapping[str, list[Traced]] = field(default_factory=dict, repr=False)
    """By option what its traces require, by the seeds of the results: the same lists for options that have the same."""

    def __getstate__(self) -> dict[str, Any]:
        """Without the traces, which can be drawn again: charts that are drawn elsewhere do without."""
        return {**self.__dict__, "traced": {}}

    @property
    def factor(self) -> float:
        """Times fewer sets that the weights are worth: 1 where there are none."""
        return self.weights.factor if isinstance(self.weights, Weights) else 1.0

    def __str__(self) -> str:
        """How the sets are weighted, in a few words: what the manifest says."""
        if isinstance(self.weights, Weights):
            return f"worth {self.factor:.2g} times the sets"
        return f"none: {self.weights.value}"


def set_weights(
    results: Results, options: Mapping[str, NDArray[np.float64]], reference: str, known: SetWeights | None = None
) -> SetWeights:
    """From the traces of the results' seeds. `options`: the unmet need of each, one value a set.

    `known` are weights of the same results for another reference: what they were made of is not drawn again.
    """
    sets = results.sets
    drawn = known is not None and known.traced
    traced = drawn or _traced(results, [reference, *options])
    own, enough = traced[reference], sets.count >= LEAST_WEIGHTED
    for place, number in _blocks(results.runs()):
        own[place].draw(number, means=enough)
    unseen = _most_unseen(results, traced) if known is None else known.unseen
    if not enough:
        return SetWeights(Declined.FEW_SETS, unseen, traced)
    variables = candidates(beyond_known(own, results.runs(), sets), own[0].cells)
    return SetWeights(weights_of(variables, _doubts(results), options, reference), unseen, traced)


def weighted_alike(one: SetWeights | None, other: SetWeights | None) -> bool:
    """Whether estimates by the one are those by the other, in results of which the traces bring the same."""
    mine, its = (None if each is None else each.weights for each in (one, other))
    if not isinstance(mine, Weights) or not isinstance(its, Weights):
        return not isinstance(mine, Weights) and not isinstance(its, Weights)
    parts = ((each.values, each.basis, each.known_covariance) for each in (mine, its))
    return all(np.array_equal(*both) for both in zip(*parts, strict=True))


def _traced(results: Results, options: Iterable[str]) -> dict[str, list[Traced]]:
    alike = alike_in_crises(results.scenario, options)
    made = {
        first: [Traced(results.scenario, first, seed) for seed in results.seeds]
        for first in dict.fromkeys(alike.values())
    }
    return {option: made[first] for option, first in alike.items()}


def _most_unseen(results: Results, traced: Mapping[str, list[Traced]]) -> float:
    """Of the option with the most; those that have the same traces are looked at once."""
    different = {id(each): each for each in traced.values()}.values()
    return max(_unseen(each, results.runs()) for each in different)


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
