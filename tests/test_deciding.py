"""Decisions from the command line: what is printed, what is kept, and what a mistyped question gets told."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

import sim
from sim.charts.house.drawer import chart_of
from sim.commands.shared.terminal import show_hindcast
from sim.comparison.findings import where_the_days_went
from sim.results.manifest import Manifest
from tests.invented import estimate, invented_comparison, invented_hindcast
from tests.shell import Shell
from tests.small import contents, plan

UNMET = "unmet_unit_days"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(plan(), allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def run(shell: Shell, file: Path, out: Path, *words: Any) -> Any:
    said = shell("run", file, "--workers", 1, "--out", out, "--json", *words)
    assert said.status == 0, said.err
    return json.loads(said.out)


# -- the verdict -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_charts")
def test_run_and_compare_judge_all_options_together(shell: Shell, file: Path, tmp_path: Path) -> None:
    said = shell("run", file, "--replications", 200, "--workers", 1, "--out", tmp_path / "out", "--full")
    again = shell("compare", tmp_path / "out", "--full")
    for words in ("Judged together", "Against the best", "Bad case", "30 days", "What can be said", "measure chance"):
        assert words in said.out
        assert words in again.out
    told = json.loads(shell("compare", tmp_path / "out", "--json", "--longer-than", 5).out)
    assert told == sim.decide(sim.compare(sim.read(tmp_path / "out")), longer_than_days=5).as_json()
    verdict = told["verdict"]
    assert verdict["longer_than_days"] == 5
    assert set(verdict["against_the_best"]) == set(verdict["tails"]) == set(told["options"])
    assert sum(one["chance_best"] for one in verdict["against_the_best"].values()) == pytest.approx(1)
    assert "regret_unit_days" not in told["options"]["no sharing"]["measures"]
    with (tmp_path / "out" / "summary.csv").open(encoding="utf-8", newline="") as table:
        rows = {(row["option"], row["measure"]): row for row in csv.DictReader(table)}
    assert float(rows["no sharing", f"{UNMET}: median"]["mean"]) == verdict["tails"]["no sharing"]["median"]["mean"]
    assert ("no sharing", "chance of a shortfall > 30 days") in rows


@pytest.mark.usefixtures("no_charts")
def test_a_single_replication_is_not_judged(shell: Shell, file: Path, tmp_path: Path) -> None:
    sim.run(sim.load(str(file)), replications=1, workers=1, out=tmp_path / "out")
    said = shell("compare", tmp_path / "out", "--full")
    assert "Judged together" not in said.out
    assert "Which option is best is not judged from fewer than 120 replications." in said.out


# -- the bound -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_charts")
def test_the_bound_is_told_and_kept(shell: Shell, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = run(shell, file, out, "--replications", 8, "--bound")
    for option in told["options"].values():
        measures = option["measures"]
        bound, regret = (measures[name]["mean"] for name in ("clairvoyant_unmet_unit_days", "regret_unit_days"))
        assert measures[UNMET]["mean"] == pytest.approx(bound + regret)
        assert set(measures["regret_unit_days"]) == {"mean", "sd", "low", "high"}
        assert regret >= -1e-6
    assert told["options"]["no sharing"]["measures"]["gap_closed"]["mean"] == 0
    assert json.loads(shell("compare", out, "--json").out) == told, "results that are there have it too"
    assert "Gap closed" in shell("compare", out, "--full").out
    manifest = Manifest.read(out)
    assert manifest is not None and manifest.bounded and "--bound" in manifest.command


@pytest.mark.usefixtures("no_charts")
def test_a_topped_up_bound_is_as_if_run_at_once(
    shell: Shell, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    run(shell, file, out, "--replications", 20, "--bound")
    grown = run(shell, file, out, "--replications", 40)
    assert "regret_unit_days" not in grown["options"]["no sharing"]["measures"], "twenty have no bound yet"
    assert not Manifest.read(out).bounded  # type: ignore[union-attr]
    (out / "charts").mkdir(exist_ok=True)
    (out / "charts" / "regret.png").write_bytes(b"of twenty")
    said = shell("run", file, "--workers", 1, "--out", out, "--replications", 40, "--full").out
    assert "The clairvoyant bound is known for only 20 of 40 replications: run with --bound again" in said
    assert not (out / "charts" / "regret.png").exists()
    monkeypatch.setattr("sim.running.workers.START_UP_SECONDS", 0.0)
    shell("run", file, "--workers", 2, "--out", out, "--replications", 40, "--bound", "--resume", "--json")
    whole = run(shell, file, tmp_path / "whole", "--replications", 40, "--bound")
    assert contents(out) == contents(tmp_path / "whole")
    assert (out / "manifest.json").read_bytes() == (tmp_path / "whole" / "manifest.json").read_bytes()
    assert len(contents(out)["bounds"]) == 40 * 3
    assert json.loads(shell("compare", out, "--json").out) == whole


@pytest.mark.usefixtures("no_charts")
def test_shards_bring_their_bounds(shell: Shell, file: Path, tmp_path: Path) -> None:
    for part in (1, 2):
        run(shell, file, tmp_path / str(part), "--replications", 6, "--shard", f"{part}/2", "--bound")
    merged = shell("merge", tmp_path / "merged", tmp_path / "1", tmp_path / "2", "--json")
    assert json.loads(merged.out) == run(shell, file, tmp_path / "whole", "--replications", 6, "--bound")


@pytest.mark.usefixtures("no_charts")
def test_an_interrupted_bound_keeps_what_it_has(file: Path, tmp_path: Path) -> None:
    out, seen = tmp_path / "out", []
    sim.run(sim.load(str(file)), replications=12, workers=1, out=out)

    def stop(done: int, _: int) -> None:
        seen.append(done)
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sim.regrets(sim.compare(sim.read(out)), workers=1, progress=stop)
    assert len(contents(out)["bounds"]) == 5 * 3
    seen.clear()
    sim.regrets(sim.compare(sim.read(out)), workers=1, progress=lambda *counts: seen.append(counts[1]))
    assert seen == [2, 2], "the other seven, in two batches"


def test_the_chart_of_regret_draws_and_says_where_there_is_none(shell: Shell, file: Path, tmp_path: Path) -> None:
    scenario = sim.load(str(file))
    results = sim.run(scenario, replications=20, workers=1, out=tmp_path / "out")
    comparison = sim.compare(results)
    regret_chart = chart_of("regret")
    assert "run again with --bound" in regret_chart.finding(comparison)
    assert regret_chart.rows(comparison) == []
    sim.regrets(comparison, workers=1)
    assert "‘no sharing’" in regret_chart.finding(comparison)
    assert len(regret_chart.rows(comparison)) == 3
    assert sim.charts.regret(comparison).axes
    said = shell("run", file, "--replications", 20, "--workers", 1, "--out", tmp_path / "out")
    assert (said.status, (tmp_path / "out" / "charts" / "regret.png").exists()) == (0, True)


# -- runs that stop by themselves ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_charts")
def test_precision_stops_and_the_folder_is_a_plain_one(shell: Shell, file: Path, tmp_path: Path) -> None:
    told = run(shell, file, tmp_path / "a", "--precision", "30%")
    precision = told.pop("precision")
    assert precision["reached"] and precision["replications"] == told["replications"] >= 200
    assert precision["replications_saved"] == 60 - told["replications"]
    plain = run(shell, file, tmp_path / "b", "--replications", told["replications"])
    assert plain == told
    limited = shell(
        "run", file, "--workers", 1, "--out", tmp_path / "c", "--precision", 0.01, "--replications", 205, "--full"
    )
    assert limited.status == 0
    assert "before every difference from the reference was known to 0.01 unit-days either way." in limited.out
    again = shell("run", file, "--workers", 1, "--out", tmp_path / "a", "--precision", "30%", "--full")
    assert "than the scenario's fixed 60" in again.out


@pytest.mark.usefixtures("no_charts")
def test_a_race_leaves_the_replications_that_all_ran(shell: Shell, file: Path, tmp_path: Path) -> None:
    words = ("--select", "--indifference", 8)
    told = run(shell, file, tmp_path / "a", *words)
    race = told.pop("selection")
    assert race == sim.select(sim.load(str(file)), 8).as_json()
    assert race["chosen"] in told["options"]
    counts = [found["n"] for found in race[UNMET].values()]
    assert told["replications"] == min(counts) >= 200
    assert run(shell, file, tmp_path / "b", "--replications", min(counts)) == told
    said = shell("run", file, "--workers", 1, "--out", tmp_path / "a", *words, "--full")
    assert (tmp_path / "a" / "charts" / "race.png").exists()
    assert "was chosen: with at least 95 % probability it is the best" in said.out


# -- size and sweep --------------------------------------------------------------------------------------------------


def test_size_prints_and_writes_what_its_twin_finds(shell: Shell, file: Path, tmp_path: Path) -> None:
    words = ("size", file, "--resource", "infantry_company", "--coverage", 0.8, "--replications", 20, "--workers", 1)
    said = shell(*words, "--json", "--out", tmp_path / "out")
    assert said.status == 0
    twin = sim.size(sim.load(str(file)), "infantry_company", 0.8, replications=20, workers=1)
    assert json.loads(said.out) == json.loads(json.dumps(twin.as_json()))
    assert (tmp_path / "out" / "sizing.json").read_text(encoding="utf-8") == said.out
    assert {each.name for each in (tmp_path / "out").iterdir()} == {
        f"sizing.{end}" for end in ("json", "png", "svg", "csv")
    }
    table = shell(*words).out
    assert "Units needed" in table and "80 % of the need for infantry" in table
    refused = shell(*words, "--seed", 8, "--out", tmp_path / "out")
    assert (refused.status, len(refused.err.splitlines())) == (2, 1)
    assert "holds sizing of another scenario or seed" in refused.err
    assert shell(*words, "--seed", 8, "--out", tmp_path / "out", "--force").status == 0


def test_sweep_prints_and_writes_what_its_twin_finds(shell: Shell, file: Path, tmp_path: Path) -> None:
    vary = "crises.raids.every_days=20,40"
    words = ("sweep", file, "--vary", vary, "--replications", 10, "--workers", 1)
    said = shell(*words, "--json", "--out", tmp_path / "out")
    assert said.status == 0
    twin = sim.sweep(sim.load(str(file)), [vary], replications=10, workers=1)
    assert json.loads(said.out) == json.loads(json.dumps(twin.as_json()))
    with (tmp_path / "out" / "settings.csv").open(encoding="utf-8", newline="") as table:
        assert len(list(csv.DictReader(table))) == 2 * 3 * 5
    printed = shell(*words).out
    assert "crises.raids.every_days" in printed and "Does the answer change?" in printed


def test_a_sampled_sweep_says_what_matters(shell: Shell, file: Path) -> None:
    spans = ("--vary", "crises.raids.every_days=15:60", "--vary", "missions.South.routine.infantry_company=6:12")
    said = shell("sweep", file, *spans, "--sample", 16, "--replications", 5, "--workers", 1)
    assert said.status == 0
    assert "by itself / with all interactions" in said.out
    assert "(of unseen points, predicted)" in said.out


def test_what_a_call_gives_prints_in_a_few_lines(file: Path) -> None:
    scenario = sim.load(str(file))
    comparison = sim.compare(sim.run(scenario, replications=12, workers=1))
    sizing = sim.size(scenario, "infantry_company", 0.8, replications=5, workers=1)
    swept = sim.sweep(scenario, {"crises.raids.every_days": [20, 40]}, replications=5, workers=1)
    decision = sim.decide(comparison)
    head, columns, *rows = str(comparison).splitlines()
    assert head == "Small: 12 replications; means" and columns.startswith("Option  ")
    assert [row.split("  ")[0] for row in rows] == ["no sharing", "As it was", "=paper <beforehand>"]
    assert str(decision).startswith(str(comparison)) and str(swept) == "\n".join(swept.sentences())
    assert str(decision.verdict) == "\n".join(decision.verdict.sentences())
    for found in (comparison, decision, decision.verdict, sizing, swept):
        assert repr(found).startswith(f"<{type(found).__name__} ") and len(repr(found)) < 300
        assert len(str(found)) < 3000


# -- mistakes --------------------------------------------------------------------------------------------------------

SIZE = ("size", "FILE", "--resource", "infantry_company", "--coverage")
RAIDS = "crises.raids.every_days"
WRONG: list[tuple[tuple[Any, ...], str]] = [
    (("size", "FILE"), "error: Missing option '--resource'."),
    (("size", "FILE", "--resource", "infantry", "--coverage", 0.9), "did you mean 'infantry_company'?"),
    ((*SIZE, 95), "coverage: must be above 0 and at most 1, not 95"),
    ((*SIZE, "nan"), "coverage: must be above 0 and at most 1, not nan"),
    ((*SIZE, 0.9, "--scale", "hub"), "say which mission is the hub"),
    ((*SIZE, 0.9, "--hub", "South"), "--hub goes with --scale hub"),
    ((*SIZE, 0.9, "--scale", "hub", "--hub", "Sout"), "no mission 'Sout'; did you mean 'South'?"),
    ((*SIZE, 0.9, "--replications", 0), "replications: must be 1 or more, not 0"),
    ((*SIZE, 0.9, "--workers", 0), "workers: must be 1 or more, not 0"),
    ((*SIZE, 0.9, "--seed", -1), "seed: must be 0 to"),
    ((*SIZE, 0.9, "--option", "no sharin"), "did you mean 'no sharing'?"),
    (("sweep", "FILE"), "error: Missing option '--vary'."),
    (("sweep", "FILE", "--vary", "x"), "--vary x: must be PATH=v1,v2,… or PATH=low:high:count"),
    (
        ("sweep", "FILE", "--vary", "crises.raid.every_days=1"),
        "crises: nothing called 'raid' here; did you mean 'raids'?",
    ),
    (("sweep", "FILE", "--vary", f"{RAIDS}=-1"), f"{RAIDS} = -1: {RAIDS}: must be more than 0, not -1"),
    (("sweep", "FILE", "--vary", f"{RAIDS}=1,2", "--sample", 20), "with --sample, must be PATH=low:high"),
    (("sweep", "FILE", "--vary", f"{RAIDS}=9:20", "--sample", 2), "needs 8 to 10,000 settings, not 2"),
    (("sweep", "FILE", "--vary", f"{RAIDS}=["), "is not YAML"),
    (("sweep", "FILE", "--vary", f"{RAIDS}=9:20", "--sample", 20, "--seed", -1), "seed: must be 0 to"),
    (("run", "FILE", "--precision", "much"), "--precision: must be a number above 0, like 20 or 5%, not 'much'"),
    (("run", "FILE", "--precision", "5%", "--replications", 5), "at most 5 replications are too few"),
    (("run", "FILE", "--precision", "5%", "--shard", "1/2"), "--precision looks at all replications"),
    (("run", "FILE", "--precision", "5%", "--select", "--indifference", 1), "two ways to stop: choose one"),
    (("run", "FILE", "--select"), "--select and --indifference X (unit-days that do not matter) go together"),
    (("run", "FILE", "--indifference", 3), "--select and --indifference X (unit-days that do not matter) go together"),
    (("run", "FILE", "--select", "--indifference", 0), "--indifference: must be a number above 0, not 0"),
    (("run", "FILE", "--select", "--indifference", 5, "--replications", 5), "a race takes 200 or more"),
    (("run", "FILE", "--select", "--indifference", 5, "--option", "no sharing"), "needs at least two options"),
    (("run", "FILE", "--select", "--indifference", 5, "--option", "no sharin"), "did you mean 'no sharing'?"),
    (("run", "FILE", "--longer-than", -1), "--longer-than: must be a number of days, 0 or more, not -1"),
]


@pytest.mark.parametrize(("words", "line"), WRONG, ids=[" ".join(map(str, words)) for words, _ in WRONG])
def test_a_mistake_is_one_line_and_nothing_is_written(
    shell: Shell, file: Path, tmp_path: Path, words: tuple[Any, ...], line: str
) -> None:
    said = shell(*(file if word == "FILE" else word for word in words), "--out", tmp_path / "out")
    assert said.status == 2
    assert line in said.err
    assert len(said.err.splitlines()) == 1
    assert said.out == ""
    assert not (tmp_path / "out").exists()


def test_nothing_is_said_where_every_replication_fails(shell: Shell, tmp_path: Path) -> None:
    file, rules = tmp_path / "broken.yaml", tmp_path / "rules.py"
    file.write_text(yaml.safe_dump(plan("broken"), allow_unicode=True, sort_keys=False), encoding="utf-8")
    rules.write_text("def broken(situation):\n    raise ValueError('broken')\n", encoding="utf-8")
    words = ("--rules", rules, "--option", "by rule", "--replications", 3, "--workers", 1, "--out", tmp_path / "out")
    said = shell("sweep", file, "--vary", f"{RAIDS}=9", *words)
    assert (said.status, said.err) == (1, "every replication failed: `run` says why\n")
    assert not (tmp_path / "out").exists()


def test_an_out_that_is_a_file_is_one_line(shell: Shell, file: Path) -> None:
    for words in ((*SIZE[:1], file, *SIZE[2:], 0.9), ("sweep", file, "--vary", f"{RAIDS}=20")):
        said = shell(*words, "--out", file)
        assert (said.status, said.err) == (2, f"{file}: is a file; --out takes a folder\n")


def test_a_record_is_printed_with_its_units_and_dates_as_people_write_them(capsys: Any) -> None:
    show_hindcast(replace(invented_hindcast(1), replications=1))
    printed = capsys.readouterr().out
    assert "1 replication, seed" in printed and "(days)" in printed
    assert "19 to 75" in printed and ".0 " not in printed
    assert "7 Feb 2011 to 4 Apr 2011" in printed and "2011-" not in printed
    assert "100 of 100" in printed and "0 of 100" in printed and "independent" in printed and "fitted" in printed
    one = replace(invented_hindcast(1), entries=invented_hindcast(1).entries[1:3])
    assert one.headline() == "1 of 2 recorded facts agrees with the model's 10–90 % band."
    known = tuple(replace(entry, fact=replace(entry.fact, kind="fitted")) for entry in one.entries)
    fitted = replace(one, entries=known)
    assert fitted.headline() == (
        "All that was recorded was used in fitting, so agreement proves nothing: "
        "1 of 2 agree with the model's 10–90 % band."
    )
    assert replace(one, entries=()).headline().startswith("The scenario's history says nothing")


def test_a_small_cause_is_not_said_to_be_none() -> None:
    whole = invented_comparison(2)
    name, option = next(iter(whole.options.items()))
    parts = dict.fromkeys(option.unmet_by_cause, estimate(0, 0)) | {
        "in transit": estimate(1000, 0),
        "lift": estimate(2, 0),
        "host": estimate(0.01, 0),
    }
    told = where_the_days_went(replace(whole, options={name: replace(option, unmet_by_cause=parts)}))
    assert told[0].endswith(": in transit 1,000 (over 99 %), lift 2.0 (under 1 %)")


@pytest.mark.no_cover
def test_another_question_on_the_same_path_has_a_folder_of_its_own(
    shell: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    plain = ("--replications", 2, "--workers", 1)
    for values in ("30,60", "30,60,90", "30:60:3"):
        assert shell("sweep", file, "--vary", f"{RAIDS}={values}", *plain).status == 0
    many = ",".join(map(str, range(10, 60)))
    for values in (many, f"{many},70"):
        assert shell("sweep", file, "--vary", f"{RAIDS}={values}", "--replications", 1, "--workers", 1).status == 0
    names = sorted(each.name for each in (Path("results") / file.stem / "sweep").iterdir())
    assert [name for name in names if len(name) < 60] == [
        f"{RAIDS}_30_45_60",
        f"{RAIDS}_30_60",
        f"{RAIDS}_30_60_90",
    ]
    assert len(names) == 5
