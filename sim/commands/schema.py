"""`intermission schema`: the language, for editors and for people."""

from __future__ import annotations

import json
from typing import Any

import click

from sim.commands.shared.flags import flags
from sim.commands.shared.output_schemas import OUTPUTS, output_schema


@click.command("schema")
@click.option("--markdown", is_flag=True, help="The language reference, for people.")
@click.option(
    "--output",
    "of",
    type=click.Choice(list(OUTPUTS)),
    metavar="COMMAND",
    help=f"The schema of what a command prints with --json, for programs: of {', '.join(OUTPUTS)}.",
)
@flags()
def command(markdown: bool, of: str | None, **_: Any) -> None:
    """Print the language's JSON Schema, for editors.

    An editor that knows it completes and checks a scenario as you type.
    """
    if of is not None:
        click.echo((json.dumps(output_schema(of), indent=2) + "\n").encode(), nl=False)
        return
    if markdown:
        from sim.scenario.docs.reference import reference

        click.echo(reference().encode(), nl=False)
        return
    from sim.scenario.docs.json_schema import schema

    click.echo((json.dumps(schema(), ensure_ascii=False, indent=2) + "\n").encode(), nl=False)
