"""What a command line names: a scenario, by file or as one that comes with the package, and the user's own rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.words.language import speaking

if TYPE_CHECKING:
    from sim.policies import Rule
    from sim.scenario.loaded import LoadedScenario
    from sim.scenario.nouns.scenario import Scenario


def load_scenario(file: str, rules: Path | None = None) -> LoadedScenario:
    """The scenario of a file, or one that comes with the package, which may use the rules of another file."""
    from sim.scenario.load import load

    return load(scenario_file(file), rules=rules_of(rules))


def speak(language: str | None, scenario: Scenario) -> None:
    """Speak the language asked for, or that of the scenario, until the command ends."""
    click.get_current_context().with_resource(speaking(language or scenario.tongue))


def scenario_file(file: str) -> str:
    """The file itself, or that of the scenario of this name that comes with the package, which is told on stderr."""
    from sim.scenario.shipped import find

    shipped = find(file)
    if shipped is None:
        return file
    context = click.get_current_context(silent=True)
    if context is None or not context.params.get("quiet"):
        click.echo(f"{file}: the scenario that comes with intermission, {shipped}", err=True)
    return str(shipped)


def rules_of(path: Path | None) -> dict[str, Rule]:
    """The user's own rules; none without a file."""
    from sim.policies import own_rules

    return own_rules(path)
