"""`intermission run`: the main job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands.shared.completion import Scenario
from sim.commands.shared.flags import flags
from sim.commands.shared.inputs import load_scenario
from sim.commands.shared.output import FAILED, INTERRUPTED, echo, see_one_form, show, stem_of, tell_failures, tell_looks
from sim.errors import UsageError
from sim.words.language import speaking

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.questions.stopping.sequential import Precise, Selection
    from sim.results.reader import Results
    from sim.scenario.loaded import LoadedScenario

PLAIN = ("seed", "options", "workers", "cluster", "resume", "force", "rules", "keep_loans")
"""Flags that `sim.run` takes by the same name, and that go with every way to run."""


@click.command("run")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=Scenario())
@flags(
    "out",
    "replications",
    "seed",
    "options",
    "workers",
    "cluster",
    "resume",
    "force",
    "longer_than",
    "json",
    "full",
    "rules",
    "language",
    out="results/<scenario>",
    replications="the scenario's",
)
@click.option("--shard", metavar="i/n", help="Only the i-th of n parts of the replications, for merge.")
@click.option(
    "--keep-loans",
    type=int,
    default=100,
    show_default=True,
    metavar="N",
    help="Replications that leave their whole log.",
)
@click.option("--precision", metavar="X", help="Stop when all differences are known to 5% or to 20 (unit-days).")
@click.option("--select", is_flag=True, help="Race the options until one is left; needs --indifference.")
@click.option("--indifference", type=float, metavar="X", help="Unit-days of unmet need that do not matter in the race.")
@click.option("--bound", is_flag=True, help="Compute what nobody could have bettered, and each option's regret.")
def command(files: tuple[str, ...], as_json: bool, **flags: Any) -> int:
    """Run all options, compare them, draw charts.

    Every option meets the same replications. Prints the answer to the scenario's question, and writes the results
    folder with its charts; what is there already is not run again. Several files have a folder each in --out, and a
    line each with --json.
    With --precision or --select, --replications is the most that are run (10,000 if nothing is said).
    """
    from sim.running.workers import workers_kept

    see_one_form(as_json=as_json, full=flags["full"])
    _check(flags)
    scenarios = {file: load_scenario(file, flags["rules"]) for file in files}
    folders = _folders(files, flags["out"])
    for file in files:  # what is wrong with any stops all
        _see(scenarios[file], folders[file], flags)
    with workers_kept():  # who simulated draws the charts
        failed = [_run(scenarios[file], folders[file], as_json=as_json, flags=flags) for file in files]
    return FAILED if any(failed) else 0


def _check(flags: dict[str, Any]) -> None:
    """Refuse flags that do not go together, before anything is run."""
    from sim.comparison.verdict import see_days

    by_itself = [f"--{name}" for name in ("precision", "select") if flags[name] not in (None, False)]
    if len(by_itself) > 1:
        raise UsageError("--precision and --select are two ways to stop: choose one")
    if flags["select"] != (flags["indifference"] is not None):
        raise UsageError("--select and --indifference X (unit-days that do not matter) go together")
    if by_itself and flags["shard"]:
        raise UsageError(f"{by_itself[0]} looks at all replications, so it cannot run a --shard of them")
    if flags["resume"] and flags["force"]:
        raise UsageError("--resume goes on with what is there, and --force overwrites it: choose one")
    see_days(flags["longer_than_days"])


def _see(scenario: LoadedScenario, folder: Path, flags: dict[str, Any]) -> None:
    """Refuse what cannot be run into the folder."""
    from sim.chance.sets import SIZE
    from sim.results.writer import can_go_on
    from sim.running.experiment import manifest_for

    words = ("replications", "seed", "options", "shard", "rules", "keep_loans")
    manifest = manifest_for(scenario, **{name: flags[name] for name in words})
    whole = -(-manifest.replications // SIZE) * SIZE
    if not replace(manifest, replications=whole).part():
        raise UsageError(
            f"--shard {flags['shard']}: none of {whole:,} replications belongs to it; say {whole:,} parts at most"
        )
    can_go_on(folder, manifest, resume=flags["resume"], force=flags["force"])


def _run(scenario: LoadedScenario, folder: Path, *, as_json: bool, flags: dict[str, Any]) -> bool:
    """Run one scenario; whether any replication failed."""
    from sim.charts.house.saving import make_ready
    from sim.commands.shared.filing import file_decision, note_weights
    from sim.commands.shared.terminal import progress
    from sim.comparison.comparison import compare
    from sim.questions.decision.decision import decide
    from sim.questions.regret.regret import clairvoyant

    try:
        with progress(scenario.name, quiet=flags["quiet"]) as shown:
            results, stopped = _carry_out(scenario, folder, shown, flags)
        if flags["bound"] and results.replications:
            with progress(f"{scenario.name}, bound", quiet=flags["quiet"]) as shown:
                clairvoyant(results, workers=flags["workers"], cluster=flags["cluster"], progress=shown)
    except KeyboardInterrupt:
        echo(f"interrupted; what was done is kept in {folder}: go on with --resume", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    tell_failures(results)
    if not results.replications:
        return bool(results.failed)
    if stopped is None:  # what stops by itself looks after every set, by intervals for that
        tell_looks(results)
    make_ready()
    with speaking(flags["language"] or scenario.tongue):
        found = decide(compare(results), longer_than_days=flags["longer_than_days"], stopped=stopped)
        note_weights(found.comparison, folder)
        charts = file_decision(found, folder)
        show(found, as_json=as_json, full=flags["full"], folder=folder, charts=charts)
    return bool(results.failed)


def _carry_out(
    scenario: LoadedScenario, folder: Path, shown: Callable[[int, int], None], flags: dict[str, Any]
) -> tuple[Results, Precise | Selection | None]:
    """Run as many replications as are asked for, or as it takes; and why it stopped."""
    how = {"out": folder, "progress": shown, **{name: flags[name] for name in PLAIN}}
    most = {} if flags["replications"] is None else {"most": flags["replications"]}
    if flags["select"]:
        from sim.questions.stopping.race import race

        selection, results = race(scenario, flags["indifference"], **most, **how)
        return results, selection
    if flags["precision"] is not None:
        from sim.questions.stopping.sequential import run_until_precise

        precise = run_until_precise(scenario, flags["precision"], **most, **how)
        return precise.results, precise
    from sim.running.experiment import run, whole_sets

    asked = scenario.experiment.replications if flags["replications"] is None else flags["replications"]
    return run(scenario, replications=whole_sets(asked), shard=flags["shard"], **how), None


def _folders(files: tuple[str, ...], out: Path | None) -> dict[str, Path]:
    """Where each file's results go: `results/<file>`, or under `out` where several files share it."""
    if out is not None and len(files) == 1:
        return {files[0]: out}
    folders = {file: (out or Path("results")) / stem_of(file) for file in files}
    if len(set(folders.values())) < len(files):
        raise UsageError("two of the files have the same name: run them one by one, each with its own --out")
    return folders
