"""The moves of lots: prepared → (lift) → departed → (reception) → arrived → … → departed → home → recovered."""

from __future__ import annotations

from functools import partial

from sim.agreements.journeys import Journey, opens
from sim.operations.agenda import Agenda
from sim.operations.clock import ENDS, Clock, Life
from sim.operations.loan import Loan, Lot, Part
from sim.operations.loan_book import LoanBook
from sim.operations.log import EQUIPMENT, PEOPLE
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
        self.lifts = book.lifts
        self.receptions = {cell: Reception(rates, theatre.end) for cell, rates in theatre.reception.items()}
        """By cell, where a mission takes in no more than so many a day."""

    # -- out: prepared, lifted, departed, arrived

    def out(self, lot: Lot) -> Life:
        """Every gate has cleared: the lot prepares, and departs at once or by a lift."""
        loan = lot.loan
        if loan.journey.equipment is not None:
            for each in self._loads(lot):
                self._out_in_parts(each, loan.journey.equipment)
            return
        if loan.holding.contingent.prepare_days:
            lasts = loan.draws.lasts(loan.holding.contingent.prepare_days, "prepare")
            if lasts > 0:
                yield self.clock.now + lasts
                if lot.stage == OVER:
                    return
        lot.ready = self.clock.now
        if loan.journey.lift is None:
            yield from self._to_borrower(lot, self._journey(lot, "out"))
            return
        self.book.advance(lot, LIFT)
        self.agenda.advanced(loan.borrower)
        for load in self._loads(lot):
            self._board(load, loan.journey.lift)

    def _to_borrower(self, lot: Lot, lasts: int) -> Life:
        """The lot leaves home, and after its journey is at the borrower's door."""
        self._depart(lot)
        if lasts > 0:
            yield self.clock.now + lasts
        yield from self._received(lot)

    def _depart(self, lot: Lot) -> None:
        """The lot, or what of it goes first, leaves home."""
        loan = lot.loan
        lot.departed = self.clock.now
        loan.loads += 1
        lot.load = loan.loads
        self.book.advance(lot, TRANSIT)
        loan.holding.depart(lot.units)
        self.agenda.changed(loan.lender)
        self.agenda.advanced(loan.borrower)

    def _received(self, lot: Lot) -> Life:
        """The lot is at the borrower's door, where it waits for reception."""
        lot.landed = self.clock.now
        reception = self.receptions.get(lot.loan.borrower.number)
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
        most, loads = lot.loan.journey.units_together, [lot]
        while most is not None and loads[-1].units > most:
            loads.append(self.book.split(loads[-1], loads[-1].units - most))
        return loads

    def _board(self, load: Lot, lift: str) -> None:
        self.lifts.board(load, (lift,), partial(self._lift, load, lift))

    def _lift(self, load: Lot, lift: str) -> None:
        """A load has taken a slot for its journey and the turnaround."""
        load.sorties += 1
        way = "out" if load.stage == LIFT else "home"
        began = self.clock.now
        lasts = self._journey(load, way)
        self.clock.follow(self._to_borrower(load, lasts) if way == "out" else self._home(load, lasts))
        turnaround = load.loan.draws.lasts(self.lifts.turnaround_days[lift], f"turnaround {way} {load.load}")
        self.lifts.free_at(began + lasts + turnaround, lift)

    def _journey(self, lot: Lot, way: str, part: Part | None = None) -> int:
        """How long its journey, or that of a part of it, takes from now: handling, and the wait for its route to open,
        included."""
        lasts, now = _lasts(lot, way, part), self.clock.now
        return lasts + opens(lot.loan.journey.closed, now) - now if lot.loan.journey.closed else lasts

    # -- people and equipment, each by its own way

    def _out_in_parts(self, lot: Lot, equipment: Journey) -> None:
        """People and equipment prepare, each in its own time, and set out as soon as they can."""
        loan, now = lot.loan, self.clock.now
        contingent = loan.holding.contingent
        ways = ((PEOPLE, loan.journey, contingent.prepare_days), (EQUIPMENT, equipment, contingent.equipment_days))
        for name, journey, days in ways:
            part = Part(lot, name, journey)
            part.prepared = now + loan.draws.lasts(days, part.draw("prepare"))
            part.due = opens(loan.journey.closed, part.prepared) + _lasts(lot, "out", part)
            lot.parts = (*lot.parts, part)
        for part in lot.parts:
            self.clock.follow(self._prepare(part))

    def _prepare(self, part: Part) -> Life:
        lot, lift = part.lot, part.journey.lift
        if part.prepared > self.clock.now:
            yield part.prepared
            if lot.stage == OVER:
                return
        part.ready = self.clock.now
        if lot.ready is None:
            lot.ready = part.ready
        if lift is None:
            yield from self._carry(part, lot.units)
        else:
            self.lifts.board(lot, (lift,), partial(self._load, part, lift))
            self._follow_later_part(lot)

    def _load(self, part: Part, lift: str) -> None:
        """A load of a part has taken a slot; what is left of the part goes next."""
        lot, began = part.lot, self.clock.now
        way = "home" if lot.stage == HOMEWARD else "out"
        lasts = self._journey(lot, way, part)
        left = lot.units - part.boarded
        part.sorties += 1
        lot.sorties += lift == lot.loan.journey.lifts[0]
        self.clock.follow(self._carry(part, min(part.journey.units_per_load or left, left)))
        what = part.draw(f"turnaround {way} {lot.load} {part.boarded}")
        self.lifts.free_at(began + lasts + lot.loan.draws.lasts(self.lifts.turnaround_days[lift], what), lift)
        if part.waits:
            self.lifts.board(lot, (lift,), partial(self._load, part, lift), first=True)

    def _carry(self, part: Part, units: int) -> Life:
        """So many units of a part set out. Once all of both parts is in, the lot is at the borrower's door, or home."""
        lot, now, homeward = part.lot, self.clock.now, part.lot.stage == HOMEWARD
        lasts = self._journey(lot, "home" if homeward else "out", part)
        part.boarded += units
        part.under_way += 1
        if not homeward:
            part.departed = now if part.departed is None else part.departed
            part.due = now + lasts
            if lot.departed is None:
                self._depart(lot)
            self._follow_later_part(lot)
        if lasts > 0:
            yield now + lasts
        part.under_way -= 1
        if part.is_in and homeward:
            part.home = self.clock.now
            if all(each.is_in for each in lot.parts):
                yield from self._recover(lot)
        elif part.is_in:
            part.landed = self.clock.now
            if all(each.is_in for each in lot.parts):
                yield from self._received(lot)

    def _follow_later_part(self, lot: Lot) -> None:
        """Until a lot leaves it prepares, then it is in transit; or it waits for the lift of its later part.

        The later is the part that would be in last if whoever waits for a lift had one now.
        """
        if lot.stage >= ON_LOAN:
            return
        (due, waits), earlier = sorted(
            (self._journey(lot, "out", part) + self.clock.now if part.waits else part.due, part.waits)
            for part in lot.parts
        )[::-1]
        stage = LIFT if waits else PREPARING if lot.departed is None else TRANSIT
        if stage != lot.stage:
            self.book.advance(lot, stage)
            self.agenda.advanced(lot.loan.borrower)
        if earlier[1] and not waits:  # the longer it waits, the later it is
            part = next(part for part in lot.parts if part.waits)
            instant = _kept_until(lot.loan, due - _lasts(lot, "out", part))
            self.clock.at(instant, ENDS, self._follow_later_part, lot)

    def _home_in_parts(self, lot: Lot) -> None:
        """People and equipment set out for home: each of their lifts has given them a slot."""
        self._leave_borrower(lot)
        slots = list(lot.loan.journey.lifts)
        for part in lot.parts:
            part.boarded = 0
        for part in lot.parts:
            lift = part.journey.lift
            if lift is None:
                self.clock.follow(self._carry(part, lot.units))
            elif lift in slots:
                slots.remove(lift)
                self._load(part, lift)
            else:
                self.lifts.board(lot, (lift,), partial(self._load, part, lift), first=True)

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
        lender, lifts = lot.loan.lender, lot.loan.journey.lifts
        if not lifts and lot.parts:
            self._home_in_parts(lot)
            return
        if not lifts:
            self.clock.follow(self._home(lot, self._journey(lot, "home")))
            return
        lender.way[PREPARING] -= lot.units
        lender.way[LIFT] += lot.units
        self.agenda.advanced(lender)
        for load in self._loads(lot):
            if lot.parts:
                self.lifts.board(load, lifts, partial(self._home_in_parts, load))
            else:
                self._board(load, lifts[0])

    def _home(self, lot: Lot, lasts: int) -> Life:
        """The lot leaves the borrower, after its journey is home, and recovers there."""
        self._leave_borrower(lot)
        if lasts > 0:
            yield self.clock.now + lasts
        yield from self._recover(lot)

    def _leave_borrower(self, lot: Lot) -> None:
        loan, holding = lot.loan, lot.loan.holding
        lender, borrower = loan.lender, loan.borrower
        lender.way[LIFT if loan.journey.lifts else PREPARING] -= lot.units
        lender.way[TRANSIT] += lot.units
        lot.left, lot.stage = self.clock.now, HOMEWARD
        holding.leave(borrower, lot.units)
        self.book.offers.count_under(loan.link, -lot.units)
        self.book.here[borrower.number].remove(lot)
        self.agenda.changed(borrower)
        self.agenda.advanced(lender)

    def _recover(self, lot: Lot) -> Life:
        """The lot is home, and recovers there."""
        loan, holding, lender = lot.loan, lot.loan.holding, lot.loan.lender
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


def _lasts(lot: Lot, way: str, part: Part | None = None) -> int:
    """How long the journey of a lot, or of a part of it, takes once its route is open, handling included."""
    journey = lot.loan.journey if part is None else part.journey
    if journey.handling_days:
        what = f"handling {way}"
        return journey.lasts + lot.loan.draws.lasts(journey.handling_days, part.draw(what) if part else what)
    return journey.lasts


def _kept_until(loan: Loan, instant: int) -> int:
    """The first instant at which who is ready to set out does no earlier than the given one."""
    return next((since for since, until in loan.journey.closed if since < instant <= until), instant)
