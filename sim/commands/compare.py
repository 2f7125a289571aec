"""`intermission compare`: results that are there, again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.shared.completion import Folder
from sim.commands.shared.flags import flags
from sim.commands.shared.inputs import speak
from sim.commands.shared.output import see_one_form, show, tell_looks, tell_missing


@click.command("compare")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER…", type=Folder())
@flags("out", "force", "longer_than", "json", "full", "language", out="nowhere")
@click.option("--reference", metavar="NAME", help="Compare the others with this option.")
@click.option("--every-look", is_flag=True, help="Intervals that hold however often a run is topped up and looked at.")
def command(
    folders: tuple[str, ...],
    *,
    out: Path | None,
    force: bool,
    longer_than_days: float,
    as_json: bool,
    full: bool,
    **flags: Any,
) -> None:
    """Compare again, without simulating.

    Takes results folders; those of one scenario run with different seeds are put together. --out writes the table and
    the charts.
    """
    from sim.commands.shared.filing import file_decision, room_for_comparison
    from sim.comparison.comparison import compare
    from sim.questions.decision.decision import decide
    from sim.results.reader import read

    see_one_form(as_json=as_json, full=full)
    results = read(*folders)
    room_for_comparison(results, out, force=force)
    tell_missing(results, quiet=flags["quiet"])
    speak(flags["language"], results.scenario)
    tell_looks(results, every_look=flags["every_look"])
    found = decide(
        compare(results, flags["reference"], every_look=flags["every_look"]), longer_than_days=longer_than_days
    )
    charts = [] if out is None else file_decision(found, out)
    show(found, as_json=as_json, full=full, folder=out, charts=charts)
