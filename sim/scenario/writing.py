"""From a scenario back to the file that says it."""

from __future__ import annotations

import yaml

from sim.scenario.nouns import Scenario


def as_yaml(scenario: Scenario) -> str:
    """The scenario as resolved (`extends` applied, sources kept), in the scenario language and in its file's order."""
    return str(yaml.safe_dump(scenario.raw, allow_unicode=True, sort_keys=False, width=120))
