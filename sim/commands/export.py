"""`intermission export`: the tables in other formats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.shared.flags import flags
from sim.commands.shared.output import echo


@click.command("export")
@click.argument("folder", metavar="FOLDER")
@flags("out", out="FOLDER/export")
@click.option(
    "--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True, help="Kind of file."
)
def command(folder: str, form: str, out: Path | None, **_: Any) -> None:
    """Write result tables as CSV or Parquet."""
    from sim.results.export import export
    from sim.results.reader import read

    for path in export(read(folder), form, out or Path(folder) / "export"):
        echo(str(path))
