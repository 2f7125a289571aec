"""The moves of lots: prepared → (lift) → departed → (reception) → arrived → … → departed → home → recovered."""

from __future__ import annotations

from collections import deque

from sim.operations.agenda import Agenda
from sim.operations.clock import ENDS, Clock
from sim.operations.loan import Lot
from sim.operations.loan_book import LoanBook
from sim.operations.stages import HOMEWARD, LEAVING, LIFT, ON_LOAN, OVER, PREPARING, TRANSIT
from sim.operations.stocks import Holding
from sim.operations.theatre import Theatre

DAY = 1.0


class Movements:
    """Moves lots out once their gates have cleared, and home once they are to end; withdraws what leaves for good."""

    def __init__(self, theatre: Theatre, clock: Clock, agenda: Agenda, book: LoanBook) -> None:
        self.clock = clock
        self.agenda = agenda
        self.book = book
        self.lifts = theatre.scenario.lifts
        self.free_slots = {name: lift.slots for name, lift in self.lifts.items()}
        self.taken_in: dict[int, deque[float]] = {
            cell: deque(maxlen=units) for cell, units in theatre.reception.items()
        }
        """Days of the last units that each cell's reception took in."""

    # -- out: prepared, lifted, departed, arrived

    def prepare(self, lot: Lot) -> None:
        """Every gate has cleared: the lot prepares."""
        amount = lot.loan.holding.contingent.prepare_days
        days = lot.loan.draws.days(amount, "prepare") if amount else 0
        if days > 0:
            self.clock.at(self.clock.now + days, ENDS, self._prepared, lot)
        else:
            self._ready(lot)

    def _prepared(self, lot: Lot) -> None:
        if lot.stage != OVER:
            self._ready(lot)

    def _ready(self, lot: Lot) -> None:
        lot.ready = self.clock.now
        if lot.loan.journey.lift is None:
            self._depart(lot)
            return
        self.book.advance(lot, LIFT)
        self.agenda.advanced(lot.loan.borrower)
        for load in self._loads(lot):
            self._board(load, lot.loan.journey.lift)

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
        out = load.stage == LIFT
        days = self._depart(load) if out else self._go_home(load)
        what = f"turnaround {'out' if out else 'home'} {load.load}"
        until = self.clock.now + days + load.loan.draws.days(self.lifts[lift].turnaround_days, what)
        self.clock.at(until, ENDS, self._free_slot, lift)

    def _free_slot(self, lift: str) -> None:
        self.free_slots[lift] += 1
        if self.book.waiting[lift]:
            self._lift(self.book.waiting[lift].popleft(), lift)

    def _depart(self, lot: Lot) -> float:
        """The lot leaves home; days until it reaches the borrower."""
        loan = lot.loan
        lot.departed = self.clock.now
        loan.loads += 1
        lot.load = loan.loads
        self.book.advance(lot, TRANSIT)
        loan.holding.depart(lot.units)
        self.agenda.changed(loan.lender)
        self.agenda.advanced(loan.borrower)
        days = _journey_days(lot, "handling out")
        if days > 0:
            self.clock.at(self.clock.now + days, ENDS, self._land, lot)
        else:
            self._land(lot)
        return days

    def _land(self, lot: Lot) -> None:
        """At the borrower's door: reception takes in at most so many in any 24 hours."""
        lot.landed = now = self.clock.now
        taken = self.taken_in.get(lot.loan.borrower.number)
        if taken is None:
            self._arrive(lot)
            return
        days = []
        for _ in range(lot.units):
            day = max(now, taken[0] + DAY, taken[-1]) if len(taken) == taken.maxlen else max([now, *list(taken)[-1:]])
            taken.append(day)
            days.append(day)
        first, *later = sorted(set(days))
        for day in reversed(later):
            self.clock.at(day, ENDS, self._arrive, self.book.split(lot, days.count(day)))
        if first > now:
            self.clock.at(first, ENDS, self._arrive, lot)
        else:
            self._arrive(lot)

    def _arrive(self, lot: Lot) -> None:
        borrower, holding = lot.loan.borrower, lot.loan.holding
        lot.late = borrower.present - borrower.leaving >= borrower.required + borrower.prevented
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

    # -- home: released or called back, left, home, recovered

    def end(self, lot: Lot, units: int, why: str, notice_days: float = 0.0) -> None:
        """`units` of a lot on loan are to go home, at once or after a notice."""
        if units < lot.units:
            lot = self.book.split(lot, units)
        loan = lot.loan
        lot.ended, lot.why, lot.stage = self.clock.now, why, LEAVING
        loan.holding.notify(loan.borrower, lot.units)
        loan.lender.way[PREPARING] += lot.units
        self.agenda.unsettled = True
        self.book.coming_home(loan.lender)
        if notice_days > 0:
            lot.on_notice = True
            self.clock.at(self.clock.now + notice_days, ENDS, self.end_notice, lot)
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
            self._go_home(lot)
            return
        lender.way[PREPARING] -= lot.units
        lender.way[LIFT] += lot.units
        self.agenda.advanced(lender)
        for load in self._loads(lot):
            self._board(load, lift)

    def _go_home(self, lot: Lot) -> float:
        """The lot leaves the borrower; days until it is home."""
        loan = lot.loan
        lender, borrower = loan.lender, loan.borrower
        lender.way[PREPARING if loan.journey.lift is None else LIFT] -= lot.units
        lender.way[TRANSIT] += lot.units
        lot.left, lot.stage = self.clock.now, HOMEWARD
        loan.holding.leave(borrower, lot.units)
        self.book.offers.count_under(loan.link, -lot.units)
        self.book.here[borrower.number].remove(lot)
        self.agenda.changed(borrower)
        self.agenda.advanced(lender)
        days = _journey_days(lot, "handling home")
        if days > 0:
            self.clock.at(self.clock.now + days, ENDS, self._come_home, lot)
        else:
            self._come_home(lot)
        return days

    def _come_home(self, lot: Lot) -> None:
        holding = lot.loan.holding
        lot.home = self.clock.now
        holding.return_home(lot.units)
        amount = holding.contingent.recover_days
        days = lot.loan.draws.days(amount, "recover") if amount else 0
        if days > 0:
            self.clock.at(self.clock.now + days, ENDS, self._recover, lot)
        else:
            self._recover(lot)

    def _recover(self, lot: Lot) -> None:
        holding = lot.loan.holding
        lot.recovered = self.clock.now
        holding.cell.way[TRANSIT] -= lot.units
        holding.recover(lot.units)
        self.book.close(lot)
        self.agenda.changed(holding.cell)
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
        for lot in sorted(lots, key=lambda each: (-(each.arrived or 0.0), -each.loan.number)):
            units = min(lot.units, holding.debt - holding.homing)
            if lot.stage == ON_LOAN and units > 0:  # one that is home at once has already sent for the others
                self.end(lot, units, "withdrawn")


def _journey_days(lot: Lot, handling: str) -> float:
    journey = lot.loan.journey
    if journey.handling_days:
        return journey.days + lot.loan.draws.days(journey.handling_days, handling)
    return journey.days
