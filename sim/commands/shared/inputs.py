"""What a command line names: a scenario's file, and a file of the user's own rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.policies import Offers
    from sim.scenario.loaded import LoadedScenario


def load_scenario(file: str, rules: Path | None = None) -> LoadedScenario:
    """The scenario of a file, which may use the rules of another."""
    from sim.scenario.load import load

    return load(file, rules=rules_of(rules))


def rules_of(path: Path | None) -> dict[str, Offers]:
    """The user's own rules; none without a file."""
    from sim.policies import own_rules

    return own_rules(path)
