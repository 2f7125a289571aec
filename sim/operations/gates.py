"""The gates of a loan: when each opens and decides, and how far that holds a lot up."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from sim.agreements.terms import GateStep, consented
from sim.chance.loan_draws import BlockDraws, LoanDraws
from sim.operations.agenda import Agenda
from sim.operations.clock import ENDS, Clock
from sim.operations.episodes import Episode
from sim.operations.loan import Loan, Lot
from sim.operations.loan_book import LoanBook
from sim.operations.stages import OVER, PREPARING, STAGE_OF_GATE, Stage


class Decision(NamedTuple):
    """What comes of a loan's gates, as far as they have been asked."""

    cleared: int
    """When the last of them clears."""
    refused: int | None
    """When the first refuses, if any does."""
    asked: int
    """How many of the gates have been asked: the next is asked when the last of them clears."""


NO_GATES = Decision(0, None, 0)
"""Of a loan that nobody has to agree to."""


class Ruling(NamedTuple):
    """What a gate that is `per: crisis` says, once, to all that is asked of it meanwhile."""

    opened: int
    decides: int
    refuses: bool


@dataclass(eq=False)
class Gates:
    """Draws what a loan's gates decide, and follows its lot through those that open one after another."""

    clock: Clock
    agenda: Agenda
    book: LoanBook
    draws: BlockDraws
    rulings: dict[tuple[Episode, str, str], list[Ruling]] = field(default_factory=dict)
    """By occurrence, gate and, of the contributor's gate, contributor: one after another."""

    def apply(self, loan: Loan, lot: Lot, first: int = 0) -> Decision:
        """Decide when each gate from number `first` opens and what it says; until then the lot stands before the last.

        A gate that is still to come, and that decides for others as well, is asked in its turn: who else will have
        asked it by then is not known before.
        """
        now, terms = self.clock.now, loan.terms
        opens, last, refused, asked = now, now, None, first
        stage, steps = PREPARING, []
        beforehand = consented(terms, loan.requested)
        for step in terms.gates[first:]:
            decides, refuses = opens, False
            if not (step.standing or (beforehand and step.gate == "contributor")):
                joint = step.joint and loan.episode is not None
                if joint and opens > now:
                    break
                decides, refuses = self._with_others(loan, step) if joint else _alone(loan, step, opens)
            asked += 1
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
        self._hold_up(lot, steps if terms.in_turn else steps[-1:], stage)
        return Decision(last, refused, asked)

    def _hold_up(self, lot: Lot, steps: list[tuple[int, Stage]], stage: Stage) -> None:
        """The lot stands before a gate; of gates one after another only the one at work holds the units up."""
        if len(steps) > 1:
            stage = steps[0][1]
            for (decides, _), (_, following) in pairwise(steps):
                self.clock.at(decides, ENDS, self._pass, (lot, following))
        self.book.advance(lot, stage)

    def _with_others(self, loan: Loan, step: GateStep) -> tuple[int, bool]:
        """When a gate that is `per: crisis` decides on what it is asked now, and whether it refuses."""
        episode, now = loan.episode, self.clock.now
        assert episode is not None
        whose = loan.holding.contingent.contributor if step.gate == "contributor" else ""
        rulings = self.rulings.setdefault((episode, step.gate, whose), [])
        if not rulings or (rulings[-1].decides <= now and rulings[-1].opened < now):
            occurrence = episode.occurrence
            whom = (occurrence.crisis, "all", whose, str(len(rulings)))
            draws = self.draws.of_loan(whom, occurrence.draw, occurrence.draws)
            lasts = draws.lasts(step.days, step.gate, step.urgency(occurrence.severity), alike=False)
            rulings.append(Ruling(now, now + lasts, _refuses(draws, step)))
        return rulings[-1].decides, rulings[-1].refuses

    def _pass(self, passed: tuple[Lot, Stage]) -> None:
        lot, following = passed
        if lot.stage != OVER:
            self.book.advance(lot, following)
            self.agenda.advanced(lot.loan.borrower)


def _alone(loan: Loan, step: GateStep, opens: int) -> tuple[int, bool]:
    """When a gate that opens then decides on one loan, and whether it refuses."""
    times = step.urgency(loan.episode.occurrence.severity) if step.by_severity and loan.episode else 1
    return opens + loan.draws.lasts(step.days, step.gate, times), _refuses(loan.draws, step)


def _refuses(draws: LoanDraws, step: GateStep) -> bool:
    if step.refuses in (0, 1):
        return step.refuses == 1
    return draws.chance(f"{step.gate} refuses") < step.refuses


def window(loan: Loan) -> int | None:
    """The end of the authority's window as first given, which starts when the council gate clears, or on the request.

    It is of no consequence where a gate refuses before it ends, and there is none before the council agrees.
    """
    terms = loan.terms
    if terms.window_days is None or loan.refused_by == "council":
        return None
    if "council" in loan.decides:
        starts = loan.decides["council"]
    elif "council" in terms.gate_names:  # its turn is still to come, or never comes
        return None
    else:
        starts = loan.requested
    return starts + loan.draws.lasts(terms.window_days, "window")
