"""`intermission export`: results in the shapes that other tools read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.shared.completion import Folder
from sim.commands.shared.flags import flags
from sim.commands.shared.output import echo


@click.command("export")
@click.argument("folder", metavar="FOLDER", type=Folder())
@flags("out", out="FOLDER/export")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "parquet", "xlsx", "geojson"]),
    default="csv",
    show_default=True,
    help="Kind of file.",
)
def command(folder: str, form: str, out: Path | None, **_: Any) -> None:
    """Write results for other tools.

    csv, parquet: every table. xlsx: one workbook with the tables behind every chart, a sheet each. geojson: missions,
    what they lend each other on average, and the loans and journeys of one replication, for a map. Without --out they
    go to FOLDER/export, and FOLDER itself is described in ro-crate-metadata.json, so that it can be deposited.
    """
    from sim.exporting.export import export
    from sim.results.reader import read

    for path in export(read(folder), form, out):
        echo(str(path))
