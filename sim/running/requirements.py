"""What crises require, from traces alone: drawn, not simulated, so that many more of them can be known than are run.

A cell is a (mission, resource). Escalation is left out, since it is the option's doing: what is met and what may come
are measured alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from sim.chance.trace import BLOCK, Trace, draw_traces
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.scenario import Scenario

Requirements = NDArray[np.float64]
"""(traces, cells), in unit-days."""
Cell = tuple[str, str]
BEYOND = 2**20
"""Block from which on the traces are drawn that no run reaches."""


def cells_of(scenario: Scenario) -> tuple[Cell, ...]:
    """Every (mission, resource) that a crisis may ask of."""
    asked: dict[Cell, None] = {}
    for crisis in scenario.crises.values():
        for needs in (*(phase.needs for phase in crisis.stages),):
            asked |= dict.fromkeys((crisis.mission, resource) for resource in needs)
        for spill in crisis.spills_over:
            asked |= dict.fromkeys((spill.to, resource) for resource in spill.needs)
    return tuple(sorted(asked))


def met(scenario: LoadedScenario, seed: int, replications: Sequence[int]) -> Requirements:
    """What the traces of these replications of a run require."""
    blocks = {block: draw_traces(scenario, seed, block) for block in sorted({each // BLOCK for each in replications})}
    return _table(scenario, (blocks[each // BLOCK][each % BLOCK] for each in replications))


def known(scenario: LoadedScenario, seed: int, traces: int) -> Requirements:
    """What so many further traces require (whole blocks of 100), of which no run has any."""
    blocks = range(BEYOND, BEYOND + max(1, -(-traces // BLOCK)))
    return np.concatenate([_table(scenario, draw_traces(scenario, seed, block)) for block in blocks])


def _table(scenario: LoadedScenario, traces: Iterable[Trace]) -> Requirements:
    columns = {cell: number for number, cell in enumerate(cells_of(scenario))}
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
