"""Loans from the request to the end: asked for, refused, let go, called back, lapsed, withdrawn, closed."""

from __future__ import annotations

from dataclasses import dataclass

from sim.chance.loan_draws import LoanDraws
from sim.chance.trace import BLOCK, Trace
from sim.operations.agenda import Agenda
from sim.operations.clock import ENDS, Clock, Life
from sim.operations.episodes import Episode, Episodes
from sim.operations.gates import NO_GATES, Decision, Gates, window
from sim.operations.loan import Loan, Lot
from sim.operations.loan_book import LoanBook
from sim.operations.log import Log, Renewal
from sim.operations.movements import Movements
from sim.operations.offers import Offers
from sim.operations.stages import HOMEWARD, LEAVING, ON_LOAN, OVER, PREPARING
from sim.operations.stocks import Cell, Holding, Stocks
from sim.operations.theatre import Link, Theatre
from sim.scenario.nouns.milliseconds import in_days, milliseconds


@dataclass(eq=False)
class Loans:
    """Every loan of a replication: what begins it, and what puts an end to it."""

    theatre: Theatre
    trace: Trace
    log: Log
    clock: Clock
    stocks: Stocks
    episodes: Episodes
    offers: Offers
    agenda: Agenda

    def __post_init__(self) -> None:
        theatre, clock, agenda = self.theatre, self.clock, self.agenda
        self.book = LoanBook(theatre, clock, agenda, self.offers, self.log)
        self.draws = theatre.draws(self.trace.seed, self.trace.block)
        self.gates = Gates(clock, agenda, self.book, self.draws)
        self.movements = Movements(theatre, clock, agenda, self.book)
        self.notice = milliseconds(theatre.policy.recall.notice_days) if theatre.policy.recall else 0
        self.asked_for_routine: dict[int, int] = {}
        """How often each link was asked for routine tasks."""
        self.count = 0

    # -- from the request to the last gate

    def request(self, borrower: Cell, link: Link, units: int) -> None:
        """Units of a contingent are promised to a cell; its gates open."""
        episode = self.episodes.asking(borrower)
        holding, now = self.stocks.holdings[link.contingent], self.clock.now
        draws = self._draws(borrower, link, episode)
        loan = Loan(
            number=self.count,
            link=link,
            terms=link.terms,
            journey=link.journey,
            holding=holding,
            lender=holding.cell,
            borrower=borrower,
            episode=episode,
            draws=draws,
            requested=now,
        )
        self.count += 1
        lot = self.book.enter(loan, units)
        self.agenda.mark(borrower)
        decision = self.gates.apply(loan, lot) if link.terms.gates else NO_GATES._replace(cleared=now)
        self._authorise(loan, decision)
        self.clock.follow(self._life(lot, decision))

    def _authorise(self, loan: Loan, decision: Decision) -> None:
        """The window opens, if it does by these gates."""
        refused = decision.refused
        loan.first_window = loan.window = window(loan)
        if loan.window is not None and (refused is None or refused > loan.window):
            self.clock.at(loan.window, ENDS, self._window_ends, loan)

    def _life(self, lot: Lot, decision: Decision) -> Life:
        """Requested → gates → prepared → (lift) → departed → arrived. What ends it before makes it `OVER`."""
        cleared, refused, asked = decision
        decided = cleared if refused is None else refused
        if decided > self.clock.now:
            yield decided
            if lot.stage == OVER:
                return
            if refused is None and asked < len(lot.loan.terms.gates):
                yield from self._life(lot, self._ask_next(lot, asked))
                return
            if refused is None:
                self.book.advance(lot, PREPARING)
                self.agenda.advanced(lot.loan.borrower)
        if refused is None:
            yield from self.movements.out(lot)
        else:
            self._refuse(lot)

    def _ask_next(self, lot: Lot, first: int) -> Decision:
        """Gates in turn of which the next decides for others, too: it is asked now."""
        decision = self.gates.apply(lot.loan, lot, first)
        if lot.loan.window is None:
            self._authorise(lot.loan, decision)
        self.agenda.advanced(lot.loan.borrower)
        return decision

    def _draws(self, borrower: Cell, link: Link, episode: Episode | None) -> LoanDraws:
        """What belongs to the next request to this link on behalf of the episode."""
        contingent = self.stocks.holdings[link.contingent].contingent
        asked = episode.asked if episode else self.asked_for_routine
        attempt = asked[link.number] = asked.get(link.number, -1) + 1
        whom = (contingent.resource, contingent.mission, contingent.contributor, str(attempt))
        if episode is None:
            return self.draws.of_loan((f"routine of {borrower.mission}", *whom), self.trace.index_in_block, BLOCK)
        occurrence = episode.occurrence
        return self.draws.of_loan((occurrence.crisis, *whom), occurrence.draw, occurrence.draws)

    def _refuse(self, lot: Lot) -> None:
        """A gate has refused: the lot is dropped."""
        self._note_refusal(lot.loan)
        unsettled = self.agenda.unsettled
        self.book.drop(lot, lot.units, "refused")
        # A refusal at once changes nothing that the next round would see; but a rule did not see it: it is asked again.
        self.agenda.unsettled = unsettled or self.theatre.rule is not None

    def _note_refusal(self, loan: Loan) -> None:
        """A refusal stands from now; when it no longer does, the desk looks again."""
        until = self.offers.refuse(loan.link, loan.borrower, loan.requested)
        self.agenda.mark(loan.borrower)
        self.agenda.mark_at(until, loan.borrower)

    # -- why loans end

    def let_go(self, cell: Cell, surplus: int) -> None:
        """What a cell has too much of: promises are cancelled, latest first; then the loans longest there go home."""
        coming = self.book.coming[cell.number]
        if coming:
            by_promise = sorted(coming, key=lambda each: each.loan.number)
            for lot in reversed(by_promise):  # so that of one promise the load that would go last is the first
                if surplus > 0 and lot.still_home:
                    units = min(lot.units, surplus)
                    surplus -= units
                    self.book.drop(lot, units, "cancelled")
        excess = cell.staying() - cell.required - cell.prevented
        if excess > 0:
            for lot in list(self.book.here[cell.number]):
                if lot.stage == ON_LOAN:
                    units = min(lot.units, excess)
                    excess -= units
                    self.movements.end(lot, units, "released")
                    if not excess:
                        return

    def call_back(self, lender: Cell) -> None:
        """A lender that is short, or that has less than its reserve, calls its own units back.

        Promised units first, then from the least severe need, the latest arrival first. Restoring the reserve makes
        a pool with a reserve a function of who needs what now, not of the order in which needs arose.
        """
        lots = [lot for holding in lender.holdings for lot in self.book.out[holding.contingent.number]]
        severity = self.episodes.severity

        def order(lot: Lot) -> tuple[bool, int, int, int]:
            latest = lot.arrived if lot.arrived is not None else lot.loan.requested
            return (lot.stage == ON_LOAN, severity(lot.loan.borrower), -latest, -lot.loan.number)

        for lot in sorted((lot for lot in lots if lot.still_home or lot.stage == ON_LOAN), key=order):
            wanted = lender.missing() + lender.promised + lot.loan.holding.reserve
            units = min(lot.units, wanted - self.offers.short_for(lender, lot.loan.borrower))
            if units > 0 and lot.stage == ON_LOAN:
                self.movements.end(lot, units, "recalled", self.notice)
            elif units > 0 and lot.still_home:
                self.book.drop(lot, units, "recalled")

    def _window_ends(self, loan: Loan) -> None:
        """The authority ends unless it is renewed: what is there goes home, what has not left stays."""
        lots = [lot for lot in loan.lots if lot.stage < HOMEWARD]
        if not lots:
            return
        staying = [lot for lot in lots if lot.stage != LEAVING]
        if staying and self._renew(loan, sum(lot.units - lot.unfit for lot in staying if lot.stage == ON_LOAN)):
            return
        for lot in lots:
            if lot.stage == LEAVING:
                self.movements.end_notice(lot)
        for lot in staying:
            if lot.stage == ON_LOAN:
                self.movements.end(lot, lot.units, "lapsed")
            elif lot.departed is not None:
                lot.expired = "lapsed"
            else:
                self.book.drop(lot, lot.units, "lapsed")

    def _renew(self, loan: Loan, there: int) -> bool:
        """Whether the window grows: the borrower would be short without the units, and nobody refuses."""
        borrower, renewals = loan.borrower, loan.terms.renewals
        without = borrower.staying() - there
        if renewals is None or loan.renewals >= renewals.most:
            return False
        if borrower.required + borrower.prevented <= without:
            return False
        what = f"renewal {loan.renewals + 1}"
        if renewals.refuses and loan.draws.chance(f"{what} refuses") < renewals.refuses:
            self._note_refusal(loan)
            self.log.renewals.append(Renewal(in_days(self.clock.now), loan.number, None))
            return False
        several = renewals.days if isinstance(renewals.days, tuple) else (renewals.days,)
        assert loan.window is not None
        loan.window += loan.draws.lasts(several[min(loan.renewals, len(several) - 1)], what)
        loan.renewals += 1
        self.log.renewals.append(Renewal(in_days(self.clock.now), loan.number, in_days(loan.window)))
        self.clock.at(loan.window, ENDS, self._window_ends, loan)
        return True

    def withdraw(self, holding: Holding, units: int) -> None:
        """Units of a contingent leave for good; those that are away go home first."""
        holding.owe(units)
        self.movements.collect(holding)

    def close(self, cell: Cell) -> None:
        """The mission closes: promises to it are cancelled and what it borrowed goes home."""
        for lot in list(self.book.coming[cell.number]):
            if lot.still_home:
                self.book.drop(lot, lot.units, "closed")
        for lot in list(self.book.here[cell.number]):
            if lot.stage == ON_LOAN:
                self.movements.end(lot, lot.units, "closed")
            elif lot.stage == LEAVING:
                self.movements.end_notice(lot)
