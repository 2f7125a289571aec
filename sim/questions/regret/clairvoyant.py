"""The clairvoyant bound: the least unmet need that anyone could have reached on a trace, knowing it beforehand.

The same units and journeys, but no paper, preparation, lift or reception, and nobody who must be asked: `flow` says
what is left. It bounds every option of the scenario that has the same holdings, missions and crises, whatever its
policy. An option's *regret* is its distance to it.

It is reckoned by days, or by parts of a day where crises are short. What happens within one such step is evened out:
nobody can do better, and hardly anybody as well. The bound is about 1 % low for it.

So that nothing the simulator allows can beat it:

- crises do not escalate, and what was given up stays needed, as in the measured shortfall;
- delays that vary take the shortest time they can;
- units of a contingent that is withdrawn may still be at work where they were lent, while a notice runs or while they
  wait for a lift home: they count until the longest notice of any option is over, and for ever where a lift may be
  needed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from sim.agreements.journeys import Journey
from sim.chance.trace import Trace
from sim.operations.theatre import Theatre
from sim.questions.regret.max_flow import Movements, Need, Supply, least_unmet
from sim.scenario.nouns.distributions import Block, Days, Discrete, Empirical, Mixture, Triangular, Uniform, mean_of
from sim.scenario.nouns.milliseconds import in_days

STEPS_IN_A_CRISIS = 10
MOST_STEPS = 20_000
"""Missions × steps of a network."""


class Bound:
    """The bound of one option's world, for any of its traces."""

    def __init__(self, theatre: Theatre) -> None:
        self.theatre = theatre
        self.grounds = [_Ground(theatre, resource) for resource in theatre.resources]

    def of(self, trace: Trace) -> float:
        """The least unmet need, in unit-days, over all missions and resources, that anyone could have reached."""
        moves = ((ground, ground.movements(trace)) for ground in self.grounds)
        return sum(least_unmet(movements) / ground.steps_a_day for ground, movements in moves if movements.needs)


class _Ground:
    """What the traces of one world have in common for one resource."""

    def __init__(self, theatre: Theatre, resource: str) -> None:
        self.theatre = theatre
        self.resource = resource
        self.steps_a_day = self._steps_a_day()
        self.spans = [(max(0.0, first), min(theatre.days, end)) for first, end in theatre.spans]
        roads = [[_road(theatre, one, other, resource) for other in theatre.missions] for one in theatre.missions]
        self.journeys = np.array([[_least_journey(road) for road in row] for row in roads]) * self.steps_a_day
        self.by_lift = [any(road is not None and road.lifts for road in row) for row in roads]
        self.routine = tuple(self._routine())
        self.supplies = tuple(self._supplies())

    def movements(self, trace: Trace) -> Movements:
        """What is needed and what there is, on one trace, in steps."""
        steps = math.ceil(self.theatre.days) * self.steps_a_day
        return Movements(steps, (*self.routine, *self._crises(trace)), self.supplies, self.journeys)

    def _steps_a_day(self) -> int:
        """As many steps a day as make a step a tenth of the shortest crisis.

        At most an hour a step, and no more steps than can be reckoned with in some seconds.
        """
        lengths = [math.inf]
        for crisis in self.theatre.scenario.crises.values():
            asking = [(each.lasts_days, each.needs) for each in crisis.stages]
            asking += [(each.lasts_days, each.needs) for each in crisis.spills_over]
            lengths += [
                mean_of(days)
                for days, needs in asking
                if mean_of(days) and self.resource in {each for each, _, _ in self.theatre.scenario.parts(needs)}
            ]
        most = min(24, MOST_STEPS // (math.ceil(self.theatre.days) * len(self.theatre.missions)))
        return max(1, min(most, math.ceil(STEPS_IN_A_CRISIS / min(lengths))))

    def _needs(self, mission: int, start: float, end: float, units: int) -> Iterable[Need]:
        """A need, as far as the mission is active."""
        first, last = self.spans[mission]
        start, end = max(start, first), min(end, last)
        if units and start < end:
            yield Need(mission, start * self.steps_a_day, end * self.steps_a_day, units)

    def _routine(self) -> Iterable[Need]:
        theatre = self.theatre
        for number, mission in enumerate(theatre.missions):
            cell = theatre.cell(mission, self.resource)
            yield from self._needs(number, -math.inf, math.inf, theatre.routine[cell])
            for change in theatre.changes:
                if change.contingent is None and change.cell == cell:
                    yield from self._needs(number, change.day, math.inf, change.units)

    def _crises(self, trace: Trace) -> Iterable[Need]:
        for occurrence in trace.occurrences:
            if not occurrence.happens:
                continue
            mission, day = self.theatre.mission_number[occurrence.mission], occurrence.onset_day
            for phase in occurrence.phases:
                for resource, units in phase.needs:
                    if resource == self.resource:
                        yield from self._needs(mission, day, day + phase.days, units)
                day += phase.days

    def _supplies(self) -> Iterable[Supply]:
        """Holdings as the missions open, change and close."""
        theatre = self.theatre
        for contingent in theatre.contingents:
            if contingent.resource != self.resource:
                continue
            mission = theatre.mission_number[contingent.mission]
            first, end = self.spans[mission]
            if first >= end:
                continue
            changes = [change for change in theatre.changes if change.contingent == contingent.number]
            strength = contingent.opening + sum(change.units for change in changes if change.day <= first)
            yield Supply(mission, int(first) * self.steps_a_day, strength)
            for change in changes:
                if first < change.day < end:
                    strength += change.units
                    yield from self._changed(mission, change.day, change.units)
            if end < theatre.days:
                yield from self._changed(mission, end, -strength)

    def _changed(self, mission: int, day: float, units: int) -> Iterable[Supply]:
        if units > 0:
            yield Supply(mission, int(day) * self.steps_a_day, units)
        elif units < 0 and not self.by_lift[mission]:
            yield Supply(mission, math.ceil((day + _longest_notice(self.theatre)) * self.steps_a_day), units)


def _longest_notice(theatre: Theatre) -> float:
    recalls = [option.policy.recall for option in theatre.scenario.options.values()]
    return max((recall.notice_days for recall in recalls if recall is not None), default=0.0)


def _road(theatre: Theatre, one: str, other: str, resource: str) -> Journey | None:
    return theatre.journey(one, other, resource) if one != other else None


def _least_journey(road: Journey | None) -> float:
    """In days; where people and equipment move apart, of what takes longer at its shortest: the unit is both."""
    if road is None:
        return math.inf
    return max(in_days(part.lasts) + least(part.handling_days) for part in road.parts)


def least(amount: Days) -> float:
    """The smallest value that a number or a distribution can take."""
    if isinstance(amount, Uniform):
        return amount.uniform.low
    if isinstance(amount, Triangular):
        return amount.triangular.low
    if isinstance(amount, Empirical):
        return min(amount.empirical)
    if isinstance(amount, Discrete):
        return min(value for value, weight in amount.discrete.items() if weight > 0)
    if isinstance(amount, Mixture):
        return min(least(part.is_) for part in amount.parts)
    return 0.0 if isinstance(amount, Block) else float(amount)


def same_world(theatres: Sequence[Theatre]) -> list[int]:
    """For each theatre the place of the first whose bound is the same: policies and agreements do not matter."""
    scenarios = [theatre.scenario for theatre in theatres]
    worlds = [
        (one.period, one.missions, one.resources, one.routes, one.lifts, one.crises, one.teams) for one in scenarios
    ]
    return [worlds.index(world) for world in worlds]
