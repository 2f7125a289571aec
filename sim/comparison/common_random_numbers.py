"""Which options met the same crises: told by the crises that were drawn, not by the words of an option's change."""

from __future__ import annotations

from itertools import islice

from sim.chance.trace import BLOCK, Occurrence, Trace, draw_traces
from sim.comparison.comparison import Comparison
from sim.scenario.groups import crises_as_met
from sim.scenario.loaded import LoadedScenario, with_option

MOST_COMPARED = 300
"""Replications that are compared: crises that differ at all do so in one of so many."""


def with_crises_of_their_own(comparison: Comparison) -> list[str]:
    """The options that met other crises than the reference, or in which a mission of both is there at other times.

    That a crisis is known earlier makes it no other, and neither does a mission more that no crisis comes to.
    """
    usual = with_option(comparison.scenario, comparison.reference)
    return [name for name in comparison.options if _apart(comparison, with_option(comparison.scenario, name), usual)]


def _apart(comparison: Comparison, one: LoadedScenario, other: LoadedScenario) -> bool:
    missions, others = one.missions, other.missions
    if any(missions[name].active != others[name].active for name in missions if name in others):
        return True
    return _drawn_from(one) != _drawn_from(other) and _drawn_apart(comparison, one, other)


def _drawn_from(scenario: LoadedScenario) -> object:
    """What the drawing of crises reads: where that is the same, so is everything drawn."""
    struck = {crisis.mission for crisis in scenario.crises.values()}
    active = {name: mission.active for name, mission in scenario.missions.items() if name in struck}
    return scenario.period, crises_as_met(scenario), active


def _drawn_apart(comparison: Comparison, one: LoadedScenario, other: LoadedScenario) -> bool:
    """Whether a crisis of the first replications differs."""
    if one.period != other.period:
        return True
    left = min(comparison.replications, MOST_COMPARED)
    for block in range(-(-left // BLOCK)):
        both = (draw_traces(world, comparison.seed, block) for world in (one, other))
        pairs = islice(zip(*both, strict=True), left - block * BLOCK)
        if any(_met(mine) != _met(yours) for mine, yours in pairs):
            return True
    return False


def _met(trace: Trace) -> list[Occurrence]:
    """Its crises, without when each is known and which draws were its."""
    return [each._replace(known=0, draw=0, draws=0) for each in trace.occurrences]
