"""`intermission doubts`: which number to find out first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.shared.completion import Folder
from sim.commands.shared.flags import flags
from sim.commands.shared.inputs import speak
from sim.commands.shared.output import print_json, say_written, tell_missing


@click.command("doubts")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER…", type=Folder())
@flags("out", "json", "language", out="FOLDER/doubts")
def command(folders: tuple[str, ...], out: Path | None, *, as_json: bool, quiet: bool, **flags: Any) -> None:
    """How the answer varies with what nobody knows, and what finding it out is worth.

    From results that are there, without simulating: for each of the scenario's doubts the share of the spread that it
    explains, the value from which another option is the best, and what it is worth to know it before one chooses.
    Writes the charts with their numbers, tables as CSV, and JSON; with --json only into --out.
    """
    from sim.charts.house.saving import save_chart
    from sim.commands.shared.filing import file_study
    from sim.commands.shared.terminal import show_doubts
    from sim.questions.doubts.doubts import doubts
    from sim.results.reader import read

    results = read(*folders)
    tell_missing(results, quiet=quiet)
    speak(flags["language"], results.scenario)
    found = doubts(results)
    folder = out or (None if as_json else Path(folders[0]) / "doubts")
    if folder is not None:
        written = file_study("doubts", found, folder, {"worth": found.rows(), "lines": found.line_rows()})
        written += save_chart("along", found, folder / "along")
    if as_json:
        print_json(found.as_json())
    else:
        show_doubts(found)
        say_written(written, quiet=quiet)
