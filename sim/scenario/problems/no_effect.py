"""Words that do nothing, though whoever wrote them will expect that they do: said as warnings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sim.scenario.nouns.distributions import mean_of
from sim.scenario.nouns.places import great_circle_km
from sim.scenario.nouns.scenario import MONTHS, Crisis, Needs, Scenario
from sim.scenario.positions import Finding, Path

Point = tuple[float, float]

ROUNDING_KM = 2.0
"""So much shorter than the great circle a route may be said: coordinates and distances are rounded."""


def without_effect(scenario: Scenario) -> Iterator[Finding]:
    """What does nothing in a sound scenario, or in one as an option has it."""
    for name, crisis in scenario.crises.items():
        at: Path = ("crises", name)
        yield from _never(scenario, at, crisis)
        yield from _needs_nothing(at, crisis)
        for place, spill in enumerate(crisis.spills_over):
            if spill.chance == 0:
                yield Finding((*at, "spills_over", place, "chance"), "is 0: it never spills over")
    yield from _agreements(scenario)
    yield from _routes(scenario)
    yield from _receptions(scenario)
    for name, resource in scenario.resources.items():
        if resource.serviceable is not None and resource.serviceable.share == 1:
            yield Finding(("resources", name, "serviceable", "share"), "is 1: no unit is ever in repair")


def _never(scenario: Scenario, at: Path, crisis: Crisis) -> Iterator[Finding]:
    """Crises that cannot come, whatever chance does."""
    first, last = scenario.period.from_, scenario.period.to
    if crisis.likelihood == 0:
        yield Finding((*at, "likelihood"), "is 0: it never happens")
    if crisis.on and not first <= crisis.on <= last:
        yield Finding((*at, "on"), f"{crisis.on} is outside the period: it never happens")
    if crisis.season:
        active = scenario.missions[crisis.mission].active
        begin, end = max(first, active.from_ or first), min(last, active.to or last)
        if begin <= end and not any(crisis.season.get(MONTHS[month - 1], 1) for month in _months(begin, end)):
            there = "in the period" if (begin, end) == (first, last) else f"while {crisis.mission} is active"
            yield Finding((*at, "season"), f"leaves no month {there}: it never happens", at_key=True)


def _months(first: dt.date, last: dt.date) -> set[int]:
    """The months of the year, 1 to 12, that have a day from `first` to `last`."""
    begin, end = 12 * first.year + first.month - 1, 12 * last.year + last.month - 1
    return {month % 12 + 1 for month in range(begin, min(end, begin + 11) + 1)}


def _needs_nothing(at: Path, crisis: Crisis) -> Iterator[Finding]:
    """Needs of 0 units in all phases, and crises that need nothing at all."""
    needs: list[tuple[Path, Needs]] = [((*at, "needs"), crisis.needs)] if crisis.needs is not None else []
    needs += [((*at, "phases", place, "needs"), phase.needs) for place, phase in enumerate(crisis.phases)]
    wanted = {resource for _, said in needs for resource, units in said.items() if mean_of(units) > 0}
    for place, spill in enumerate(crisis.spills_over):
        path = (*at, "spills_over", place, "needs")
        yield from _nothing(path, spill.needs, {key for key, units in spill.needs.items() if mean_of(units) > 0})
    if not any(said for _, said in needs):
        yield Finding(needs[0][0], "says nothing: the crisis changes nothing in its mission", at_key=True)
    told: set[str] = set()
    for path, said in needs:
        yield from _nothing(path, said, wanted | told)
        told |= set(said)


def _nothing(at: Path, needs: Needs, wanted: set[str]) -> Iterator[Finding]:
    for resource in needs:
        if resource not in wanted:
            yield Finding((*at, resource), "is 0: none of it is needed", at_key=True)


def _agreements(scenario: Scenario) -> Iterator[Finding]:
    """Gates that stand open though nobody asks there, and ceilings under which nothing can be lent."""
    for name, agreement in scenario.agreements.items():
        others = [other.gates or {} for key, other in scenario.agreements.items() if key != name]
        own = agreement.gates
        gates = set(own) if own is not None else {gate for other in others for gate in other}
        for place, gate in enumerate(agreement.standing):
            if gate not in gates:
                none = "this agreement has no" if own is not None else "neither this agreement nor another has a"
                what = f"{gate} has no effect: {none} {gate} gate; write gates: {{{gate}: {{days: …}}}}"
                yield Finding(("agreements", name, "standing", place), what)
        for resource, most in agreement.at_most.items():
            if most == 0:
                what = "is 0: none can be lent under this agreement; leave it out where there is no ceiling"
                yield Finding(("agreements", name, "at_most", resource), what)


def _receptions(scenario: Scenario) -> Iterator[Finding]:
    """Missions that take in none of a resource, ever."""
    for name, mission in scenario.missions.items():
        for resource, units in mission.reception_per_day.items():
            ever = any(
                change.reception_per_day.get(resource) for change in mission.changes if change.on <= scenario.period.to
            )
            if not units and not ever:
                what = "is 0 to the period's end: what is lent to it waits for ever (a change may say more on a date)"
                yield Finding(("missions", name, "reception_per_day", resource), what)


def _routes(scenario: Scenario) -> Iterator[Finding]:
    """Routes that are shorter than the great circle."""
    for place, route in enumerate(scenario.routes):
        one, other = (scenario.missions[name].at for name in route.between)
        if one is None or other is None or route.km is None:
            continue
        least = great_circle_km(one, other)
        if route.km < 0.99 * least - ROUNDING_KM:
            what = f"{route.km:g} km is shorter than the great circle between the two, {least:,.0f} km"
            yield Finding(("routes", place, "km"), what)
