"""`intermission tell`: one replication as a story."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands import load_scenario, print_json, rules_of, shared


@click.command("tell")
@click.argument("file", metavar="FILE")
@shared("out", "seed", "json", "rules")
@click.option("--option", required=True, metavar="NAME", help="The option to tell of.")
@click.option("--replication", type=int, default=0, show_default=True, help="The replication to tell of.")
def command(file: str, option: str, replication: int, *, out: Path | None, as_json: bool, **flags: Any) -> None:
    """Tell the story of one replication.

    Who asked whom for what, how long each paper took, what came of it. --out writes its charts and event log too.
    """
    from sim.study.story import tell

    rules = flags["rules"]
    story = tell(load_scenario(file, rules), option, replication, seed=flags["seed"], rules=rules_of(rules))
    if as_json:
        print_json(story.as_json())
    else:
        click.echo("\n".join(story.lines()))
    if out is not None:
        from sim.filing import file_story

        for path in file_story(story, out):
            click.echo(f"wrote {path}", err=True)
