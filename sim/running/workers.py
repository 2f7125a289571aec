"""Who does the work: this process, a pool of processes on this machine, or workers elsewhere.

Whoever works, the same results come back, in any order. Workers that die cost the pieces that they had, which are
done again; a piece whose workers die every time is given up alone.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import closing, contextmanager, suppress
from contextvars import ContextVar
from typing import Protocol, TypeVar

from sim.errors import UsageError

Piece = TypeVar("Piece")
Done = TypeVar("Done")
Lost = Callable[[Piece, str], Done]
"""What stands for a piece that is given up, and why it is."""

RETRIES = 3
"""How often a piece that lost its worker is tried again: a retry each."""
MOST_WORKERS = 1024
"""A number beyond is a slip; every process takes memory before it does anything."""
START_UP_SECONDS = 1.0
"""What starting a pool of processes costs: imports, mostly. Jobs shorter than this stay in this process."""


class Workers(Protocol):
    """A way to get work done elsewhere, behind the interface of `concurrent.futures`."""

    count: int
    losses: tuple[type[BaseException], ...]
    """What a future raises when its worker is gone (and not when the work itself failed)."""

    def start(self) -> Executor:
        """Workers that are ready, or getting ready."""

    def stop(self, executor: Executor) -> None:
        """End the work under way at once."""

    def close(self) -> None:
        """End those that are there, and start none any more."""


class LocalWorkers:
    """Processes on this machine, by loky: a killed worker is noticed, and functions typed in a notebook run too."""

    def __init__(self, count: int) -> None:
        from loky.process_executor import BrokenProcessPool

        self.count = count
        self.losses: tuple[type[BaseException], ...] = (BrokenProcessPool,)
        self._pool: Executor | None = None

    @property
    def at_hand(self) -> bool:
        """Whether they were started, so that handing something out costs next to nothing."""
        return self._pool is not None

    def start(self) -> Executor:
        """A pool whose processes end when this one does, however it ends; the one that is there already, if any."""
        from loky import ProcessPoolExecutor

        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.count, initializer=_prepare_worker, initargs=(os.getpid(), logging.root.level)
            )
        return self._pool

    def stop(self, executor: Executor) -> None:
        """Kill the processes and wait until they are gone."""
        self._pool = None
        executor.shutdown(wait=True, kill_workers=True)  # type: ignore[call-arg]  # loky's own word

    def close(self) -> None:
        """Let the processes end, if any: nothing is under way. What is to be done at their end is done."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True)

    def prepare(self, work: Callable[[], object]) -> None:
        """Hand this out as often as there are processes, to those that are there; nobody waits for it."""
        if self._pool is not None:
            with suppress(*self.losses), _interrupts_held():
                for _ in range(self.count):
                    self._pool.submit(work)


_KEPT: ContextVar[dict[int, LocalWorkers] | None] = ContextVar("kept", default=None)
"""By their number the processes that the next job finds at hand; None where each job has its own."""


@contextmanager
def workers_kept() -> Iterator[None]:
    """Inside the `with`, the processes of one job are there for the next; none is left afterwards."""
    if _KEPT.get() is not None:
        yield
        return
    kept: dict[int, LocalWorkers] = {}
    token = _KEPT.set(kept)
    try:
        yield
    finally:
        _KEPT.reset(token)
        for workers in kept.values():
            workers.close()


def workers_at_hand() -> LocalWorkers | None:
    """Processes that a job before this one started, if they are kept."""
    return next((workers for workers in (_KEPT.get() or {}).values() if workers.at_hand), None)


@contextmanager
def workers_for(count: int | None, cluster: str | None = None) -> Iterator[Workers | None]:
    """The workers of a Dask scheduler, so many processes on this machine (default: one a core), or None for this
    process alone. UsageError where there are none.
    """
    if count is not None and count < 1:
        raise UsageError(f"workers: must be 1 or more, not {count}")
    if count is not None and count > MOST_WORKERS:
        raise UsageError(f"workers: must be at most {MOST_WORKERS}, not {count:,}: more than one a core gain nothing")
    if cluster is not None:
        from sim.running.cluster import ClusterWorkers

        with closing(ClusterWorkers(cluster)) as workers:
            yield workers
        return
    count = count or cores()
    kept = _KEPT.get()
    if count == 1:
        yield None
    elif kept is not None:
        yield kept.setdefault(count, LocalWorkers(count))
    else:
        with closing(LocalWorkers(count)) as own:
            yield own


def cores() -> int:
    """Cores that this process may use, containers' limits included."""
    import loky

    return int(loky.cpu_count())


def share_out(
    work: Callable[[Piece], Done],
    first: Piece,
    rest: Callable[[float], tuple[Iterable[Piece], float]],
    *,
    lost: Lost[Piece, Done],
    workers: Workers | None,
) -> Generator[Done, None, None]:
    """What `work` gives for every piece, in any order: in this process where that is quicker, else by `workers`.

    The first piece is done here, to know how long it takes. `rest`, told these seconds, gives the other pieces, and
    the seconds that one process needs for them. Close it (or let it end), and no worker is at work any more.
    """
    started = time.perf_counter()
    yield work(first)
    pieces, seconds = rest(time.perf_counter() - started)
    if workers is None or seconds * (1 - 1 / workers.count) < START_UP_SECONDS:
        yield from in_turn(work, pieces)
    else:
        yield from distribute(workers, work, pieces, lost=lost)


def share_out_alike(
    work: Callable[[Piece], Done], pieces: Sequence[Piece], *, lost: Lost[Piece, Done], workers: Workers | None
) -> Generator[Done, None, None]:
    """The same for pieces, if any, that take about as long as each other."""
    if pieces:
        first, *others = pieces
        yield from share_out(work, first, lambda each: (others, each * len(others)), lost=lost, workers=workers)


def in_turn(work: Callable[[Piece], Done], pieces: Iterable[Piece]) -> Iterator[Done]:
    """The pieces, one after another, in this process."""
    return map(work, pieces)


def distribute(
    workers: Workers, work: Callable[[Piece], Done], pieces: Iterable[Piece], *, lost: Lost[Piece, Done]
) -> Generator[Done, None, None]:
    """What `work` gives for every piece, as each is done; at most two pieces a worker are under way.

    Close it (or let it end) and no worker is at work any more. What `work` itself raises is raised here.
    """
    queue = iter(pieces)
    again: deque[Piece] = deque()
    deaths: Counter[Piece] = Counter()
    executor = workers.start()
    under_way: dict[Future[Done], Piece] = {}
    try:
        while True:
            # After a death, suspects go one at a time, so that the guilty piece is found and the innocent are done.
            for piece in _next(queue, again, under_way, most=1 if again else 2 * workers.count):
                under_way[_submitted(workers, executor, work, piece)] = piece
            if not under_way:
                return
            wait(under_way, return_when=FIRST_COMPLETED)
            done = [future for future in under_way if future.done()]
            dead = [future for future in done if future.cancelled() or isinstance(future.exception(), workers.losses)]
            for future in done:
                if future not in dead:
                    del under_way[future]
                    yield future.result()
            if dead:
                workers.stop(executor)
                suspects = list(under_way.values())
                under_way.clear()
                for piece in suspects:
                    deaths[piece] += 1
                    if deaths[piece] > RETRIES:
                        yield lost(piece, f"its worker died {deaths[piece]} times (out of memory?)")
                    else:
                        again.append(piece)
                executor = workers.start()
    finally:
        if under_way:
            workers.stop(executor)


def _submitted(workers: Workers, executor: Executor, work: Callable[[Piece], Done], piece: Piece) -> Future[Done]:
    """The future of a piece; one that is lost already where the workers are gone."""
    try:
        with _interrupts_held():
            return executor.submit(work, piece)
    except workers.losses as error:
        lost: Future[Done] = Future()
        lost.set_exception(error)
        return lost


def _next(
    queue: Iterator[Piece], again: deque[Piece], under_way: dict[Future[Done], Piece], *, most: int
) -> Iterator[Piece]:
    for _ in range(most - len(under_way)):
        if again:
            yield again.popleft()
            continue
        try:
            yield next(queue)
        except StopIteration:
            return


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while workers may be started: they inherit that, and only this process ever acts on it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare_worker(parent: int, level: int) -> None:
    """First thing in a worker: be as quiet as the parent, leave Ctrl-C to it, and end when it is gone."""
    logging.root.setLevel(level)
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    if hasattr(os, "fork"):
        threading.Thread(target=watch, daemon=True).start()
