"""Repairs: units that fall unfit, wherever they are, are there but not present until they are repaired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sim.chance.repairs import Turn
from sim.chance.trace import Trace
from sim.operations.agenda import Agenda
from sim.operations.clock import Clock, Life
from sim.operations.loan import Lot
from sim.operations.loan_book import LoanBook
from sim.operations.stages import LEAVING, ON_LOAN
from sim.operations.stocks import Cell, Holding, Stocks
from sim.operations.theatre import Theatre

Place = tuple[Cell, bool, bool]
"""A cell, whether units are borrowed there, and whether they are leaving."""


class Repairs:
    """How many units of each contingent are in repair, and which: those at home first, then those longest on loan.

    How many there are is drawn beforehand and the same whatever is lent to whom.
    """

    def __init__(  # noqa: PLR0913  # each part is handed what it needs
        self, theatre: Theatre, trace: Trace, *, clock: Clock, stocks: Stocks, agenda: Agenda, book: LoanBook
    ) -> None:
        self.clock = clock
        self.agenda = agenda
        self.book = book
        self.unfit: dict[Holding, set[int]] = {}
        """The unfit units of each contingent that has some at times, by their numbers."""
        self.placed: dict[Holding, Counter[Place]] = {}
        """Where they were counted last."""
        for contingent, turns in theatre.turns(trace.seed, trace.block).items():
            holding = stocks.holdings[contingent]
            self.unfit[holding], self.placed[holding] = set(), Counter()
            holding.moved = self.place
            clock.follow(self._life(holding, turns[trace.index_in_block]))

    def stop(self) -> None:
        """Nobody is told of anything any more."""
        for holding in self.unfit:
            holding.moved = None

    def _life(self, holding: Holding, turns: Iterable[Turn]) -> Life:
        """One turn after another."""
        unfit = self.unfit[holding]
        for turn in turns:
            if turn.instant > self.clock.now:
                yield turn.instant
            (unfit.discard if turn.fit else unfit.add)(turn.unit)
            self.place(holding)

    def place(self, holding: Holding) -> None:
        """Count a contingent's unfit units where they now are, and let the desk look where that has changed."""
        strength = (
            holding.held - holding.withdrawn
        )  # of units that leave for good, those with the last numbers go first
        left = sum(unit < strength for unit in self.unfit[holding])
        holding.unfit_home = min(left, holding.home)
        left -= holding.unfit_home
        now: Counter[Place] = Counter({(holding.cell, False, False): holding.unfit_home})
        before = self.placed[holding]
        if left or any(borrowed for _, borrowed, _ in before):
            gone = (lot for lot in self.book.out[holding.contingent.number] if lot.departed is not None)
            for lot in sorted(gone, key=_since):
                fell = min(lot.units, left)
                left -= fell
                there = lot.stage in (ON_LOAN, LEAVING)
                lot.unfit = fell if there else 0
                if lot.unfit:
                    now[lot.loan.borrower, True, lot.stage == LEAVING] += fell
        if now != before:
            self.placed[holding] = now
            self._count(now, before)

    def _count(self, now: Counter[Place], before: Counter[Place]) -> None:
        for place in [*now, *(place for place in before if place not in now)]:
            cell, borrowed, leaving = place
            more = now[place] - before[place]
            cell.present -= more
            cell.unfit += more
            cell.unfit_borrowed += more if borrowed else 0
            cell.unfit_leaving += more if leaving else 0
            if more:
                self.agenda.unsettled = True
                self.agenda.mark(cell)


def _since(lot: Lot) -> tuple[int, int]:
    """For how long they are on loan: the longest first."""
    assert lot.departed is not None
    return lot.departed, lot.loan.number
