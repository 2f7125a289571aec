"""`intermission schema`: the language, for editors and for people."""

from __future__ import annotations

import json
from typing import Any

import click

from sim.commands.shared.flags import flags


@click.command("schema")
@click.option("--markdown", is_flag=True, help="The language reference, for people.")
@flags()
def command(markdown: bool, **_: Any) -> None:
    """Print the language's JSON Schema, for editors.

    An editor that knows it completes and checks a scenario as you type.
    """
    if markdown:
        from sim.scenario.docs.reference import reference

        click.echo(reference().encode(), nl=False)
        return
    from sim.scenario.docs.json_schema import schema

    click.echo((json.dumps(schema(), ensure_ascii=False, indent=2) + "\n").encode(), nl=False)
