"""`intermission merge`: shards put together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.shared.completion import Folder
from sim.commands.shared.flags import flags
from sim.commands.shared.output import FAILED, see_one_form, show, tell_failures, tell_missing


@click.command("merge")
@click.argument("out", metavar="OUT")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER…", type=Folder())
@flags("force", "json", "full")
def command(
    out: str, folders: tuple[str, ...], *, force: bool, as_json: bool, full: bool, quiet: bool, **_: Any
) -> int:
    """Put shards of one run together.

    The FOLDERs are of run --shard 1/n to n/n, with the same flags. OUT is then as if it had been run at once, with its
    comparison and charts.
    """
    from sim.commands.shared.filing import file_decision, note_weights
    from sim.comparison.comparison import compare
    from sim.questions.decision.decision import decide
    from sim.results.merge import merge

    see_one_form(as_json=as_json, full=full)
    results = merge(out, *folders, force=force)
    tell_missing(results, quiet=quiet)
    tell_failures(results)
    found = decide(compare(results))
    note_weights(found.comparison, Path(out))
    charts = file_decision(found, Path(out))
    show(found, as_json=as_json, full=full, folder=Path(out), charts=charts)
    return FAILED if results.failed else 0
