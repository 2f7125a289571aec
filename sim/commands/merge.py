"""`intermission merge`: shards put together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands import FAILED, say_where, shared, show, tell_failures, tell_missing


@click.command("merge")
@click.argument("out", metavar="OUT")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER…")
@shared("force", "json")
def command(out: str, folders: tuple[str, ...], force: bool, as_json: bool, quiet: bool, **_: Any) -> int:
    """Put shards of one run together.

    The FOLDERs are of run --shard 1/n to n/n, with the same flags. OUT is then as if it had been run at once, with its
    comparison and charts.
    """
    from sim.filing import file_decision
    from sim.study.comparison import compare
    from sim.study.deciding import decide
    from sim.study.merging import merge

    results = merge(out, *folders, force=force)
    tell_missing(results, quiet=quiet)
    tell_failures(results)
    found = decide(compare(results))
    charts = file_decision(found, Path(out))
    show(found, as_json)
    if not as_json:
        say_where(Path(out), charts)
    return FAILED if results.failed else 0
