"""Which options met the same crises: told by the crises that were drawn, not by the words of an option's change."""

from __future__ import annotations

from itertools import islice
from typing import Any, NamedTuple

from sim.chance.trace import BLOCK, Occurrence, Trace, draw_traces
from sim.comparison.comparison import Comparison
from sim.scenario.loaded import LoadedScenario, with_option
from sim.scenario.nouns.scenario import Crisis

MOST_COMPARED = 300
"""Replications that are compared: crises that differ at all do so in one of so many."""


class _World(NamedTuple):
    """What an option's replications are drawn from."""

    scenario: LoadedScenario
    read: Any
    """What drawing reads of it, as words: where that is the same, so is everything drawn."""


def with_crises_of_their_own(comparison: Comparison) -> list[str]:
    """The options that met other crises than the reference, or in which a mission of both is there at other times.

    That a crisis is known earlier makes it no other, and neither does a mission more that no crisis comes to.
    """
    usual = _world(comparison, comparison.reference)
    return [name for name in comparison.options if _apart(comparison, _world(comparison, name), usual)]


def _world(comparison: Comparison, option: str) -> _World:
    scenario = with_option(comparison.scenario, option)
    struck = {crisis.mission for crisis in scenario.crises.values()}
    active = {name: mission.active for name, mission in scenario.missions.items() if name in struck}
    return _World(scenario, (scenario.period, _known_at_onset(scenario.crises), active))


def _known_at_onset(crises: Any) -> dict[str, Crisis]:
    return {name: crisis.model_copy(update={"warning_days": 0}) for name, crisis in crises.items()}


def _apart(comparison: Comparison, one: _World, other: _World) -> bool:
    missions, others = one.scenario.missions, other.scenario.missions
    if any(missions[name].active != others[name].active for name in missions if name in others):
        return True
    return one.read != other.read and _drawn_apart(comparison, one.scenario, other.scenario)


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
