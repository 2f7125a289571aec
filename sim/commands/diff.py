"""`intermission diff`: two scenarios or options, as a patch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.shared.flags import flags
from sim.commands.shared.inputs import rules_of
from sim.commands.shared.output import print_json


@click.command("diff")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@flags("rules", "json")
def command(one: str, other: str, *, as_json: bool, rules: Path | None, **_: Any) -> None:
    """Show how B differs from A, as a patch.

    A and B are scenario files, or FILE#option. The patch is in the scenario language: what to change in A to get B.
    """
    from sim.scenario.diff import as_text, differ

    patch = differ(one, other, rules=rules_of(rules))
    if as_json:
        print_json(patch)
    else:
        click.echo(as_text(patch), nl=False)
