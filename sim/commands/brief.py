"""`intermission brief`: the briefing on results that are there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.shared.completion import Folder
from sim.commands.shared.flags import flags
from sim.commands.shared.inputs import speak
from sim.commands.shared.output import echo, tell_missing


@click.command("brief")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER…", type=Folder())
@flags("out", "language", out="FOLDER/briefing")
@click.option(
    "--format",
    "formats",
    default="html,pptx",
    show_default=True,
    metavar="LIST",
    help="Of html, pptx, pdf, png, svg; gif, mp4: one replication on the map; stress: the STRESS-DES checklist.",
)
@click.option("--only", metavar="LIST", help="Only these pages, like coverage,map; png and svg: these charts.")
@click.option("--option", metavar="NAME", help="The option on pages that show one.")
@click.option("--replication", type=int, metavar="N", help="The replication on pages that show one.")
@click.option("--reference", metavar="NAME", help="Compare the others with this option.")
def command(folders: tuple[str, ...], out: Path | None, formats: str, only: str | None, **flags: Any) -> None:
    """Write a briefing, without simulating.

    Slides, a report for the screen or for paper, pictures and an animation, from one results folder (or several, of one
    scenario run with different seeds). They go to FOLDER/briefing, or to --out.
    """
    from sim.briefing.pack import brief, missing
    from sim.comparison.comparison import compare
    from sim.errors import UsageError
    from sim.results.reader import read

    results = read(*folders)
    tell_missing(results, quiet=flags["quiet"])
    speak(flags["language"], results.scenario)
    comparison = compare(results, flags["reference"])
    wanted = _formats(formats)
    lacking = [said for form in wanted if (said := missing(form))]
    if lacking and len(lacking) == len(wanted):
        raise UsageError("\n".join(lacking))
    written = brief(
        comparison,
        out or Path(folders[0]) / "briefing",
        [form for form in wanted if not missing(form)],
        only=None if only is None else _formats(only),
        option=flags["option"],
        replication=flags["replication"],
    )
    for path in written:
        echo(str(path))
    if lacking:  # what could be written is there
        raise UsageError("\n".join(lacking))


def _formats(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]
