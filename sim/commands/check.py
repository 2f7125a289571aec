"""`intermission check`: scenario files, problem by problem."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.shared.completion import Scenario
from sim.commands.shared.flags import flags
from sim.commands.shared.inputs import load_scenario
from sim.commands.shared.output import WRONG_INPUT, echo


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=Scenario())
@flags("rules")
def command(files: tuple[str, ...], rules: Path | None, **_: Any) -> int:
    """Validate scenario files.

    Prints every problem as file:line:col: path: what; what would be right.
    """
    from sim.errors import ScenarioError

    status = 0
    for file in files:
        try:
            scenario = load_scenario(file, rules)
        except ScenarioError as error:
            echo(str(error))
            status = WRONG_INPUT
        else:
            counts = ", ".join(
                _counted(len(some), *words)
                for some, words in (
                    (scenario.missions, ("mission", "missions")),
                    (scenario.crises, ("crisis", "crises")),
                    (scenario.options, ("option", "options")),
                )
            )
            echo(f"{file}: fine ({counts})")
    return status


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
