"""`intermission compare`: results that are there, again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands import say_where, shared, show, tell_missing


@click.command("compare")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER…")
@shared("out", "longer_than", "json")
@click.option("--reference", metavar="NAME", help="Compare the others with this option.")
def command(
    folders: tuple[str, ...], out: Path | None, longer_than_days: float, as_json: bool, reference: str | None, **_: Any
) -> None:
    """Compare again, without simulating.

    Takes results folders; those of one scenario run with different seeds are put together.
    """
    from sim.filing import file_decision
    from sim.study.comparison import compare
    from sim.study.deciding import decide
    from sim.study.results import read

    results = read(*folders)
    tell_missing(results)
    found = decide(compare(results, reference), longer_than_days=longer_than_days)
    show(found, as_json)
    if out is not None:
        charts = file_decision(found, out)
        if not as_json:
            say_where(out, charts)
