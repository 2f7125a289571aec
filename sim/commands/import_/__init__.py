"""`intermission import`: other people's tables, to a library that scenarios extend."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Protocol

import click

from sim.commands.shared.drawer import Drawer
from sim.commands.shared.flags import flags
from sim.commands.shared.output import WRONG_INPUT, print_json
from sim.errors import UsageError

log = logging.getLogger("sim")


class Imported(Protocol):
    """What a table gave: a library, and how it is told."""

    said: list[str]

    def library(self) -> Any:
        """The library."""

    def lines(self) -> list[str]:
        """What a terminal shows."""

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""


@click.group(
    "import", cls=Drawer, drawer=__name__, invoke_without_command=True, subcommand_metavar="KIND FILE [ARGS]..."
)
@click.pass_context
def command(ctx: click.Context) -> int | None:
    """Make a library for scenarios of somebody's table.

    The table is a file that you have: nothing is fetched from anywhere.
    """
    if ctx.invoked_subcommand is not None:
        return None
    click.echo(ctx.get_help(), err=True)
    return WRONG_INPUT


def library_path(table: Path, flags: dict[str, Any], suffix: str = "") -> Path | None:
    """Where the library goes: --out, or a file here named after the table; nowhere where only JSON is asked for.

    UsageError where something is there already and there is no --force, or where it is the table itself.
    """
    from sim.importing.library import see_free

    path: Path | None = flags["out"] or (None if flags["as_json"] else Path(f"{table.stem}{suffix}.yaml"))
    if path is not None:
        see_free(path, force=flags["force"])
        if path.exists() and table.exists() and path.samefile(table):
            raise UsageError(f"{path}: is the table itself; give --out another name")
    return path


def deliver(found: Imported, path: Path | None, flags: dict[str, Any]) -> None:
    """Write the library, print what it holds, and say on stderr what has to be told of it."""
    library = found.library()
    library.check()
    for told in found.said:
        log.warning("%s", told)
    if path is not None:
        library.write(path, force=flags["force"])
    if flags["as_json"]:
        print_json(found.as_json())
    else:
        click.echo("\n".join(found.lines()))
    if path is not None and not flags["quiet"]:
        click.echo(
            f"wrote {path}: a scenario beside it has its missions with the line `extends: {path.name}`", err=True
        )


OUT = click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="LIBRARY.yaml",
    show_default="the table's name with .yaml, here; nothing with --json",
    help="File to write.",
)
imported = flags("force", "json")
"""The flags of every import, besides --out."""
