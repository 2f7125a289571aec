"""Whatever goes wrong while a results folder is written, resuming ends in the same bytes: see `tests.faults`."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import sim
from sim.errors import RunError, UsageError
from tests.faults.operations import KINDS, Operations, every_n, failing
from tests.faults.schedules import FAULTS, play, run, same
from tests.small import contents, plan

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes by signal")
SCHEDULES, IN_A_TEST = 100, 20


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run leaves to which nothing happens."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    run(folder)
    return folder


@pytest.mark.no_cover
@pytest.mark.parametrize("first", range(0, SCHEDULES, IN_A_TEST))
def test_after_any_schedule_of_faults_resuming_ends_in_the_same_bytes(first: int, whole: Path, tmp_path: Path) -> None:
    for seed in range(first, first + IN_A_TEST):
        play(seed, tmp_path, whole)


def test_every_fault_is_among_the_schedules(whole: Path, tmp_path: Path) -> None:
    played = {name for seed in range(1000, 1012) for name in play(seed, tmp_path, whole)}
    assert played == set(FAULTS)


@pytest.mark.parametrize("full", [False, True], ids=["broken", "full"])
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[pytest.mark.no_cover] if kind == "insert" else []) for kind in KINDS]
)  # a run inserts most often; what comes of it is what comes of a commit that fails
def test_the_nth_operation_may_fail(kind: str, full: bool, whole: Path, tmp_path: Path) -> None:
    def one(operations: Operations) -> None:
        folder = tmp_path / f"{operations.n}"
        with failing(operations):
            try:
                run(folder)
            except (RunError, UsageError) as error:
                assert "\n" not in str(error)
                assert operations.failed, error
        run(folder, resume=True)
        same(folder, whole)
        shutil.rmtree(folder)

    assert every_n(one, kind, full=full) >= (1 if kind == "checkpoint" else 2)


MOST, SEEDS = 6, (7, 8)
PLACE: list[Path] = []


@pytest.fixture(scope="module", autouse=True)
def _place(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where the machine works: the most that it may ask for, by seed, made once."""
    PLACE[:] = [tmp_path_factory.mktemp("machine")]
    for seed in SEEDS:
        run(PLACE[0] / f"whole{seed}", replications=MOST, seed=seed)


class Folder(RuleBasedStateMachine):
    """A results folder, and what people do to it: it never holds a row that an untouched run would not."""

    @initialize()
    def begin(self) -> None:
        self.folder = PLACE[0] / "folder"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.seed: int | None = None

    def asked(self, replications: int, **more: Any) -> None:
        """A run that must give what an untouched one gives."""
        results = run(self.folder, replications=replications, **{"seed": self.seed} | more)
        whole = sim.read(PLACE[0] / f"whole{results.seed}")
        for option in results.options:
            mine = results.samples(option)
            assert mine.tolist() == whole.samples(option)[:replications].tolist()
        assert results.manifests[0].complete

    @precondition(lambda self: self.seed is None)
    @rule(seed=st.sampled_from(SEEDS), replications=st.integers(1, MOST))
    def start(self, seed: int, replications: int) -> None:
        self.seed = seed
        self.asked(replications)

    @precondition(lambda self: self.seed is not None)
    @rule(replications=st.integers(1, MOST), resume=st.booleans())
    def top_up(self, replications: int, resume: bool) -> None:
        self.asked(replications, resume=resume)

    @precondition(lambda self: self.seed is not None)
    @rule(replications=st.integers(1, MOST), after=st.integers(0, MOST))
    def interrupt(self, replications: int, after: int) -> None:
        def stop(done: int, _: int) -> None:
            if done >= after:
                raise KeyboardInterrupt

        with suppress(KeyboardInterrupt):
            run(self.folder, replications=replications, seed=self.seed, progress=stop)

    @precondition(lambda self: self.seed is not None)
    @rule(kind=st.sampled_from(KINDS), n=st.integers(1, 6), replications=st.integers(1, MOST))
    def fail(self, kind: str, n: int, replications: int) -> None:
        with failing(Operations(kind, n, full=True)), suppress(RunError, UsageError):
            run(self.folder, replications=replications, seed=self.seed)

    @precondition(lambda self: self.seed is not None)
    @rule(replications=st.integers(1, MOST))
    def force_another_seed(self, replications: int) -> None:
        other = next(seed for seed in SEEDS if seed != self.seed)
        with pytest.raises(UsageError, match="holds results of another seed"):
            run(self.folder, replications=replications, seed=other)
        self.seed = other
        self.asked(replications, force=True)

    @precondition(lambda self: self.seed is not None)
    @rule()
    def edit_the_scenario(self) -> None:
        longer = sim.from_mapping(plan() | {"period": {"from": "2012-01-01", "to": "2012-07-31"}})
        with pytest.raises(UsageError, match="holds results of another scenario"):
            sim.run(longer, replications=1, seed=self.seed, workers=1, keep_loans=3, out=self.folder)

    @precondition(lambda self: self.seed is not None)
    @rule(replications=st.integers(1, MOST))
    def other_code(self, replications: int) -> None:
        with pytest.MonkeyPatch.context() as patch:
            for module in ("sim.results.manifest", "sim.running.experiment", "sim.running.batches"):
                patch.setattr(f"{module}.code", lambda: "sha256:other")
            with pytest.raises(UsageError, match="was made by other code"):
                run(self.folder, replications=replications, seed=self.seed, resume=True)

    @precondition(lambda self: self.seed is not None)
    @rule(replications=st.integers(2, MOST))
    def merge(self, replications: int) -> None:
        parts = [self.folder.with_name(f"part{number}") for number in (1, 2)]
        for number, part in enumerate(parts, start=1):
            shutil.rmtree(part, ignore_errors=True)
            run(part, replications=replications, seed=self.seed, shard=f"{number}/2")
        sim.merge(self.folder, *reversed(parts))
        self.asked(replications)

    @invariant()
    def nothing_is_there_that_no_run_gives(self) -> None:
        if not (self.folder / "results.sqlite").exists() or self.seed is None:
            return
        known = contents(PLACE[0] / f"whole{self.seed}")
        for table, rows in contents(self.folder).items():
            assert set(rows) <= set(known[table]), table


Machine = pytest.mark.no_cover(pytest.mark.filterwarnings("error")(Folder.TestCase))
Machine.settings = settings(max_examples=20, stateful_step_count=8, deadline=None)
