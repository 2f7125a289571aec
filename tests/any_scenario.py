"""Any scenario: a Hypothesis strategy that uses every word of the language that the engine reads; small periods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

from sim import from_mapping
from sim.scenario.loaded import LoadedScenario
from tests.worlds import date

Plan = dict[str, Any]
T = TypeVar("T")

MISSIONS = ("A", "B", "C", "D")
RESOURCES = ("x", "y")
CONTRIBUTORS = ("P", "Q")
REGIONS = ("West", "East")
GATES = ("council", "contributor", "host")

_whole = cache(st.integers)  # strategies are dear to build


class Dice:
    """What Hypothesis draws, in a planner's words: whole numbers underneath, which shrink to the first choice."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def number(self, low: int, high: int) -> int:
        return self._draw(_whole(low, high))

    def pick(self, values: Sequence[T]) -> T:
        return values[self.number(0, len(values) - 1)]

    def once_in(self, times: int) -> bool:
        return self.number(1, times) == times

    def some(self, values: Sequence[T], least: int = 0) -> list[T]:
        """At least so many of the values, without repetition, in any order."""
        left, found = list(values), []
        for _ in range(self.number(least, len(values))):
            found.append(left.pop(self.number(0, len(left) - 1)))
        return found

    def sometimes(self, word: str, value: Callable[[], Any], once_in: int = 3) -> Plan:
        """{word: value}, once in so many times; else nothing."""
        return {word: value()} if self.once_in(once_in) else {}

    def units(self, most: int, least: int = 0) -> Plan:
        """Units by resource."""
        return {name: self.number(0, most) for name in self.some(RESOURCES, least)}

    def days(self, most: int = 10) -> Any:
        """Days, as a number or by any distribution."""
        if self.once_in(2):
            return self.pick([0, 1, most / 2, most, 0.75])
        mean = self.number(1, most)
        family = self.pick(list(DISTRIBUTIONS))
        return {family: DISTRIBUTIONS[family](mean)}

    def needs(self) -> Plan:
        """Units by resource, some by a distribution."""
        varied = [{"discrete": {1: 2, 3: 1}}, {"uniform": {"low": 0, "high": 3}}]
        asked = {name: self.pick([1, 0, 2, 3, 4, *varied]) for name in self.some(RESOURCES, 1)}
        return asked | self.sometimes("team", lambda: self.pick([1, 2, *varied]), 5)


DISTRIBUTIONS: dict[str, Callable[[int], Any]] = {
    "exponential": lambda mean: {"mean": mean},
    "uniform": lambda mean: {"low": 0, "high": mean},
    "triangular": lambda mean: {"low": 0, "mode": mean / 2, "high": mean},
    "lognormal": lambda mean: {"mean": mean, "sd": mean / 2},
    "gamma": lambda mean: {"mean": mean, "sd": mean},
    "weibull": lambda mean: {"mean": mean, "shape": 0.7},
    "empirical": lambda mean: [0, 1, mean],
    "discrete": lambda mean: {0: 1, mean: 2},
    "one_of": lambda mean: [{"weight": 2, "is": 1}, {"weight": 1, "is": {"gamma": {"mean": mean, "sd": mean}}}],
}


def _mission(dice: Dice, length: int, always: bool) -> Plan:
    plan: Plan = {"holds": {}}
    for name in dice.some(RESOURCES):
        named = {whose: dice.number(0, 3) for whose in dice.some(CONTRIBUTORS, 1)}
        plan["holds"][name] = dice.pick([dice.number(0, 4), named])
    plan |= dice.sometimes("region", lambda: dice.pick(REGIONS), 2)
    plan |= dice.sometimes("at", lambda: dice.pick([[0, 0], [0, 5], [3, 4], [0, 40]]), 2)
    plan |= dice.sometimes("routine", lambda: dice.units(3), 2)
    plan |= dice.sometimes("reception_per_day", lambda: {name: dice.number(0, 2) for name in dice.some(RESOURCES)})
    if not always and dice.once_in(4):
        first, last = sorted((dice.number(-5, length + 5), dice.number(-5, length + 5)))
        plan["active"] = dice.pick([{"from": date(first)}, {"to": date(last)}, {"from": date(first), "to": date(last)}])
    return plan | ({} if always else dice.sometimes("changes", lambda: _changes(dice, plan, length)))


def _changes(dice: Dice, mission: Plan, length: int) -> list[Plan]:
    """Changes, by date, that never take more than there is."""
    held = {name: units if isinstance(units, dict) else {"unnamed": units} for name, units in mission["holds"].items()}
    held = {name: dict(units) for name, units in held.items()}
    routine = dict(mission.get("routine", {}))
    found = []
    for day in sorted({dice.number(-2, length) for _ in range(dice.number(1, 3))}):
        name = dice.pick(RESOURCES)
        ours = held.setdefault(name, {})
        whose = dice.pick([*ours, *CONTRIBUTORS])
        units = dice.number(-ours.get(whose, 0), 2)
        ours[whose] = ours.get(whose, 0) + units
        change: Plan = {"on": date(day), "holds": {name: {whose: units}}}
        if dice.once_in(2):
            more = dice.number(-routine.get(name, 0), 2)
            routine[name] = routine.get(name, 0) + more
            change["routine"] = {name: more}
        change |= dice.sometimes("reception_per_day", lambda: {dice.pick(RESOURCES): dice.number(0, 3)})
        found.append(change)
    return found


def _resource(dice: Dice) -> Plan:
    plan: Plan = {"cost": {"per_unit_day_away": 2, "per_km": 0.5, "per_flight_hour": 3}}
    plan |= dice.sometimes("prepare_days", lambda: dice.days(4)) | dice.sometimes("recover_days", lambda: dice.days(4))
    repairs = {"share": dice.pick([0.75, 0.5, 1]), "repair_days": dice.pick([6, 0.5, {"gamma": {"mean": 6, "sd": 4}}])}
    plan |= dice.sometimes("serviceable", lambda: repairs)
    plan |= dice.sometimes("travel", lambda: [_travel(dice) for _ in range(dice.number(1, 2))], 2)
    return plan | dice.sometimes("equipment", lambda: _equipment(dice), 3)


def _equipment(dice: Dice) -> Plan:
    plan = dice.sometimes("prepare_days", lambda: dice.days(6), 2)
    return plan | {"travel": [_travel(dice) for _ in range(dice.number(1, 2))]}


def _travel(dice: Dice) -> Plan:
    mode: Plan = {"by": dice.pick(["air", "road", "ship"]), "speed_kmh": dice.pick([40, 10, 200]), "hours_per_day": 10}
    mode |= dice.sometimes("up_to_km", lambda: dice.pick([1000, 300]))
    mode |= dice.sometimes("range_km", lambda: 200) | dice.sometimes("stop_hours", lambda: 3)
    mode |= dice.sometimes("handling_days", lambda: dice.days(3))
    return mode | dice.sometimes("units_per_load", lambda: dice.number(1, 3), 2)


def _contributor(dice: Dice, length: int) -> Plan:
    plan = dice.sometimes("consent_days", dice.days, 2) | dice.sometimes("refuses", lambda: dice.pick([0.3, 0, 1]))
    plan |= dice.sometimes("prepare_days", lambda: {name: dice.days(4) for name in dice.some(RESOURCES)})
    if dice.once_in(3):
        first, last = sorted((dice.number(0, length), dice.number(0, length)))
        given: Plan = {"from": date(first), "to": date(last)}
        plan["consent_given"] = [given | dice.sometimes("resources", lambda: ["x"])]
    return plan


def _crisis(dice: Dice, length: int, names: Sequence[str]) -> Plan:
    plan: Plan = {"mission": dice.pick(names), "severity": dice.number(1, 5)}
    if dice.once_in(2):
        plan["every_days"] = dice.pick([25, 10, 4])
        plan |= dice.sometimes("season", lambda: {"jan": 0.5, "feb": 2})
    else:
        plan["on"] = date(dice.number(0, length - 1))
    plan |= dice.sometimes("likelihood", lambda: dice.pick([1, 0.5, 0]))
    plan |= dice.sometimes("warning_days", lambda: dice.days(20), 2)
    phases = [{"lasts_days": dice.days(15), "needs": dice.needs()} for _ in range(dice.pick([1, 1, 2, 3]))]
    plan |= phases[0] if len(phases) == 1 else {"phases": phases}
    plan |= dice.sometimes("spills_over", lambda: [_spill(dice, names) for _ in range(dice.number(1, 2))], 4)
    plan |= dice.sometimes("escalates", lambda: _escalation(dice))
    return plan | dice.sometimes("patience_days", lambda: dice.pick([0, 2, 6.5]))


def _spill(dice: Dice, names: Sequence[str]) -> Plan:
    often = {"to": dice.pick(names), "chance": dice.pick([1, 0.5])}
    return often | {"after_days": dice.days(), "lasts_days": dice.days(), "needs": dice.needs()}


def _escalation(dice: Dice) -> Plan:
    when = {"if_short_days": dice.pick([0, 1, 3.5]), "chance": dice.pick([1, 0.5])}
    return when | {"extends_days": dice.days(), "grows": dice.pick([1, 1.5, 2])}


def _agreement(dice: Dice, names: Sequence[str], regions: Sequence[str]) -> Plan:
    between = dice.pick(["any", dice.some(names, 2), *regions])
    plan: Plan = {"between": between} | dice.sometimes("resources", lambda: dice.some(RESOURCES, 1))
    gates = {gate: dice.sometimes("days", dice.days, 2) for gate in dice.some(GATES)}
    for terms in gates.values():
        terms.update(dice.sometimes("refuses", lambda: dice.pick([0.3, 0, 1])))
        terms.update(dice.sometimes("per", lambda: "crisis", 2))
        terms.update(dice.sometimes("by_severity", lambda: {dice.number(1, 5): dice.pick([0.5, 0, 2])}))
    plan |= dice.sometimes("gates", lambda: gates, 2) | dice.sometimes("standing", lambda: dice.some(GATES))
    plan |= dice.sometimes("order", lambda: dice.pick(["in turn", "together"]), 2)
    plan |= dice.sometimes(
        "window_days", lambda: dice.pick([9, 1, 4, {"exponential": {"mean": 6}}, {"empirical": [0.5, 5]}]), 2
    )
    plan |= dice.sometimes("renewals", lambda: _renewals(dice), 2)
    return plan | dice.sometimes("at_most", lambda: dice.units(4))


def _renewals(dice: Dice) -> Plan:
    length = dice.pick([2, 5, [1, 3], {"uniform": {"low": 1, "high": 4}}])
    return {"most": dice.number(0, 3), "days": length} | dice.sometimes("refuses", lambda: dice.pick([0.5, 1]))


def _policy(dice: Dice) -> Plan:
    plan: Plan = {"share": dice.pick(["all", "all", "all", "agreements", "region", "none"])}
    plan |= dice.sometimes(
        "keep", lambda: dice.pick([1, 2, {"share": 0.2}, {"share": 0.5}, {"x": 1, "y": {"share": 0.5}}])
    )
    plan |= dice.sometimes("lenders", lambda: dice.pick(["most spare", "least at risk", "hubs first", "nearest"]), 2)
    plan |= dice.sometimes("lenders", lambda: dice.some(MISSIONS[:2], 1), 4)
    plan |= dice.sometimes("may_go_short", lambda: {name: dice.number(0, 2) for name in dice.some(RESOURCES, 1)})
    plan |= dice.sometimes("foresee_days", lambda: dice.pick([5, 12, 30]))
    plan |= dice.sometimes("prevent_days", lambda: dice.pick([5, 12.5, 30]))
    plan |= dice.sometimes("recall", lambda: dice.pick([True, {"notice_days": 1.5}, {"notice_days": 6}]), 2)
    plan |= dice.sometimes("serve", lambda: "first come")
    return plan | dice.sometimes("ask_again_days", lambda: dice.pick([5, 1, 0, 40]), 2)


def plan_by(dice: Dice, always: bool = False) -> Plan:
    """The mapping of a scenario with one option, "it". `always`: missions are there throughout and never change."""
    length = dice.number(5, 50)
    names = MISSIONS[: dice.number(2, 4)]
    plan: Plan = {
        "period": {"from": date(0), "to": date(length - 1)},
        "missions": {name: _mission(dice, length, always) for name in names},
        "resources": {name: _resource(dice) for name in RESOURCES},
        "contributors": {name: _contributor(dice, length) for name in CONTRIBUTORS},
        "teams": {"team": {"x": dice.pick([2, 1, 3]), "y": 1}},
        "crises": {f"c{number}": _crisis(dice, length, names) for number in range(dice.number(1, 4))},
        "options": {"it": {"policy": _policy(dice)}},
        "experiment": {"seed": dice.number(0, 1000)},
    }
    regions = sorted({mission["region"] for mission in plan["missions"].values() if "region" in mission})
    plan["lifts"] = {name: _lift(dice, [*names, *regions]) for name in dice.some(["air", "ship"])}
    if not dice.once_in(3):
        plan["agreements"] = {f"a{number}": _agreement(dice, names, regions) for number in range(dice.number(1, 3))}
    return plan | dice.sometimes("routes", lambda: [_route(dice, names)], 2)


def _lift(dice: Dice, whom: Sequence[str]) -> Plan:
    plan: Plan = {
        "slots": dice.number(1, 2),
        "turnaround_days": dice.pick([1.5, 0, {"uniform": {"low": 0, "high": 3}}]),
        "cost_per_sortie": 100,
    }
    return plan | dice.sometimes("for", lambda: dice.some(whom, 1))


def _route(dice: Dice, names: Sequence[str]) -> Plan:
    ends: Plan = {"between": dice.some(names, 2)[:2]} | dice.sometimes("closed", lambda: dice.some(["jan", "feb"], 1))
    return ends | dice.pick([{"km": 160}, {"days": {"x": 2.5}}, {"km": 500, "days": {"y": 0}}])


@st.composite
def pools(draw: st.DrawFn) -> LoadedScenario:
    """Scenarios without any delay: no journeys, paper or preparation, one contributor, nothing known beforehand.

    Either units are called back, and the policy may keep some; or they are not, and it keeps none.
    """
    dice = Dice(draw)
    plan = plan_by(dice, always=True)
    for word in ("agreements", "routes", "lifts", "contributors", "resources"):
        plan.pop(word, None)
    for mission in plan["missions"].values():
        holds = {
            name: sum(units.values()) if isinstance(units, dict) else units for name, units in mission["holds"].items()
        }
        mission |= {"holds": holds, "at": [0, 0], "reception_per_day": {}}
    for crisis in plan["crises"].values():
        crisis.pop("patience_days", None)
    policy = plan["options"]["it"]["policy"]
    policy.pop("may_go_short", None)
    policy |= {"share": "all", "foresee_days": 0, "prevent_days": 0, "recall": dice.once_in(2)}
    policy["keep"] = dice.number(0, 2) if policy["recall"] else 0
    return from_mapping(plan)


@st.composite
def scenarios(draw: st.DrawFn, always: bool = False) -> LoadedScenario:
    """Scenarios with one option, "it"."""
    return from_mapping(plan_by(Dice(draw), always))
