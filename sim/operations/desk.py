"""The desk: sees open needs, lets go what is no longer needed, calls back, and asks lenders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import TYPE_CHECKING

from sim.agreements.terms import expected_consent
from sim.operations.clock import DESK
from sim.operations.theatre import Link
from sim.policies import Lender, Situation

if TYPE_CHECKING:
    from sim.operations.crises import Crises
    from sim.operations.endings import Loans
    from sim.operations.levels import Levels
    from sim.operations.replication import World

AN_HOUR = 1 / 24
ENDLESS = 10_000
"""Rounds within one instant after which the desk must have contradicted itself; and offers, a rule."""


class Desk:
    """Looks at every open need of a resource whenever something relevant to it has changed."""

    def __init__(self, world: World) -> None:
        theatre = world.theatre
        stocks = self.stocks = world.stocks
        self.clock = world.clock
        self.counts = (
            stocks.required,
            stocks.prevented,
            stocks.present,
            stocks.inbound,
            stocks.leaving,
            stocks.borrowed,
        )
        self.theatre = theatre
        self.policy = theatre.policy
        self.recalls = theatre.policy.recall is not None
        self.lends = any(theatre.links)
        self.width = len(theatre.missions)
        self.opened = [-1.0] * len(theatre.routine)
        """Day on which each cell's need opened; −1 where none is open."""
        self.refused_until: dict[int, dict[int, float]] = {}
        """Borrower's cell → contingent → day until which its refusal stands, while there is still the same need."""
        self.touched: list[set[int]] = [set() for _ in theatre.resources]
        """By resource, the cells of which something has changed since the desk last looked."""
        self.open: list[set[int]] = [set() for _ in theatre.resources]
        """By resource, the cells whose need is open."""
        self.due = False
        """Whether the desk looks before this instant is over."""
        self.moved = False
        """Whether something in this round changed what the next round would see."""

    def meet(self, loans: Loans, crises: Crises, levels: Levels) -> None:
        """Get to know those whom the desk tells what to do."""
        self.loans = loans
        self.crises = crises
        self.levels = levels

    def stir(self, cell: int) -> None:
        """Something relevant to this cell has changed: look before this instant is over."""
        self.touched[cell // self.width].add(cell)
        if not self.due:
            self.due = True
            self.clock.at(self.clock.now, DESK, self.look)

    def changed(self, cell: int) -> None:
        """What this cell has, needs or expects has changed: look, unless it is plain that the desk has nothing to do.

        Nothing is to be done where no need of the resource is open, this cell has neither too little nor too much, and
        nothing else happens at this instant: then its level is written at once. (Most changes are of this kind.)
        """
        self.moved = True
        resource = cell // self.width
        if self.due:
            self.touched[resource].add(cell)
            return
        required, prevented, present, inbound, leaving, borrowed = self.counts
        sought, coming, queue = required[cell] + prevented[cell], inbound[cell], self.clock._queue
        if (
            self.recalls
            or self.open[resource]
            or sought > present[cell] + coming
            or ((coming or borrowed[cell]) and present[cell] - leaving[cell] + coming > sought)
            or (queue and queue[0][0] <= self.clock._now)
        ):
            self.stir(cell)
        else:
            self.levels.settle(resource, {cell})

    def look(self, _: None) -> None:
        """Serve all open needs of the resources that changed until nothing more changes; write down what came of it."""
        for resource, touched in enumerate(self.touched):
            if touched:
                if self.lends:
                    self._serve(resource)
                self.levels.settle(resource, touched)
                touched.clear()
        self.due = False

    def _serve(self, resource: int) -> None:
        """Let go what is not needed, call back, note what is open, ask, until all is still."""
        required, prevented, present, inbound, leaving, borrowed = self.counts
        opened, touched = self.open[resource], self.touched[resource]
        for _ in range(ENDLESS):
            self.moved = False
            cells = sorted(touched)
            for cell in cells:
                sought, coming = required[cell] + prevented[cell], inbound[cell]
                if (coming or borrowed[cell]) and present[cell] - leaving[cell] + coming > sought:
                    self.loans.let_go(cell, present[cell] - leaving[cell] + coming - sought)
            if self.recalls:
                self._call_back(resource)
                cells = sorted(touched)  # those who lose what is called back have a need from now on
            for cell in cells:
                if (required[cell] + prevented[cell] > present[cell] + inbound[cell]) != (cell in opened):
                    self._note_need(cell, opened)
                if cell in self.refused_until and self._needs_nobody(cell):
                    del self.refused_until[cell]  # what is needed next is another need
            if opened and self._something_is_spare(resource):
                for cell in self._in_order(opened) if len(opened) > 1 else tuple(opened):
                    self._ask(cell)
                    if self.missing(cell) <= 0:
                        self._note_need(cell, opened)
            if not self.moved:
                return
        raise AssertionError(f"the desk does not come to rest on day {self.clock.now}")

    def _note_need(self, cell: int, opened: set[int]) -> None:
        """Note that a cell's need has opened, or that it is open no longer."""
        if cell in opened:
            opened.discard(cell)
            self.opened[cell] = -1.0
        else:
            opened.add(cell)
            self.opened[cell] = self.clock.now

    def _needs_nobody(self, cell: int) -> bool:
        """Whether a mission's own units are all that it needs."""
        stocks = self.stocks
        return stocks.required[cell] + stocks.prevented[cell] <= stocks.present[cell] - stocks.borrowed[cell]

    def _call_back(self, resource: int) -> None:
        stocks = self.stocks
        for cell in range(resource * self.width, (resource + 1) * self.width):
            if stocks.away[cell] or stocks.promised[cell]:
                self.loans.call_back(cell)

    def _something_is_spare(self, resource: int) -> bool:
        """Whether any mission has units that it might offer: if none has, nobody need be asked."""
        stocks = self.stocks
        present, promised, required, foreseen = stocks.present, stocks.promised, stocks.required, stocks.foreseen
        for cell in range(resource * self.width, (resource + 1) * self.width):
            if present[cell] - promised[cell] - required[cell] - foreseen[cell] > 0:
                return True
        return False

    def _in_order(self, cells: set[int]) -> list[int]:
        keyed = []
        for cell in cells:
            gravity, opened, name = -self.severity(cell), self.opened[cell], self.theatre.missions[cell % self.width]
            key = (gravity, opened, name) if self.policy.serve == "severity" else (opened, gravity, name)
            keyed.append((key, cell))
        return [cell for _, cell in sorted(keyed, key=itemgetter(0))]

    def severity(self, cell: int) -> int:
        """Of the gravest crisis behind the cell's need; 0 for routine tasks."""
        return max((unrest.draw.severity for unrest in self.crises.behind[cell]), default=0)

    def missing(self, cell: int) -> int:
        """Units of open need: requirement with prevention − present − inbound."""
        stocks = self.stocks
        return stocks.required[cell] + stocks.prevented[cell] - stocks.present[cell] - stocks.inbound[cell]

    def offer(self, link: Link, besides: int = 0) -> int:
        """Most units that a lender may offer, by the policy; the agreement's ceiling and refusals apart.

        `besides` are units that its mission's other contingents offer at the same time. Under a policy that recalls,
        what it would call back at once (for prevention) is not offered either.
        """
        stocks, contingent, lender = self.stocks, link.contingent, link.lender
        free = stocks.home[contingent] - stocks.promised_of[contingent]
        ahead = stocks.foreseen[lender]
        if self.recalls and stocks.prevented[lender] > ahead:
            ahead = stocks.prevented[lender]
        spare = stocks.present[lender] - stocks.promised[lender] - stocks.required[lender] - ahead
        spare -= stocks.kept[contingent] + besides
        return free if free < spare else spare

    def refused(self, link: Link, cell: int) -> bool:
        """Whether this contingent's refusal to this cell still stands."""
        standing = self.refused_until.get(cell)
        return standing is not None and standing.get(link.contingent, -1.0) > self.clock.now

    def refuse(self, link: Link, cell: int, requested: float) -> None:
        """A refusal stands from now; when it no longer does, the desk looks again."""
        until = self.clock.now + self.policy.ask_again_days
        if until <= requested:  # whoever refuses at once, and for no time, would be asked for ever at this instant
            until += AN_HOUR
        self.refused_until.setdefault(cell, {})[link.contingent] = until
        self.stir(cell)
        self.clock.at(until, DESK - 1, self.stir, cell)

    def _ask(self, cell: int) -> None:
        """Ask lenders in the policy's order until the need is covered or nobody can."""
        if self.theatre.rule is not None:
            self._ask_by_rule(cell)
            return
        links = self.theatre.links[cell]
        if not self.theatre.rank_is_static or self.theatre.consent_varies[cell]:
            links = self._ranked(cell)
        loans, missing = self.loans, self.missing(cell)
        home, promised_of = self.stocks.home, self.stocks.promised_of
        for link in links:
            if missing <= 0:
                return
            if home[link.contingent] > promised_of[link.contingent]:
                units = self.offer(link)
                if units > 0:
                    units = min(units, missing, loans.room(link))
                    if units > 0 and not self.refused(link, cell):
                        loans.request(cell, link, units)
                        missing = self.missing(cell)

    def _ranked(self, cell: int) -> list[Link]:
        def key(link: Link) -> tuple[object, ...]:
            lender = self.view(link)
            return (*self.theatre.rank(lender), lender.mission, lender.consent_days, lender.contributor)

        return sorted(self.theatre.links[cell], key=key)

    def view(self, link: Link) -> Lender:
        """A lender as a policy sees it now."""
        stocks, lender = self.stocks, link.lender
        present, required = stocks.present[lender], stocks.required[lender]
        return self.theatre.lenders[link.number]._replace(
            can_offer=max(0, min(self.offer(link), self.loans.room(link))),
            spare=max(0, present - stocks.promised[lender] - required),
            present=present,
            requirement=required,
            consent_days=expected_consent(link.paper, self.clock.now),
            risk_days=self.crises.risk_days(lender % self.width),
        )

    def _ask_by_rule(self, cell: int) -> None:
        """Let the scenario's own rule decide; what it may not do is a bug of the rule, and says so.

        A rule must not ask anybody for more than it was shown. What its earlier offers have used up (contingents of
        one mission share their spare units, agreements their ceiling), its later ones do not get.
        """
        missing = self.missing(cell)
        links = {self.view(link): link for link in self.theatre.links[cell] if not self.refused(link, cell)}
        lenders = sorted(lender for lender in links if lender.can_offer > 0)
        if missing <= 0 or not lenders:  # what was asked for others can have brought this one's units home
            return
        mission, resource = self.theatre.place(cell)
        situation = Situation(self.clock.now, mission, resource, missing, self.severity(cell), tuple(lenders))
        for lender, units in self._offers(situation):
            asks = f"rule {self.policy.rule!r} asks"
            assert lender in links, f"{asks} {lender!r}, which was not among the lenders"
            most = lender.can_offer
            assert 0 <= units <= most, f"{asks} {lender.mission} for {units}, who may offer {most}"
            assert units == int(units), f"{asks} {lender.mission} for {units}; units are whole"
            link = links[lender]
            wanted = min(int(units), self.offer(link), self.loans.room(link), self.missing(cell))
            if wanted > 0 and not self.refused(link, cell):
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
