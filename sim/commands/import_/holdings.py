"""`intermission import holdings`: a planner's own table of who holds what."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from sim.commands.import_ import OUT, deliver, imported, library_path


def _day(_: click.Context, __: click.Parameter, text: str | None) -> dt.date | None:
    """A day as scenarios write it."""
    try:
        return None if text is None else dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise click.BadParameter(f"must be a day like 2010-10-31, not {text!r}") from None


@click.command("holdings")
@click.argument("file", metavar="FILE.xlsx|FILE.csv", type=click.Path(path_type=Path))
@click.option("--sheet", "sheets", multiple=True, metavar="NAME", help="Only this sheet of a workbook (repeatable).")
@click.option(
    "--date",
    "on",
    callback=_day,
    metavar="DATE",
    help="The day of which the table is, where it has no column `date`.",
)
@OUT
@imported
def command(file: Path, *, sheets: tuple[str, ...], on: dt.date | None, **flags: Any) -> None:
    """A table of your own: who holds what, where.

    One row a holding, under the names of the columns: mission, resource, contributor, units; and, if known, routine
    (what daily tasks take: once a mission and resource), date, source and confidence. A workbook (.xlsx, .xls, .ods)
    may have several such sheets.
    """
    from sim.importing.holdings import read_holdings

    path = library_path(file, flags)
    deliver(read_holdings(file, on=on, sheets=sheets), path, flags)
