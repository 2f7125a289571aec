"""`intermission new`: a scenario to start from."""

from __future__ import annotations

from typing import Any

import click

from sim.commands.shared.flags import flags


@click.command("new")
@click.argument("file", metavar="FILE")
@flags()
def command(file: str, **_: Any) -> None:
    """Write a starter scenario, with remarks.

    It runs as it is. FILE must not be there yet.
    """
    from sim.scenario.docs.starter import write_starter

    write_starter(file)
    click.echo(f"wrote {file}: change it, then `intermission run {file}`")
