"""Many small experiments at once, kept in memory: what sizing and sweeping are made of.

All worlds meet the same seed and replications, so whatever differs between them is not luck (as far as what they change
leaves a draw's name as it was).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.errors import RunError, UsageError
from sim.measures.catalogue import COLUMNS
from sim.policies import Offers, own_rules
from sim.running.batches import Batch, Job, Outcome, batches_of, lost_batch, run_batch
from sim.running.workers import START_UP_SECONDS, Hands, hands_of, in_turn, spread
from sim.scenario.nouns.scenario import Scenario

Values = NDArray[np.float64]
Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is to do."""
Piece = TypeVar("Piece")
Done = TypeVar("Done")

log = logging.getLogger("sim")
BATCH = 50
"""Replications of one world that are handed out together."""


class World(NamedTuple):
    """One scenario, those of its options that are to be run, and what is to be kept of them."""

    scenario: Scenario
    options: tuple[str, ...]
    resource: str | None = None
    """Only this resource, summed over all missions; the whole scenario where omitted."""


@dataclass(frozen=True)
class Sample:
    """What one option of one world measured."""

    values: Values
    """(replications, columns of `measures.COLUMNS`); nan where a replication failed."""

    def of(self, column: str) -> Values:
        """One column by replication."""
        return self.values[:, COLUMNS.index(column)]


@dataclass(frozen=True)
class Effort:
    """How much to run, and by whom; results do not depend on the latter."""

    replications: int
    seed: int
    workers: int | None = None
    """Processes on this machine; one a core where omitted."""
    cluster: str | None = None
    """Address of a Dask scheduler, whose workers do it instead."""
    rules: str | Path | Mapping[str, Offers] | None = None
    """A Python file with the user's own lending rules, or such rules by name."""
    progress: Progress | None = None
    first: int = 0
    """Number of the first replication."""

    def __post_init__(self) -> None:
        if self.replications < 1:
            raise UsageError(f"replications: must be 1 or more, not {self.replications}")


def sample(worlds: Sequence[World], effort: Effort) -> list[dict[str, Sample]]:
    """Run every option of every world on the same replications: one map from option to sample for each world.

    Replications that fail are nan, and logged; RunError where all do.
    """
    wanted = range(effort.first, effort.first + effort.replications)
    rules, pieces = own_rules(effort.rules), []
    for number, world in enumerate(worlds):
        job = Job.of(world.scenario, world.options, rules, seed=effort.seed, keep=0)
        run_batch(job, Batch(0, 0))  # what is wrong with a world shows before anything is run
        pieces += [_Piece(number, world.resource, job, batch) for batch in batches_of([wanted], BATCH)]
    nothing = np.full((effort.replications, len(COLUMNS)), np.nan)
    found = [{option: Sample(nothing.copy()) for option in world.options} for world in worlds]
    failed = 0
    hands = hands_of(effort.workers, effort.cluster)
    with closing(share_out(_run_piece, pieces, given_up=_lost_piece, hands=hands)) as done:
        for count, one in enumerate(done, start=1):
            failed += one.failed
            for option, rows in one.rows.items():
                for replication, values in rows:
                    found[one.world][option].values[replication - effort.first] = values
            if effort.progress is not None:
                effort.progress(count, len(pieces))
    if failed == effort.replications * sum(len(world.options) for world in worlds):
        raise RunError("every replication failed: `run` says why")
    if failed:
        log.warning("%d replications failed and are left out; `run` says which and why", failed)
    return found


def share_out(
    work: Callable[[Piece], Done],
    pieces: Sequence[Piece],
    *,
    given_up: Callable[[Piece, str], Done],
    hands: Hands | None,
) -> Generator[Done, None, None]:
    """What `work` gives for every piece, in any order: in this process where that is quicker, else by `hands`.

    Pieces should take about as long as each other; the first is done here, to know how long.
    """
    try:
        if not pieces:
            return
        started = time.perf_counter()
        yield work(pieces[0])
        seconds = (time.perf_counter() - started) * (len(pieces) - 1)
        if hands is None or seconds * (1 - 1 / hands.count) < START_UP_SECONDS:
            yield from in_turn(work, pieces[1:])
        else:
            yield from spread(hands, work, pieces[1:], given_up=given_up)
    finally:
        if hands is not None:
            hands.close()


class _Piece(NamedTuple):
    world: int
    resource: str | None
    job: Job
    batch: Batch


class _Done(NamedTuple):
    world: int
    rows: dict[str, list[tuple[int, Values]]]
    """Option -> (replication, columns)."""
    failed: int


def _run_piece(piece: _Piece) -> _Done:
    """Run a batch and keep of it only what is asked for, so that little travels between processes."""
    return _done(piece, run_batch(piece.job, piece.batch))


def _lost_piece(piece: _Piece, why: str) -> _Done:
    return _done(piece, lost_batch(piece.job, piece.batch, why))


def _done(piece: _Piece, outcome: Outcome) -> _Done:
    rows = {
        option: [(number, _kept(values, outcome.cells[option], piece.resource)) for number, values in found]
        for option, found in outcome.values.items()
    }
    return _Done(piece.world, rows, len(outcome.rows.get("failures", ())))


def _kept(values: Values, cells: list[tuple[str, str]], resource: str | None) -> Values:
    """The row of the whole, or the sum of a resource's rows."""
    rows = [number for number, cell in enumerate(cells) if cell[1] == resource] if resource is not None else [0]
    kept: Values = values[rows].sum(axis=0)
    return kept
