"""The moves of loans: from the request, through gates, preparation, lift and reception, to home and recovery."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.operations.clock import ENDS, Happening
from sim.operations.loan import GOING, HOMEWARD, ON_LOAN, OVER, Loan, Lot
from sim.operations.paper import GateStep, consented
from sim.operations.stocks import CONTRIBUTOR, COUNCIL, HOST, LIFT, PREPARING, TRANSIT
from sim.operations.theatre import Link
from sim.scenario.distribution import Block, Days

if TYPE_CHECKING:
    from sim.operations.replication import World

Terms = list[tuple[GateStep, float | list[float], list[float] | None]]
STAGE_OF_GATE = {"council": COUNCIL, "contributor": CONTRIBUTOR, "host": HOST}
DAY = 1.0


class Transfers:
    """Every loan of a replication, and what moves it on."""

    def __init__(self, world: World) -> None:
        theatre = world.theatre
        self.world = world
        self.theatre = theatre
        self.stocks = world.stocks
        self.clock = world.clock
        self.desk = world.desk
        self.levels = world.levels
        self.luck = theatre.luck(world.trace.seed, world.trace.block)
        self.coming: list[list[Lot]] = [[] for _ in theatre.routine]
        """Lots promised to each cell that have not arrived, by request."""
        self.here: list[list[Lot]] = [[] for _ in theatre.routine]
        """Lots on loan in each cell, by arrival."""
        self.out: list[list[Lot]] = [[] for _ in theatre.contingents]
        """Lots of each contingent that are not over."""
        self.under: dict[tuple[str, str], int] = {}
        """Units on loan under each agreement, by resource: from the promise until they leave for home."""
        self.free_slots = {name: lift.slots for name, lift in theatre.scenario.lifts.items()}
        self.queues: dict[str, deque[Lot]] = {name: deque() for name in self.free_slots}
        self.taken_in: dict[int, deque[float]] = {
            cell: deque(maxlen=units) for cell, units in theatre.reception.items()
        }
        """Days of the last units that each cell's reception took in."""
        self.routine_asked: dict[int, int] = {}
        self.count = 0

    # -- request and gates ---------------------------------------------------------------------------------------

    def room(self, link: Link) -> int:
        """Units that the agreement's ceiling still lets go on loan."""
        paper = link.paper
        if paper.at_most is None or paper.agreement is None:
            return 1_000_000_000
        resource = self.theatre.contingents[link.contingent].resource
        return paper.at_most - self.under.get((paper.agreement, resource), 0)

    def request(self, cell: int, link: Link, units: int) -> None:
        """Units of a contingent are promised to a cell; the paper begins."""
        behind = self.world.crises.behind[cell]
        unrest = max(behind, key=lambda each: (each.draw.severity, each.draw.onset_day)) if behind else None
        loan = Loan(self.count, cell, link, unrest, self.clock.now)
        self.count += 1
        asked = unrest.asked if unrest else self.routine_asked
        loan.attempt = asked[link.number] = asked.get(link.number, -1) + 1
        lot = Lot(loan, units)
        self.stocks.promise(link.contingent, link.lender, cell, units)
        self.stocks.way[cell][PREPARING] += units
        self.coming[cell].append(lot)
        self.out[link.contingent].append(lot)
        self._count_under(lot, units)
        self.desk.touched.add(cell)
        now = self.clock.now
        refused = self._set_gates(loan, lot) if link.paper.gates else None
        if refused is not None:
            self.clock.at(refused, ENDS, self._refused, lot) if refused > now else self._refuse(lot)
            return
        self._set_window(loan)
        cleared = max(loan.gates.values()) if loan.gates else now
        self.clock.at(cleared, ENDS, self._cleared, lot) if cleared > now else self._prepare(lot)

    def _count_under(self, lot: Lot, units: int) -> None:
        paper = lot.loan.link.paper
        if paper.at_most is not None and paper.agreement is not None:
            key = (paper.agreement, self.theatre.contingents[lot.loan.link.contingent].resource)
            self.under[key] = self.under.get(key, 0) + units

    def _set_gates(self, loan: Loan, lot: Lot) -> float | None:
        """Decide when each gate clears; the day of the first refusal, if any."""
        paper, now = loan.link.paper, self.clock.now
        begins, last, refusal = now, now, None
        stage, steps = PREPARING, []
        beforehand = paper.consent_given and consented(paper, now)
        place = self._place(loan)[0]
        for step, days, chances in self._terms(loan):
            gate, day, refuses = step.gate, begins, False
            if not (step.standing or (beforehand and gate == "contributor")):
                day += days[place] if isinstance(days, list) else days
                refuses = step.refuses >= 1 or (chances is not None and chances[place] < step.refuses)
            loan.gates[gate] = day
            if day > last:
                last, stage = day, STAGE_OF_GATE[gate]
                steps.append((day, stage))
            if refuses and (refusal is None or day < refusal):
                refusal, loan.refused_by = day, gate
            if paper.in_turn:
                if refuses:
                    break
                begins = day
        if paper.in_turn and len(steps) > 1:
            stage = steps[0][1]  # one after another: only the gate at work holds the units up
            for (day, _), (_, following) in pairwise(steps):
                self.clock.at(day, ENDS, self._gate_passed, (lot, following))
        self._stage(lot, stage)
        return refusal

    def _gate_passed(self, happening: Happening) -> None:
        lot, following = happening.subject
        if lot.stage != OVER:
            self._stage(lot, following)
            self._note(lot.loan.borrower)

    def _terms(self, loan: Loan) -> Terms:
        """Each gate of a loan's paper with its days and its chances, for every occurrence of the crisis at once."""
        crisis = loan.unrest.draw.crisis if loan.unrest else ""
        key = (crisis, loan.link.number, loan.attempt)
        terms = self.luck.papers.get(key)
        if terms is None:
            terms = self.luck.papers[key] = self._draw_terms(loan)
        return terms  # type: ignore[return-value]  # only terms are kept there

    def _draw_terms(self, loan: Loan) -> Terms:
        places, terms = self._place(loan)[1], []
        for step in loan.link.paper.gates:
            days: float | list[float] = 0.0
            if not isinstance(step.days, Block):
                days = float(step.days)
            elif not step.standing:
                days = self.luck.amounts(step.days, self._key(loan, step.gate), places)
            certain = step.standing or step.refuses in (0, 1)
            chances = None if certain else self.luck.chances(self._key(loan, step.gate + " refuses"), places)
            terms.append((step, days, chances))
        return terms

    def _set_window(self, loan: Loan) -> None:
        """The authority's window starts when the council gate clears (with no such gate: on the request)."""
        if loan.link.paper.window_days is not None:
            starts = loan.gates.get("council", loan.requested)
            loan.first_window = loan.window = starts + self.days(loan, loan.link.paper.window_days, "window")
            self.clock.at(loan.window, ENDS, self.world.loans.window_ends, loan)

    def _refused(self, happening: Happening) -> None:
        lot: Lot = happening.subject
        if lot.stage != OVER:
            self._refuse(lot)

    def _refuse(self, lot: Lot) -> None:
        loan = lot.loan
        self.desk.refuse(loan.link, loan.borrower, loan.requested)
        moved = self.desk.moved
        self.drop(lot, lot.units, "refused")
        # A refusal at once changes nothing that the next round would see; but a rule did not see it, and is asked again.
        self.desk.moved = moved or self.theatre.rule is not None

    def drop(self, lot: Lot, units: int, why: str) -> None:
        """A promise of `units` of a lot lapses before departure."""
        if units < lot.units:
            kept, lot = lot, lot.split(units)
            self.out[lot.loan.link.contingent].append(lot)
            assert kept.stage == lot.stage
        else:
            self.coming[lot.loan.borrower].remove(lot)
            if lot.stage == LIFT:
                self.queues[lot.loan.link.journey.lift or ""].remove(lot)
        link, cell = lot.loan.link, lot.loan.borrower
        self.stocks.way[cell][lot.stage] -= lot.units
        self.stocks.unpromise(link.contingent, link.lender, cell, lot.units)
        self._count_under(lot, -lot.units)
        lot.ended, lot.why = self.clock.now, why
        self._over(lot)
        self._stir(cell)
        self._stir(link.lender)

    # -- out -----------------------------------------------------------------------------------------------------

    def _cleared(self, happening: Happening) -> None:
        lot: Lot = happening.subject
        if lot.stage != OVER:
            self._stage(lot, PREPARING)
            self._note(lot.loan.borrower)
            self._prepare(lot)

    def _prepare(self, lot: Lot) -> None:
        prepare = self.theatre.contingents[lot.loan.link.contingent].prepare_days
        days = self.days(lot.loan, prepare, "prepare") if prepare else 0.0
        if days > 0:
            self.clock.at(self.clock.now + days, ENDS, lambda _: self._ready(lot) if lot.stage != OVER else None)
        else:
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
        """A lot as loads that a lift can carry."""
        most, loads = lot.loan.link.journey.units_per_load, []
        while most is not None and lot.units > most:
            load = lot.split(most)
            self.out[lot.loan.link.contingent].append(load)
            if lot.stage == LIFT:
                self.coming[lot.loan.borrower].append(load)
            elif lot.stage == GOING:
                self.here[lot.loan.borrower].append(load)
            loads.append(load)
        return [*loads, lot]

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
        days = self._depart(lot) if lot.stage == LIFT else self._go_home(lot)
        until = self.clock.now + days + self.theatre.scenario.lifts[name].turnaround_days
        self.clock.at(until, ENDS, self._slot_is_free, name)

    def _slot_is_free(self, happening: Happening) -> None:
        name: str = happening.subject
        self.free_slots[name] += 1
        if self.queues[name]:
            self._sail(name, self.queues[name].popleft())

    def _depart(self, lot: Lot) -> float:
        """The lot leaves home; days until it reaches the borrower."""
        link, loan = lot.loan.link, lot.loan
        lot.departed = self.clock.now
        lot.load = max((each.load for each in loan.lots), default=0) + 1
        self._stage(lot, TRANSIT)
        self.stocks.depart(link.contingent, link.lender, lot.units)
        self._stir(link.lender)
        self._note(loan.borrower)
        days = link.journey.days + self.days(loan, link.journey.handling_days, "handling out")
        if days > 0:
            self.clock.at(self.clock.now + days, ENDS, lambda _: self._land(lot))
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
            self.clock.at(day, ENDS, lambda _, part=later: self._arrive(part))  # type: ignore[misc]  # bound now
        if parts[0] > now:
            self.clock.at(parts[0], ENDS, lambda _: self._arrive(lot))
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
        self._stir(cell)
        if not stocks.active[cell % len(stocks.active)]:
            self.end(lot, lot.units, "closed")
        elif lot.expired:
            self.end(lot, lot.units, lot.expired)
        elif stocks.debt[lot.loan.link.contingent]:
            self.world.loans.collect(lot.loan.link.contingent)

    # -- home ----------------------------------------------------------------------------------------------------

    def end(self, lot: Lot, units: int, why: str, notice_days: float = 0.0) -> None:
        """`units` of a lot on loan are to go home, at once or after a notice."""
        if units < lot.units:
            lot = lot.split(units)
            self.out[lot.loan.link.contingent].append(lot)
            self.here[lot.loan.borrower].append(lot)
        link = lot.loan.link
        lot.ended, lot.why, lot.stage = self.clock.now, why, GOING
        self.stocks.notify(link.lender, lot.loan.borrower, lot.units)
        self.stocks.way[link.lender][PREPARING] += lot.units
        self.desk.moved = True
        self._expect(link.lender)
        if notice_days > 0:
            lot.on_notice = True
            self.clock.at(self.clock.now + notice_days, ENDS, lambda _: self.hurry(lot))
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
        self._stir(cell)
        self._note(link.lender)
        days = link.journey.days + self.days(lot.loan, link.journey.handling_days, "handling home")
        if days > 0:
            self.clock.at(self.clock.now + days, ENDS, lambda _: self._come_home(lot))
        else:
            self._come_home(lot)
        return days

    def _come_home(self, lot: Lot) -> None:
        lot.home = self.clock.now
        self.stocks.return_home(lot.loan.link.contingent, lot.units)
        recover = self.theatre.contingents[lot.loan.link.contingent].recover_days
        days = self.days(lot.loan, recover, "recover") if recover else 0.0
        if days > 0:
            self.clock.at(self.clock.now + days, ENDS, lambda _: self._recover(lot))
        else:
            self._recover(lot)

    def _recover(self, lot: Lot) -> None:
        link = lot.loan.link
        lot.recovered = self.clock.now
        self.stocks.way[link.lender][TRANSIT] -= lot.units
        self.stocks.recover(link.contingent, link.lender, lot.units)
        self._over(lot)
        self._stir(link.lender)
        if self.stocks.debt[link.contingent]:
            self.world.loans.collect(link.contingent)

    # -- common --------------------------------------------------------------------------------------------------

    def _stir(self, cell: int) -> None:
        """What a mission has, or can offer, has changed."""
        self.desk.moved = True
        self.desk.changed(cell)

    def _note(self, cell: int) -> None:
        """Only how far units on their way have come has changed: it matters where something is missing."""
        if self.levels.short[cell]:
            if self.desk.due:
                self.desk.touched.add(cell)
            else:
                self.levels.write(cell)

    def _expect(self, cell: int) -> None:
        """Own units will come back: it matters where some are sought, or still promised."""
        if self.coming[cell] or self.desk.opened[cell] >= 0:
            self._stir(cell)
        else:
            self._note(cell)

    def _stage(self, lot: Lot, stage: int) -> None:
        way = self.stocks.way[lot.loan.borrower]
        way[lot.stage] -= lot.units
        way[stage] += lot.units
        lot.stage = stage

    def _over(self, lot: Lot) -> None:
        lot.stage = OVER
        self.out[lot.loan.link.contingent].remove(lot)
        self.world.log.loans.append(lot.record(self.theatre))

    def days(self, loan: Loan, amount: Days, what: str) -> float:
        """A number of days, drawn where it varies, as this loan's luck has it."""
        if not isinstance(amount, Block):
            return float(amount)
        place, places = self._place(loan)
        return self.luck.amounts(amount, self._key(loan, what), places)[place]

    def chance(self, loan: Loan, what: str) -> float:
        """A number from 0 to 1 that belongs to this loan and `what`."""
        place, places = self._place(loan)
        return self.luck.chances(self._key(loan, what), places)[place]

    def _key(self, loan: Loan, what: str) -> tuple[str, ...]:
        if not loan.luck:
            contingent = self.theatre.contingents[loan.link.contingent]
            borrower = self.theatre.place(loan.borrower)[0]
            crisis = loan.unrest.draw.crisis if loan.unrest else f"routine of {borrower}"
            attempt = str(loan.attempt)
            loan.luck = (crisis, contingent.resource, contingent.mission, contingent.contributor, attempt)
        return (*loan.luck, what)

    def _place(self, loan: Loan) -> tuple[int, int]:
        if loan.unrest is None:
            return self.world.trace.place, self.world.block_size
        return loan.unrest.draw.luck, loan.unrest.draw.lucks
