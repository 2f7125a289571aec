"""A schedule of faults from one integer, played on a small run."""

from __future__ import annotations

import os
import resource
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

import sim
from sim.errors import DamageError, RunError, UsageError
from sim.results.reader import Results
from sim.running import experiment, runner, workers
from tests.faults.operations import KINDS, Operations, failing
from tests.small import contents, small

REPLICATIONS, KEPT = 8, 3
PLAIN: dict[str, Any] = {"options": ["no sharing", "as it was"], "workers": 1, "keep_loans": KEPT}
FILES = ("manifest.json", "scenario.yaml")
DEATHS = 3
"""As many as no batch is given up for."""
Folder = Path
Fault = Callable[[Folder, Random], None]


def run(folder: Folder, **words: Any) -> Results:
    """The run that all schedules are of, in small batches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "FIRST_BATCH", 2)
        patch.setattr(runner, "BATCH_SECONDS", 0.0)
        return sim.run(small(), out=folder, **{"replications": REPLICATIONS, **PLAIN, **words})


def same(folder: Folder, whole: Folder) -> None:
    """AssertionError where the folder is not what an untouched run leaves, to the byte."""
    assert contents(folder) == contents(whole)
    for name in FILES:
        assert (folder / name).read_bytes() == (whole / name).read_bytes(), name
    assert sorted(each.name for each in folder.iterdir()) == sorted(each.name for each in whole.iterdir())


def play(seed: int, place: Path, whole: Folder) -> list[str]:
    """Play the schedule of a seed in a folder under `place`; its faults by name. AssertionError with the seed where
    resuming after it does not end in the bytes of `whole`.
    """
    random, folder = Random(seed), place / f"schedule{seed}"
    names = random.choices(list(FAULTS), k=random.randint(1, 4))
    try:
        for name in names:
            FAULTS[name](folder, random)
        run(folder, resume=True)
        same(folder, whole)
    except Exception as error:
        raise AssertionError(f"seed {seed} ({', '.join(names)}): {error!r}") from error
    shutil.rmtree(folder)
    return names


def interrupted(folder: Folder, random: Random) -> None:
    """Ctrl-C after some batches."""

    def stop(done: int, _: int, at: int = random.randrange(REPLICATIONS)) -> None:
        if done >= at:
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        run(folder, progress=stop)


def killed(folder: Folder, random: Random) -> None:
    """The process is terminated or killed after some batches: nothing is closed or tidied up."""
    signal_, at = random.choice((signal.SIGKILL, signal.SIGTERM)), random.randrange(REPLICATIONS)

    def die(done: int, _: int) -> None:
        if done >= at:
            os.kill(os.getpid(), signal_)

    child = os.fork()
    if not child:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with suppress(BaseException):
            run(folder, progress=die)
        os._exit(0)
    os.waitpid(child, 0)


def renamed(folder: Folder, random: Random) -> None:
    """Somebody renames the folder while it is written to, and back later."""
    gone = folder.with_name(f"{folder.name}-gone")

    def rename(done: int, _: int, at: int = random.randrange(REPLICATIONS)) -> None:
        if done >= at and folder.exists():
            folder.rename(gone)

    try:
        run(folder, progress=rename)
    except RunError as error:
        assert "was renamed or removed" in str(error)
    if gone.exists():
        assert not folder.exists(), "something was written where the folder was"
        gone.rename(folder)


def failed(folder: Folder, random: Random) -> None:
    """Some operation fails, or half of it."""
    operations = Operations(random.choice(KINDS), random.randint(1, 8), full=random.random() < 0.5)
    with failing(operations), suppress(RunError, UsageError):
        run(folder)


def full(folder: Folder, random: Random) -> None:
    """No file may grow beyond some bytes: the disk's own way to tear a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (random.randrange(500, 120_000), before[1]))
    try:
        with suppress(RunError, UsageError, DamageError):
            run(folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def late(folder: Folder, random: Random) -> None:
    """Batches come in any order, some of them twice, and not all of them."""

    def any_order(work: Callable[[Any], Any], pieces: Iterable[Any]) -> Iterator[Any]:
        known = list(pieces)
        again = random.choices(known, k=len(known) + 2) if known else []
        yield from map(work, again)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "in_turn", any_order)
        run(folder)


def second(folder: Folder, random: Random) -> None:
    """Another run in the same folder begins, and ends, while one is under way."""

    def begin(done: int, _: int, at: int = random.randrange(REPLICATIONS), more: list[int] = [1]) -> None:  # noqa: B006
        if done >= at and more:
            more.clear()
            run(folder, resume=random.random() < 0.5)

    run(folder, progress=begin)


def dying(folder: Folder, random: Random) -> None:
    """Workers die with the batches that they have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "START_UP_SECONDS", 0.0)
        patch.setattr(experiment, "workers_for", lambda *_: _pool(random))
        run(folder)


@contextmanager
def _pool(random: Random) -> Iterator[workers.Workers]:
    yield _Dying(random)


class _DeadError(Exception):
    """A worker is gone."""


class _Dying(Executor):
    """Workers in this process, of which a few die."""

    def __init__(self, random: Random) -> None:
        self.random, self.deaths = random, 0
        self.count = random.randint(2, 4)
        self.losses: tuple[type[BaseException], ...] = (_DeadError,)

    def start(self) -> Executor:
        """The pool, new."""
        return self

    def stop(self, executor: Executor) -> None:
        """Nothing runs."""

    def close(self) -> None:
        """Nothing is left."""

    def submit(self, work: Any, /, *words: Any, **more: Any) -> Future[Any]:
        """Done at once, or dead."""
        future: Future[Any] = Future()
        if self.deaths < DEATHS and self.random.random() < 0.3:
            self.deaths += 1
            if self.random.random() < 0.3:
                raise _DeadError
            future.set_exception(_DeadError())
        else:
            future.set_result(work(*words, **more))
        return future


FAULTS: dict[str, Fault] = {
    fault.__name__: fault for fault in (interrupted, killed, renamed, failed, full, late, second, dying)
}
