"""What an option costs beside another: dollars, where somebody priced it, and what the lenders then lack."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sim.comparison.comparison import Comparison
from sim.comparison.pair import Pair, pair
from sim.measures.catalogue import OVERALL, UNMET
from sim.scenario.loaded import with_option
from sim.scenario.nouns.scenario import Crisis, Scenario


@dataclass(frozen=True)
class Price:
    """Of each unit-day of need that an option saves."""

    dollars: float | None
    """US dollars of loans; None where the option is not counted."""
    sure: bool
    """Whether the dollars can be told from nothing."""
    lenders_lack: float
    """Unit-days that lenders are short by lending; 0 where that cannot be told from chance."""


def counted(comparison: Comparison, option: str) -> bool:
    """Whether the costs of an option are counted: what it lends has a price, and it does nothing else that costs.

    No scenario says what a further unit costs beside its loans, or what it took that a crisis is another.
    """
    own = with_option(comparison.scenario, option)
    usual = with_option(comparison.scenario, comparison.reference)
    if _units(own) - _units(usual) or _crises(own) != _crises(usual):
        return False
    cells = comparison.options[option].cells
    lent = {resource for (_, resource), found in cells.items() if found["lent_unit_days"].mean > 0}
    return all(_priced(own, each) for each in lent or own.all_resources) if lent else _any_price(own)


def price(comparison: Comparison, found: Pair) -> Price | None:
    """What the unit-days that one option saves against another cost; None where it saves none for sure."""
    if found.measure.key != UNMET or not found.better:
        return None
    cost, lack = (
        pair(comparison, found.option, found.against, each, OVERALL).difference
        for each in ("cost_usd", "exposure_unit_days")
    )
    known = counted(comparison, found.option) and counted(comparison, found.against)
    dollars = cost.mean / found.gain if known else None
    return Price(dollars, cost.significant or cost.nothing, lack.mean / found.gain if lack.significant else 0.0)


def _priced(scenario: Scenario, resource: str) -> bool:
    noun = scenario.resources.get(resource)
    cost = noun.cost if noun is not None else None
    by_loan = cost is not None and (cost.per_unit_day_away or cost.per_km or cost.per_flight_hour)
    return bool(by_loan) or any(lift.cost_per_sortie for lift in scenario.lifts.values())


def _any_price(scenario: Scenario) -> bool:
    return any(_priced(scenario, resource) for resource in scenario.all_resources)


def _units(scenario: Scenario) -> Counter[str]:
    units: Counter[str] = Counter()
    for mission in scenario.missions.values():
        for resource in mission.holds:
            units[resource] += sum(mission.holdings(resource).values())
    return units


def _crises(scenario: Scenario) -> dict[str, Crisis]:
    """The crises as they are met: that one is known earlier, or called otherwise, makes it no other."""
    as_met = {"warning_days": 0, "label": None, "kind": "other"}
    return {name: crisis.model_copy(update=as_met) for name, crisis in scenario.crises.items()}
