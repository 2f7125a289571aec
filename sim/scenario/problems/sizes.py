"""What is too large to be simulated, with the figure and what is allowed."""

from __future__ import annotations

from sim.scenario.nouns.distributions import mean_of
from sim.scenario.nouns.scenario import Crisis, Scenario
from sim.scenario.positions import Finding

MOST_OCCURRENCES = 50_000
"""So many crises, spill-overs included, may be expected in one replication, which then takes half a minute."""
MOST_REPAIRS = 50_000
"""So many repairs, one for each unit included, may be expected in one replication."""


def too_large(scenario: Scenario) -> list[Finding]:
    """Crises and repairs that come so often that a replication would not end, or not fit into memory."""
    return _crises(scenario) + _repairs(scenario)


def _crises(scenario: Scenario) -> list[Finding]:
    expected = {name: _occurrences(crisis, scenario.days) for name, crisis in scenario.crises.items()}
    total = sum(expected.values())
    if total <= MOST_OCCURRENCES:
        return []
    name = max(expected, key=expected.__getitem__)
    every = scenario.crises[name].every_days
    said = f"is expected {expected[name]:,.0f} times in the period"
    if expected[name] <= MOST_OCCURRENCES:
        said += f", and all crises together {total:,.0f} times; there may be {MOST_OCCURRENCES:,}"
    else:
        said += f"; there may be {MOST_OCCURRENCES:,} crises in all"
        said += f" (every_days: {every * total / MOST_OCCURRENCES:.3g} or more)" if every else ""
    return [Finding(("crises", name, "every_days" if every else "on"), said)]


def _repairs(scenario: Scenario) -> list[Finding]:
    """Repairs so short, or of so many units, that nothing else would be done."""
    findings = []
    for name, resource in scenario.resources.items():
        if resource.serviceable is None or resource.serviceable.share == 1:
            continue
        units = sum(mission.units(name) for mission in scenario.missions.values())
        each = 1 + scenario.days * (1 - resource.serviceable.share) / mean_of(resource.serviceable.repair_days)
        if units * each > MOST_REPAIRS:
            said = f"{units * each:,.0f} repairs are expected in the period; there may be {MOST_REPAIRS:,}"
            findings.append(Finding(("resources", name, "serviceable"), said, at_key=True))
    return findings


def _occurrences(crisis: Crisis, days: float) -> float:
    """How often a crisis, and what spills over from it, is expected in the period."""
    own = crisis.likelihood * (days / crisis.every_days if crisis.every_days else 1)
    return own * (1 + sum(spill.chance for spill in crisis.spills_over))
