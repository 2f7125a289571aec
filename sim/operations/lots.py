"""The lots of all loans: where each stands, what its changes mean for others, and the luck that belongs to it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sim.operations.loan import OVER, Loan, Lot
from sim.operations.stocks import LIFT
from sim.scenario.nouns.distributions import Block, Days

if TYPE_CHECKING:
    from sim.operations.replication import World


class Lots:
    """Every lot of a replication, by where it comes from, where it goes and where it is."""

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
        self.desk.changed(cell)
        self.desk.changed(link.lender)

    def _count_under(self, lot: Lot, units: int) -> None:
        paper = lot.loan.link.paper
        if paper.at_most is not None and paper.agreement is not None:
            key = (paper.agreement, self.theatre.contingents[lot.loan.link.contingent].resource)
            self.under[key] = self.under.get(key, 0) + units

    def _note(self, cell: int) -> None:
        """Only how far units on their way have come has changed: it matters where something is missing."""
        if self.levels.short[cell]:
            if self.desk.due:
                self.desk.stir(cell)
            else:
                self.levels.write(cell)

    def _expect(self, cell: int) -> None:
        """Own units will come back: it matters where some are sought, or still promised."""
        if self.coming[cell] or self.desk.opened[cell] >= 0:
            self.desk.changed(cell)
        else:
            self._note(cell)

    def _stage(self, lot: Lot, stage: int) -> None:
        way = self.stocks.way[lot.loan.borrower]
        way[lot.stage] -= lot.units
        way[stage] += lot.units
        lot.stage = stage

    def _over(self, lot: Lot) -> None:
        lot.stage = OVER
        lot.loan.lots.remove(lot)
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
