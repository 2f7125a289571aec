"""Whose costs are counted: an option that costs nothing because nobody priced it is told as that, and never as $0."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.measures.catalogue import INDEX, Column
from sim.results.reader import Results
from sim.scenario.groups import crises_as_met, units_held
from sim.scenario.loaded import LoadedScenario, with_option
from sim.scenario.nouns.scenario import Scenario

COST, LENT = "cost_usd", "lent_unit_days"


def not_counted(results: Results, reference: str) -> frozenset[str]:
    """The options of `results` whose costs are not counted beside those of `reference`."""
    scenario = results.scenario

    def lent(option: str) -> list[str]:
        cells = results.cells(option)
        return [cell[1] for cell in cells if np.any(results.samples(option, cell)[:, INDEX[LENT]] > 0)]

    return frozenset(name for name in results.options if not is_counted(scenario, name, reference, lent(name)))


def is_counted(scenario: LoadedScenario, option: str, reference: str, lent: Sequence[str]) -> bool:
    """Whether what the option lends (`lent`: resources) has a price, and it does nothing else that costs.

    No scenario says what a further unit costs beside its loans, or what it took that a crisis is another.
    """
    own, usual = with_option(scenario, option), with_option(scenario, reference)
    if units_held(own) - units_held(usual) or crises_as_met(own) != crises_as_met(usual):
        return False
    return all(_priced(own, each) for each in lent) if lent else any(_priced(own, each) for each in own.all_resources)


def columns_of(table: NDArray[np.float64], *, counted: bool) -> Column:
    """The columns of a table of samples, (replications, len(COLUMNS)); costs are nan where they are not counted."""
    return lambda name: table[:, INDEX[name]] if counted or name != COST else np.full(len(table), math.nan)


def _priced(scenario: Scenario, resource: str) -> bool:
    noun = scenario.resources.get(resource)
    cost = noun.cost if noun is not None else None
    by_loan = cost is not None and (cost.per_unit_day_away or cost.per_km or cost.per_flight_hour)
    return bool(by_loan) or any(lift.cost_per_sortie for lift in scenario.lifts.values())
