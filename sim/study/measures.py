"""From a log to numbers: every measure of one replication, overall and by mission and resource.

All integrals are exact: between two levels nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.geography import Journey
from sim.operations.log import CAUSES, Level, LoanRecord, Log
from sim.operations.theatre import Theatre

CAUSE_COLUMNS = tuple(f"cause:{cause}" for cause in CAUSES)
"""Unmet need by cause, in unit-days; they add up to `unmet_unit_days`."""

COLUMNS = (
    "unmet_unit_days",
    "requirement_unit_days",
    "responses",
    "response_days",
    "censored",
    "days_short",
    "worst_shortfall",
    "longest_short_days",
    "exposure_unit_days",
    "loans",
    "lent_unit_days",
    "idle_unit_days",
    "late_loans",
    "given_up_units",
    "cost_usd",
    "council_gate_days",
    "contributor_gate_days",
    "host_gate_days",
    "gone_share",
    "windowed_loans",
    *CAUSE_COLUMNS,
)
"""What is measured, per replication, mission and resource.

`responses` counts crises × resources that asked for something; `response_days` is the sum of their days until the need
was met (to the crisis's end for those that were `censored`). `loans`, `lent_unit_days`, gates, windows and cost belong
to the borrower's row; exposure to the lender's. `gone_share` sums, over the `windowed_loans`, the share of the
authorised window gone before arrival. `longest_short_days` is the longest stretch of shortfall.
"""
PLACE = {name: number for number, name in enumerate(COLUMNS)}
OVERALL = ("*", "*")
FIRST_CAUSE = PLACE[CAUSE_COLUMNS[0]]
UNMET, REQUIREMENT, EXPOSURE, IDLE, WORST, DAYS_SHORT, LONGEST = (
    PLACE[name]
    for name in (
        "unmet_unit_days",
        "requirement_unit_days",
        "exposure_unit_days",
        "idle_unit_days",
        "worst_shortfall",
        "days_short",
        "longest_short_days",
    )
)


class Stretch(NamedTuple):
    """A time during which a cell was short without a break."""

    start: float
    end: float


def rows_of(theatre: Theatre) -> list[tuple[str, str]]:
    """(mission, resource) of each row of `measure`; the first is the whole."""
    return [OVERALL, *(theatre.place(cell) for cell in theatre.cells_in_use)]


def measure(log: Log, theatre: Theatre) -> NDArray[np.float64]:
    """Shape (rows, columns), in the order of `rows_of` and COLUMNS; unit-days, days, units or US dollars."""
    row_of = {cell: row for row, cell in enumerate(theatre.cells_in_use, start=1)}
    table = [[0.0] * len(COLUMNS) for _ in range(len(row_of) + 1)]
    stretches = _integrate(log, row_of, table)
    _responses(log, theatre, row_of, table, stretches)
    _loans(log, theatre, row_of, table)
    overall = table[0]
    for row in table[1:]:
        for column, value in enumerate(row):
            overall[column] += value
    for name in ("worst_shortfall", "longest_short_days"):
        overall[PLACE[name]] = max((row[PLACE[name]] for row in table[1:]), default=0.0)
    overall[PLACE["days_short"]] = _union(stretch for found in stretches.values() for stretch in found)
    # To a billionth: what is the same under two options is then equal, however its levels were cut into pieces.
    return np.round(np.array(table), 9)


def _integrate(log: Log, row_of: dict[int, int], table: list[list[float]]) -> dict[int, list[Stretch]]:
    """Time integrals of each cell's levels into the table; when each cell was short."""
    last: dict[int, Level] = {}
    began: dict[int, float] = {}
    stretches: dict[int, list[Stretch]] = {cell: [] for cell in row_of}
    for level in log.levels:
        cell = level[1]
        before = last.get(cell)
        last[cell] = level
        if before is not None and level[0] > before[0] and (before[2] or before[7] or before[5]):
            _span(before, level[0] - before[0], table[row_of[cell]])
        if level[7]:
            if cell not in began:
                found = stretches[cell]  # relief that lasts no time is none
                began[cell] = found.pop().start if found and found[-1].end == level[0] else level[0]
        elif cell in began:
            start = began.pop(cell)
            if start < level[0]:
                stretches[cell].append(Stretch(start, level[0]))
    for cell, level in last.items():
        if log.days > level[0]:
            _span(level, log.days - level[0], table[row_of[cell]])
        if began.get(cell, log.days) < log.days:
            stretches[cell].append(Stretch(began[cell], log.days))
    for cell, found in stretches.items():
        row = table[row_of[cell]]
        lengths = [end - start for start, end in found]
        if lengths:
            row[DAYS_SHORT], row[LONGEST] = sum(lengths), max(lengths)
    return stretches


def _span(level: Level, days: float, row: list[float]) -> None:
    """What one level adds while it lasts."""
    _, _, crisis, required, present, borrowed, away, shortfall, causes = level
    if crisis:
        row[REQUIREMENT] += crisis * days
    if shortfall:
        row[UNMET] += shortfall * days
        row[WORST] = max(row[WORST], shortfall)
        if away:
            row[EXPOSURE] += (away if away < shortfall else shortfall) * days
        for column, units in enumerate(causes or (), FIRST_CAUSE):
            if units:
                row[column] += units * days
    if borrowed and present > required:
        row[IDLE] += min(borrowed, present - required) * days


def _union(stretches: Iterable[Stretch]) -> float:
    """Length of time covered by any of them."""
    total, until = 0.0, 0.0
    for start, end in sorted(stretches):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


def responses(log: Log, theatre: Theatre, stretches: dict[int, list[Stretch]]) -> Iterable[tuple[int, float, bool]]:
    """(cell, days from onset until the need was met, whether it was not met before the crisis's end)."""
    for crisis in log.crises:
        end = log.days if crisis.end_day is None else min(crisis.end_day, log.days)
        for resource in crisis.needs() if crisis.happened else ():
            cell = theatre.cell(crisis.mission, resource)
            onset = min((day for _, day, needs in crisis.phases if needs.get(resource)), default=crisis.onset_day)
            if end <= onset:
                continue
            short = next((each for each in stretches.get(cell, ()) if each.start <= onset < each.end), None)
            if short is None:
                yield cell, 0.0, False
            else:
                yield cell, min(short.end, end) - onset, short.end >= end


def _responses(
    log: Log,
    theatre: Theatre,
    row_of: dict[int, int],
    table: list[list[float]],
    stretches: dict[int, list[Stretch]],
) -> None:
    for cell, days, censored in responses(log, theatre, stretches):
        row = table[row_of[cell]]
        row[PLACE["responses"]] += 1
        row[PLACE["response_days"]] += days
        row[PLACE["censored"]] += censored
    for crisis in log.crises:
        for resource, units in crisis.given_up.items():
            table[row_of[theatre.cell(crisis.mission, resource)]][PLACE["given_up_units"]] += units


def _loans(log: Log, theatre: Theatre, row_of: dict[int, int], table: list[list[float]]) -> None:
    counted: set[tuple[int, int, bool]] = set()
    for lot in log.loans:
        if lot.departed_day is None:
            continue
        row = table[row_of[theatre.cell(lot.borrower, lot.resource)]]
        away = (log.days if lot.home_day is None else lot.home_day) - lot.departed_day
        row[PLACE["lent_unit_days"]] += lot.units * away
        road = theatre.road(lot.lender, lot.borrower, lot.resource)
        assert road is not None, "units went where they cannot go"
        row[PLACE["cost_usd"]] += _cost(lot, theatre, road, away)
        if lot.late and (lot.loan, lot.load, True) not in counted:
            counted.add((lot.loan, lot.load, True))
            row[PLACE["late_loans"]] += 1
        if (lot.loan, lot.load, False) not in counted:
            counted.add((lot.loan, lot.load, False))
            row[PLACE["loans"]] += 1
            _paper(lot, row, theatre.in_turn(lot.lender, lot.borrower, lot.resource))


def _paper(lot: LoanRecord, row: list[float], in_turn: tuple[str, ...]) -> None:
    """Gate time and windows; gates that are opened `in_turn` each begin when the one before has cleared."""
    cleared = {"council": lot.council_day, "contributor": lot.contributor_day, "host": lot.host_day}
    begins = lot.requested_day
    for gate in in_turn or cleared:
        day = cleared[gate]
        if day is not None:
            row[PLACE[f"{gate}_gate_days"]] += day - begins
            begins = day if in_turn else begins
    if lot.first_window_day is not None and lot.arrived_day is not None:
        opened = lot.requested_day if lot.council_day is None else lot.council_day
        row[PLACE["windowed_loans"]] += 1
        window = lot.first_window_day - opened
        row[PLACE["gone_share"]] += min(1.0, (lot.arrived_day - opened) / window) if window > 0 else 1.0


def _cost(lot: LoanRecord, theatre: Theatre, road: Journey, away_days: float) -> float:
    """US dollars: for the days away, the journeys begun, and the loads of a lift."""
    price = theatre.scenario.all_resources[lot.resource].cost
    legs = 1 if lot.left_day is None else 2
    each_leg = price.per_km * road.km + price.per_flight_hour * road.hours
    cost = lot.units * (price.per_unit_day_away * away_days + legs * each_leg)
    if lot.sorties and lot.lift:
        cost += lot.sorties * theatre.scenario.lifts[lot.lift].cost_per_sortie
    return cost
