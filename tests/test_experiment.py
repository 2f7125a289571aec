"""The same results, whoever does the work, in whatever order, and whatever goes wrong on the way."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import UsageError
from sim.results.outcome import Batch, Outcome
from sim.results.writer import Store
from sim.running import runner, workers
from sim.running.batches import batches_of
from sim.running.workers import RETRIES, LocalWorkers
from tests.small import contents, rules_file, small


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start workers however short the job, and hand out small batches."""
    monkeypatch.setattr(workers, "START_UP_SECONDS", 0.0)
    monkeypatch.setattr(runner, "BATCH_SECONDS", 0.02)


def as_bytes(results: Any) -> bytes:
    return json.dumps(sim.compare(results).as_json()).encode()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of one process, uninterrupted."""
    folder = tmp_path_factory.mktemp("alone") / "results"
    sim.run(small(), replications=230, workers=1, keep_loans=20, out=folder)
    return folder


def _database(folder: Path) -> bytes:
    """The file, byte by byte: rows alone may lie on other pages, as the batches brought them."""
    return (folder / "results.sqlite").read_bytes()


@pytest.mark.usefixtures("impatient")
def test_two_workers_give_the_same_tables_and_bytes(alone: Path, tmp_path: Path) -> None:
    results = sim.run(small(), replications=230, workers=2, keep_loans=20, out=tmp_path / "two")
    assert contents(tmp_path / "two") == contents(alone)
    assert _database(tmp_path / "two") == _database(alone)
    assert as_bytes(results) == as_bytes(sim.read(alone))


@pytest.mark.no_cover
def test_batches_may_finish_in_any_order(alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def backwards(work: Callable[[Batch], Any], pieces: Iterable[Batch]) -> Iterator[Any]:
        return map(work, reversed(list(pieces)))

    monkeypatch.setattr(workers, "in_turn", backwards)
    monkeypatch.setattr(runner, "BATCH_SECONDS", 0.01)
    results = sim.run(small(), replications=230, workers=1, keep_loans=20, out=tmp_path / "backwards")
    assert contents(tmp_path / "backwards") == contents(alone)
    assert _database(tmp_path / "backwards") == _database(alone)
    assert as_bytes(results) == as_bytes(sim.read(alone))


def test_more_replications_run_only_what_is_missing(
    alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[Batch] = []
    save = Store.save

    def noted(store: Store, outcome: Outcome) -> None:
        saved.append(outcome.batch)
        save(store, outcome)

    monkeypatch.setattr(Store, "save", noted)
    sim.run(small(), replications=130, workers=1, keep_loans=20, out=tmp_path / "grown")
    assert sum(batch.end - batch.first for batch in saved) == 130
    saved.clear()
    results = sim.run(small(), replications=230, workers=1, keep_loans=20, out=tmp_path / "grown")
    assert sum(batch.end - batch.first for batch in saved) == 100
    assert min(batch.first for batch in saved if batch.end > batch.first) == 130
    assert contents(tmp_path / "grown") == contents(alone)
    assert as_bytes(results) == as_bytes(sim.read(alone))


def test_fewer_replications_are_compared_where_fewer_are_asked_for(tmp_path: Path) -> None:
    few = sim.run(small(), replications=30, workers=1, out=tmp_path / "few")
    sim.run(small(), replications=60, workers=1, out=tmp_path / "many")
    again = sim.run(small(), replications=30, workers=1, out=tmp_path / "many")
    assert again.replications == 30
    assert as_bytes(few) == as_bytes(again)


@pytest.mark.no_cover
def test_options_meet_the_same_luck_whichever_are_run(alone: Path, tmp_path: Path) -> None:
    results = sim.run(small(), replications=230, workers=1, options=["as it was"], keep_loans=0, out=tmp_path / "one")
    mine = results.sample("as it was", "unmet_unit_days")
    assert mine.tolist() == sim.read(alone).sample("as it was", "unmet_unit_days").tolist()


def test_a_replication_that_raises_is_noted_and_the_rest_goes_on(tmp_path: Path) -> None:
    scenario = small("unlucky")
    results = sim.run(scenario, replications=60, workers=1, rules=rules_file(tmp_path), out=tmp_path / "out")
    failures = results.failures()
    assert 0 < len(failures) < 60
    assert {failure["option"] for failure in failures} == {"by rule"}
    first = failures[0]
    assert first["seed"] == 7
    assert first["error"] == "ZeroDivisionError: an unlucky day"
    assert "an unlucky day" in first["traceback"]
    assert f"--option 'by rule' --replication {first['replication']} --seed 7" in first["replay"]
    assert results.replications == 60 - len(failures) == len(results.sample("no sharing", "unmet_unit_days"))
    assert sim.compare(results).replications == results.replications
    assert first["replication"] not in results.kept_replications


@pytest.mark.usefixtures("impatient")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes by signal")
def test_a_killed_worker_costs_its_batches_only(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    flag.write_text(str(os.getpid()))
    scenario = small("deadly", flag=str(flag))
    rules = rules_file(tmp_path)
    results = sim.run(scenario, replications=24, workers=2, rules=rules, out=tmp_path / "killed")
    assert flag.with_suffix(".done").exists(), "nobody was killed"
    assert results.failures() == []
    calm = sim.run(scenario, replications=24, workers=1, rules=rules, out=tmp_path / "calm")
    assert as_bytes(results) == as_bytes(calm)


@pytest.mark.usefixtures("impatient")
@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes by signal")
def test_a_batch_that_always_kills_its_worker_is_given_up_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "FIRST_BATCH", 1)  # it runs here, and so does not die; each other may cost four workers
    flag = tmp_path / "flag"
    flag.write_text(str(os.getpid()))
    scenario = small("deadly", flag=str(flag), every_time=True)
    results = sim.run(scenario, replications=4, workers=2, rules=rules_file(tmp_path), out=tmp_path / "out")
    assert 0 < results.failed < 4
    assert f"died {RETRIES + 1} times" in results.failures()[0]["error"]


def test_what_is_wrong_shows_before_anything_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    questions: list[tuple[dict[str, Any], str]] = [
        ({"options": ["as it wes"]}, "no option 'as it wes'; did you mean 'as it was'?"),
        ({"replications": 0}, "replications: must be 1 to 10,000,000, not 0"),
        ({"seed": -1}, "seed: must be 0 to"),
        ({"workers": 0}, "workers: must be 1 or more, not 0"),
        ({"workers": 1_000_000}, "workers: must be at most 1024, not 1,000,000: more than one a core gain nothing"),
        ({"shard": "3/2"}, "shard: must be i/n"),
        ({"keep_loans": -1}, "keep-loans: must be 0 or more"),
        ({"rules": tmp_path / "none.py"}, "none.py"),
    ]
    for wrong, line in questions:
        with pytest.raises(UsageError, match=line.replace("?", r"\?")):
            sim.run(small(), out=out, **{"replications": 2, "workers": 1} | wrong)
    assert not out.exists()


@pytest.mark.no_cover
def test_shards_put_together_are_the_whole(alone: Path, tmp_path: Path) -> None:
    from sim.results.merge import merge

    parts = [tmp_path / f"part{number}" for number in (1, 2, 3)]
    for number, part in enumerate(parts, start=1):
        sim.run(small(), replications=230, workers=1, keep_loans=20, shard=f"{number}/3", out=part)
    merged = merge(tmp_path / "merged", *reversed(parts))
    assert contents(tmp_path / "merged") == contents(alone)
    assert as_bytes(merged) == as_bytes(sim.read(alone))
    assert merged.manifests[0].complete
    sim.run(small(), replications=230, workers=1, keep_loans=20, seed=8, shard="1/3", out=tmp_path / "other")
    with pytest.raises(UsageError, match="is not of the same run"):
        merge(tmp_path / "wrong", parts[0], tmp_path / "other")


def test_without_a_folder_the_results_live_as_long_as_the_object() -> None:
    results = sim.run(small(), replications=3, workers=1)
    folder = results.folder
    assert (folder / "results.sqlite").exists()
    del results
    assert not folder.exists()


def test_batches_never_cross_a_block_and_cover_what_is_missing() -> None:
    found = list(batches_of([range(3, 130), range(250, 251)], 60))
    assert found == [(3, 60), (60, 100), (100, 130), (250, 251)]


def test_a_set_is_one_batch_unless_it_takes_too_long_or_workers_would_have_nothing_to_do() -> None:
    assert runner._batch_size(0.01, 700, 2) == 20
    assert runner._batch_size(0.01, 7000, 2) == runner._batch_size(0.001, 100, 1) == 100
    assert runner._batch_size(0.02, 7000, 1) == 40
    assert runner._batch_size(0.2, 700, 2) == 20
    assert runner._batch_size(0.4, 700, 2) == 2
    assert runner._batch_size(0.01, 700, 64) == 1


def test_local_workers_are_counted() -> None:
    assert LocalWorkers(3).count == 3


def test_processes_are_kept_for_the_next_job_as_long_as_that_is_asked_for() -> None:
    with workers.workers_kept():
        pids: list[int] = []
        for _ in range(2):
            with workers.workers_for(2) as pool:
                assert pool is not None
                pids += workers.distribute(pool, _pid, range(8), lost=_lost)
        assert workers.workers_at_hand() is pool
        assert os.getpid() not in pids and len(set(pids)) <= 2
    assert workers.workers_at_hand() is None
    with workers.workers_for(2) as other:
        assert other is not pool and workers.workers_at_hand() is None


def _pid(_: int) -> int:
    return os.getpid()


def _lost(_: int, why: str) -> int:
    raise AssertionError(why)


def test_results_are_read_from_wherever_the_program_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = sim.run(small(), replications=5, workers=1, out="out")
    read = sim.read("out")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert as_bytes(ran) == as_bytes(read)
    assert read.scenario == ran.scenario and read.folder == ran.folder == tmp_path / "out"


def test_a_run_takes_no_functions_as_rules_and_says_what_it_takes() -> None:
    scenario = small("greedy")
    rules: Any = {"greedy": print}
    for study in (sim.run, partial(sim.run_until_precise, precision="5%")):
        with pytest.raises(UsageError, match=r"^rules: a run takes a Python file, .*: write the functions to one$"):
            study(scenario, rules=rules)


def test_one_option_may_be_named_by_itself() -> None:
    two: Any = np.int64(2)
    assert sim.run(small(), options="as it was", replications=two, workers=1).options == ("as it was",)
    swept = sim.sweep(small(), {"crises.raids.every_days": [20]}, options="as it was", replications=2, workers=1)
    assert swept.options == ("as it was",)


def test_what_a_call_cannot_take_is_one_line() -> None:
    small_file: Any = "small.yaml"
    folder: Any = "results/small"
    five: Any = "5"
    half: Any = 2.5
    letter: Any = "a"
    for call, said in (
        (lambda: sim.run(small_file), "small.yaml: a run takes a scenario, as load gives it, and not its file"),
        (lambda: sim.tell(small_file, "it"), "small.yaml: tell takes a scenario, as load gives it, and not its file"),
        (lambda: sim.compare(folder), "results/small: compare takes results, as read gives those of a folder"),
        (lambda: sim.run(small(), replications=five), "replications: must be a whole number, not '5'"),
        (lambda: sim.run(small(), replications=half), "replications: must be a whole number, not 2.5"),
        (lambda: sim.run(small(), seed=letter), "seed: must be 0 to 9223372036854775807, not 'a'"),
    ):
        with pytest.raises(UsageError) as caught:
            call()
        assert str(caught.value) == said


CHANCY = """
import random

random.seed(3)

def chancy(situation):
    return [(situation.lenders[0], 1)] if random.random() < 0.5 else []

calls = []

def wavering(situation):
    calls.append(situation)
    if len(calls) == 1:
        raise ValueError("not at first")
    return [(situation.lenders[0], 1)]

def remembering(situation):
    calls.append(situation)
    return [(situation.lenders[0], 1)] if len(calls) == 1 else []

def steady(situation):
    return [(situation.lenders[0], 1)]

def never(situation):
    raise ValueError("always")
"""


@pytest.mark.parametrize("rule", ["chancy", "wavering", "remembering", "steady", "never"])
def test_a_rule_that_draws_its_own_numbers_is_told_of(rule: str, tmp_path: Path, caplog: Any) -> None:
    rules = tmp_path / "rules.py"
    rules.write_text(CHANCY)
    scenario = small(rule)
    sim.run(scenario, replications=2, workers=1, rules=rules, out=tmp_path / "out")
    told = re.compile(rf"two runs of replication \d of 'by rule' differ: rule '{rule}' goes by something that the seed")
    unsound = rule not in ("steady", "never")
    assert bool(told.search(caplog.text)) == unsound
    caplog.clear()
    sim.run(scenario, replications=4, workers=1, rules=rules, out=tmp_path / "out", resume=True)
    assert caplog.text == "", "said once"
    sim.sweep(scenario, {"missions.North.routine.infantry_company": [8, 9]}, rules=rules, replications=4, workers=1)
    assert bool(told.search(caplog.text)) == unsound


def test_a_rule_that_ends_itself_does_not_end_the_run(tmp_path: Path) -> None:
    rules = tmp_path / "rules.py"
    rules.write_text("import sys\n\ndef leaving(situation):\n    sys.exit(3)\n")
    results = sim.run(small("leaving"), replications=6, workers=1, rules=rules, out=tmp_path / "out")
    failures = results.failures()
    assert failures and {each["error"] for each in failures} == {"SystemExit: 3"}
    assert results.replications + len(failures) == 6
