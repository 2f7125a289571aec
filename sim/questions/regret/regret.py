"""How far each option is from what anyone could have reached: regret, and the share of the closable gap it closes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.chance.trace import BLOCK
from sim.comparison.comparison import Comparison
from sim.errors import RunError, UsageError
from sim.policies import Lender, Situation
from sim.questions.regret.clairvoyant import Bound, same_world
from sim.results.reader import Results
from sim.results.writer import Store
from sim.running.batches import Job, theatres, theatres_in, traces
from sim.running.runner import Progress
from sim.running.workers import share_out_alike, workers_for
from sim.scenario.loaded import LoadedScenario
from sim.statistics.by_sets import Inference
from sim.statistics.estimates import Estimate
from sim.words.language import phrase
from sim.words.names import quoted

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
    results = comparison.results
    if results is None:
        raise UsageError("regret needs the results that were compared")
    bounds = clairvoyant(results, most=most, workers=workers, cluster=cluster, progress=progress)
    unmet = {name: results.sample(name, "unmet_unit_days")[: len(bounds[name])] for name in results.options}
    by = comparison.by
    if len(bounds[comparison.reference]) < results.replications:  # weights are of all sets
        sets = results.sets.first(len(bounds[comparison.reference]))
        by = replace(by, sets=sets, terms=replace(by.terms, weights=None))
    reference, common = unmet[comparison.reference], bounds[comparison.reference]
    return {
        name: Regret(
            by.mean(bounds[name]),
            by.difference(unmet[name], bounds[name]),
            _gap_closed(reference - unmet[name], reference - bounds[name], by, fixed=name == comparison.reference)
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
        name = quoted(reference)
        return phrase("–: its bound is not that of {name}, so there is no common gap to close", name=name)
    return phrase("–: no gap to close, as even the bound is no better than {name}", name=quoted(reference))


def _gap_closed(closed: Values, gap: Values, by: Inference, *, fixed: bool) -> Estimate:
    if not gap.sum() > 0:
        return replace(NO_GAP, n=gap.size)
    return by.ratio(closed, gap, fixed=fixed)


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
    jobs = {name: [_job(results.scenario, name, seed) for seed in results.seeds] for name in results.options}
    worlds = same_world([theatres(job.pickled)[name] for name, (job, *_) in jobs.items()])
    first = {results.options[world]: world for world in worlds}
    bounds = {name: results.bounds(name) for name in first}
    pieces = [piece for name in first for piece in _pieces(name, jobs[name], runs, bounds[name])]
    sharing = {
        name: [other for other, its in zip(results.options, worlds, strict=True) if its == world]
        for name, world in first.items()
    }
    if pieces:
        with workers_for(workers, cluster) as pool, ExitStack() as open_stores:
            together = zip(results.folders, results.manifests, strict=True)
            stores = [open_stores.enter_context(Store(*each)) for each in together]
            work = share_out_alike(_bound_piece, pieces, lost=_lost_piece, workers=pool)
            with closing(work) as done:
                for count, (piece, values) in enumerate(done, start=1):
                    bounds[piece.option] |= {(piece.place, number): bound for number, bound in values.items()}
                    rows = [(name, *each) for name in sharing[piece.option] for each in values.items()]
                    stores[piece.place].save_bounds(rows)
                    if progress is not None:
                        progress(count, len(pieces))
            results.manifests = tuple(store.finish() for store in stores)
    by_world = {world: np.array([bounds[name][run] for run in runs]) for name, world in first.items()}
    return {name: by_world[world] for name, world in zip(results.options, worlds, strict=True)}


Run = tuple[int, int]
"""(place of the results folder, replication)."""


class _Piece(NamedTuple):
    option: str
    """The first of those that share its bound."""
    job: Job
    place: int
    """Of the results folder."""
    numbers: tuple[int, ...]


def _job(scenario: LoadedScenario, option: str, seed: int) -> Job:
    """The job of an option without its rule: a bound does not ask how units are shared."""
    named = [each.policy.rule for each in scenario.options.values() if each.policy.rule]
    return Job.of(scenario, [option], dict.fromkeys(named, _nobody_offers), seed=seed, keep=0)


def _pieces(option: str, jobs: Sequence[Job], runs: Sequence[Run], known: Mapping[Run, float]) -> Iterator[_Piece]:
    """What is still to be bounded of one world."""
    for place, job in enumerate(jobs):
        missing = [number for where, number in runs if where == place and (place, number) not in known]
        for start in range(0, len(missing), BATCH):
            yield _Piece(option, job, place, tuple(missing[start : start + BATCH]))


def _bound_piece(piece: _Piece) -> tuple[_Piece, dict[int, float]]:
    pickled, seed, found = piece.job.pickled, piece.job.seed, {}
    for number in piece.numbers:
        block, within = divmod(number, BLOCK)
        found[number] = _bound(pickled, seed, block).of(traces(pickled, seed, block)[piece.option][within])
    return piece, found


def _lost_piece(piece: _Piece, why: str) -> tuple[_Piece, dict[int, float]]:
    raise RunError(f"the bound of replication {piece.numbers[0]} cannot be computed: {why}")


@lru_cache(maxsize=2)
def _bound(pickled: bytes, seed: int, block: int) -> Bound:
    (theatre,) = theatres_in(pickled, seed, block).values()
    return Bound(theatre)


def _nobody_offers(_: Situation, **__: Any) -> list[tuple[Lender, int]]:
    return []
