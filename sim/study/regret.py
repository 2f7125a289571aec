"""How far each option is from what anyone could have reached: regret, and the share of the closable gap it closes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import cloudpickle
import numpy as np
from numpy.typing import NDArray

from sim.chance.trace import BLOCK, Trace, draw_traces
from sim.errors import RunError, UsageError
from sim.operations.theatre import Theatre
from sim.policies import Lender, Situation
from sim.scenario.nouns import Scenario
from sim.study.bound import Bound, same_world
from sim.study.comparison import Comparison
from sim.study.crew import hands_of
from sim.study.results import Results
from sim.study.sampling import Progress, share_out
from sim.study.statistics import Estimate, mean, paired, ratio
from sim.study.store import Store
from sim.study.telling import quoted

Values = NDArray[np.float64]
BATCH = 5
"""Traces that are bounded together: about a second's work."""


@dataclass(frozen=True, slots=True)
class Regret:
    """One option against the clairvoyant bound of each trace."""

    clairvoyant_unmet_unit_days: Estimate
    """The least that anyone could have reached with its units."""
    regret_unit_days: Estimate
    """The option's unmet need above that, trace by trace."""
    gap_closed: Estimate
    """Share of the gap between the reference and their common bound that the option closes, a ratio of sums: 0 for the
    reference itself, nan where there is no gap, or where the option has a bound of its own (other units, say)."""

    def as_json(self) -> dict[str, Any]:
        """Plain maps and numbers."""
        names = ("clairvoyant_unmet_unit_days", "regret_unit_days", "gap_closed")
        return {name: getattr(self, name).as_json() for name in names}


NO_GAP = Estimate(math.nan, math.nan, math.nan, math.nan, 0)


def regrets(
    comparison: Comparison,
    *,
    most: int | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> dict[str, Regret]:
    """The regret of every option of a comparison, which must know its results.

    `most` limits it to the first so many replications: a bound takes up to a second or two, a replication
    milliseconds. `workers` and `cluster` are as for `run`.
    """
    results, confidence = comparison.results, comparison.confidence
    if results is None:
        raise UsageError("regret needs the results that were compared")
    bounds = clairvoyant(results, most=most, workers=workers, cluster=cluster, progress=progress)
    unmet = {name: results.sample(name, "unmet_unit_days")[: len(bounds[name])] for name in results.options}
    reference, common = unmet[comparison.reference], bounds[comparison.reference]
    return {
        name: Regret(
            mean(bounds[name], confidence),
            paired(unmet[name], bounds[name], confidence),
            _gap_closed(reference - unmet[name], reference - bounds[name], confidence)
            if np.allclose(bounds[name], common)
            else NO_GAP,
        )
        for name in results.options
    }


def own_bounds(found: Mapping[str, Regret]) -> bool:
    """Whether options have bounds of their own, as their units, journeys or crises differ."""
    return len({round(each.clairvoyant_unmet_unit_days.mean, 6) for each in found.values()}) > 1


def why_no_gap(found: Mapping[str, Regret], reference: str) -> str:
    """What a dash in the column of gaps means; nothing where there is none. `reference`: its label."""
    if all(math.isfinite(each.gap_closed.mean) for each in found.values()):
        return ""
    if own_bounds(found):
        return f"–: its bound is not that of {quoted(reference)}, so there is no common gap to close"
    return f"–: no gap to close, as even the bound is no better than {quoted(reference)}"


def _gap_closed(closed: Values, gap: Values, confidence: float) -> Estimate:
    if not gap.sum() > 0:
        return replace(NO_GAP, n=gap.size)
    return ratio(closed, gap, confidence)


def clairvoyant(
    results: Results,
    *,
    most: int | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> dict[str, Values]:
    """The bound by option and replication, in the order of `results.sample`, in unit-days.

    Options that differ in policy and paper only share their bound, which is then computed once. What the folders have
    is not computed again, and what is computed is kept there, batch by batch. RunError where that cannot be done.
    """
    runs = results.runs()[:most]
    worlds = same_world([_theatre(results.scenario, name) for name in results.options])
    found = {world: results.bounds(results.options[world]) for world in sorted(set(worlds))}
    pieces = [piece for world, known in found.items() for piece in _pieces(results, world, runs, known)]
    sharing = {
        world: [name for name, its in zip(results.options, worlds, strict=True) if its == world] for world in found
    }
    hands = hands_of(workers, cluster)
    work = share_out(_bound_piece, pieces, given_up=_lost_piece, hands=hands)
    with closing(work) as done, ExitStack() as open_stores:
        together = zip(results.folders, results.manifests, strict=True)
        stores = [open_stores.enter_context(Store(*each)) for each in together] if pieces else []
        for count, (world, values) in enumerate(done, start=1):
            found[world] |= values
            for (place, number), bound in values.items():
                stores[place].save_bounds([(name, number, bound) for name in sharing[world]])
            if progress is not None:
                progress(count, len(pieces))
        if stores:
            results.manifests = tuple(store.finish() for store in stores)
    by_option = zip(results.options, worlds, strict=True)
    return {name: np.array([found[world][run] for run in runs]) for name, world in by_option}


Run = tuple[int, int]
"""(place of the results folder, replication)."""


class _Piece(NamedTuple):
    stage: bytes
    """(scenario, option), pickled."""
    world: int
    seeds: tuple[int, ...]
    """By place."""
    runs: tuple[Run, ...]


def _pieces(results: Results, world: int, runs: Sequence[Run], known: Mapping[Run, float]) -> Iterator[_Piece]:
    """What is still to be bounded of one world."""
    stage = cloudpickle.dumps((results.scenario, results.options[world]))
    missing = [run for run in runs if run not in known]
    for start in range(0, len(missing), BATCH):
        yield _Piece(stage, world, results.seeds, tuple(missing[start : start + BATCH]))


def _bound_piece(piece: _Piece) -> tuple[int, dict[Run, float]]:
    bound, found = _bound(piece.stage), {}
    for place, number in piece.runs:
        traces = _traces(piece.stage, piece.seeds[place], number // BLOCK)
        found[place, number] = bound.of(traces[number % BLOCK])
    return piece.world, found


def _lost_piece(piece: _Piece, why: str) -> tuple[int, dict[Run, float]]:
    raise RunError(f"the bound of replication {piece.runs[0][1]} cannot be computed: {why}")


@lru_cache(maxsize=2)
def _bound(stage: bytes) -> Bound:
    return Bound(_theatre(*cloudpickle.loads(stage)))


@lru_cache(maxsize=2)
def _traces(stage: bytes, seed: int, block: int) -> list[Trace]:
    return draw_traces(_bound(stage).theatre.scenario, seed, block)


def _theatre(scenario: Scenario, option: str) -> Theatre:
    """The theatre of an option, without its rule: a bound does not ask how units are shared."""
    named = [each.policy.rule for each in scenario.options.values() if each.policy.rule]
    return Theatre.of(scenario, option, dict.fromkeys(named, _nobody_offers))


def _nobody_offers(_: Situation, **__: Any) -> list[tuple[Lender, int]]:
    return []
