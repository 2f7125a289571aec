"""The desk: sees open needs, lets go what is no longer needed, calls back, and asks lenders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter

from sim.operations.agenda import Agenda
from sim.operations.clock import Clock
from sim.operations.episodes import Episodes
from sim.operations.loans import Loans
from sim.operations.offers import Offers
from sim.operations.shortfalls import NUMBER, Shortfalls
from sim.operations.stocks import Cell, Stocks
from sim.operations.theatre import Link, Theatre
from sim.policies import Lender, Situation, whole_rank
from sim.scenario.nouns.milliseconds import in_days

ENDLESS = 10_000
"""Rounds within one instant after which the desk must have contradicted itself; and offers, a rule."""


@dataclass(eq=False)
class Desk:
    """Looks at every open need of a resource whenever something relevant to it has changed."""

    theatre: Theatre
    clock: Clock
    stocks: Stocks
    episodes: Episodes
    offers: Offers
    shortfalls: Shortfalls
    agenda: Agenda
    loans: Loans

    def __post_init__(self) -> None:
        self.policy = self.theatre.policy
        self.recalls = self.policy.recall is not None
        self.lends = any(self.theatre.links)

    def look(self) -> None:
        """Serve all open needs of the resources that changed until nothing more changes; write down what came of it."""
        for resource, touched in enumerate(self.agenda.touched):
            if touched:
                if self.lends:
                    self._serve(resource, touched)
                self.shortfalls.settle(resource, touched)
                touched.clear()
        self.agenda.due = False

    def _serve(self, resource: int, touched: set[Cell]) -> None:
        """Let go what is not needed, call back, note what is open, ask, until all is still."""
        agenda, needs, refusals = self.agenda, self.agenda.open_needs[resource], self.offers.refused_until
        for _ in range(ENDLESS):
            agenda.unsettled = False
            for cell in self._freed(resource, touched):
                if (cell.missing() > 0) != (cell in needs):
                    self._note_need(cell, needs)
                if (
                    cell in refusals
                    and cell.required + cell.prevented <= cell.present - cell.borrowed + cell.unfit_borrowed
                ):
                    del refusals[cell]  # its own units are all that it needs: what is needed next is another need
            if needs and self._something_is_spare(resource):
                for cell in self._in_order(needs):
                    self._ask(cell)
                    if cell.missing() <= 0:
                        self._note_need(cell, needs)
            if not agenda.unsettled:
                return
        raise AssertionError(f"the desk does not come to rest on day {in_days(self.clock.now):g}")

    def _freed(self, resource: int, touched: set[Cell]) -> list[Cell]:
        """Let go and call back what is to be freed; the cells that were touched, those who lose by it included."""
        cells = sorted(touched, key=NUMBER)
        for cell in cells:
            surplus = cell.surplus()
            if surplus > 0:
                self.loans.let_go(cell, surplus)
        if not self.recalls:
            return cells
        for cell in self.stocks.by_resource[resource]:
            if cell.away or cell.promised:
                self.loans.call_back(cell)
        return sorted(touched, key=NUMBER)

    def _note_need(self, cell: Cell, needs: dict[Cell, int]) -> None:
        """Note that a cell's need has opened, or that it is open no longer."""
        if cell in needs:
            del needs[cell]
        else:
            needs[cell] = self.clock.now

    def _something_is_spare(self, resource: int) -> bool:
        """Whether any mission has units that it might offer: if none has, nobody need be asked."""
        below = self.offers.short[resource]
        for cell in self.stocks.by_resource[resource]:
            if cell.present - cell.promised - cell.required - cell.foreseen + below > 0:
                return True
        return False

    def _in_order(self, needs: dict[Cell, int]) -> list[Cell]:
        """The cells whose needs are open, in the order in which the policy serves them."""
        if len(needs) == 1:
            return list(needs)
        keyed = []
        for cell, opened in needs.items():
            gravity = -self.episodes.severity(cell)
            first = (gravity, opened) if self.policy.serve == "severity" else (opened, gravity)
            keyed.append(((*first, cell.mission), cell))
        return [cell for _, cell in sorted(keyed, key=itemgetter(0))]

    def _ask(self, cell: Cell) -> None:
        """Ask lenders in the policy's order until the need is covered or nobody can."""
        if self.theatre.rule is not None:
            self._ask_by_rule(cell)
            return
        links = self.theatre.links[cell.number]
        if not self.theatre.rank_is_static or self.theatre.consent_varies[cell.number]:
            links = self._ranked(links, cell)
        offers, holdings, missing = self.offers, self.stocks.holdings, cell.missing()
        for link in links:
            if missing <= 0:
                return
            holding = holdings[link.contingent]
            if holding.home > holding.promised:
                units = offers.most(holding, cell)
                if units > 0:
                    units = min(units, missing, offers.below_ceiling(link))
                    if units > 0 and not offers.refused(link, cell):
                        self.loans.request(cell, link, units)
                        missing = cell.missing()

    def _ranked(self, links: list[Link], cell: Cell) -> list[Link]:
        """Those that may offer something, by the policy's rank: while a cell asks, nobody gets more to offer."""
        offers, holdings, rank = self.offers, self.stocks.holdings, self.theatre.rank
        able = [link for link in links if offers.most(holdings[link.contingent], cell) > 0]
        return sorted(able, key=lambda link: whole_rank(rank, offers.view(link, cell)))

    def _ask_by_rule(self, cell: Cell) -> None:
        """Let the scenario's own rule decide; what it may not do is a bug of the rule, and says so.

        A rule must not ask anybody for more than it was shown. What its earlier offers have used up (contingents of
        one mission share their spare units, agreements their ceiling), its later ones do not get.
        """
        missing, offers = cell.missing(), self.offers
        asked = (link for link in self.theatre.links[cell.number] if not offers.refused(link, cell))
        links = {offers.view(link, cell): link for link in asked}
        lenders = sorted(lender for lender in links if lender.can_offer > 0)
        if missing <= 0 or not lenders:  # what was asked for others can have brought this one's units home
            return
        severity = self.episodes.severity(cell)
        situation = Situation(in_days(self.clock.now), cell.mission, cell.resource, missing, severity, tuple(lenders))
        for lender, units in self._offers(situation):
            asks = f"rule {self.policy.rule!r} asks"
            assert lender in links, f"{asks} {lender!r}, which was not among the lenders"
            most = lender.can_offer
            assert 0 <= units <= most, f"{asks} {lender.mission} for {units}, who may offer {most}"
            assert units == int(units), f"{asks} {lender.mission} for {units}; units are whole"
            link = links[lender]
            may_offer = offers.most(self.stocks.holdings[link.contingent], cell)
            wanted = min(int(units), may_offer, offers.below_ceiling(link), cell.missing())
            if wanted > 0 and not offers.refused(link, cell):
                self.loans.request(cell, link, wanted)

    def _offers(self, situation: Situation) -> Iterator[tuple[Lender, int]]:
        """What the scenario's own rule asks for, as it decides."""
        rule, name = self.theatre.rule, self.policy.rule
        assert rule is not None
        offers = rule(situation, **self.theatre.rule_words)
        assert isinstance(offers, Iterable), f"rule {name!r} gave {offers!r}, not pairs (lender, units)"
        for number, offer in enumerate(offers):
            assert number < ENDLESS, f"rule {name!r} goes on asking without end"
            assert isinstance(offer, (tuple, list)) and len(offer) == 2, f"rule {name!r} gave {offer!r}, no pair"
            yield offer[0], offer[1]
