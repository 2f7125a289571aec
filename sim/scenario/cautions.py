"""What is odd in a scenario though it can be run: said as warnings."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping

from sim.scenario.nouns import UNNAMED, Needs, Scenario
from sim.scenario.places import Finding, Path, did_you_mean


def cautions(scenario: Scenario, changed: Mapping[str, Scenario]) -> Iterator[Finding]:
    """Findings about a sound scenario; `changed` holds it as each option with a change has it."""
    yield from _dates(scenario)
    yield from _never_met(scenario, changed)
    yield from _likenesses(scenario)
    for name, option in scenario.options.items():
        world = changed.get(name, scenario)
        at = ("options", name, "policy", "share")
        if option.policy.share == "agreements" and all(each.between == "any" for each in world.agreements.values()):
            yield Finding(at, "nobody can lend: there is no agreement between named missions or in a region")
        nowhere = [mission for mission, each in world.missions.items() if each.region is None]
        if option.policy.share == "region" and nowhere:
            yield Finding(at, f"{_listed(nowhere)} cannot share: no region is said there")


def _dates(scenario: Scenario) -> Iterator[Finding]:
    first, last = scenario.period.from_, scenario.period.to
    for name, crisis in scenario.crises.items():
        if crisis.on and not first <= crisis.on <= last:
            yield Finding(("crises", name, "on"), f"{crisis.on} is outside the period: it never happens")
    for name, mission in scenario.missions.items():
        active = mission.active
        if (active.to and active.to < first) or (active.from_ and active.from_ > last):
            yield Finding(("missions", name, "active"), "is outside the period: the mission never exists", at_key=True)


def _never_met(scenario: Scenario, changed: Mapping[str, Scenario]) -> Iterator[Finding]:
    held = set(_held(scenario)).union(*map(_held, changed.values()))
    for name, crisis in scenario.crises.items():
        at = ("crises", name)
        needy: list[tuple[Path, Needs]] = []
        for place, phase in enumerate(crisis.stages):
            needy.append((("phases", place, "needs") if crisis.phases else ("needs",), phase.needs))
        for place, spill in enumerate(crisis.spills_over):
            needy.append((("spills_over", place, "needs"), spill.needs))
        for where, needs in needy:
            for resource in needs:
                if resource not in held:
                    close = did_you_mean(resource, held)
                    hint = close if "did you mean" in close else ""
                    what = f"no mission holds any {resource!r}: the need can never be met{hint}"
                    yield Finding((*at, *where, resource), what, at_key=True)


def _held(scenario: Scenario) -> Iterator[str]:
    for mission in scenario.missions.values():
        for holds in (mission.holds, *(change.holds for change in mission.changes)):
            for resource, units in holds.items():
                if any(each > 0 for each in (units.values() if isinstance(units, dict) else (units,))):
                    yield resource


def _likenesses(scenario: Scenario) -> Iterator[Finding]:
    """Names that are not described but nearly are: probably misspelt."""
    for name, mission in scenario.missions.items():
        for resource, units in mission.holds.items():
            at: Path = ("missions", name, "holds", resource)
            yield from _nearly(at, resource, scenario.resources, "resource")
            for contributor in units if isinstance(units, dict) else ():
                if contributor != UNNAMED:
                    yield from _nearly((*at, contributor), contributor, scenario.contributors, "contributor")
    for name, described in scenario.resources.items():
        for place, travel in enumerate(described.travel):
            at = ("resources", name, "travel", place, "by")
            yield from (each._replace(at_key=False) for each in _nearly(at, travel.by, scenario.lifts, "lift"))


def _nearly(at: Path, word: str, described: Iterable[str], kind: str) -> Iterator[Finding]:
    if word not in described:
        close = difflib.get_close_matches(word, described, n=1, cutoff=0.85)
        if close:
            yield Finding(at, f"no {kind} {word!r} is described; did you mean {close[0]!r}?", at_key=True)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
