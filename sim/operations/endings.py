"""Why loans end: no longer needed, called back, window closed, contingent withdrawn, mission closed."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from sim.operations.clock import ENDS
from sim.operations.loan import GOING, HOMEWARD, ON_LOAN, Loan, Lot
from sim.operations.log import LoanRecord, Renewal
from sim.operations.paperwork import Paperwork
from sim.operations.stocks import TRANSIT

if TYPE_CHECKING:
    from sim.operations.replication import World


def _undeparted(lot: Lot) -> bool:
    return TRANSIT < lot.stage < ON_LOAN


class Loans(Paperwork):
    """Every loan of a replication: its moves, and what puts an end to it."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        recall = self.theatre.policy.recall
        self.notice_days = recall.notice_days if recall else 0.0
        self.contingents_of: list[list[int]] = [[] for _ in self.theatre.routine]
        for contingent in self.theatre.contingents:
            self.contingents_of[contingent.cell].append(contingent.number)

    def let_go(self, cell: int, surplus: int) -> None:
        """What a cell has too much of: promises are cancelled, latest first; then the loans longest there go home."""
        if self.coming[cell]:
            by_promise = sorted(self.coming[cell], key=lambda each: each.loan.number)
            for lot in reversed(by_promise):  # so that of one promise the load that would go last is the first
                if surplus > 0 and _undeparted(lot):
                    units = min(lot.units, surplus)
                    surplus -= units
                    self.drop(lot, units, "cancelled")
        stocks = self.stocks
        excess = stocks.present[cell] - stocks.leaving[cell] - stocks.required[cell] - stocks.prevented[cell]
        if excess > 0:
            for lot in list(self.here[cell]):
                if lot.stage == ON_LOAN:
                    units = min(lot.units, excess)
                    excess -= units
                    self.end(lot, units, "released")
                    if not excess:
                        return

    def call_back(self, cell: int) -> None:
        """A lender that is short, or that has less than the policy keeps, calls its own units back.

        Promised units first, then from the least severe need, the latest arrival first. Restoring what is kept makes
        a pool with a reserve a function of who needs what now, not of the order in which needs arose.
        """
        lots = [lot for contingent in self.contingents_of[cell] for lot in self.out[contingent]]
        severity = self.desk.severity

        def order(lot: Lot) -> tuple[bool, int, float, int]:
            latest = lot.arrived if lot.arrived is not None else lot.loan.requested
            return (lot.stage == ON_LOAN, severity(lot.loan.borrower), -latest, -lot.loan.number)

        for lot in sorted((lot for lot in lots if _undeparted(lot) or lot.stage == ON_LOAN), key=order):
            units = min(lot.units, self._wanted_back(cell, lot.loan.link.contingent))
            if units > 0 and lot.stage == ON_LOAN:
                self.end(lot, units, "recalled", self.notice_days)
            elif units > 0 and _undeparted(lot):
                self.drop(lot, units, "recalled")

    def _wanted_back(self, cell: int, contingent: int) -> int:
        stocks = self.stocks
        sought = stocks.required[cell] + stocks.prevented[cell] + stocks.kept[contingent]
        return sought - stocks.present[cell] + stocks.promised[cell] - stocks.inbound[cell]

    def window_ends(self, loan: Loan) -> None:
        """The authority ends unless it is renewed: what is there goes home, what has not left stays."""
        lots = [lot for lot in loan.lots if lot.stage < HOMEWARD]
        if not lots:
            return
        staying = [lot for lot in lots if lot.stage != GOING]
        if staying and self._renewed(loan, sum(lot.units for lot in staying if lot.stage == ON_LOAN)):
            return
        for lot in lots:
            if lot.stage == GOING:
                self.hurry(lot)
        for lot in staying:
            if lot.stage == ON_LOAN:
                self.end(lot, lot.units, "lapsed")
            elif lot.stage == TRANSIT:
                lot.expired = "lapsed"
            else:
                self.drop(lot, lot.units, "lapsed")

    def _renewed(self, loan: Loan, there: int) -> bool:
        """Whether the window grows: the borrower would be short without the units, and nobody refuses."""
        stocks, cell, renewals = self.stocks, loan.borrower, loan.link.paper.renewals
        without = stocks.present[cell] - stocks.leaving[cell] - there
        if renewals is None or loan.renewals >= renewals.most:
            return False
        if stocks.required[cell] + stocks.prevented[cell] <= without:
            return False
        what = f"renewal {loan.renewals + 1}"
        if renewals.refuses and self.chance(loan, what + " refuses") < renewals.refuses:
            self.desk.refuse(loan.link, cell, loan.requested)
            self.world.log.renewals.append(Renewal(self.clock.now, loan.number, None))
            return False
        several = renewals.days if isinstance(renewals.days, tuple) else (renewals.days,)
        assert loan.window is not None
        loan.window += self.days(loan, several[min(loan.renewals, len(several) - 1)], what)
        loan.renewals += 1
        self.world.log.renewals.append(Renewal(self.clock.now, loan.number, loan.window))
        self.clock.at(loan.window, ENDS, self.window_ends, loan)
        return True

    def withdraw(self, contingent: int, units: int) -> None:
        """Units of a contingent leave for good; those that are away go home first."""
        self.stocks.owe(contingent, units)
        self.collect(contingent)

    def collect(self, contingent: int) -> None:
        """Withdraw what is to be withdrawn, as far as it is home; the rest sets out for home."""
        stocks, cell = self.stocks, self.theatre.contingents[contingent].cell
        free = stocks.home[contingent] - stocks.promised_of[contingent]
        for lot in sorted(self.out[contingent], key=lambda each: -each.loan.number):
            if stocks.debt[contingent] > free and _undeparted(lot):
                units = min(lot.units, stocks.debt[contingent] - free)
                free += units
                self.drop(lot, units, "withdrawn")
        units = min(free, stocks.debt[contingent])
        if units > 0:
            stocks.withdraw(contingent, units)
            self.desk.moved = True
            self.desk.stir(cell)
        for lot in sorted(self.out[contingent], key=lambda each: (-(each.arrived or 0.0), -each.loan.number)):
            units = min(lot.units, stocks.debt[contingent] - stocks.homing[contingent])
            if lot.stage == ON_LOAN and units > 0:  # one that is home at once has already sent for the others
                self.end(lot, units, "withdrawn")

    def close(self, cell: int) -> None:
        """The mission closes: promises to it are cancelled and what it borrowed goes home."""
        for lot in list(self.coming[cell]):
            if _undeparted(lot):
                self.drop(lot, lot.units, "closed")
        for lot in list(self.here[cell]):
            if lot.stage == ON_LOAN:
                self.end(lot, lot.units, "closed")
            elif lot.stage == GOING:
                self.hurry(lot)

    def finish(self) -> None:
        """Write down, at the period's end, what still goes on; then put the log of loans in order."""
        log, theatre = self.world.log, self.theatre
        log.loans.extend(lot.record(theatre) for lots in self.out for lot in lots)
        log.loans.sort(key=_by_request)


def _by_request(lot: LoanRecord) -> tuple[float, ...]:
    """By request and load; among lots of one load, what never happened comes last."""
    arrived, ended, left = lot.arrived_day, lot.ended_day, lot.left_day
    return (
        lot.loan,
        lot.load,
        inf if arrived is None else arrived,
        inf if ended is None else ended,
        inf if left is None else left,
    )
