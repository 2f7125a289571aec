"""What is odd in a scenario though it can be run: said as warnings."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.scenario.nouns.places import great_circle_km
from sim.scenario.nouns.scenario import Needs, Scenario
from sim.scenario.positions import Finding, Path, Positions
from sim.scenario.problems.checks import SoundScenario, inside_change
from sim.scenario.problems.deficits import deficits, places_of
from sim.scenario.problems.near_names import near_names, near_regions, new_names, similar
from sim.scenario.problems.no_effect import Point, without_effect
from sim.scenario.problems.record import odd
from sim.scenario.problems.timing import timing_warnings
from sim.scenario.problems.ways import without_a_way
from sim.words.suggestions import did_you_mean

_SIMULATED = re.compile(r"[\d.,]*\d(?:\s*%)?\s+\([\d.,]*\d\s+to\s+[\d.,]*\d\)")
"""A mean and its interval, 115 (109 to 121), as results are told."""
FAR_KM = 2000.0
"""Further than this from all others of its region no mission is likely to be."""


def warnings(checked: SoundScenario, written: Positions) -> Iterator[Finding]:
    """Findings about a sound scenario."""
    scenario, changed = checked.scenario, checked.variants
    yield from _about_another(scenario, written)
    yield from _about_a_run(scenario, written)
    yield from _dates_and_places(scenario, written)
    yield from _in_every_option(checked)
    yield from _same_options(scenario, changed)
    yield from checked.ends.idle() if checked.ends else ()
    yield from timing_warnings(scenario, {source.path for source in checked.sources})
    yield from _changes(scenario, written)
    yield from odd(scenario, written)
    yield from _missing(scenario, checked.raw, changed)
    yield from _never_met(scenario, changed)
    yield from _asked_for_nothing((scenario, *changed.values()))
    yield from _unread(scenario, (scenario, *changed.values()))
    yield from _far_away(scenario)
    yield from near_names(scenario)
    for name, variant in changed.items():
        yield from new_names(scenario, name, variant)
    for name, option in scenario.options.items():
        world = changed.get(name, scenario)
        at = ("options", name, "policy", "share")
        if option.policy.share == "agreements" and all(each.between == "any" for each in world.agreements.values()):
            yield Finding(at, "nobody can lend: there is no agreement between named missions or in a region")
        nowhere = [mission for mission, each in world.missions.items() if each.region is None]
        if option.policy.share == "region" and nowhere:
            yield Finding(at, f"{_some(nowhere)} cannot share: no region is said there")


def _in_every_option(checked: SoundScenario) -> Iterator[Finding]:
    """What does nothing or is nearly misnamed: said in the file where no option changes it, else there."""

    def said(scenario: Scenario) -> dict[tuple[Path, str], Finding]:
        findings = (*without_effect(scenario), *near_regions(scenario), *without_a_way(scenario))
        return {(found.path, found.what): found for found in findings}

    own = said(checked.scenario)
    others = {name: said(variant) for name, variant in checked.variants.items()}
    yield from (found for key, found in own.items() if all(key in other for other in others.values()))
    for name, other in others.items():
        at, change = ("options", name, "change"), checked.scenario.options[name].change
        yield from (inside_change(at, found, change, checked.raw) for key, found in other.items() if key not in own)


def _same_options(scenario: Scenario, changed: Mapping[str, Scenario]) -> Iterator[Finding]:
    """Options that do what one before them does: the difference between the two can only be 0."""
    before: list[str] = []
    for name, option in scenario.options.items():
        world = changed.get(name, scenario)
        twin = next((one for one in before if scenario.options[one].policy == option.policy
                     and _same_world(changed.get(one, scenario), world)), None)  # fmt: skip
        if twin is None:
            before.append(name)
        else:
            what = f"does the same as {twin!r}: nothing can differ between the two"
            yield Finding(("options", name), what, at_key=True)


def _same_world(one: Scenario, other: Scenario) -> bool:
    def gates(scenario: Scenario) -> list[tuple[str, ...]]:
        return [tuple(agreement.gates or ()) for agreement in scenario.agreements.values()]

    return one is other or (one == other and gates(one) == gates(other))


def _about_another(scenario: Scenario, written: Positions) -> Iterator[Finding]:
    """What a file tells of its findings is shown in briefings of whatever extends it, though that has others."""
    figures = any(letter.isdigit() for letter in scenario.about or "")
    if figures and written.in_hand(("name",)) and not written.in_hand(("about",)):
        what = (
            f"tells what this file found, not {scenario.name!r}, which extends it: say your own there, or `about: null`"
        )
        yield Finding(("about",), what, at_key=True)


def _about_a_run(scenario: Scenario, written: Positions) -> Iterator[Finding]:
    """Figures of a run in `about` are shown beside those of every other run, whatever was changed in between."""
    found = _SIMULATED.search(scenario.about or "")
    if found and written.in_hand(("about",)):
        figures = " ".join(found[0].split())
        what = f"tells figures of a run, {figures}, which no later run need have: say question, which each answers anew"
        yield Finding(("about",), what)


def _dates_and_places(scenario: Scenario, written: Positions) -> Iterator[Finding]:
    first, last = scenario.period.from_, scenario.period.to
    for name, crisis in scenario.crises.items():
        for place, spill in enumerate(crisis.spills_over):
            if spill.to == crisis.mission:
                what = f"{spill.to} is where the crisis itself is: a spill-over is to another mission"
                yield Finding(("crises", name, "spills_over", place, "to"), what)
    for name, mission in scenario.missions.items():
        active = mission.active
        if (active.to and active.to < first) or (active.from_ and active.from_ > last):
            yield Finding(("missions", name, "active"), "is outside the period: the mission never exists", at_key=True)
    for name, contributor in scenario.contributors.items():
        for place, given in enumerate(contributor.consent_given):
            at: Path = ("contributors", name, "consent_given", place)
            if (given.to < first or given.from_ > last) and written.in_hand(at):
                yield Finding(at, "is outside the period: nobody asks then", at_key=True)


def _changes(scenario: Scenario, written: Positions) -> Iterator[Finding]:
    """Changes of missions outside the period, where the file at hand says them: a library serves many periods."""
    first, last = scenario.period.from_, scenario.period.to
    for name, mission in scenario.missions.items():
        for place, change in enumerate(mission.changes):
            at: Path = ("missions", name, "changes", place, "on")
            repeated = change.on < first and written.in_library(at[:3])  # a list replaces another, so it says it again
            if not first <= change.on <= last and written.in_hand(at) and not repeated:
                so = "it holds from the first day on" if change.on < first else "it never happens"
                yield Finding(at, f"{change.on} is outside the period: {so}")


def _missing(scenario: Scenario, raw: Mapping[str, Any], changed: Mapping[str, Scenario]) -> Iterator[Finding]:
    """Missions whose daily tasks take more than they hold, and those of which an option's change makes that true."""
    known = set(deficits(scenario))
    for mission, resource, what in deficits(scenario):
        said = [path for path in places_of(mission, resource) if _says(raw, path) == len(path)]
        yield Finding(said[0], f"{what} ({resource})" if said[0][-1] == "changes" else what)
    for name, variant in changed.items():
        change = scenario.options[name].change
        for mission, resource, what in deficits(variant):
            if (mission, resource, what) not in known:
                path = max(places_of(mission, resource), key=lambda each: _says(change, each))
                depth = _says(change, path)
                more = "" if depth == len(path) and path[-1] == resource else f" ({resource})"
                yield Finding(("options", name, "change", *path[:depth]), what + more, at_key=True)


def _says(raw: Mapping[str, Any], path: Path) -> int:
    """How many steps of `path` are in `raw`."""
    here: Any = raw
    for depth, step in enumerate(path):
        if not isinstance(here, dict) or step not in here:
            return depth
        here = here[step]
    return len(path)


def _never_met(scenario: Scenario, changed: Mapping[str, Scenario]) -> Iterator[Finding]:
    held = dict.fromkeys(each for world in (scenario, *changed.values()) for each in _held(world))
    for name, crisis in scenario.crises.items():
        at = ("crises", name)
        needy: list[tuple[Path, Needs]] = []
        for place, phase in enumerate(crisis.stages):
            needy.append((("phases", place, "needs") if crisis.phases else ("needs",), phase.needs))
        for place, spill in enumerate(crisis.spills_over):
            needy.append((("spills_over", place, "needs"), spill.needs))
        for where, needs in needy:
            for resource, said, _ in scenario.parts(needs):
                if resource not in held:
                    hint = did_you_mean(resource, held).replace("; known:", "; missions hold:")
                    what = f"no mission holds any {resource!r}: the need can never be met{hint}"
                    yield Finding((*at, *where, said), what, at_key=True)


def _asked_for_nothing(worlds: Sequence[Scenario]) -> Iterator[Finding]:
    """A question about teams that no crisis needs, with or without an option's change."""
    where = worlds[0].question.where
    if where is None or where.resource not in worlds[0].teams:
        return
    crises = (crisis for world in worlds for crisis in world.crises.values())
    if not any(where.resource in needs for crisis in crises for _, needs in crisis.needs_by_mission):
        what = f"no crisis needs any {where.resource!r}: nothing of it can be unmet"
        yield Finding(("question", "where", "resource"), what)


def _held(scenario: Scenario) -> Iterator[str]:
    for mission in scenario.missions.values():
        for holds in (mission.holds, *(change.holds for change in mission.changes)):
            for resource, units in holds.items():
                if any(each > 0 for each in (units.values() if isinstance(units, dict) else (units,))):
                    yield resource


def _unread(scenario: Scenario, worlds: Sequence[Scenario]) -> Iterator[Finding]:
    """Consents that no gate asks for, and lifts that nothing travels by."""
    slow = [
        name
        for name, each in scenario.contributors.items()
        if each.consent_days != 0 or each.refuses or each.consent_given
    ]
    gates = [each.gates or {} for world in worlds for each in world.agreements.values()]
    if slow and not any("contributor" in each for each in gates):
        what = f"nobody asks {_some(slow)}: no agreement has a contributor gate; write gates: {{contributor: {{}}}}"
        yield Finding(("contributors", slow[0]), what, at_key=True)
    resources = [each for world in worlds for each in world.resources.values()]
    used = {travel.by for each in resources for modes in each.travels.values() for travel in modes}
    for name in scenario.lifts:
        if name not in used and similar(name, used) is None:  # else said there
            yield Finding(("lifts", name), f"no resource travels by it; write travel: [{{by: {name}, …}}]", at_key=True)


def _far_away(scenario: Scenario) -> Iterator[Finding]:
    """Missions far from all others of their region: latitude and longitude may have changed places."""
    regions: dict[str, dict[str, Point]] = {}
    for name, mission in scenario.missions.items():
        if mission.region is not None and mission.at is not None:
            regions.setdefault(mission.region, {})[name] = mission.at
    for region, places in regions.items():
        far = {name: _nearest_km(name, at, places) for name, at in places.items()}
        lost = [name for name, km in far.items() if FAR_KM < km < math.inf]
        swapped = [name for name in lost if _nearest_km(name, places[name][::-1], places) < FAR_KM]
        for name in swapped[:1] if len(lost) == len(places) else lost:
            what = f"is {far[name]:,.0f} km from all others of {region}"
            if name in swapped:
                what += "; have latitude and longitude changed places?"
            yield Finding(("missions", name, "at"), what)


def _nearest_km(name: str, at: Point, places: Mapping[str, Point]) -> float:
    """Great-circle distance to the nearest of the other places; infinite where there is none."""
    return min((great_circle_km(at, other) for each, other in places.items() if each != name), default=math.inf)


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
