"""What crises require, in unit-days: by the replications of a set, and on average over all that may come.

Only draws are made, nothing is simulated, and no list of occurrences is kept. Both are computed by the same formula:
once for the occurrences of a set, once for `POINTS` that stand for all of them. The mean over a Poisson process is its
intensity's integral of the mean of one occurrence (Campbell's theorem: Kingman, *Poisson Processes*, sec. 3.2), so
nothing of what the set owes to how many crises came is left in it. Escalation and patience are left out, since they are
the option's doing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.chance.sets import SIZE
from sim.chance.streams import stream
from sim.chance.trace import Draws, cumulative_intensity
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.distributions import Block
from sim.scenario.nouns.milliseconds import DAY, milliseconds
from sim.scenario.nouns.scenario import Crisis, Needs, Scenario
from sim.statistics.direction_numbers import DIMENSIONS
from sim.statistics.even_points import shared_points

Values = NDArray[np.float64]
Cell = tuple[str, str]
POINTS = 1024
"""Occurrences by which a crisis is averaged, for every set that is run: a power of 2, as suits Sobol's sequence."""


def cells_of(scenario: Scenario) -> tuple[Cell, ...]:
    """Every (mission, resource) that a crisis may ask of."""
    needed = (scenario.needed(crisis).items() for crisis in scenario.crises.values())
    return tuple(sorted({(mission, each) for by_mission in needed for mission, asked in by_mission for each in asked}))


def required(scenario: LoadedScenario, seed: int, block: int) -> Values:
    """By the replications of the set `block`: (SIZE, cells), as their traces say."""
    cells = cells_of(scenario)
    table = np.zeros((SIZE, len(cells)))
    for name in scenario.crises:
        draws = Draws(seed, block, scenario, name)
        for cell, unit_days in _unit_days(scenario, name, draws):
            np.add.at(table[:, cells.index(cell)], draws.within, unit_days)
    return table


def mean_required(scenario: LoadedScenario, seed: int, block: int) -> Values:
    """By a replication on average: (cells,). From points of its own for each set, so that errors are independent."""
    cells = cells_of(scenario)
    means = np.zeros(len(cells))
    for name in scenario.crises:
        draws = _Points(seed, block, scenario, name)
        for cell, unit_days in _unit_days(scenario, name, draws):
            means[cells.index(cell)] += draws.expected * unit_days.mean()
    return means


class _Points(Draws):
    """Occurrences of a crisis, spread evenly over all that it may be: `expected` of them come in a replication."""

    expected: float

    def _onsets(self, scenario: Scenario, crisis: Crisis) -> tuple[list[int], NDArray[np.int64], int]:
        self._dimensions: dict[tuple[str, ...], int] = {}  # in the order in which they are asked for
        if crisis.on is not None:
            self.expected = 1.0
            day = scenario.day(crisis.on)
            known = POINTS if 0 <= day < scenario.days else 0
            return [milliseconds(day)] * known, np.arange(known), known
        days, intensity = cumulative_intensity(scenario, crisis)
        self.expected = float(intensity[-1])
        known = POINTS if self.expected > 0 else 0
        onsets = np.interp(self._uniforms("onset") * self.expected, intensity, days) * DAY if known else np.zeros(0)
        return onsets.astype(np.int64).tolist(), np.arange(known), known

    def _uniforms(self, *what: str) -> Values:
        """A dimension of the same points for every set, each set's shifted by a length of its own (Cranley and
        Patterson 1976, SIAM Journal on Numerical Analysis 13:904): every point is uniform, and with any other draw's
        point it is anywhere, so means are unbiased and their errors independent. Beyond `DIMENSIONS`
        named draws of a crisis two share their points, each shifted by a length of its own: means are unbiased still,
        but the two are not spread evenly over both at once.
        """
        dimension = self._dimensions.setdefault(what, len(self._dimensions)) % DIMENSIONS
        shift = stream(self._seed, self._block, "mean of", self._crisis, *what).random()
        points: Values = (shared_points(POINTS)[:, dimension] + shift) % 1
        return points


def _unit_days(scenario: Scenario, name: str, draws: Draws) -> Iterator[tuple[Cell, Values]]:
    """What every occurrence requires of each mission and resource."""
    crisis = scenario.crises[name]
    if not draws.numbers:
        return
    happens = np.array(draws.chances(crisis.likelihood, "likelihood"))
    onset = np.array(draws.onsets, dtype=np.float64)
    start = onset
    for number, phase in enumerate(crisis.stages):
        of_phase = "phase", str(number)
        end = start + draws.durations(phase.lasts_days, *of_phase, "lasts")
        days = happens * _there(scenario, crisis.mission, start, end)
        for resource, unit_days in _needed(scenario, draws, phase.needs, of_phase, days):
            yield (crisis.mission, resource), unit_days
        start = end
    for which, spill in enumerate(crisis.spills_over):
        of_spill = "spill", str(which), spill.to
        start = onset + draws.durations(spill.after_days, *of_spill, "after")
        end = start + draws.durations(spill.lasts_days, *of_spill, "lasts")
        spilled = happens & draws.chances(spill.chance, *of_spill, "chance") & (start < milliseconds(scenario.days))
        days = spilled * _there(scenario, spill.to, start, end)
        for resource, unit_days in _needed(scenario, draws, spill.needs, of_spill, days):
            yield (spill.to, resource), unit_days


def _needed(
    scenario: Scenario, draws: Draws, needs: Needs, key: tuple[str, ...], days: Values
) -> Iterator[tuple[str, Values]]:
    for resource, name, each in scenario.parts(needs):
        units = needs[name]
        drawn = draws.amounts(units, *key, "needs", name) if isinstance(units, Block) else [float(units)]
        yield resource, days * np.floor(np.array(drawn) + 0.5) * each  # whole units, as `whole` rounds them


def _there(scenario: Scenario, mission: str, start: Values, end: Values) -> Values:
    """Days from `start` to `end` on which the mission is there."""
    first, last = scenario.active_days(mission)
    within = np.minimum(end / DAY, min(scenario.days, last)) - np.maximum(start / DAY, max(0.0, first))
    days: Values = np.clip(within, 0, None)
    return days
