"""The paper of loans: request, ceiling, gates, refusals and the window of the authority."""

from __future__ import annotations

from itertools import pairwise

from sim.agreements.terms import GateStep, consented
from sim.operations.clock import ENDS
from sim.operations.loan import OVER, Loan, Lot
from sim.operations.movements import Movements
from sim.operations.stocks import CONTRIBUTOR, COUNCIL, HOST, PREPARING
from sim.operations.theatre import Link
from sim.scenario.nouns.distributions import Block

Terms = list[tuple[GateStep, float | list[float], list[float] | None]]
STAGE_OF_GATE = {"council": COUNCIL, "contributor": CONTRIBUTOR, "host": HOST}


class Paperwork(Movements):
    """From the request to the last gate."""

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
        unrest = behind[0] if behind else None
        if len(behind) > 1:  # what asks is what raised the need last
            unrest = max(behind, key=lambda each: (each.since, each.draw.severity))
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
        self.desk.stir(cell)
        now = self.clock.now
        cleared, refused = self._set_gates(loan, lot) if link.paper.gates else (now, None)
        self._set_window(loan, before=refused)
        if refused is not None:
            self.clock.at(refused, ENDS, self._refused, lot) if refused > now else self._refuse(lot)
        else:
            self.clock.at(cleared, ENDS, self._cleared, lot) if cleared > now else self._prepare(lot)

    def _set_gates(self, loan: Loan, lot: Lot) -> tuple[float, float | None]:
        """Decide when each gate clears: the day of the last, and of the first refusal, if any."""
        paper, now = loan.link.paper, self.clock.now
        begins, last, refusal = now, now, None
        stage, steps = PREPARING, []
        beforehand = paper.consent_given and consented(paper, now)
        place = self._place(loan)[0]
        for (gate, _, chance, standing), days, chances in self._terms(loan):
            day, refuses = begins, False
            if not (standing or (beforehand and gate == "contributor")):
                day += days[place] if isinstance(days, list) else days
                refuses = chance >= 1 or (chances is not None and chances[place] < chance)
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
        return last, refusal

    def _gate_passed(self, passed: tuple[Lot, int]) -> None:
        lot, following = passed
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

    def _set_window(self, loan: Loan, before: float | None) -> None:
        """The authority's window starts when the council gate clears (with no such gate: on the request).

        It is of no consequence where a gate refuses `before` it ends, and there is none where the council never agrees.
        """
        paper = loan.link.paper
        if paper.window_days is None or loan.refused_by == "council":
            return
        if before is not None and "council" not in loan.gates and any(step.gate == "council" for step in paper.gates):
            return
        starts = loan.gates.get("council", loan.requested)
        loan.first_window = loan.window = starts + self.days(loan, paper.window_days, "window")
        if before is None or before > loan.window:
            self.clock.at(loan.window, ENDS, self.world.loans.window_ends, loan)

    def _refused(self, lot: Lot) -> None:
        if lot.stage != OVER:
            self._refuse(lot)

    def _refuse(self, lot: Lot) -> None:
        loan = lot.loan
        self.desk.refuse(loan.link, loan.borrower, loan.requested)
        moved = self.desk.moved
        self.drop(lot, lot.units, "refused")
        # A refusal at once changes nothing that the next round would see; but a rule did not see it: it is asked again.
        self.desk.moved = moved or self.theatre.rule is not None

    def _cleared(self, lot: Lot) -> None:
        if lot.stage != OVER:
            self._stage(lot, PREPARING)
            self._note(lot.loan.borrower)
            self._prepare(lot)
