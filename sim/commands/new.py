"""`intermission new`: a scenario to start from."""

from __future__ import annotations

import shlex
from typing import Any

import click

from sim.commands.shared.completion import Shipped
from sim.commands.shared.flags import flags
from sim.commands.shared.output import echo
from sim.errors import UsageError


@click.command("new")
@click.argument("file", metavar="FILE", required=False)
@click.option(
    "--like", metavar="NAME", type=Shipped(), help="Copy this scenario of --list instead, its library beside it."
)
@click.option("--flat", is_flag=True, help="With --like: all in one file, without remarks.")
@click.option(
    "--list", "listed", is_flag=True, help="Name the scenarios that come with intermission, and what they ask."
)
@flags()
def command(file: str | None, *, like: str | None, flat: bool, listed: bool, **_: Any) -> None:
    """Write a scenario to start from.

    A small one with remarks; with --like, a copy of one that comes with intermission (which `run NAME` runs as it is).
    FILE must not be there yet.
    """
    from sim.scenario.docs.starter import write_starter
    from sim.scenario.shipped import copy

    if listed:
        if file or like or flat:
            raise UsageError("--list stands alone: it writes nothing")
        _list()
        return
    if file is None:
        raise UsageError("say the name of the file to write (or --list)")
    if flat and like is None:
        raise UsageError("--flat goes with --like NAME")
    if like is None:
        write_starter(file)
        written = file
    else:
        written = ", ".join(map(str, copy(like, file, flat=flat)))
    echo(f"wrote {written}: change it, then `intermission run {shlex.quote(file)}`")


def _list() -> None:
    from sim.scenario.files.layers import shipped_folder
    from sim.scenario.shipped import RECORD, shipped

    scenarios = shipped()
    if not scenarios:
        raise UsageError(f"no scenarios come with this copy of intermission: there is no {shipped_folder()}")
    for each in scenarios:
        loan = each.name.startswith(f"{RECORD}/")
        click.echo(f"{each.name}\n    {each.title}" + ("" if loan else f"\n    {each.asks}"))
    click.echo(
        f"\nin {shipped_folder()}; `intermission run NAME`, or `intermission new FILE --like NAME` to change one"
        f"; those of {RECORD} hold one documented loan each, for `intermission hindcast NAME…`",
        err=True,
    )
