"""The book of all loans: where each lot stands, and what a change of it means for others."""

from __future__ import annotations

from math import inf

from sim.operations.agenda import Agenda
from sim.operations.clock import Clock
from sim.operations.lifts import Lifts
from sim.operations.loan import Loan, Lot
from sim.operations.log import LoanRecord, Log
from sim.operations.offers import Offers
from sim.operations.stages import LIFT, ON_LOAN, OVER, PREPARING, Stage
from sim.operations.stocks import Cell
from sim.operations.theatre import Theatre


class LoanBook:
    """Every lot of a replication, by where it comes from, where it goes and where it is."""

    def __init__(self, theatre: Theatre, clock: Clock, agenda: Agenda, offers: Offers, log: Log) -> None:
        self.clock = clock
        self.agenda = agenda
        self.offers = offers
        self.log = log
        self.coming: list[list[Lot]] = [[] for _ in theatre.cells]
        """Lots promised to each cell that have not arrived, by request."""
        self.here: list[list[Lot]] = [[] for _ in theatre.cells]
        """Lots on loan in each cell, by arrival."""
        self.out: list[list[Lot]] = [[] for _ in theatre.contingents]
        """Lots of each contingent that are not over."""
        self.lifts = Lifts(theatre.scenario, clock)

    def enter(self, loan: Loan, units: int) -> Lot:
        """Units are promised: the first lot of a new loan."""
        lot, borrower = Lot(loan, units), loan.borrower
        loan.holding.promise(borrower, units)
        borrower.way[PREPARING] += units
        self.coming[borrower.number].append(lot)
        self.out[loan.link.contingent].append(lot)
        self.offers.count_under(loan.link, units)
        return lot

    def split(self, lot: Lot, units: int) -> Lot:
        """A lot of its own for `units` of a lot."""
        part = lot.split(units)
        self.out[lot.loan.link.contingent].append(part)
        where = self.coming if lot.stage < ON_LOAN else self.here
        where[lot.loan.borrower.number].append(part)
        return part

    def drop(self, lot: Lot, units: int, why: str) -> None:
        """A promise of `units` of a lot lapses before departure."""
        if units < lot.units:
            lot = self.split(lot, units)
        elif lot.stage == LIFT or lot.parts:
            self.lifts.forget(lot)
        loan = lot.loan
        borrower = loan.borrower
        self.coming[borrower.number].remove(lot)
        borrower.way[lot.stage] -= lot.units
        loan.holding.unpromise(borrower, lot.units)
        self.offers.count_under(loan.link, -lot.units)
        lot.ended, lot.why = self.clock.now, why
        self.close(lot)
        self.agenda.changed(borrower)
        self.agenda.changed(loan.lender)

    def advance(self, lot: Lot, stage: Stage) -> None:
        """A lot that is on its way to the borrower comes to another stage."""
        way = lot.loan.borrower.way
        way[lot.stage] -= lot.units
        way[stage] += lot.units
        lot.stage = stage

    def coming_home(self, lender: Cell) -> None:
        """Own units will come back: it matters where some are sought, or still promised."""
        if self.coming[lender.number] or lender in self.agenda.open_needs[lender.resource_number]:
            self.agenda.changed(lender)
        else:
            self.agenda.advanced(lender)

    def close(self, lot: Lot) -> None:
        """A lot is over: it goes into the log."""
        lot.stage = OVER
        lot.loan.lots.remove(lot)
        self.out[lot.loan.link.contingent].remove(lot)
        self._write(lot)

    def finish(self) -> None:
        """Write down, at the period's end, what still goes on; then put the log's lots in order."""
        for lots in self.out:
            for lot in lots:
                lot.loan.lots.clear()
                self._write(lot)
        self.log.loans.sort(key=_by_request)
        self.log.parts.sort(key=lambda part: (part.loan, part.load))

    def _write(self, lot: Lot) -> None:
        self.log.loans.append(lot.record(self.log.end))
        if lot.parts and lot.departed is not None:
            self.log.parts.extend(part.record() for part in lot.parts)


def _by_request(lot: LoanRecord) -> tuple[float, ...]:
    """By request and load; among lots of one load, what never happened comes last."""
    days = (lot.arrived_day, lot.ended_day, lot.left_day)
    return (lot.loan, lot.load, *(inf if day is None else day for day in days))
