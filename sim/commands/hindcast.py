"""`intermission hindcast`: the scenario's history against the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands import file_found, load_scenario, print_json, shared


@click.command("hindcast")
@click.argument("file", metavar="FILE")
@shared("out", "replications", "seed", "workers", "force", "json")
def command(file: str, *, out: Path | None, as_json: bool, force: bool, quiet: bool = False, **flags: Any) -> None:
    """Hold the scenario's history against the model.

    For every recorded date, delay and number of units: what the model gives under the option marked as the record.
    --out writes the chart, with its numbers as CSV and JSON.
    """
    from sim.filing import room_for
    from sim.study.hindcast import hindcast
    from sim.terminal import progress, show_hindcast

    scenario = load_scenario(file, None)
    plain = {name: flags[name] for name in ("replications", "seed", "workers")}
    room_for("hindcast", scenario, flags["seed"], out, force=force)
    with progress(scenario.name, quiet=quiet) as shown:
        found = hindcast(scenario, progress=shown, **plain)
    if as_json:
        print_json(found.as_json())
    else:
        show_hindcast(found)
    file_found("hindcast", found, out)
