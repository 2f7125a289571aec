"""What each lender may offer now: by the policy, by the agreement's ceiling, and unless a refusal of its stands."""

from __future__ import annotations

from sim.agreements.terms import expected_consent
from sim.operations.clock import Clock
from sim.operations.episodes import Episodes
from sim.operations.stocks import Cell, Holding, Stocks
from sim.operations.theatre import Link, Theatre
from sim.policies import Lender
from sim.scenario.nouns.milliseconds import DAY, milliseconds

HOURLY = DAY // 24
"""How often somebody is asked who always refuses at once, and for no time."""
NO_CEILING = 1_000_000_000


class Offers:
    """Offers, ceilings and refusals of a replication."""

    def __init__(self, theatre: Theatre, clock: Clock, stocks: Stocks, episodes: Episodes) -> None:
        self.clock = clock
        self.episodes = episodes
        self.holdings = stocks.holdings
        self.lenders = theatre.lenders
        self.short = [theatre.policy.may_go_short.get(resource, 0) for resource in theatre.resources]
        """By resource, units by which a lender may fall below its own requirement for a crisis graver than its own."""
        self.may_go_short = any(self.short)
        self.recalls = theatre.policy.recall is not None
        self.ask_again = milliseconds(theatre.policy.ask_again_days)
        self.refused_until: dict[Cell, dict[int, int]] = {}
        """Borrower → contingent → instant until which its refusal stands, while there is still the same need."""
        self.under: dict[tuple[str, str], int] = {}
        """Units on loan under each agreement, by resource: from the promise until they leave for home."""

    def short_for(self, lender: Cell, borrower: Cell) -> int:
        """Units by which a lender may fall below its own requirement for what a cell needs now."""
        units = self.short[lender.resource_number]
        return units if units and self.episodes.severity(borrower) > self.episodes.severity(lender) else 0

    def most(self, holding: Holding, borrower: Cell, besides: int = 0) -> int:
        """Most units that a contingent may offer a cell, by the policy; the agreement's ceiling and refusals apart.

        `besides` are units that its mission's other contingents offer at the same time. Under a policy that recalls,
        what it would call back at once (for prevention) is not offered either.
        """
        lender = holding.cell
        free = holding.free
        ahead = lender.foreseen
        if self.recalls and lender.prevented > ahead:
            ahead = lender.prevented
        spare = lender.present - lender.promised - lender.required - ahead - holding.reserve - besides
        if self.may_go_short:
            spare += self.short_for(lender, borrower)
        return free if free < spare else spare

    def below_ceiling(self, link: Link) -> int:
        """Units that the agreement's ceiling still lets go on loan."""
        terms = link.terms
        if terms.at_most is None or terms.agreement is None:
            return NO_CEILING
        return terms.at_most - self.under.get((terms.agreement, self.holdings[link.contingent].cell.resource), 0)

    def count_under(self, link: Link, units: int) -> None:
        """So many units more are on loan under the link's agreement."""
        terms = link.terms
        if terms.at_most is not None and terms.agreement is not None:
            key = (terms.agreement, self.holdings[link.contingent].cell.resource)
            self.under[key] = self.under.get(key, 0) + units

    def refused(self, link: Link, borrower: Cell) -> bool:
        """Whether this contingent's refusal to this cell still stands."""
        standing = self.refused_until.get(borrower)
        return standing is not None and standing.get(link.contingent, -1) > self.clock.now

    def refuse(self, link: Link, borrower: Cell, requested: int) -> int:
        """A refusal, of what was asked when it was `requested`, stands from now: the instant until which it does."""
        until = self.clock.now + self.ask_again
        if until == requested:  # whoever refuses at once, and for no time, would be asked for ever at this instant
            until += HOURLY
        self.refused_until.setdefault(borrower, {})[link.contingent] = until
        return until

    def view(self, link: Link, borrower: Cell) -> Lender:
        """A lender as a policy sees it now that a cell asks."""
        holding = self.holdings[link.contingent]
        lender = holding.cell
        return self.lenders[link.number]._replace(
            can_offer=max(0, min(self.most(holding, borrower), self.below_ceiling(link))),
            spare=max(0, lender.present - lender.promised - lender.required),
            present=lender.present,
            requirement=lender.required,
            consent_days=expected_consent(link.terms, self.clock.now, self.episodes.severity(borrower)),
            risk_days=self.episodes.risk_days(lender.mission_number),
        )
