"""Missions open, change and close, and their contingents and routine requirements with them."""

from __future__ import annotations

from dataclasses import dataclass

from sim.operations.agenda import Agenda
from sim.operations.clock import CHANGES, Clock
from sim.operations.loans import Loans
from sim.operations.stocks import Stocks
from sim.operations.theatre import Change, Theatre
from sim.scenario.nouns.milliseconds import milliseconds


@dataclass(eq=False)
class Missions:
    """What the calendar of the scenario does to the stocks."""

    theatre: Theatre
    clock: Clock
    stocks: Stocks
    agenda: Agenda
    loans: Loans

    def __post_init__(self) -> None:
        self.strength = [contingent.opening for contingent in self.theatre.contingents]
        """Units that each contingent has while its mission is active."""

    def plan_changes(self) -> None:
        """Plan every change of a contingent or a routine requirement; those from before the period are made now."""
        for change in sorted(self.theatre.changes, key=lambda each: each.day):
            if change.day > 0:
                self.clock.at(milliseconds(change.day), CHANGES, self._change, change)
            else:
                self._change(change)

    def plan_openings(self) -> None:
        """Plan when each mission opens and closes; those that are active on the first day open now."""
        for number, (first, end) in enumerate(self.theatre.spans):
            if first <= 0 < end:
                self._open(number)
            elif 0 < first < self.theatre.days:
                self.clock.at(milliseconds(first), CHANGES, self._open, number)
            if 0 < end < self.theatre.days:
                self.clock.at(milliseconds(end), CHANGES, self._close, number)

    def _open(self, mission: int) -> None:
        cells = self.stocks.by_mission[mission]
        for cell in cells:
            cell.active = True
        for cell in cells:
            cell.routine += self.theatre.routine[cell.number]
            cell.require()
            for holding in cell.holdings:
                holding.supply(self.strength[holding.contingent.number])
            if cell.present or cell.required or cell.prevented:
                self.agenda.mark(cell)

    def _close(self, mission: int) -> None:
        cells = self.stocks.by_mission[mission]
        for cell in cells:
            cell.active = False
        for cell in cells:
            cell.require()
            self.loans.close(cell)
            for holding in cell.holdings:
                self.loans.withdraw(holding, holding.held - holding.withdrawn - holding.debt)
            self.agenda.mark(cell)

    def _change(self, change: Change) -> None:
        """A contingent or a routine requirement changes; before its mission opens, what it opens with."""
        cell = self.stocks.cells[change.cell]
        if change.contingent is None:
            cell.routine += change.units
            cell.require()
        else:
            self.strength[change.contingent] += change.units
            if cell.active and change.units > 0:
                self.stocks.holdings[change.contingent].supply(change.units)
            elif cell.active:
                self.loans.withdraw(self.stocks.holdings[change.contingent], -change.units)
        self.agenda.mark(cell)
