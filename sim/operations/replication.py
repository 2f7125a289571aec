"""One replication: a world that is set up, runs to the period's end, and leaves a log."""

from __future__ import annotations

from sim.chance.trace import BLOCK, Trace
from sim.operations.clock import CHANGES, Clock
from sim.operations.crises import Crises
from sim.operations.desk import Desk
from sim.operations.endings import Loans
from sim.operations.levels import Levels
from sim.operations.log import Log
from sim.operations.stocks import Stocks
from sim.operations.theatre import Change, Theatre


def simulate(theatre: Theatre, trace: Trace, *, check: bool = False) -> Log:
    """Run one replication of one option.

    With `check`, conservation of units and the split of every shortfall by cause are asserted after every instant, and
    that what is written down is how things are.
    """
    world = World(theatre, trace, check)
    world.run()
    world.dissolve()
    return world.log


class World:
    """All that changes during one replication."""

    def __init__(self, theatre: Theatre, trace: Trace, check: bool) -> None:
        self.theatre = theatre
        self.trace = trace
        self.checks = check
        self.block_size = BLOCK
        self.clock = Clock()
        self.log = Log(theatre.days)
        self.stocks = Stocks(theatre)
        self.desk = Desk(self)
        self.levels = Levels(self)
        self.loans = Loans(self)
        self.strength = [contingent.opening for contingent in theatre.contingents]
        """Units that each contingent has while its mission is active."""
        for change in sorted(theatre.changes, key=lambda each: each.day):
            if change.day > 0:
                self.clock.at(change.day, CHANGES, self._change, change)
            else:
                self._change(change)
        self.crises = Crises(self)
        self.desk.meet(self.loans, self.crises, self.levels)
        self._open_and_close()

    def run(self) -> None:
        """Until 24:00 on the last day."""
        clock, end = self.clock, self.theatre.days
        while self.checks and clock.peek() < end:
            clock.step()
            if clock.peek() > clock.now:
                self.check()
        clock.run(until=end)
        self.loans.finish()

    def dissolve(self) -> None:
        """Part those who know each other.

        All then goes at once; to find it as garbage would take a tenth of the time.
        """
        for part in (self.clock, self.desk, self.levels, self.loans, self.crises):
            vars(part).clear()

    def check(self) -> None:
        """Assert what must hold whenever an instant is over."""
        self.stocks.check()
        written = len(self.log.levels)
        for cell, state in enumerate(self.levels.last):
            causes = state[6]
            assert state[5] == (sum(causes) if isinstance(causes, tuple) else 0), "causes do not add up"
            self.levels.write(cell)
        assert written == len(self.log.levels), f"not written down: {self.log.levels[written:]}"

    def _open_and_close(self) -> None:
        for number, (first, end) in enumerate(self.theatre.spans):
            if first <= 0 < end:
                self._open(number)
            elif 0 < first < self.theatre.days:
                self.clock.at(first, CHANGES, self._open, number)
            if 0 < end < self.theatre.days:
                self.clock.at(end, CHANGES, self._close, number)

    def _cells(self, mission: int) -> range:
        return range(mission, len(self.theatre.routine), len(self.theatre.missions))

    def _open(self, mission: int) -> None:
        self.stocks.active[mission] = True
        for cell in self._cells(mission):
            self.stocks.routine[cell] += self.theatre.routine[cell]
            self.stocks.require(cell)
            for contingent in self.loans.contingents_of[cell]:
                self.stocks.supply(contingent, self.strength[contingent])
            if self.stocks.present[cell] or self.stocks.required[cell] or self.stocks.prevented[cell]:
                self.desk.stir(cell)

    def _close(self, mission: int) -> None:
        self.stocks.active[mission] = False
        for cell in self._cells(mission):
            self.stocks.require(cell)
            self.loans.close(cell)
            for contingent in self.loans.contingents_of[cell]:
                stocks = self.stocks
                left = stocks.held[contingent] - stocks.withdrawn[contingent] - stocks.debt[contingent]
                self.loans.withdraw(contingent, left)
            self.desk.stir(cell)

    def _change(self, change: Change) -> None:
        """A contingent or a routine requirement changes; before its mission opens, what it opens with."""
        active = self.stocks.active[change.cell % len(self.theatre.missions)]
        if change.contingent is None:
            self.stocks.routine[change.cell] += change.units
            self.stocks.require(change.cell)
        else:
            self.strength[change.contingent] += change.units
            if active and change.units > 0:
                self.stocks.supply(change.contingent, change.units)
            elif active:
                self.loans.withdraw(change.contingent, -change.units)
        self.desk.stir(change.cell)
