"""`intermission hindcast`: the scenario's history against the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.shared.flags import flags
from sim.commands.shared.inputs import load_scenario
from sim.commands.shared.output import folder_for, print_json, say_written


@click.command("hindcast")
@click.argument("file", metavar="FILE")
@flags(
    "out",
    "replications",
    "seed",
    "workers",
    "cluster",
    "rules",
    "force",
    "json",
    out="results/<scenario>/hindcast",
    replications="500",
)
def command(file: str, *, out: Path | None, as_json: bool, force: bool, quiet: bool = False, **flags: Any) -> None:
    """Hold the scenario's history against the model.

    For every recorded date, delay and number of units: what the model gives under the option marked as the record.
    Writes the chart, with its numbers as CSV and JSON; with --json only into --out.
    """
    from sim.commands.shared.filing import file_study, room_for
    from sim.commands.shared.terminal import progress, show_hindcast
    from sim.questions.hindcast.hindcast import hindcast

    scenario = load_scenario(file, flags["rules"])
    plain = {name: flags[name] for name in ("replications", "seed", "workers", "cluster", "rules")}
    folder = folder_for("hindcast", file, out, as_json)
    room_for("hindcast", scenario, folder, {"seed": flags["seed"]}, force=force)
    with progress(scenario.name, quiet=quiet) as shown:
        found = hindcast(scenario, progress=shown, **plain)
    written = [] if folder is None else file_study("hindcast", found, folder)
    if as_json:
        print_json(found.as_json())
    else:
        show_hindcast(found)
    say_written(written, quiet=quiet)
