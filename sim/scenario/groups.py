"""Which options may be compared: those of one group, which meet the same crises with the same units in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from sim.errors import UsageError
from sim.scenario.nouns.scenario import Active, Crisis, Scenario
from sim.words.language import phrase_n
from sim.words.names import listed
from sim.words.suggestions import unknown

Groups = dict[str, tuple[str, ...]]
"""Names of options by their group, in the order of the file."""


def groups(scenario: Scenario, as_option_has_it: Callable[[str], Scenario]) -> Groups:
    """The options of `scenario` by group: the one that they say, else with those that they can be compared with.

    Where nothing is said, options are alike that change neither crises, nor how many units there are in all, nor when
    missions are there; such a group is called "like" and its first option. `as_option_has_it` gives the scenario with
    an option's change applied.
    """
    found: Groups = {}
    unsaid: list[tuple[object, str]] = []
    for name, option in scenario.options.items():
        group = option.group
        if group is None:
            known = _compared(as_option_has_it(name))
            group = next((other for each, other in unsaid if each == known), None)
            if group is None:
                group = f"like {name}"
                unsaid.append((known, group))
        found[group] = (*found.get(group, ()), name)
    return found


def standing_apart(labels: Sequence[str]) -> str:
    """That these options (their names as they are shown) are not compared with the others, in a sentence."""
    return phrase_n(
        "{names} stands apart: crises or units are not the same there, so nothing is said of which is better.",
        "{names} stand apart: crises or units are not the same there, so nothing is said of which is better.",
        len(labels),
        names=listed(labels),
    )


def crises_as_met(scenario: Scenario) -> dict[str, Crisis]:
    """The crises: that one is known earlier, or called otherwise, makes it no other."""
    as_met = {"warning_days": 0, "label": None, "kind": "other"}
    return {name: crisis.model_copy(update=as_met) for name, crisis in scenario.crises.items()}


def units_held(scenario: Scenario) -> Counter[str]:
    """Units of each resource, over all missions as they open."""
    units: Counter[str] = Counter()
    for mission in scenario.missions.values():
        for resource in mission.holds:
            units[resource] += mission.units(resource)
    return units


def reference_among(scenario: Scenario, names: Sequence[str], asked: str | None = None) -> str:
    """The option that the others are compared with: the one asked for, else the scenario's, else the first."""
    if asked is None:
        return scenario.reference if scenario.reference in names else names[0]
    if asked not in names:
        raise UsageError(unknown("option", asked, names))
    return asked


def _compared(scenario: Scenario) -> object:
    """What must be the same for options to be compared where nothing is said: crises, missions' times, units in all.

    A unit counts from the first day on, so that one of a mission that opens later can be moved to another that is there
    already.
    """
    times = {name: mission.active for name, mission in scenario.missions.items() if mission.active != Active()}
    units: Counter[tuple[str, float]] = Counter({(each, 0.0): n for each, n in units_held(scenario).items()})
    for mission in scenario.missions.values():
        for change in mission.changes:
            day = max(0.0, scenario.day(change.on))
            for resource in change.holds if day < scenario.days else ():
                units[resource, day] += change.units(resource)
    return crises_as_met(scenario), scenario.teams, times, {place: count for place, count in units.items() if count}
