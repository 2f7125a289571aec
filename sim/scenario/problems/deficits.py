"""Where a mission's daily tasks take more than it holds: allowed, and counted, but seldom meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sim.scenario.nouns.scenario import Mission, Scenario
from sim.scenario.positions import Path


def deficits(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """(mission, resource, what is missing, in words), once for each, as of the first day that it is."""
    for name, mission in scenario.missions.items():
        if not mission.routine and not any(change.routine for change in mission.changes):
            continue
        first = max(scenario.period.from_, mission.active.from_ or scenario.period.from_)
        last = min(scenario.period.to, mission.active.to or scenario.period.to)
        changing = (resource for change in mission.changes for resource in change.routine)
        for resource in dict.fromkeys((*mission.routine, *changing)):
            for day, needs, holds in _levels(mission, resource, first):
                if day > last:
                    break
                if needs > holds:
                    since = "from the start" if day == first else f"from {day} on"
                    missing = f"{needs - holds} {'is' if needs - holds == 1 else 'are'} missing {since}"
                    counts = "counts" if needs - holds == 1 else "count"
                    what = f"routine needs {needs}, but {name} holds {holds}: {missing}, and {counts} as unmet"
                    yield name, resource, what
                    break


def places_of(mission: str, resource: str) -> tuple[Path, ...]:
    """Where a file may say what leads to a deficit, likeliest first."""
    at: Path = ("missions", mission)
    return (*at, "routine", resource), (*at, "changes"), (*at, "holds", resource)


def _levels(mission: Mission, resource: str, first: dt.date) -> Iterator[tuple[dt.date, int, int]]:
    """(day, routine, units held) on the first day and after each day of changes."""
    needs, holds = mission.routine.get(resource, 0), mission.units(resource)
    day = first
    for change in sorted(mission.changes, key=lambda each: each.on):
        if change.on > day:
            yield day, needs, holds
            day = change.on
        needs += change.routine.get(resource, 0)
        holds += change.units(resource)
    yield day, needs, holds
