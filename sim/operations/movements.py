"""The moves of lots: prepared → (lift) → departed → (reception) → arrived → … → departed → home → recovered."""

from __future__ import annotations

from sim.agreements.journeys import opens
from sim.operations.agenda import Agenda
from sim.operations.clock import ENDS, Clock, Life
from sim.operations.loan import Lot
from sim.operations.loan_book import LoanBook
from sim.operations.receptions import Reception
from sim.operations.stages import HOMEWARD, LEAVING, LIFT, ON_LOAN, OVER, PREPARING, TRANSIT
from sim.operations.stocks import Holding
from sim.operations.theatre import Theatre


class Movements:
    """Moves lots out once their gates have cleared, and home once they are to end; withdraws what leaves for good."""

    def __init__(self, theatre: Theatre, clock: Clock, agenda: Agenda, book: LoanBook) -> None:
        self.clock = clock
        self.agenda = agenda
        self.book = book
        self.lifts = theatre.scenario.lifts
        self.free_slots = {name: lift.slots for name, lift in self.lifts.items()}
        self.receptions = {cell: Reception(rates, theatre.end) for cell, rates in theatre.reception.items()}
        """By cell, where a mission takes in no more than so many a day."""

    # -- out: prepared, lifted, departed, arrived

    def out(self, lot: Lot) -> Life:
        """Every gate has cleared: the lot prepares, and departs at once or by a lift."""
        loan = lot.loan
        if loan.holding.contingent.prepare_days:
            lasts = loan.draws.lasts(loan.holding.contingent.prepare_days, "prepare")
            if lasts > 0:
                yield self.clock.now + lasts
                if lot.stage == OVER:
                    return
        lot.ready = self.clock.now
        if loan.journey.lift is None:
            yield from self._to_borrower(lot, _journey(lot, "handling out", self.clock.now))
            return
        self.book.advance(lot, LIFT)
        self.agenda.advanced(loan.borrower)
        for load in self._loads(lot):
            self._board(load, loan.journey.lift)

    def _to_borrower(self, lot: Lot, lasts: int) -> Life:
        """The lot leaves home, and after its journey is at the borrower's door, where it waits for reception."""
        loan = lot.loan
        lot.departed = self.clock.now
        loan.loads += 1
        lot.load = loan.loads
        self.book.advance(lot, TRANSIT)
        loan.holding.depart(lot.units)
        self.agenda.changed(loan.lender)
        self.agenda.advanced(loan.borrower)
        if lasts > 0:
            yield self.clock.now + lasts
        lot.landed = self.clock.now
        reception = self.receptions.get(loan.borrower.number)
        if reception is not None:
            (first, _), *later = reception.receive(lot.units, lot.landed)
            for instant, units in reversed(later):
                self.clock.at(instant, ENDS, self._arrive, self.book.split(lot, units))
            if first > lot.landed:
                yield first
        self._arrive(lot)

    def _arrive(self, lot: Lot) -> None:
        borrower, holding = lot.loan.borrower, lot.loan.holding
        lot.late = borrower.staying() >= borrower.required + borrower.prevented
        lot.arrived = self.clock.now
        borrower.way[TRANSIT] -= lot.units
        lot.stage = ON_LOAN
        holding.arrive(borrower, lot.units)
        self.book.coming[borrower.number].remove(lot)
        self.book.here[borrower.number].append(lot)
        self.agenda.changed(borrower)
        if not borrower.active:
            self.end(lot, lot.units, "closed")
        elif lot.expired:
            self.end(lot, lot.units, lot.expired)
        elif holding.debt:
            self.collect(holding)

    # -- by lift, either way

    def _loads(self, lot: Lot) -> list[Lot]:
        """A lot as loads that a lift can carry, in the order in which they go."""
        most, loads = lot.loan.journey.units_per_load, [lot]
        while most is not None and loads[-1].units > most:
            loads.append(self.book.split(loads[-1], loads[-1].units - most))
        return loads

    def _board(self, load: Lot, lift: str) -> None:
        if self.free_slots[lift]:
            self._lift(load, lift)
        else:
            self.book.waiting[lift].append(load)

    def _lift(self, load: Lot, lift: str) -> None:
        """A load takes a slot for its journey and the turnaround."""
        self.free_slots[lift] -= 1
        load.sorties += 1
        way = "out" if load.stage == LIFT else "home"
        began = self.clock.now
        lasts = _journey(load, f"handling {way}", began)
        self.clock.follow(self._to_borrower(load, lasts) if way == "out" else self._home(load, lasts))
        turnaround = load.loan.draws.lasts(self.lifts[lift].turnaround_days, f"turnaround {way} {load.load}")
        self.clock.at(began + lasts + turnaround, ENDS, self._free_slot, lift)

    def _free_slot(self, lift: str) -> None:
        self.free_slots[lift] += 1
        if self.book.waiting[lift]:
            self._lift(self.book.waiting[lift].popleft(), lift)

    # -- home: released or called back, left, home, recovered

    def end(self, lot: Lot, units: int, why: str, notice: int = 0) -> None:
        """`units` of a lot on loan are to go home, at once or after a notice."""
        if units < lot.units:
            lot = self.book.split(lot, units)
        loan = lot.loan
        lot.ended, lot.why, lot.stage = self.clock.now, why, LEAVING
        loan.holding.notify(loan.borrower, lot.units)
        loan.lender.way[PREPARING] += lot.units
        self.agenda.unsettled = True
        self.book.coming_home(loan.lender)
        if notice > 0:
            lot.on_notice = True
            self.clock.at(self.clock.now + notice, ENDS, self.end_notice, lot)
        else:
            self._leave(lot)

    def end_notice(self, lot: Lot) -> None:
        """The notice is over: in time, or because the authority or the mission ends before it."""
        if lot.on_notice:
            lot.on_notice = False
            self._leave(lot)

    def _leave(self, lot: Lot) -> None:
        """The lot sets out for home, if need be by a lift."""
        lender, lift = lot.loan.lender, lot.loan.journey.lift
        if lift is None:
            self.clock.follow(self._home(lot, _journey(lot, "handling home", self.clock.now)))
            return
        lender.way[PREPARING] -= lot.units
        lender.way[LIFT] += lot.units
        self.agenda.advanced(lender)
        for load in self._loads(lot):
            self._board(load, lift)

    def _home(self, lot: Lot, lasts: int) -> Life:
        """The lot leaves the borrower, after its journey is home, and recovers there."""
        loan, holding = lot.loan, lot.loan.holding
        lender, borrower = loan.lender, loan.borrower
        lender.way[PREPARING if loan.journey.lift is None else LIFT] -= lot.units
        lender.way[TRANSIT] += lot.units
        lot.left, lot.stage = self.clock.now, HOMEWARD
        holding.leave(borrower, lot.units)
        self.book.offers.count_under(loan.link, -lot.units)
        self.book.here[borrower.number].remove(lot)
        self.agenda.changed(borrower)
        self.agenda.advanced(lender)
        if lasts > 0:
            yield self.clock.now + lasts
        lot.home = self.clock.now
        holding.return_home(lot.units)
        if holding.contingent.recover_days:
            lasts = loan.draws.lasts(holding.contingent.recover_days, "recover")
            if lasts > 0:
                yield self.clock.now + lasts
        lot.recovered = self.clock.now
        lender.way[TRANSIT] -= lot.units
        holding.recover(lot.units)
        self.book.close(lot)
        self.agenda.changed(lender)
        if holding.debt:
            self.collect(holding)

    # -- for good

    def collect(self, holding: Holding) -> None:
        """Withdraw what is to be withdrawn, as far as it is home; the rest sets out for home."""
        lots = self.book.out[holding.contingent.number]
        free = holding.home - holding.promised
        for lot in sorted(lots, key=lambda each: -each.loan.number):
            if holding.debt > free and lot.still_home:
                units = min(lot.units, holding.debt - free)
                free += units
                self.book.drop(lot, units, "withdrawn")
        units = min(free, holding.debt)
        if units > 0:
            holding.withdraw(units)
            self.agenda.unsettled = True
            self.agenda.mark(holding.cell)
        for lot in sorted(lots, key=lambda each: (-(each.arrived or 0), -each.loan.number)):
            units = min(lot.units, holding.debt - holding.homing)
            if lot.stage == ON_LOAN and units > 0:  # one that is home at once has already sent for the others
                self.end(lot, units, "withdrawn")


def _journey(lot: Lot, handling: str, now: int) -> int:
    """How long its journey takes, handling included, and the wait for its route to open."""
    journey = lot.loan.journey
    lasts = journey.lasts + (opens(journey.closed, now) - now if journey.closed else 0)
    if journey.handling_days:
        return lasts + lot.loan.draws.lasts(journey.handling_days, handling)
    return lasts
