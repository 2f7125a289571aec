"""`intermission compare`: results that are there, again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands import say_where, shared, show_comparison, tell_missing


@click.command("compare")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER…")
@shared("out", "json")
@click.option("--reference", metavar="NAME", help="Compare the others with this option.")
def command(folders: tuple[str, ...], out: Path | None, as_json: bool, reference: str | None, **_: Any) -> None:
    """Compare again, without simulating.

    Takes results folders; those of one scenario run with different seeds are put together.
    """
    from sim.filing import file_comparison
    from sim.study.comparison import compare
    from sim.study.results import read

    results = read(*folders)
    tell_missing(results)
    comparison = compare(results, reference)
    show_comparison(comparison, as_json)
    if out is not None:
        charts = file_comparison(comparison, out)
        if not as_json:
            say_where(out, charts)
