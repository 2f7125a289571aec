"""What crises require, from traces alone: drawn, not simulated, so that many more of them can be known than are run.

A cell is a (mission, resource). Escalation is left out, since it is the option's doing: what is met and what may come
are measured alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from sim.chance.sets import SIZE
from sim.chance.trace import BLOCK, Trace, draw_traces
from sim.running.batches import what_chance_reads
from sim.scenario.loaded import LoadedScenario, with_option
from sim.scenario.nouns.scenario import Scenario
from sim.statistics.discordance import unseen_requirement

Requirements = NDArray[np.float64]
"""(traces, cells), in unit-days."""
Cell = tuple[str, str]
MORE = 5
"""Traces that are drawn for every replication that was run."""
BEYOND = 2**20
"""Block from which on the traces are drawn that no run reaches."""


def cells_of(scenario: Scenario) -> tuple[Cell, ...]:
    """Every (mission, resource) that a crisis may ask of."""
    asked: dict[Cell, None] = {}
    for crisis in scenario.crises.values():
        for phase in crisis.stages:
            asked |= dict.fromkeys((crisis.mission, resource) for resource in phase.needs)
        for spill in crisis.spills_over:
            asked |= dict.fromkeys((spill.to, resource) for resource in spill.needs)
    return tuple(sorted(asked))


class Traced:
    """What the traces of a scenario under one seed require; each block of them is drawn once."""

    def __init__(self, scenario: LoadedScenario, seed: int) -> None:
        self.scenario, self.seed, self.cells = scenario, seed, cells_of(scenario)
        self._blocks: dict[int, Requirements] = {}

    def met(self, replications: Sequence[int]) -> Requirements:
        """Of these replications of a run."""
        rows = [self._block(each // BLOCK)[each % BLOCK] for each in replications]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.cells))

    def known(self, traces: int) -> Requirements:
        """Of so many further traces (whole sets), of which no run has any."""
        return np.concatenate([self._block(BEYOND + block) for block in range(max(1, -(-traces // BLOCK)))])

    def _block(self, block: int) -> Requirements:
        if block not in self._blocks:
            self._blocks[block] = _table(self.scenario, self.cells, draw_traces(self.scenario, self.seed, block))
        return self._blocks[block]


def _table(scenario: LoadedScenario, cells: Sequence[Cell], traces: Iterable[Trace]) -> Requirements:
    columns = {cell: number for number, cell in enumerate(cells)}
    spans = {name: _span(scenario, name) for name in scenario.missions}
    rows = [_row(trace, columns, spans) for trace in traces]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(columns))


def _span(scenario: LoadedScenario, mission: str) -> tuple[float, float]:
    """The days on which a mission is there."""
    active = scenario.missions[mission].active
    first = scenario.day(active.from_) if active.from_ else 0.0
    end = scenario.day(active.to) + 1 if active.to else scenario.days
    return max(0.0, first), min(scenario.days, end)


def _row(trace: Trace, columns: dict[Cell, int], spans: dict[str, tuple[float, float]]) -> list[float]:
    row = [0.0] * len(columns)
    for one in trace.occurrences:
        if not one.happens:
            continue
        first, end = spans[one.mission]
        days = [one.onset_day, *(phase.days for phase in one.phases)]
        for phase, start in zip(one.phases, accumulate(days), strict=False):
            length = min(end, start + phase.days) - max(first, start)
            if length > 0:
                for resource, units in phase.needs:
                    row[columns[one.mission, resource]] += units * length
    return row


def worlds_of(scenario: LoadedScenario, options: Sequence[str]) -> list[LoadedScenario]:
    """The options' worlds, those that have the same traces once."""
    worlds: list[LoadedScenario] = []
    read: list[object] = []
    for option in options:
        world = with_option(scenario, option)
        words = what_chance_reads(world)
        if words not in read:
            read.append(words)
            worlds.append(world)
    return worlds


class Foreseen:
    """What a run's sets have met of what its traces may bring, as far as it is asked for.

    For every set that was run five more are drawn: that takes less than a tenth of the time of running it.
    """

    def __init__(self, scenario: LoadedScenario, options: Sequence[str], seed: int) -> None:
        self.worlds = [Traced(world, seed) for world in worlds_of(scenario, options)]

    def unseen(self, sets: int) -> float:
        """What the first so many sets have not met, in unit-days of mean requirement: of the world with the most.

        An option cannot lose more than is required, so a mean or a difference may be wrong by so much
        (`statistics.discordance.unseen_requirement`).
        """
        run = range(sets * SIZE)
        asked = [world for world in self.worlds if world.cells]
        return max((unseen_requirement(one.met(run), one.known(MORE * len(run))) for one in asked), default=0.0)
