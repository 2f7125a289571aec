"""The one runner: replications of any number of jobs, by however many workers, into a folder or into memory."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from sim.chance.sets import SIZE
from sim.results.outcome import Batch, Outcome
from sim.running.batches import MOST, Job, batches_of, lost_batch, run_batch
from sim.running.workers import Workers, share_out

Progress = Callable[[int, int], None]
"""Called with the replications done and those wanted, after every batch."""
Kept = TypeVar("Kept")

BATCH_SECONDS = 1.0
"""How long a batch should take: long enough to be worth handing out, short enough that a kill loses little."""
BATCHES_A_WORKER = 16
"""So many as a rule, before they are made whole sets: towards the end nobody waits long for the last one."""
SET_BATCHES = 5.0
"""A set that takes up to so many batches' time is not parted: what is drawn for it is drawn by one worker."""
FIRST_BATCH = 5
"""Replications of the first batch, by which the others are measured."""


class Task(NamedTuple, Generic[Kept]):
    """What is to be run of one job."""

    job: Job
    missing: Sequence[range]
    """Replications."""
    keep: Callable[[Outcome], Kept]
    """What to keep of a batch: asked by the worker, so that what nobody needs does not travel."""


class _Piece(NamedTuple):
    number: int
    """Of its task."""
    job: Job
    keep: Callable[[Outcome], Any]
    batch: Batch


def replicate(
    tasks: Sequence[Task[Kept]], *, workers: Workers | None, progress: Progress | None = None, done: int = 0
) -> Generator[tuple[int, Kept], None, None]:
    """Run the missing replications of each task; (number of the task, what it keeps of a batch), in any order.

    `done` are replications that are there already, for `progress`. Close it (or let it end), and no worker is
    at work any more.
    """
    left = sum(len(span) for task in tasks for span in task.missing)
    wanted = done + left
    if progress is not None:
        progress(done, wanted)
    if not left:
        return
    first = next(_pieces(tasks, FIRST_BATCH))
    count = first.batch.end - first.batch.first

    def rest(seconds: float) -> tuple[Iterator[_Piece], float]:
        each = max(seconds, 1e-6) / count
        size = _batch_size(each, left - count, 1 if workers is None else workers.count)
        return _pieces(_without(tasks, first), size), each * (left - count)

    for number, batch, kept in share_out(_run, first, rest, lost=_lost, workers=workers):
        yield number, kept
        done += batch.end - batch.first
        if progress is not None:
            progress(done, wanted)


def _batch_size(seconds: float, left: int, workers: int) -> int:
    """Replications of a batch, where each of those left takes so many seconds: whole sets, as a rule."""
    size = min(MOST, int(BATCH_SECONDS / seconds))
    if workers > 1:
        size = min(size, left // (BATCHES_A_WORKER * workers))
    if seconds * SIZE <= SET_BATCHES * BATCH_SECONDS and left >= SIZE * workers:
        return max(SIZE, size - size % SIZE)
    return max(1, size)


def _pieces(tasks: Sequence[Task[Any]], size: int) -> Iterator[_Piece]:
    for number, task in enumerate(tasks):
        yield from (_Piece(number, task.job, task.keep, batch) for batch in batches_of(task.missing, size))


def _without(tasks: Sequence[Task[Any]], first: _Piece) -> list[Task[Any]]:
    """The tasks without their first piece, which is the beginning of what is missing."""
    task = tasks[first.number]
    head, *spans = (span for span in task.missing if span)
    shorter = task._replace(missing=[range(first.batch.end, head.stop), *spans])
    return [*tasks[: first.number], shorter, *tasks[first.number + 1 :]]


def _run(piece: _Piece) -> tuple[int, Batch, Any]:
    return piece.number, piece.batch, piece.keep(run_batch(piece.job, piece.batch))


def _lost(piece: _Piece, why: str) -> tuple[int, Batch, Any]:
    return piece.number, piece.batch, piece.keep(lost_batch(piece.job, piece.batch, why))
