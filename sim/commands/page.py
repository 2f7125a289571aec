"""`intermission page`: the what-if page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.shared.completion import Scenario
from sim.commands.shared.flags import flags
from sim.commands.shared.inputs import load_scenario, speak
from sim.commands.shared.output import FAILED, INTERRUPTED, echo, stem_of
from sim.words.language import phrase, phrase_n


@click.command("page")
@click.argument("file", metavar="FILE", type=Scenario())
@click.option("--vary", multiple=True, metavar="PATH=v1,v2", help="An input and its values (repeatable).")
@click.option("--out", type=click.Path(path_type=Path), help="File to write [default: results/<scenario>.html].")
@flags(
    "replications",
    "seed",
    "options",
    "workers",
    "resume",
    "force",
    "rules",
    "language",
    replications="the scenario's, 200 at most",
)
def command(file: str, *, out: Path | None, vary: tuple[str, ...], quiet: bool, **flags: Any) -> int:
    """Write the what-if page.

    One HTML file that needs no network, over a grid of inputs: the scenario's `page:` block, --vary, or what planners
    ask first. What was computed is kept beside it, and never computed twice.
    """
    from sim.commands.shared.terminal import progress
    from sim.whatif.page import cache_of, write_page

    scenario = load_scenario(file, flags["rules"])
    speak(flags["language"], scenario)
    path = out or Path("results") / f"{stem_of(file)}.html"
    plain = {name: flags[name] for name in ("options", "replications", "seed", "rules", "workers", "force")}
    try:
        with progress(f"{scenario.name}: options × settings", quiet=quiet) as shown:
            page = write_page(scenario, path, vary=vary, progress=shown, **plain)
    except KeyboardInterrupt:
        echo(f"interrupted; what was done is kept in {cache_of(path)}: the same command goes on", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    settings = phrase_n("{n:,} setting", "{n:,} settings", page.settings, n=page.settings)
    options = phrase_n("{n:,} option", "{n:,} options", page.options, n=page.options)
    each = phrase_n("{n:,} replication", "{n:,} replications", page.replications, n=page.replications)
    slots = {"path": page.path, "settings": settings, "options": options, "replications": each}
    echo(phrase("{path}: {settings} × {options}, {replications} each; {size:.1f} MB", size=page.bytes / 1e6, **slots))
    if page.failed:
        echo(f"{page.failed:,} replications failed and are left out; `intermission run` says which and why", err=True)
        return FAILED
    return 0
