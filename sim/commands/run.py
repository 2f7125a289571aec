"""`intermission run`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands import FAILED, INTERRUPTED, load_scenario, say_where, shared, show_comparison, tell_failures
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario.nouns import Scenario


@click.command("run")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@shared("out", "replications", "seed", "options", "workers", "resume", "force", "json", "rules")
@click.option("--cluster", metavar="ADDRESS", help="Dask scheduler whose workers do it (trusted network or TLS only).")
@click.option("--shard", metavar="i/n", help="Only the i-th of n parts, for merge.")
@click.option("--keep-loans", type=int, default=100, show_default=True, help="Replications that leave their whole log.")
def command(files: tuple[str, ...], as_json: bool, **flags: Any) -> int:
    """Run all options, compare them, draw charts.

    Every option meets the same replications. Prints the comparison and writes the results folder with its charts;
    what is there already is not run again.
    """
    folders = _folders(files, flags["out"])
    scenarios = {file: load_scenario(file, flags["rules"]) for file in files}  # what is wrong with any stops all
    failed = [_run(scenarios[file], folders[file], as_json=as_json, flags=flags) for file in files]
    return FAILED if any(failed) else 0


def _run(scenario: Scenario, folder: Path, *, as_json: bool, flags: dict[str, Any]) -> bool:
    """Run one scenario; whether any replication failed."""
    from sim.filing import file_comparison
    from sim.study.comparison import compare
    from sim.study.experiment import run
    from sim.terminal import progress

    plain = {name: value for name, value in flags.items() if name not in ("out", "quiet", "debug")}
    try:
        with progress(scenario.name, quiet=flags["quiet"]) as shown:
            results = run(scenario, out=folder, progress=shown, **plain)
    except KeyboardInterrupt:
        click.echo(f"interrupted; what was done is kept in {folder}: go on with --resume", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    tell_failures(results)
    if results.failed and not results.replications:
        return True
    comparison = compare(results)
    charts = file_comparison(comparison, folder)
    show_comparison(comparison, as_json)
    if not as_json:
        say_where(folder, charts)
    return bool(results.failed)


def _folders(files: tuple[str, ...], out: Path | None) -> dict[str, Path]:
    """Where each file's results go: `results/<file>`, or under `out` where several files share it."""
    if out is not None and len(files) == 1:
        return {files[0]: out}
    folders = {file: (out or Path("results")) / Path(file).stem for file in files}
    if len(set(folders.values())) < len(files):
        raise UsageError("two of the files have the same name: run them one by one, each with its own --out")
    return folders
