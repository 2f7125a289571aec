"""The peer: the script that a SimPy user would write for the same lending, with a process per crisis and per loan.

It follows the textbook: a Container of spare units for each mission and resource, a process that starts crises, one for
every crisis, one for every loan with a timeout per step. It leaves out what makes our model slow to write and exact:
windows and renewals, lifts, causes, exposure, paired luck, recall, foresight. It counts unmet need, and no more.
"""

from __future__ import annotations

import random
from collections.abc import Generator, Iterator
from typing import Any

import simpy

from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.places import great_circle_km

Process = Generator[simpy.Event, Any, None]


class PlainWorld:
    """One replication of the plain script."""

    def __init__(self, scenario: LoadedScenario, seed: int) -> None:
        self.scenario = scenario
        self.env = simpy.Environment()
        self.random = random.Random(seed)
        self.unmet = 0.0
        self.loans = 0
        self.spare = {
            (name, resource): simpy.Container(self.env, init=units)
            for name, mission in scenario.missions.items()
            for resource in scenario.all_resources
            if (units := sum(mission.holdings(resource).values()) - mission.routine.get(resource, 0)) > 0
        }
        for name, crisis in scenario.crises.items():
            self.env.process(self.source(name, crisis.every_days))

    def source(self, name: str, every: float | None) -> Process:
        """Starts the occurrences of one crisis."""
        crisis = self.scenario.crises[name]
        if crisis.on is not None:
            yield self.env.timeout(self.scenario.day(crisis.on))
            self.env.process(self.crisis(name))
            return
        while every is not None:
            yield self.env.timeout(self.random.expovariate(1 / every))
            self.env.process(self.crisis(name))

    def crisis(self, name: str) -> Process:
        """One occurrence: takes what its mission has, asks the nearest others for the rest, and waits it out."""
        crisis = self.scenario.crises[name]
        lasts = self.random.gammavariate(4, 7.5)
        yield self.env.timeout(0)
        held: list[tuple[simpy.Container, int]] = []
        for resource in crisis.stages[0].needs:
            missing = self.random.randint(2, 5)
            own = self.spare.get((crisis.mission, resource))
            if own is not None and own.level:
                units = min(int(own.level), missing)
                yield own.get(units)
                held.append((own, units))
                missing -= units
            for lender, km in self.nearest(crisis.mission):
                pool = self.spare.get((lender, resource))
                if missing and pool is not None and pool.level:
                    units = min(int(pool.level), missing)
                    missing -= units
                    self.env.process(self.loan(pool, units, km, lasts))
            self.unmet += missing * lasts
        yield self.env.timeout(lasts)
        for pool, units in held:
            yield pool.put(units)

    def nearest(self, mission: str) -> Iterator[tuple[str, float]]:
        """The other missions and their distances, nearest first."""
        here = self.scenario.missions[mission].at or (0.0, 0.0)
        others = [(name, other.at or (0.0, 0.0)) for name, other in self.scenario.missions.items() if name != mission]
        return iter(sorted(((name, great_circle_km(here, at)) for name, at in others), key=lambda each: each[1]))

    def loan(self, pool: simpy.Container, units: int, km: float, lasts: float) -> Process:
        """One loan: three gates side by side, preparation, the way there, the crisis, the way home, recovery."""
        self.loans += 1
        yield pool.get(units)
        gates = [self.env.timeout(self.random.triangular(1, 6, 2)), self.env.timeout(self.random.gammavariate(4, 2))]
        started = self.env.now
        yield simpy.AllOf(self.env, [*gates, self.env.timeout(1)])
        yield self.env.timeout(2)
        yield self.env.timeout(km / 400)
        self.unmet += units * min(lasts, self.env.now - started)
        yield self.env.timeout(max(0.0, lasts - (self.env.now - started)))
        yield self.env.timeout(km / 400)
        yield self.env.timeout(2)
        yield pool.put(units)


def run(scenario: LoadedScenario, seed: int) -> PlainWorld:
    """One replication."""
    world = PlainWorld(scenario, seed)
    world.env.run(until=scenario.days)
    return world
