"""Ways that no mode of travel covers: allowed, and reported as a cause, but seldom meant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from sim.scenario.nouns.places import great_circle_km
from sim.scenario.nouns.scenario import Scenario
from sim.scenario.positions import Finding


def without_a_way(scenario: Scenario) -> Iterator[Finding]:
    """Once for each resource, where it could be lent but for the way: the shortest such way, and how many there are."""
    said = ((name, *each) for name, resource in scenario.resources.items() for each in resource.travels.items())
    for name, word, modes in said:
        reach = [mode.up_to_km for mode in modes]
        most = max((km for km in reach if km is not None), default=0.0)
        if None in reach or not reach:
            continue
        needing = _needing(scenario, name)
        ways = [
            (km, one, other)
            for one, other in combinations(scenario.missions, 2)
            if (one in needing and _holds(scenario, other, name)) or (other in needing and _holds(scenario, one, name))
            if (km := _km(scenario, one, other, name if word == ("travel",) else None)) is not None and km > most
        ]
        if ways:
            km, one, other = min(ways)
            more = f", nor {len(ways) - 1} further ways" if len(ways) > 1 else ""
            what = f"no mode covers the {km:,.0f} km between {one} and {other}{more}: nothing can be lent there"
            yield Finding(("resources", name, *word), what)


def _km(scenario: Scenario, one: str, other: str, resource: str | None) -> float | None:
    """Length of the way; None where it is not known, or where a route says how long the resource's journey takes."""
    route = scenario.route_between(one, other)
    if route is not None and (resource in route.days or route.km is not None):
        return None if resource in route.days else route.km
    here, there = scenario.missions[one].at, scenario.missions[other].at
    return None if here is None or there is None else great_circle_km(here, there)


def _holds(scenario: Scenario, mission: str, resource: str) -> bool:
    """Whether a mission ever has any."""
    said = scenario.missions[mission]
    return said.units(resource) > 0 or any(change.units(resource) > 0 for change in said.changes)


def _needing(scenario: Scenario, resource: str) -> set[str]:
    """Missions that ever need any."""
    found = {name for name, mission in scenario.missions.items() if mission.routine.get(resource)}
    for crisis in scenario.crises.values():
        found |= {mission for mission, needed in scenario.needed(crisis).items() if resource in needed}
    return found
