"""The moves of lots: prepared → (lift) → departed → (reception) → arrived → … → departed → home → recovered."""

from __future__ import annotations

from sim.operations.clock import ENDS
from sim.operations.loan import GOING, HOMEWARD, ON_LOAN, OVER, Lot
from sim.operations.lots import Lots
from sim.operations.stocks import LIFT, PREPARING, TRANSIT

DAY = 1.0


class Movements(Lots):
    """What moves lots out and home once the paper is done."""

    def _prepare(self, lot: Lot) -> None:
        prepare = self.theatre.contingents[lot.loan.link.contingent].prepare_days
        days = self.days(lot.loan, prepare, "prepare") if prepare else 0
        if days > 0:
            self.clock.at(self.clock.now + days, ENDS, self._prepared, lot)
        else:
            self._ready(lot)

    def _prepared(self, lot: Lot) -> None:
        if lot.stage != OVER:
            self._ready(lot)

    def _ready(self, lot: Lot) -> None:
        lot.ready = self.clock.now
        if lot.loan.link.journey.lift is None:
            self._depart(lot)
            return
        self._stage(lot, LIFT)
        self._note(lot.loan.borrower)
        for load in self._loads(lot):
            self._board(load)

    def _loads(self, lot: Lot) -> list[Lot]:
        """A lot as loads that a lift can carry, in the order in which they go."""
        most, loads = lot.loan.link.journey.units_per_load, [lot]
        while most is not None and loads[-1].units > most:
            rest = loads[-1].split(loads[-1].units - most)
            self.out[lot.loan.link.contingent].append(rest)
            if lot.stage == LIFT:
                self.coming[lot.loan.borrower].append(rest)
            elif lot.stage == GOING:
                self.here[lot.loan.borrower].append(rest)
            loads.append(rest)
        return loads

    def _board(self, lot: Lot) -> None:
        name = lot.loan.link.journey.lift
        assert name is not None
        if self.free_slots[name]:
            self._sail(name, lot)
        else:
            self.queues[name].append(lot)

    def _sail(self, name: str, lot: Lot) -> None:
        """A load takes a slot for its journey and the turnaround."""
        self.free_slots[name] -= 1
        lot.sorties += 1
        out = lot.stage == LIFT
        days = self._depart(lot) if out else self._go_home(lot)
        what = f"turnaround {'out' if out else 'home'} {lot.load}"
        until = self.clock.now + days + self.days(lot.loan, self.theatre.scenario.lifts[name].turnaround_days, what)
        self.clock.at(until, ENDS, self._slot_is_free, name)

    def _slot_is_free(self, name: str) -> None:
        self.free_slots[name] += 1
        if self.queues[name]:
            self._sail(name, self.queues[name].popleft())

    def _depart(self, lot: Lot) -> float:
        """The lot leaves home; days until it reaches the borrower."""
        link, loan = lot.loan.link, lot.loan
        lot.departed = self.clock.now
        loan.loads += 1
        lot.load = loan.loads
        self._stage(lot, TRANSIT)
        self.stocks.depart(link.contingent, link.lender, lot.units)
        self.desk.changed(link.lender)
        self._note(loan.borrower)
        days, handling = link.journey.days, link.journey.handling_days
        if handling:
            days += self.days(loan, handling, "handling out")
        if days > 0:
            self.clock.at(self.clock.now + days, ENDS, self._land, lot)
        else:
            self._land(lot)
        return days

    def _land(self, lot: Lot) -> None:
        """At the borrower's door: reception takes in at most so many in any 24 hours."""
        lot.landed = now = self.clock.now
        cell = lot.loan.borrower
        taken = self.taken_in.get(cell)
        if taken is None:
            self._arrive(lot)
            return
        days = []
        for _ in range(lot.units):
            day = max(now, taken[0] + DAY, taken[-1]) if len(taken) == taken.maxlen else max([now, *list(taken)[-1:]])
            taken.append(day)
            days.append(day)
        parts = sorted(set(days))
        for day in reversed(parts[1:]):
            later = lot.split(days.count(day))
            self.out[lot.loan.link.contingent].append(later)
            self.coming[cell].append(later)
            self.clock.at(day, ENDS, self._arrive, later)
        if parts[0] > now:
            self.clock.at(parts[0], ENDS, self._arrive, lot)
        else:
            self._arrive(lot)

    def _arrive(self, lot: Lot) -> None:
        stocks, cell = self.stocks, lot.loan.borrower
        sought = stocks.required[cell] + stocks.prevented[cell]
        lot.late = stocks.present[cell] - stocks.leaving[cell] >= sought
        lot.arrived = self.clock.now
        stocks.way[cell][TRANSIT] -= lot.units
        lot.stage = ON_LOAN
        stocks.arrive(lot.loan.link.contingent, cell, lot.units)
        self.coming[cell].remove(lot)
        self.here[cell].append(lot)
        self.desk.changed(cell)
        if not stocks.active[cell % len(stocks.active)]:
            self.end(lot, lot.units, "closed")
        elif lot.expired:
            self.end(lot, lot.units, lot.expired)
        elif stocks.debt[lot.loan.link.contingent]:
            self.world.loans.collect(lot.loan.link.contingent)

    def end(self, lot: Lot, units: int, why: str, notice_days: float = 0.0) -> None:
        """`units` of a lot on loan are to go home, at once or after a notice."""
        if units < lot.units:
            lot = lot.split(units)
            self.out[lot.loan.link.contingent].append(lot)
            self.here[lot.loan.borrower].append(lot)
        link = lot.loan.link
        lot.ended, lot.why, lot.stage = self.clock.now, why, GOING
        self.stocks.notify(link.contingent, link.lender, lot.loan.borrower, lot.units)
        self.stocks.way[link.lender][PREPARING] += lot.units
        self.desk.moved = True
        self._expect(link.lender)
        if notice_days > 0:
            lot.on_notice = True
            self.clock.at(self.clock.now + notice_days, ENDS, self.hurry, lot)
        else:
            self.leave(lot)

    def hurry(self, lot: Lot) -> None:
        """The notice is over: in time, or because the authority or the mission ends before it."""
        if lot.on_notice:
            lot.on_notice = False
            self.leave(lot)

    def leave(self, lot: Lot) -> None:
        """The lot sets out for home, if need be by a lift."""
        link = lot.loan.link
        if link.journey.lift is None:
            self._go_home(lot)
            return
        self.stocks.way[link.lender][PREPARING] -= lot.units
        self.stocks.way[link.lender][LIFT] += lot.units
        self._note(link.lender)
        for load in self._loads(lot):
            self._board(load)

    def _go_home(self, lot: Lot) -> float:
        """The lot leaves the borrower; days until it is home."""
        link, cell = lot.loan.link, lot.loan.borrower
        waited = PREPARING if link.journey.lift is None else LIFT
        self.stocks.way[link.lender][waited] -= lot.units
        self.stocks.way[link.lender][TRANSIT] += lot.units
        lot.left, lot.stage = self.clock.now, HOMEWARD
        self.stocks.leave(link.contingent, cell, lot.units)
        self._count_under(lot, -lot.units)
        self.here[cell].remove(lot)
        self.desk.changed(cell)
        self._note(link.lender)
        days, handling = link.journey.days, link.journey.handling_days
        if handling:
            days += self.days(lot.loan, handling, "handling home")
        if days > 0:
            self.clock.at(self.clock.now + days, ENDS, self._come_home, lot)
        else:
            self._come_home(lot)
        return days

    def _come_home(self, lot: Lot) -> None:
        lot.home = self.clock.now
        self.stocks.return_home(lot.loan.link.contingent, lot.units)
        recover = self.theatre.contingents[lot.loan.link.contingent].recover_days
        days = self.days(lot.loan, recover, "recover") if recover else 0
        if days > 0:
            self.clock.at(self.clock.now + days, ENDS, self._recover, lot)
        else:
            self._recover(lot)

    def _recover(self, lot: Lot) -> None:
        link = lot.loan.link
        lot.recovered = self.clock.now
        self.stocks.way[link.lender][TRANSIT] -= lot.units
        self.stocks.recover(link.contingent, link.lender, lot.units)
        self._over(lot)
        self.desk.changed(link.lender)
        if self.stocks.debt[link.contingent]:
            self.world.loans.collect(link.contingent)
