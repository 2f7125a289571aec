"""The gates of a loan: when each opens and decides, and how far that holds a lot up."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from sim.agreements.terms import GateStep, consented
from sim.operations.agenda import Agenda
from sim.operations.clock import ENDS, Clock
from sim.operations.loan import Loan, Lot
from sim.operations.loan_book import LoanBook
from sim.operations.stages import OVER, PREPARING, STAGE_OF_GATE, Stage


class Decision(NamedTuple):
    """What comes of a loan's gates."""

    cleared: int
    """When the last of them clears."""
    refused: int | None
    """When the first refuses, if any does."""


class Gates:
    """Draws what a loan's gates decide, and follows its lot through those that open one after another."""

    def __init__(self, clock: Clock, agenda: Agenda, book: LoanBook) -> None:
        self.clock = clock
        self.agenda = agenda
        self.book = book

    def apply(self, loan: Loan, lot: Lot) -> Decision:
        """Decide on the request when each gate opens and what it says; until then the lot stands before the last."""
        now, terms = self.clock.now, loan.terms
        opens, last, refused = now, now, None
        stage, steps = PREPARING, []
        beforehand = bool(terms.consent_given) and consented(terms, now)
        for step in terms.gates:
            decides, refuses = opens, False
            if not (step.standing or (beforehand and step.gate == "contributor")):
                decides += loan.draws.lasts(step.days, step.gate)
                refuses = _refuses(loan, step)
            loan.opens[step.gate], loan.decides[step.gate] = opens, decides
            if decides > last:
                last, stage = decides, STAGE_OF_GATE[step.gate]
                steps.append((decides, stage))
            if refuses and (refused is None or decides < refused):
                refused, loan.refused_by = decides, step.gate
            if terms.in_turn:
                if refuses:
                    break
                opens = decides
        if terms.in_turn and len(steps) > 1:
            stage = steps[0][1]  # one after another: only the gate at work holds the units up
            for (decides, _), (_, following) in pairwise(steps):
                self.clock.at(decides, ENDS, self._pass, (lot, following))
        self.book.advance(lot, stage)
        return Decision(last, refused)

    def _pass(self, passed: tuple[Lot, Stage]) -> None:
        lot, following = passed
        if lot.stage != OVER:
            self.book.advance(lot, following)
            self.agenda.advanced(lot.loan.borrower)


def _refuses(loan: Loan, step: GateStep) -> bool:
    if step.refuses in (0, 1):
        return step.refuses == 1
    return loan.draws.chance(f"{step.gate} refuses") < step.refuses


def window(loan: Loan, refused: int | None) -> int | None:
    """The end of the authority's window as first given, which starts when the council gate clears, or on the request.

    It is of no consequence where a gate refuses before it ends, and there is none where the council never agrees.
    """
    terms = loan.terms
    if terms.window_days is None or loan.refused_by == "council":
        return None
    if "council" in loan.decides:
        starts = loan.decides["council"]
    elif refused is not None and "council" in terms.gate_names:  # its turn never comes
        return None
    else:
        starts = loan.requested
    return starts + loan.draws.lasts(terms.window_days, "window")
