"""`intermission export`: the tables in other formats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands import shared


@click.command("export")
@click.argument("folder", metavar="FOLDER")
@shared("out", out="FOLDER/export")
@click.option(
    "--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True, help="Kind of file."
)
def command(folder: str, form: str, out: Path | None, **_: Any) -> None:
    """Write result tables as CSV or Parquet."""
    from sim.study.export import export
    from sim.study.results import read

    for path in export(read(folder), form, out or Path(folder) / "export"):
        click.echo(str(path))
