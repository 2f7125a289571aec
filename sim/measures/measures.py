"""From a log to numbers: every measure of one replication, overall and by mission and resource.

All integrals are exact: between two levels nothing changes, and instants are whole milliseconds, so that what adds up
is whole unit-milliseconds until it is reported.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.chance.durations import durations
from sim.measures.catalogue import CAUSE_COLUMNS, COLUMNS, INDEX, OVERALL
from sim.operations.log import Level, LoanRecord, Log
from sim.operations.theatre import Theatre
from sim.scenario.nouns.milliseconds import DAY, in_days, milliseconds
from sim.scenario.nouns.values import GATES

FIRST_CAUSE = INDEX[CAUSE_COLUMNS[0]]
UNMET, REQUIREMENT, EXPOSURE, IDLE = (
    INDEX[name] for name in ("unmet_unit_days", "requirement_unit_days", "exposure_unit_days", "idle_unit_days")
)
WORST, DAYS_SHORT, LONGEST = (INDEX[name] for name in ("worst_shortfall", "days_short", "longest_short_days"))
RESPONSES, RESPONSE_DAYS, CENSORED, GIVEN_UP = (
    INDEX[name] for name in ("responses", "response_days", "censored", "given_up_units")
)
LOANS, LENT, LATE, COST, GONE_SHARE, WINDOWED = (
    INDEX[name] for name in ("loans", "lent_unit_days", "late_loans", "cost_usd", "gone_share", "windowed_loans")
)
GATE_DAYS: dict[str, int] = {gate: INDEX[f"{gate}_gate_days"] for gate in GATES}
TIMES = [
    *(UNMET, REQUIREMENT, EXPOSURE, IDLE, DAYS_SHORT, LONGEST, RESPONSE_DAYS, LENT),
    *GATE_DAYS.values(),
    *(INDEX[column] for column in CAUSE_COLUMNS),
]
"""Columns that are summed in milliseconds, or unit-milliseconds, and reported in days."""
FRACTIONS = [COST, GONE_SHARE]
"""Columns that are sums of fractions."""


class Stretch(NamedTuple):
    """A time during which a cell was short without a break, in milliseconds."""

    start: int
    end: int


def rows_of(theatre: Theatre) -> list[tuple[str, str]]:
    """(mission, resource) of each row of `measure`, then (mission, team); the first is the whole, without teams."""
    return [OVERALL, *(theatre.place(cell) for cell in (*theatre.cells_in_use, *theatre.teams_in_use))]


def measure(log: Log, theatre: Theatre) -> NDArray[np.float64]:
    """Shape (rows, columns), in the order of `rows_of` and COLUMNS; unit-days, days, units or US dollars."""
    row_of = {cell: row for row, cell in enumerate((*theatre.cells_in_use, *theatre.teams_in_use), start=1)}
    last = len(theatre.cells_in_use) + 1
    table: list[list[float]] = [[0] * len(COLUMNS) for _ in range(len(row_of) + 1)]
    stretches = _integrate(log, row_of, table)
    _responses(log, theatre, row_of, table, stretches)
    _loans(log, theatre, row_of, table)
    values = np.array(table, dtype=np.float64)  # whole, so far, and their sums exact up to 100 million unit-days
    values[0] = values[1:last].sum(axis=0)
    for column in (WORST, LONGEST):
        values[0, column] = values[1:last, column].max(initial=0.0)
    values[0, DAYS_SHORT] = _union(stretch for found in stretches.values() for stretch in found)
    values[:, TIMES] /= DAY
    # Dollars and shares to a billionth: what is the same under two options is then equal in any order of summing.
    values[:, FRACTIONS] = np.round(values[:, FRACTIONS], 9)
    return values


def _integrate(log: Log, row_of: dict[int, int], table: list[list[float]]) -> dict[int, list[Stretch]]:
    """Time integrals of each cell's levels into the table; when each cell was short."""
    written = [*log.levels, *log.teams]
    levels: dict[int, list[Level]] = {cell: [] for cell in row_of}
    instants: dict[int, list[int]] = {cell: [] for cell in row_of}
    for level, instant in zip(written, durations(np.array([level[0] for level in written])), strict=True):
        levels[level[1]].append(level)
        instants[level[1]].append(instant)
    stretches = {}
    for cell, row in row_of.items():
        instants[cell].append(log.end)
        if levels[cell]:
            _spans(levels[cell], instants[cell], table[row])
        found = stretches[cell] = _stretches(levels[cell], instants[cell])
        lengths = [end - start for start, end in found]
        if lengths:
            table[row][DAYS_SHORT], table[row][LONGEST] = sum(lengths), max(lengths)
    return stretches


def _spans(levels: list[Level], instants: list[int], row: list[float]) -> None:
    """What the levels of one cell add while they last; `instants` are when each begins, and the period's end."""
    needed = unmet = exposed = idle = 0
    for began, following, (_, _, crisis, required, present, borrowed, away, shortfall, causes) in zip(
        instants, instants[1:], levels, strict=False
    ):
        lasts = following - began
        if lasts <= 0:
            continue
        if crisis:
            needed += crisis * lasts
        if shortfall:
            unmet += shortfall * lasts
            row[WORST] = max(row[WORST], shortfall)
            if away:
                exposed += (away if away < shortfall else shortfall) * lasts
            for column, units in _by_column(causes):
                row[column] += units * lasts
        if borrowed and present > required:
            idle += min(borrowed, present - required) * lasts
    row[REQUIREMENT], row[UNMET], row[EXPOSURE], row[IDLE] = needed, unmet, exposed, idle


@lru_cache(maxsize=10_000)
def _by_column(causes: tuple[int, ...] | None) -> list[tuple[int, int]]:
    """(column, units) of the causes that account for some: of few kinds, met again and again."""
    return [(column, units) for column, units in enumerate(causes or (), FIRST_CAUSE) if units]


def _stretches(levels: list[Level], instants: list[int]) -> list[Stretch]:
    """When a cell was short; `instants` as for `_spans`. Relief that lasts no time is none."""
    found: list[Stretch] = []
    began: int | None = None
    for level, now in zip(levels, instants, strict=False):
        if level[7]:
            if began is None:
                began = found.pop().start if found and found[-1].end == now else now
        elif began is not None:
            if began < now:
                found.append(Stretch(began, now))
            began = None
    if began is not None and began < instants[-1]:
        found.append(Stretch(began, instants[-1]))
    return found


def _union(stretches: Iterable[Stretch]) -> int:
    """Length of time covered by any of them."""
    total, until = 0, 0
    for start, end in sorted(stretches):
        if end > until:
            total += end - (start if start > until else until)
            until = end
    return total


def responses(log: Log, theatre: Theatre, stretches: dict[int, list[Stretch]]) -> Iterable[tuple[int, int, bool]]:
    """(cell, milliseconds from onset until the need was met, whether it was not met before the crisis's end)."""
    for crisis in log.crises:
        end = log.end if crisis.end_day is None else min(milliseconds(crisis.end_day), log.end)
        asked: dict[str, int] = {}
        for (_, day, needs), teams in zip(crisis.phases, crisis.teams, strict=True):
            for resource in (*needs, *teams):
                asked.setdefault(resource, milliseconds(day))
        for resource, onset in asked.items():
            if end <= onset:
                continue
            cell = theatre.cell(crisis.mission, resource)
            found = stretches[cell]
            begun = bisect_right(found, (onset, inf))
            if begun and onset < (until := found[begun - 1].end):
                yield cell, min(until, end) - onset, until >= end
            else:
                yield cell, 0, False


def _responses(
    log: Log, theatre: Theatre, row_of: dict[int, int], table: list[list[float]], stretches: dict[int, list[Stretch]]
) -> None:
    for cell, lasted, censored in responses(log, theatre, stretches):
        row = table[row_of[cell]]
        row[RESPONSES] += 1
        row[RESPONSE_DAYS] += lasted
        row[CENSORED] += censored
    for crisis in log.crises:
        for resource, units in crisis.given_up.items():
            table[row_of[theatre.cell(crisis.mission, resource)]][GIVEN_UP] += units


def _loans(log: Log, theatre: Theatre, row_of: dict[int, int], table: list[list[float]]) -> None:
    counted: set[tuple[int, int, bool]] = set()
    for lot in log.loans:
        if lot.departed_day is None:
            continue
        row = table[row_of[theatre.cell(lot.borrower, lot.resource)]]
        away = milliseconds((log.days if lot.home_day is None else lot.home_day) - lot.departed_day)
        row[LENT] += lot.units * away
        row[COST] += _cost(lot, theatre, in_days(away))
        if lot.late and (lot.loan, lot.load, True) not in counted:
            counted.add((lot.loan, lot.load, True))
            row[LATE] += 1
        if (lot.loan, lot.load, False) not in counted:
            counted.add((lot.loan, lot.load, False))
            row[LOANS] += 1
            _gates(lot, row)
    for part in log.parts:
        if part.lift is not None:
            price = theatre.scenario.lifts[part.lift].cost_per_sortie
            table[row_of[theatre.cell(part.borrower, part.resource)]][COST] += part.sorties * price


def _gates(lot: LoanRecord, row: list[float]) -> None:
    """Gate time and windows."""
    for gate, opened, cleared in lot.passages():
        if cleared is not None:
            row[GATE_DAYS[gate]] += milliseconds(cleared - opened)
    if lot.first_window_day is not None and lot.arrived_day is not None:
        opened = lot.requested_day if lot.council_day is None else lot.council_day
        row[WINDOWED] += 1
        window = lot.first_window_day - opened
        row[GONE_SHARE] += min(1.0, (lot.arrived_day - opened) / window) if window > 0 else 1.0


def _cost(lot: LoanRecord, theatre: Theatre, away_days: float) -> float:
    """US dollars: for the days away, the journeys begun, and the loads of a lift."""
    resource = theatre.scenario.all_resources[lot.resource]
    price = resource.cost
    legs = 1 if lot.left_day is None else 2
    each_leg = price.per_km * lot.km + price.per_flight_hour * lot.hours
    cost = lot.units * (price.per_unit_day_away * away_days + legs * each_leg)
    if lot.sorties and lot.lift and resource.equipment is None:  # else its parts say by what lifts they went
        cost += lot.sorties * theatre.scenario.lifts[lot.lift].cost_per_sortie
    return cost
