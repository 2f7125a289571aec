"""Which options may be compared: those of one group, which meet the same crises with the same units in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from sim.scenario.nouns.scenario import Mission, Scenario

Groups = dict[str, tuple[str, ...]]
"""Names of options by their group, in the order of the file."""


def groups(scenario: Scenario, as_option_has_it: Callable[[str], Scenario]) -> Groups:
    """The options of `scenario` by group: the one that they say, else with those that they can be compared with.

    Where nothing is said, options are alike that change neither crises nor how many units there are in all; such a
    group is called "like" and its first option. `as_option_has_it` gives the scenario with an option's change applied.
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


def _compared(scenario: Scenario) -> object:
    """What must be the same for options to be compared where nothing is said: crises, and units in all.

    That a crisis is known earlier, or called otherwise, makes it no other.
    """
    as_met = {"warning_days": 0, "label": None, "kind": "other"}
    crises = {name: crisis.model_copy(update=as_met) for name, crisis in scenario.crises.items()}
    units: Counter[tuple[str, float]] = Counter()
    for mission in scenario.missions.values():
        _count(scenario, mission, units)
    return crises, {place: count for place, count in units.items() if count}


def _count(scenario: Scenario, mission: Mission, units: Counter[tuple[str, float]]) -> None:
    """Adds to `units` those that come with the mission, and go: by resource and day, those of the first day at 0."""
    active = mission.active
    first = 0.0 if active.from_ is None else max(0.0, scenario.day(active.from_))
    last = scenario.days if active.to is None else scenario.day(active.to) + 1
    held: Counter[str] = Counter()
    steps = [(first, resource, sum(mission.holdings(resource).values())) for resource in mission.holds]
    steps += [
        (max(first, scenario.day(change.on)), resource, sum(change.by_contributor(mission, resource).values()))
        for change in mission.changes
        for resource in change.holds
    ]
    for day, resource, count in steps:
        if day < min(last, scenario.days):
            units[resource, day] += count
            held[resource] += count
    if last < scenario.days:
        for resource, count in held.items():
            units[resource, max(0.0, last)] -= count
