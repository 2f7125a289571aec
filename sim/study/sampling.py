"""Many small experiments at once, kept in memory: what sizing and sweeping are made of.

All worlds meet the same seed and replications, so whatever differs between them is not luck (as far as what they change
leaves a draw's name as it was).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.policies import Offers
from sim.scenario.nouns import Scenario
from sim.study.batches import Batch, Job, Outcome, batches_of, lost_batch, run_batch
from sim.study.crew import START_UP_SECONDS, LocalHands, cores, in_turn, spread
from sim.study.measures import COLUMNS

Values = NDArray[np.float64]
Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is to do."""
Piece = TypeVar("Piece")
Done = TypeVar("Done")

BATCH = 50
"""Replications of one world that are handed out together."""


class World(NamedTuple):
    """One scenario and those of its options that are to be run."""

    scenario: Scenario
    options: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """What one option of one world measured."""

    cells: tuple[tuple[str, str], ...]
    """(mission, resource) of each row; ("*", "*") is the whole."""
    values: Values
    """(replications, rows, columns of `measures.COLUMNS`); nan where a replication failed."""

    def of(self, column: str, mission: str = "*", resource: str = "*") -> Values:
        """One column by replication."""
        return self.values[:, self.cells.index((mission, resource)), COLUMNS.index(column)]

    def of_resource(self, column: str, resource: str) -> Values:
        """One column by replication, summed over all missions for one resource."""
        rows = [number for number, cell in enumerate(self.cells) if cell[1] == resource]
        total: Values = self.values[:, rows, COLUMNS.index(column)].sum(axis=1)
        return total


@dataclass(frozen=True)
class Effort:
    """How much to run, and by whom; results do not depend on the latter."""

    replications: int
    seed: int
    workers: int | None = None
    """Processes on this machine; one a core where omitted."""
    rules: Mapping[str, Offers] | None = None
    """A user's own lending rules by name."""
    progress: Progress | None = None
    first: int = 0
    """Number of the first replication."""

    def __post_init__(self) -> None:
        if self.replications < 1:
            raise UsageError(f"replications: must be 1 or more, not {self.replications}")
        if self.workers is not None and self.workers < 1:
            raise UsageError(f"workers: must be 1 or more, not {self.workers}")


def sample(worlds: Sequence[World], effort: Effort) -> list[dict[str, Sample]]:
    """Run every option of every world on the same replications: one map from option to sample for each world."""
    pieces = []
    for number, world in enumerate(worlds):
        job = Job.of(world.scenario, world.options, effort.rules, seed=effort.seed, keep=0)
        run_batch(job, Batch(0, 0))  # what is wrong with a world shows before anything is run
        pieces += [
            _Piece(number, job, batch)
            for batch in batches_of([range(effort.first, effort.first + effort.replications)], BATCH)
        ]
    found: list[dict[str, Sample]] = [{} for _ in worlds]
    with closing(share_out(_run_piece, pieces, given_up=_lost_piece, workers=effort.workers)) as outcomes:
        for count, (number, outcome) in enumerate(outcomes, start=1):
            for option in outcome.values:
                _put(found[number], option, outcome, effort)
            if effort.progress is not None:
                effort.progress(count, len(pieces))
    return found


def share_out(
    work: Callable[[Piece], Done],
    pieces: Sequence[Piece],
    *,
    given_up: Callable[[Piece, str], Done],
    workers: int | None = None,
) -> Generator[Done, None, None]:
    """What `work` gives for every piece, in any order: in this process where that is quicker, else in several.

    Pieces should take about as long as each other; the first is done here, to know how long.
    """
    if not pieces:
        return
    started = time.perf_counter()
    yield work(pieces[0])
    seconds = (time.perf_counter() - started) * (len(pieces) - 1)
    count = workers or cores()
    if count == 1 or seconds * (1 - 1 / count) < START_UP_SECONDS:
        yield from in_turn(work, pieces[1:])
    else:
        yield from spread(LocalHands(count), work, pieces[1:], given_up=given_up)


class _Piece(NamedTuple):
    world: int
    job: Job
    batch: Batch


def _run_piece(piece: _Piece) -> tuple[int, Outcome]:
    return piece.world, run_batch(piece.job, piece.batch)


def _lost_piece(piece: _Piece, why: str) -> tuple[int, Outcome]:
    return piece.world, lost_batch(piece.job, piece.batch, why)


def _put(found: dict[str, Sample], option: str, outcome: Outcome, effort: Effort) -> None:
    """Put the rows of one batch where they belong."""
    if option not in found:
        cells = tuple(outcome.cells[option])
        found[option] = Sample(cells, np.full((effort.replications, len(cells), len(COLUMNS)), np.nan))
    for replication, values in outcome.values[option]:
        found[option].values[replication - effort.first] = values
