"""`intermission hindcast`: the scenario's history against the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands import load_scenario, print_json, shared


@click.command("hindcast")
@click.argument("file", metavar="FILE")
@shared("out", "replications", "seed", "workers", "json")
def command(file: str, *, out: Path | None, as_json: bool, quiet: bool = False, **flags: Any) -> None:
    """Hold the scenario's history against the model.

    For every recorded date, delay and number of units: what the model gives under the option marked as the record.
    """
    from sim.study.hindcast import hindcast
    from sim.terminal import progress, show_hindcast

    scenario = load_scenario(file, None)
    plain = {name: flags[name] for name in ("replications", "seed", "workers")}
    with progress(scenario.name, quiet=quiet) as shown:
        found = hindcast(scenario, progress=shown, **plain)
    if as_json:
        print_json(found.as_json())
    else:
        show_hindcast(found)
    if out is not None:
        from sim.filing import file_chart

        for path in file_chart("hindcast", found, out):
            click.echo(f"wrote {path}", err=True)
