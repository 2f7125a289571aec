"""`intermission diff`: two scenarios or options, as a patch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.shared.completion import Scenario
from sim.commands.shared.flags import flags
from sim.commands.shared.inputs import rules_of, scenario_file
from sim.commands.shared.output import print_json
from sim.words.visible import visible


@click.command("diff")
@click.argument("one", metavar="A", type=Scenario())
@click.argument("other", metavar="B", type=Scenario())
@flags("rules", "json")
def command(one: str, other: str, *, as_json: bool, rules: Path | None, **_: Any) -> None:
    """Show how B differs from A, as a patch.

    A and B are scenario files (or names of `new --list`), or FILE#option. The patch is in the scenario language: what
    to change in A to get B.
    """
    from sim.scenario.diff import differ
    from sim.scenario.files.yaml_writer import to_yaml

    patch = differ(_found(one), _found(other), rules=rules_of(rules))
    if as_json:
        print_json(patch)
    else:
        click.echo(visible(to_yaml(patch)), nl=False)


def _found(what: str) -> str:
    """FILE or FILE#option, where FILE may be a scenario that comes with the package."""
    file, mark, option = what.rpartition("#")
    if not mark or Path(what).exists():
        return scenario_file(what)
    return scenario_file(file) + mark + option
