"""The results folder: never half a batch, never somebody else's results, the same whatever interrupted it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

import sim
from sim.errors import IntermissionError, ResultsError, RunError, UsageError
from sim.exporting.export import export
from sim.measures.catalogue import COLUMNS
from sim.questions.story.story import tell
from sim.results import manifest as manifests
from sim.results.manifest import Manifest
from sim.results.writer import Store
from sim.scenario.fingerprint import fingerprint
from tests.small import contents, plan, rules_file, small

PATIENCE = 120
"""Seconds after which another process hangs; nothing passes by being quicker."""


def run(folder: Path, **more: Any) -> Any:
    usual: dict[str, Any] = {"replications": 12, "workers": 1, "keep_loans": 5, "out": folder}
    return sim.run(small(), **usual | more)


def slow_scenario(folder: Path) -> tuple[Path, Path]:
    """A diary in which the rule notes its calls, and the file of the small scenario with that rule."""
    diary, file = folder / "diary", folder / "slow.yaml"
    diary.mkdir()
    file.write_text(yaml.safe_dump(plan("held", diary=str(diary)), allow_unicode=True, sort_keys=False), "utf-8")
    return diary, file


@contextmanager
def group_of(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A command and whatever it starts, none of which outlives the test."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores interrupts
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    signal.signal(signal.SIGINT, before)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return run(tmp_path_factory.mktemp("kept") / "results")


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills processes by signal")
def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    diary, file = slow_scenario(tmp_path)
    rules = rules_file(tmp_path)
    words = ["run", str(file), "--rules", str(rules), "--replications", "30", "--workers", "2", "--keep-loans", "3"]
    command = [sys.executable, "-m", "sim", *words, "--out", str(tmp_path / "killed"), "--json"]
    with group_of(command) as process:
        before = _rows_after(tmp_path / "killed", process)
        _hold_workers(diary, process)
        process.kill()
        process.communicate()
        assert _nobody_left(process.pid)
    done = _rows_in(tmp_path / "killed")
    assert before <= done < 30, "it was over before it was killed"
    (diary / "hold").unlink()
    resumed = subprocess.run([*command, "--resume"], capture_output=True, check=True)
    whole = subprocess.run([*command[:-3], "--out", str(tmp_path / "whole"), "--json"], capture_output=True, check=True)
    assert resumed.stdout == whole.stdout
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")
    for name in ("summary.csv", "scenario.yaml", "manifest.json"):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    charts = sorted((tmp_path / "whole" / "charts").iterdir())
    assert charts
    for chart in charts:
        assert (tmp_path / "killed" / "charts" / chart.name).read_bytes() == chart.read_bytes(), chart.name


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills processes by signal")
def test_an_interrupt_leaves_status_130_no_worker_and_what_was_done(tmp_path: Path) -> None:
    """Both workers stand still inside a rule when the interrupt comes: who waited for them would never end."""
    diary, file = slow_scenario(tmp_path)
    words = ["run", str(file), "--rules", str(rules_file(tmp_path)), "--replications", "200", "--workers", "2"]
    command = [sys.executable, "-m", "sim", *words, "--out", str(tmp_path / "out")]
    with group_of(command) as process:
        done = _rows_after(tmp_path / "out", process)
        _hold_workers(diary, process)
        calls = {one: one.stat().st_size for one in diary.glob("calls *")}
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the parent and its workers
        out, err = process.communicate(timeout=PATIENCE)
        assert _nobody_left(process.pid)
    assert process.returncode == 130
    assert out == b""
    assert err.decode().splitlines() == [
        f"interrupted; what was done is kept in {tmp_path / 'out'}: go on with --resume"
    ]
    assert {one: one.stat().st_size for one in diary.glob("calls *")} == calls, "nothing was done after the interrupt"
    assert done <= _rows_in(tmp_path / "out") < 200
    with closing(sqlite3.connect(tmp_path / "out" / "results.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _wait_until(true: Callable[[], bool], what: str) -> None:
    """Wait for other processes; only one that hangs is ever given up."""
    for _ in range(PATIENCE * 20):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError(f"never came true: {what}")


def _hold_workers(diary: Path, process: subprocess.Popen[bytes]) -> None:
    """Let both workers stand still inside the rule, so that the run cannot end, however busy the machine is."""
    (diary / "hold").write_text(str(process.pid))
    _wait_until(lambda: len(list(diary.glob("held *"))) == 2, "both workers stand still")


def _rows_after(folder: Path, process: subprocess.Popen[bytes]) -> int:
    """Wait until workers have saved something."""

    def saved() -> bool:
        assert process.poll() is None, process.communicate()[1].decode()
        return _rows_in(folder) > 5

    _wait_until(saved, "something was saved")
    return _rows_in(folder)


def _rows_in(folder: Path) -> int:
    try:
        with closing(sqlite3.connect(f"{(folder / 'results.sqlite').as_uri()}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT COUNT(DISTINCT replication) FROM replications").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def _nobody_left(group: int) -> bool:
    """Whether the process group is empty, once the last of it is gone."""

    def gone() -> bool:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        return False

    _wait_until(gone, "nobody is left")
    return True


def test_a_batch_is_saved_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path / "out", replications=5)
    save = Store.save

    def full(store: Store, outcome: Any) -> None:
        outcome.add("failures", [(None,) * 5])  # the last insert of the batch fails
        save(store, outcome)

    monkeypatch.setattr(Store, "save", full)
    before = contents(tmp_path / "out")
    with pytest.raises(RunError, match=r"results\.sqlite: .*NOT NULL"):
        run(tmp_path / "out")
    assert contents(tmp_path / "out") == before
    monkeypatch.undo()
    run(tmp_path / "whole")
    run(tmp_path / "out")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"seed": 8}, "another seed"),
        ({"options": ["as it was"]}, "other options"),
        ({"keep_loans": 6}, "another --keep-loans"),
        ({"shard": "1/2"}, "another shard"),
    ],
)
def test_other_results_are_not_overwritten_without_force(tmp_path: Path, other: dict[str, Any], what: str) -> None:
    run(tmp_path / "out", replications=2)
    before = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    with pytest.raises(UsageError, match=f"holds results of {what}; give --out another folder, or --force"):
        run(tmp_path / "out", replications=2, **other)
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before
    run(tmp_path / "out", replications=2, force=True, **other)
    run(tmp_path / "new", replications=2, **other)
    assert contents(tmp_path / "out") == contents(tmp_path / "new")


def test_another_scenario_is_another_scenario(tmp_path: Path) -> None:
    run(tmp_path, replications=2)
    longer = sim.from_mapping(plan() | {"period": {"from": "2012-01-01", "to": "2012-07-31"}})
    with pytest.raises(UsageError, match="holds results of another scenario;"):
        sim.run(longer, replications=2, workers=1, keep_loans=5, out=tmp_path)
    relabelled = sim.from_mapping(plan() | {"about": "the same in other words"})
    sim.run(relabelled, replications=2, workers=1, keep_loans=5, out=tmp_path)


def test_results_of_other_code_are_never_mixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, replications=2)
    old = Manifest.read(tmp_path)
    assert old is not None
    monkeypatch.setattr(manifests, "code", lambda: "sha256:new")
    monkeypatch.setattr("sim.running.experiment.code", lambda: "sha256:new")
    monkeypatch.setattr("sim.running.batches.code", lambda: "sha256:new")
    with pytest.raises(UsageError, match="was made by other code"):
        run(tmp_path, replications=2, resume=True)
    run(tmp_path, replications=2)
    new = Manifest.read(tmp_path)
    assert new is not None
    assert old.code.startswith("sha256:")
    assert new.code == "sha256:new"


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text("mine")
    for force in (False, True):
        with pytest.raises(UsageError, match="is not empty and not a results folder"):
            run(tmp_path, force=force)
    assert [file.read_text() for file in tmp_path.iterdir()] == ["mine"]


def test_force_removes_only_what_is_ours(tmp_path: Path) -> None:
    run(tmp_path, replications=2)
    (tmp_path / "notes.txt").write_text("mine")
    run(tmp_path, replications=2, seed=9, force=True)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_file_or_a_forbidden_place_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UsageError) as told:
            run(place)
        assert "\n" not in str(told.value)


def test_the_manifest_says_what_is_there(kept: Any) -> None:
    told = json.loads((kept.folder / "manifest.json").read_text(encoding="utf-8"))
    assert told["complete"] is True
    assert (told["seed"], told["replications"], told["failed"]) == (7, 12, 0)
    assert told["fingerprint"] == fingerprint(small())
    assert told["command"].startswith("intermission run scenario.yaml --seed 7 --replications 12 --option 'no sharing'")
    assert set(told["versions"]) == {"intermission", "python", "numpy", "simpy"}


def test_the_resolved_scenario_reads_back_as_the_same(kept: Any) -> None:
    again = sim.read(kept.folder)
    assert again.scenario.raw == small().raw
    assert fingerprint(again.scenario) == kept.fingerprint


def test_what_is_odd_in_a_scenario_is_said_when_it_is_run_not_when_its_results_are_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    late = plan()
    late["missions"] = late["missions"] | {
        "South": late["missions"]["South"] | {"changes": [{"on": "2013-01-01", "holds": {"infantry_company": 1}}]}
    }
    sim.run(sim.from_mapping(late), replications=2, workers=1, out=tmp_path)
    assert sim.read(tmp_path).scenario.missions["South"].changes
    assert caplog.messages == []


def test_the_database_is_one_plain_file_when_all_is_done(kept: Any) -> None:
    assert sorted(file.name for file in kept.folder.iterdir()) == ["manifest.json", "results.sqlite", "scenario.yaml"]


def test_kept_logs_are_the_logs(kept: Any) -> None:
    for option in kept.options:
        story = tell(small(), option, 3)
        assert kept.loans(option, 3) == story.loans
        assert [(one.name, one.onset_day, one.phases) for one in kept.crises(option, 3)] == [
            (one.name, one.onset_day, [tuple(phase) for phase in one.phases]) for one in story.crises
        ]
        found = kept.levels(option, 3)
        assert tuple(found) == kept.cells(option)
        for cell, levels in found.items():
            told = [level for level in story.levels if story.theatre.place(level.cell) == cell]
            assert [(level.day, *level[2:]) for level in levels] == [(level.day, *level[2:]) for level in told]
        values = {column: kept.sample(option, column)[3] for column in COLUMNS}
        assert list(values.values()) == story.table[0].tolist()
    with pytest.raises(UsageError, match="replication 5 left no log; the first 5 have one"):
        kept.loans("as it was", 5)


def test_unknown_things_are_named(kept: Any) -> None:
    with pytest.raises(UsageError, match="no option 'x'; known: no sharing, as it was"):
        kept.cells("x")
    with pytest.raises(UsageError, match="no measure 'x'"):
        kept.sample("as it was", "x")


def spoilt(folder: Path, **words: Any) -> None:
    """A manifest in which somebody who knows how digests are made has changed words."""
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8")) | words
    del told["digest"]
    told["digest"] = f"sha256:{hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()}"
    (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


@pytest.mark.parametrize("broken", ["{", '{"format": 3, "scenario": "Small"}'])
def test_a_broken_manifest_is_started_again_by_force_alone(tmp_path: Path, broken: str) -> None:
    run(tmp_path / "out", replications=2)
    (tmp_path / "out" / "notes.txt").write_text("mine")
    (tmp_path / "out" / "manifest.json").write_text(broken)
    with pytest.raises(IntermissionError, match="run with --force starts again"):
        run(tmp_path / "out", replications=2)
    run(tmp_path / "out", replications=2, force=True)
    assert sim.read(tmp_path / "out").replications == 2
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "not a results folder"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "manifest.json: cannot be read"),
        (lambda folder: (folder / "manifest.json").write_text('{"format": 99}'), "not a manifest that this version"),
        (lambda folder: spoilt(folder, options=5), "says nothing that can be understood about options"),
        (lambda folder: spoilt(folder, replications="2"), "says nothing that can be understood about replications"),
        (lambda folder: (folder / "results.sqlite").unlink(), "results.sqlite: is not there"),
        (lambda folder: (folder / "results.sqlite").write_bytes(b"x" * 5000), "results.sqlite: cannot be read"),
        (lambda folder: (folder / "scenario.yaml").write_text("period: 3"), "scenario.yaml"),
    ],
)
def test_broken_folders_are_told_in_a_line(tmp_path: Path, spoil: Any, line: str) -> None:
    run(tmp_path, replications=2)
    spoil(tmp_path)
    with pytest.raises(IntermissionError, match=line):
        sim.compare(sim.read(tmp_path))


def test_folders_of_other_seeds_are_put_together(tmp_path: Path, kept: Any) -> None:
    run(tmp_path / "eight", seed=8)
    both = sim.read(kept.folder, tmp_path / "eight")
    assert both.replications == 24
    mine = both.sample("as it was", "unmet_unit_days")
    assert mine.tolist() == [
        *kept.sample("as it was", "unmet_unit_days"),
        *sim.read(tmp_path / "eight").sample("as it was", "unmet_unit_days"),
    ]
    assert sim.compare(both).as_json()["seed"] == [7, 8]
    with pytest.raises(UsageError, match="the same seed twice"):
        sim.read(kept.folder, kept.folder)
    run(tmp_path / "other", options=["as it was"], seed=9)
    with pytest.raises(UsageError, match="is of another scenario, or of other options"):
        sim.read(kept.folder, tmp_path / "other")
    with pytest.raises(ResultsError, match="no such folder"):
        sim.read(tmp_path / "nowhere")


def test_exports_hold_the_tables(kept: Any, tmp_path: Path) -> None:
    import csv

    paths = export(kept, "csv", tmp_path / "csv")
    assert [path.name for path in paths] == [
        f"{name}.csv"
        for name in ("cells", "replications", "overall", "loans", "levels", "crises", "failures", "bounds", "worlds")
    ]
    with (tmp_path / "csv" / "replications.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12 * 3 * 2
    assert any(row["option"] == "'=paper <beforehand>" for row in rows), "a spreadsheet would run it"
    first = rows[0]
    told = kept.sample(first["option"].lstrip("'"), "unmet_unit_days", first["mission"], first["resource"])
    assert float(first["unmet_unit_days"]) == told[0]
    parquet = pytest.importorskip("pyarrow.parquet")
    export(kept, "parquet", tmp_path / "parquet")
    table = parquet.read_table(tmp_path / "parquet" / "replications.parquet")
    assert table.num_rows == len(rows)
    with pytest.raises(UsageError, match="no format 'xls'; did you mean 'xlsx'"):
        export(kept, "xls")


def test_the_table_is_a_data_frame(kept: Any) -> None:
    pytest.importorskip("pandas")
    frame = kept.table()
    assert list(dict.fromkeys(frame["option"])) == list(kept.options), "in the scenario's order"
    assert not frame.duplicated(["option", "replication", "mission", "resource"]).any()
    whole = frame[frame.option == "as it was"].groupby("replication").unmet_unit_days.sum()
    assert whole.tolist() == pytest.approx(kept.sample("as it was", "unmet_unit_days").tolist())


def test_a_missing_extra_says_how_to_install_it(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match=r"this needs pandas: pip install 'intermission\[notebooks\]'"):
        kept.table()
