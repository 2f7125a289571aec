"""The command line as a user meets it: results on stdout, a line for a mistake, a status that says what happened."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

import sim
from sim.commands.shared.terminal import progress
from tests.shell import Shell
from tests.small import contents, plan, rules_file, small


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(plan(), allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A results folder."""
    folder = tmp_path_factory.mktemp("kept") / "out"
    sim.run(small(), replications=5, workers=1, out=folder)
    return folder


def test_run_prints_the_comparison_and_says_where_the_charts_lie(shell: Shell, file: Path, tmp_path: Path) -> None:
    said = shell("run", file, "--replications", 20, "--workers", 1, "--out", tmp_path / "out", "--full")
    assert said.status == 0
    assert said.err == ""
    assert "Small: 20 replications, seed 7; means with their 95 % intervals" in said.out
    for words in ("no sharing (reference)", "As it was", "Unmet need", "Coverage", "Response", "exposure", "Cost"):
        assert words in said.out
    assert "Difference from ‘no sharing’, paired by replication" in said.out
    assert "\x1b" not in said.out, "nobody sees colours in a file"
    assert "Where the days went" in said.out
    assert f"charts in {tmp_path / 'out' / 'charts'}; table in {tmp_path / 'out' / 'summary.csv'}" in said.out
    assert list((tmp_path / "out" / "charts").glob("*.png"))


@pytest.mark.usefixtures("no_charts")
def test_a_folder_that_is_topped_up_and_looked_at_again_is_noted_in_one_clause(
    shell: Shell, file: Path, tmp_path: Path
) -> None:
    words = ("run", file, "--workers", 1, "--out", tmp_path / "out", "--quiet", "--replications")
    assert shell(*words, 20).err == ""
    assert shell(*words, 40).err == (
        f"looked at before, after 20 replications: `intermission compare {tmp_path / 'out'} --every-look` has the"
        " intervals that hold however often one looks\n"
    )
    assert shell("compare", tmp_path / "out", "--every-look").err == ""


@pytest.mark.usefixtures("no_charts")
def test_a_test_that_wants_no_charts_draws_none(shell: Shell, kept: Path, tmp_path: Path) -> None:
    assert shell("compare", kept, "--out", tmp_path / "out").status == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["summary.csv"]


def test_the_answer_comes_first_and_full_prints_all(shell: Shell, kept: Path) -> None:
    said, whole = shell("compare", kept), shell("compare", kept, "--full")
    assert (said.status, said.err, whole.status) == (0, "", 0)
    lines = said.out.splitlines()
    assert len(lines) <= 30 and max(map(len, lines)) <= 100
    assert lines[:3] == ["Small · 5 replications, seed 7", "", "  Which option has the least unmet need?"]
    assert "No answer" in lines[3], "one set is too little"
    assert "all figures: --full" in lines[-1]
    assert "Where the days went" in whole.out and "Where the days went" not in said.out


@pytest.mark.usefixtures("no_charts")
def test_json_is_one_object_and_nothing_else(shell: Shell, file: Path, tmp_path: Path) -> None:
    words = ("--replications", 20, "--workers", 1, "--json")
    said = shell("run", file, "--out", tmp_path / "a", *words)
    told = json.loads(said.out)
    assert told["options"]["as it was"]["measures"]["unmet_by_cause"]
    assert "/" not in json.dumps({**told, "fingerprint": ""}), "no paths"
    assert shell("run", file, "--out", tmp_path / "b", *words).out == said.out
    assert shell("compare", tmp_path / "b", "--json").out == said.out
    assert json.loads(json.dumps(sim.decide(sim.compare(sim.read(tmp_path / "a"))).as_json())) == told


@pytest.mark.usefixtures("no_charts")
def test_several_files_share_a_folder_by_name(shell: Shell, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    said = shell("run", "small.yaml", "other.yaml", "--replications", 2, "--workers", 1, "--json")
    assert len([json.loads(line) for line in said.out.splitlines()]) == 2
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == ["other", "small"]
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "small.yaml").write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    said = shell("run", "small.yaml", "sub/small.yaml", "--out", "more")
    assert said.status == 2
    assert "two of the files have the same name" in said.err
    shell("run", "other.yaml", "--replications", 2, "--workers", 1, "--json", "--seed", 8, "--out", "more/other")
    said = shell("run", "small.yaml", "other.yaml", "--replications", 2, "--workers", 1, "--out", "more")
    assert (said.status, said.out) == (2, "")
    assert "holds results of another seed" in said.err
    assert not (tmp_path / "more" / "small").exists()


@pytest.mark.usefixtures("no_charts")
def test_a_failed_replication_is_told_and_the_status_is_1(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "unlucky.yaml"
    path.write_text(yaml.safe_dump(plan("unlucky"), allow_unicode=True, sort_keys=False), encoding="utf-8")
    rules = rules_file(tmp_path)
    words = ("--rules", rules, "--replications", 40, "--workers", 1, "--out", tmp_path / "out")
    said = shell("run", path, *words)
    assert said.status == 1
    assert "of 'by rule' failed: ZeroDivisionError: an unlucky day" in said.err
    assert "that failed are left out" in said.out
    assert shell("run", path, *words).status == 1, "it is still so when nothing is left to run"


@pytest.mark.parametrize(
    "words",
    [
        ("size", "--resource", "infantry_company", "--coverage", 0.9),
        ("sweep", "--vary", "crises.raids.every_days=30,40"),
    ],
)
def test_a_study_of_which_replications_failed_has_status_1(shell: Shell, tmp_path: Path, words: Any) -> None:
    path = tmp_path / "unlucky.yaml"
    path.write_text(yaml.safe_dump(plan("unlucky"), allow_unicode=True, sort_keys=False), encoding="utf-8")
    command, *flags = words
    flags += ["--replications", 20, "--workers", 1, "--json"]
    said = shell(command, path, *flags, "--rules", rules_file(tmp_path))
    assert said.status == 1
    assert "replications failed and are left out; `run` says which and why" in said.err
    assert json.loads(said.out)
    assert shell(command, path, *flags, "--option", "no sharing", "--rules", rules_file(tmp_path)).status == 0


def test_rules_of_ones_own_may_be_named_wherever_a_scenario_is_read(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "unlucky.yaml"
    path.write_text(yaml.safe_dump(plan("unlucky"), allow_unicode=True, sort_keys=False), encoding="utf-8")
    own = ("--rules", rules_file(tmp_path))
    assert shell("check", path, *own).status == 0
    assert "rule: unlucky" in shell("diff", f"{path}#as it was", f"{path}#by rule", *own).out
    assert "has no history" in shell("hindcast", path, *own).err


@pytest.mark.usefixtures("no_charts")
def test_what_failed_is_played_again_from_within_the_folder(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = sim.run(small("unlucky"), replications=40, workers=1, rules=rules_file(tmp_path), out=tmp_path / "out")
    rules_file(tmp_path).unlink()
    monkeypatch.chdir(results.folder)
    program, *words, debug = shlex.split(results.failures()[0]["replay"])
    assert (program, debug) == ("intermission", "--debug")
    with pytest.raises(ZeroDivisionError, match="an unlucky day"):
        shell(*words, debug)
    said = shell(*words)
    number = words[words.index("--replication") + 1]
    told = f"replication {number} of 'by rule' failed: ZeroDivisionError: an unlucky day; --debug shows where\n"
    assert (said.status, said.out, said.err) == (1, "", told)
    words = shlex.split(results.manifests[0].command)[1:]
    assert shell(*words, "--json").status == 1
    there, remade = contents(Path()), contents(Path("remade"))
    assert there.pop("failures") and remade.pop("failures"), "their tracebacks name the file where it lay"
    assert remade == there


def wrong(tmp_path: Path, file: Path) -> list[tuple[list[Any], str]]:
    """Commands that a user may mistype, and what each gets told."""
    out = tmp_path / "out"
    return [
        (["run", "nowhere.yaml"], "nowhere.yaml:1:1: no such file"),
        (["run", tmp_path], f"{tmp_path}:1:1: is not a file but a folder"),
        (["run"], "error: Missing argument 'FILE…'."),
        (["run", file, "--replication", "5"], "error: No such option '--replication'"),
        (["run", file, "--replications", "five"], "error: Invalid value for '--replications': 'five' is not a valid"),
        (["run", file, "--replications", "0", "--out", out], "replications: must be 1 to 10,000,000, not 0"),
        (["run", file, "--seed", "-1", "--out", out], "seed: must be 0 to"),
        (["run", file, "--workers", "0", "--out", out], "workers: must be 1 or more, not 0"),
        (["run", file, "--option", "as it wass", "--out", out], "no option 'as it wass'; did you mean 'as it was'?"),
        (["run", file, "--shard", "0/2", "--out", out], "shard: must be i/n"),
        (["run", file, "--rules", "none.py", "--out", out], "none.py: cannot be used as rules: No such file"),
        (["run", file, "--out", file], f"{file}: is a file; --out takes a folder"),
        (["run", file, "--out", file / "below"], "Not a directory"),
        (["run", file, "--out", tmp_path], f"{tmp_path}: is not empty and not a results folder"),
        (["runn", file], "error: No such command 'runn'. Did you mean 'run'?"),
        (["run", file, "--precision", "", "--out", out], "--precision: must be a number above 0"),
        (["run", file, "--precision", "abc", "--out", out], "--precision: must be a number above 0"),
        (["run", file, "--indifference", "5", "--out", out], "--select and --indifference X"),
        (["run", file, "--select", "--indifference", "inf", "--out", out], "--indifference: must be a number above 0"),
        (["run", file, "--cluster", "", "--out", out], "--cluster: must be the address of a Dask scheduler"),
        (["run", file, "--cluster", "http://x:1", "--out", out], "--cluster: must be the address of a Dask scheduler"),
        (
            ["run", file, "--longer-than", "nan", "--out", out],
            "--longer-than: must be a number of days, 0 or more, not nan",
        ),
        (["size", file, "--resource", "infantry", "--coverage", "1"], "did you mean 'infantry_company'?"),
        (["size", file, "--resource", "infantry_company", "--coverage", "2"], "coverage: must be above 0"),
        (["size", file, "--resource", "infantry_company", "--coverage", "200%"], "at most 1, not 2"),
        (["size", file, "--resource", "infantry_company", "--coverage", "much"], "a share, like 0.95 or 95%, not"),
        (["sweep", file, "--vary", "crises.raids.every_day=1,2"], "did you mean 'every_days'?"),
        (["sweep", file, "--vary", "crises.raids.every_days=1,2", "--seed", "-1"], "seed: must be 0 to"),
        (["hindcast", file], f"{file}:1:1: has no history to be held against"),
        (["compare", "nowhere"], "nowhere: no such folder"),
        (["compare", file], f"{file}: is a file, not a results folder"),
        (["compare", tmp_path], "not a results folder (it has no manifest.json)"),
        (["export", "nowhere"], "nowhere: no such folder"),
        (["export", "nowhere", "--format", "xls"], "error: Invalid value for '--format': 'xls' is not one of"),
        (["tell", file], "error: Missing option '--option'."),
        (["tell", file, "--option", "x"], "no option 'x'"),
        (["tell", file, "--option", "as it was", "--replication", "-1"], "replication must be 0 or more, not -1"),
        (["tell", file, "--option", "as it was", "--seed", "-1"], "seed: must be 0 to"),
        (["tell", file, "--option", "as it was", "--out", file], f"{file}: is a file; --out takes a folder"),
        (["tell", file, "--option", "as it was", "--out", file / "below"], "Not a directory"),
        (["check", "nowhere.yaml"], "nowhere.yaml:1:1: no such file"),
        (["new", file], str(file)),
        (["merge", out, "nowhere"], "nowhere: no such folder"),
    ]


@pytest.mark.parametrize("number", range(len(wrong(Path(), Path()))))
def test_a_mistake_is_one_line_and_status_2(shell: Shell, file: Path, tmp_path: Path, number: int) -> None:
    words, line = wrong(tmp_path, file)[number]
    said = shell(*words)
    assert said.status == 2
    told = said.out if words[0] == "check" else said.err
    assert line in told
    assert len(told.splitlines()) == 1
    assert "Traceback" not in said.err
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "results").exists()


def test_every_problem_of_a_file_is_a_line_and_nothing_is_written(shell: Shell, file: Path, tmp_path: Path) -> None:
    text = (
        file.read_text(encoding="utf-8").replace("every_days", "evry_days").replace("mission: North", "mission: Nord")
    )
    file.write_text(text, encoding="utf-8")
    for said in (shell("run", file, "--out", tmp_path / "out"), shell("check", file)):
        assert said.status == 2
        lines = (said.err or said.out).splitlines()
        assert len(lines) >= 2
        assert all(line.startswith(f"{file}:") for line in lines)
        assert any("did you mean 'every_days'?" in line for line in lines)
    assert not (tmp_path / "out").exists()


def test_debug_shows_the_traceback(shell: Shell) -> None:
    with pytest.raises(sim.errors.ScenarioError):
        shell("run", "nowhere.yaml", "--debug")


@pytest.mark.skipif(not Path("/sys/kernel").exists(), reason="needs a place where not even root may write")
def test_a_folder_that_cannot_be_written_is_one_line(shell: Shell, file: Path) -> None:
    said = shell("run", file, "--out", "/sys/kernel/out")
    assert (said.status, len(said.err.splitlines())) == (2, 1)
    assert said.err.startswith("/sys/kernel/out: ")


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that can close what it hands on")
def test_nobody_need_listen(kept: Path) -> None:
    said = subprocess.run(f"{sys.executable} -m sim compare {kept} >&-", shell=True, capture_output=True, check=False)
    assert (said.returncode, said.stderr) == (0, b"")


def test_text_is_the_same_bytes_whatever_the_locale(kept: Path) -> None:
    words = [sys.executable, "-m", "sim", "compare", str(kept), "--full"]
    plain, *odd = (
        subprocess.run(words, env=os.environ | {"PYTHONIOENCODING": code}, capture_output=True, check=True).stdout
        for code in ("utf-8", "ascii", "latin-1")
    )
    assert "−" in plain.decode()
    assert odd == [plain, plain]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
def test_no_color_is_obeyed_on_a_terminal(kept: Path) -> None:
    command = [sys.executable, "-m", "sim", "compare", str(kept)]
    for more, styled in (({}, True), ({"NO_COLOR": "1"}, False)):
        ours, theirs = os.openpty()
        environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"}
        with subprocess.Popen(command, env=environment | more, stdout=theirs, stderr=subprocess.DEVNULL) as process:
            os.close(theirs)
            told = b""
            with suppress(OSError):  # Linux says so when nobody is at the other end any more
                while chunk := os.read(ours, 4096):
                    told += chunk
            process.wait()
        os.close(ours)
        assert b"no sharing" in told
        assert (b"\x1b" in told) is styled


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full disk")
def test_a_reader_that_stops_or_a_full_disk_shows_no_traceback() -> None:
    command = [sys.executable, "-m", "sim", "schema"]
    with Path("/dev/full").open("w") as full:
        said = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert said.returncode == 1
    assert b"Traceback" not in said.stderr
    said = subprocess.run(f"{sys.executable} -m sim schema | true", shell=True, capture_output=True, check=False)
    assert said.stderr == b""


def test_check_says_what_is_fine(shell: Shell, file: Path) -> None:
    said = shell("check", file)
    assert (said.status, said.out) == (0, f"{file}: fine (2 missions, 1 crisis, 3 options)\n")


def test_tell_prints_dated_sentences_or_json(shell: Shell, file: Path, tmp_path: Path) -> None:
    said = shell("tell", file, "--option", "as it was", "--replication", 3)
    assert said.status == 0
    assert all(" 2012: " in line for line in said.out.splitlines())
    told = json.loads(shell("tell", file, "--option", "as it was", "--replication", 3, "--json").out)
    assert told == json.loads(json.dumps(sim.tell(small(), "as it was", 3).as_json()))
    shell("tell", file, "--option", "as it was", "--replication", 3, "--out", tmp_path / "story")
    files = {path.name for path in (tmp_path / "story").iterdir()}
    assert {
        "story.txt",
        "story.json",
        "loans.csv",
        "levels.csv",
        "gantt.png",
        "gantt.svg",
        "timeline.png",
        "gantt.csv",
        "timeline.csv",
    } <= files


def test_the_readme_shows_what_is_printed(shell: Shell, tmp_path: Path) -> None:
    house = Path(__file__).parents[1]
    shown = [line.strip() for line in (house / "README.md").read_text(encoding="utf-8").splitlines()]
    west_africa = house / "scenarios" / "west_africa_2010.yaml"
    told = shell("tell", west_africa, "--option", "as it was", "--replication", 3, "--out", tmp_path / "story").out
    dated = [line for line in shown if " Jan 2011: " in line]
    assert len(dated) == 2
    assert set(dated) <= set(told.splitlines())
    shell("new", "mine.yaml")
    mine = (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(mine.replace("    holds:", "    holdz:", 1), encoding="utf-8")
    assert shell("check", "mine.yaml").out.strip() in shown


@pytest.mark.usefixtures("no_charts")
def test_a_study_goes_into_the_results_of_its_scenario_unless_only_json_is_asked_for(
    shell: Shell, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.charts.save_chart", lambda *_: [])
    words = ("sweep", file, "--vary", "crises.raids.every_days=30,60", "--replications", 4, "--workers", 1)
    assert shell(*words, "--json").status == 0
    assert not (tmp_path / "results").exists()
    folder = Path("results") / "small"
    there = folder / "sweep" / "crises.raids.every_days_30_60"
    assert shell(*words).err == f"wrote sweep.json, settings.csv to {there}\n"
    other = shell("sweep", file, "--vary", "crises.raids.every_days=30,90", *words[4:])
    assert other.err.endswith(f"to {folder / 'sweep' / 'crises.raids.every_days_30_90'}\n")
    other = shell("sweep", file, "--vary", "crises.raids.every_days=30,90", *words[4:], "--out", there)
    assert (other.status, other.out) == (2, "")
    assert "holds sweep that asked something else (vary); give --out another folder, or --force" in other.err
    sized = ("size", file, "--resource", "infantry_company", "--replications", 4, "--workers", 1, "--coverage")
    assert shell(*sized, "70%").err.endswith(f"to {folder / 'sizing' / 'infantry_company-70pct'}\n")
    assert shell(*sized, 0.8).status == 0
    assert {each.name for each in (folder / "sizing").iterdir()} == {"infantry_company-70pct", "infantry_company-80pct"}
    assert shell(*sized, 0.8, "--option", "as it was").status == 2
    assert shell(*words, "--quiet").err == ""
    said = shell(*words, "--seed", 8)
    assert (said.status, said.out) == (2, "")
    assert "holds sweep of another scenario or seed; give --out another folder, or --force" in said.err
    assert shell(*words, "--seed", 8, "--force").status == 0
    assert shell("tell", file, "--option", "as it was").status == 0
    assert (folder / "story" / "story.txt").exists()
    assert shell("run", file, "--replications", 4, "--workers", 1).status == 0, "a run may come after its studies"
    assert (folder / "manifest.json").exists()


def test_new_writes_a_scenario_that_runs(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    assert shell("new", path).status == 0
    assert shell("check", path).status == 0
    assert shell("new", path).status == 2


def test_schema_is_json_and_markdown_is_the_reference(shell: Shell) -> None:
    assert json.loads(shell("schema").out)["$schema"]
    assert shell("schema", "--markdown").out == (Path(__file__).parents[1] / "scenarios" / "README.md").read_text(
        "utf-8"
    )


@pytest.mark.usefixtures("no_charts")
def test_compare_puts_seeds_together_and_writes_where_it_is_told(shell: Shell, file: Path, tmp_path: Path) -> None:
    for seed in (1, 2):
        shell(
            "run", file, "--replications", 20, "--workers", 1, "--seed", seed, "--out", tmp_path / str(seed), "--json"
        )
    said = shell("compare", tmp_path / "1", tmp_path / "2", "--json", "--reference", "as it was")
    told = json.loads(said.out)
    assert (told["seed"], told["replications"], told["reference"]) == ([1, 2], 40, "as it was")
    assert shell("compare", tmp_path / "1", "--out", tmp_path / "both").status == 0
    assert (tmp_path / "both" / "summary.csv").exists()
    for words in ((tmp_path / "1", tmp_path / "2", "--out", tmp_path / "2"), (tmp_path / "1", "--out", tmp_path / "2")):
        before = (tmp_path / "2" / "summary.csv").read_bytes()
        said = shell("compare", *words)
        assert (said.status, said.out) == (2, "")
        assert "2: holds results of something else; give --out another folder, or --force" in said.err
        assert (tmp_path / "2" / "summary.csv").read_bytes() == before
    said = shell("compare", tmp_path / "1", tmp_path / "2", "--out", tmp_path / "2", "--force", "--full")
    assert said.status == 0
    assert "Small: 40 replications, seeds 1, 2;" in said.out


@pytest.mark.usefixtures("no_charts")
def test_shards_are_run_and_merged(shell: Shell, file: Path, tmp_path: Path) -> None:
    for part in (1, 2):
        words = ("--replications", 40, "--workers", 1, "--shard", f"{part}/2", "--out", tmp_path / str(part), "--json")
        assert shell("run", file, *words).status == 0
    merged = shell("merge", tmp_path / "whole", tmp_path / "1", tmp_path / "2", "--json")
    alone = shell("run", file, "--replications", 40, "--workers", 1, "--out", tmp_path / "alone", "--json")
    assert merged.out == alone.out
    said = shell("merge", tmp_path / "half", tmp_path / "1")
    assert "only 20 of 40 replications are there" in said.err
    said = shell("compare", tmp_path / "1")
    assert said.err == f"{tmp_path / '1'}: is part 1/2 of 40 replications: merge puts the parts together\n"
    said = shell("run", file, "--replications", 20, "--shard", "1/30", "--out", tmp_path / "none")
    assert (said.status, said.out) == (2, "")
    assert said.err == "--shard 1/30: none of 20 replications belongs to it; say 20 parts at most\n"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--longer-than", "inf"), "--longer-than: must be a number of days, 0 or more, not inf"),
        (("--longer-than", "nan"), "--longer-than: must be a number of days, 0 or more, not nan"),
        (("--resume", "--force"), "--resume goes on with what is there, and --force overwrites it: choose one"),
        (("--json", "--full"), "--json and --full are two ways to print: choose one (--json has all figures)"),
    ],
)
def test_flags_that_do_not_go_together_are_refused_first(
    shell: Shell, file: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    assert shell("run", file, *words, "--out", tmp_path / "out") == (2, "", f"{told}\n")
    assert not (tmp_path / "out").exists()


def test_without_a_command_there_is_help_whatever_the_version_of_click(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("click.exceptions.NoArgsIsHelpError", raising=False)  # 8.1 has none
    said = shell()
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("Usage: intermission [OPTIONS] COMMAND [ARGS]...\n") and "Commands:\n" in said.err
    assert shell("runn").err == "error: No such command 'runn'. Did you mean 'run'?\n"


def test_help_is_quick_and_imports_are_lazy() -> None:
    slow = ("numpy", "pandas", "matplotlib", "scipy", "pydantic", "rich", "simpy", "loky", "yaml")
    look = f"print([name for name in {slow!r} if name in sys.modules])"
    for line in ("import sim", "import sim.cli"):
        said = subprocess.run([sys.executable, "-c", f"import sys; {line}; {look}"], capture_output=True, check=True)
        assert said.stdout.strip() == b"[]", line


class Terminal(io.StringIO):
    """Somebody watches."""

    def isatty(self) -> bool:
        return True


def test_whoever_watches_is_told_that_the_first_replications_are_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large scenario takes a minute for them, during which no number changes."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    seen = []
    for done in (None, 0, 5):
        screen = Terminal()
        monkeypatch.setattr(sys, "stderr", screen)
        with progress("Small", quiet=False) as shown:
            if done is not None:
                shown(done, 60)
        seen.append(screen.getvalue())
    assert ["the first replications" in each for each in seen] == [True, True, True]
    assert "5/60" in seen[2] and seen[2].rfind("the first") < seen[2].rfind("5/60")
    assert "0/60" not in seen[1], "no count stands still"


@pytest.mark.usefixtures("no_charts")
def test_replications_that_are_no_whole_sets_are_rounded_up_and_that_is_said(
    shell: Shell, file: Path, tmp_path: Path
) -> None:
    said = shell("run", file, "--replications", 21, "--workers", 1, "--out", tmp_path / "out", "--json")
    assert said.err.startswith("warning: 21 replications are no whole sets of 20: 40 are run\n")
    assert sim.read(tmp_path / "out").replications == 40
    assert "whole sets" not in shell("run", file, "--replications", 40, "--workers", 1, "--out", tmp_path / "out").err
