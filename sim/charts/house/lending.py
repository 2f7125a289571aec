"""Who lent what to whom: unit-days from departure to home, by lender and borrower, over the replications kept."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import NamedTuple

from sim.charts.house.episode import NO_LOGS, kept_replications, loans_by_replication, option_name
from sim.charts.house.words import label, percent
from sim.comparison.comparison import Comparison
from sim.questions.story.story import Story
from sim.words.language import Phrase, phrase, phrase_n
from sim.words.numbers import number

ALL = Phrase("Under {name} all lending is from {lender} to {borrower}: {days} unit-days")
NEARLY_ALL = Phrase("Under {name} nearly all lending is from {lender} to {borrower}: {days} unit-days")
MOST = Phrase("Under {name} most of what is lent goes from {lender} to {borrower}: {days} unit-days, {share} of all")
NONE_MORE = Phrase("Under {name} no pair lends more than {lender} to {borrower}: {days} unit-days, {share} of all")
PAIR = Phrase("{lender} to {borrower} {days}")
PAIR_WITH_UNIT = Phrase("{lender} to {borrower} {days} unit-days")


class Lent(NamedTuple):
    """What one option lent, per replication."""

    source: Comparison | Story
    option: str
    """Its name, in quotes."""
    unit_days: dict[tuple[str, str], float]
    """(lender, borrower) → mean unit-days, most first."""
    by_resource: dict[tuple[str, str, str], float]
    """(lender, borrower, resource) → mean unit-days."""

    def fact(self) -> str:
        """The caption's fact on what was counted; nothing where no log was kept."""
        if not isinstance(self.source, Comparison):
            return phrase("Replication {number} of {name}", number=self.source.replication, name=self.option)
        count = len(kept_replications(self.source))
        if not count:
            return ""
        return phrase_n(
            "Mean unit-days, from departure to home, of {n:,} replication of {name}",
            "Mean unit-days, from departure to home, of {n:,} replications of {name}",
            count,
            name=self.option,
        )

    def finding(self) -> str:
        """Who lends most to whom, in a sentence."""
        if not kept_replications(self.source):
            return NO_LOGS()
        if not self.unit_days:
            return phrase("No loans were made under {name}", name=self.option)
        (lender, borrower), most = next(iter(self.unit_days.items()))
        lender, borrower = (label(self.source.scenario, each) for each in (lender, borrower))
        slots = {"name": self.option, "lender": lender, "borrower": borrower, "days": number(most)}
        pairs, share = len(self.unit_days), most / sum(self.unit_days.values())
        if share > 0.995:
            return (ALL if pairs == 1 else NEARLY_ALL)(**slots)
        if share < 0.15:
            over = percent(math.ceil(100 * share) / 100)
            return phrase(
                "Under {name} lending is spread over {n:,} pairs of missions; none has over {share}",
                name=self.option,
                n=pairs,
                share=over,
            )
        return (MOST if share > 0.5 else NONE_MORE)(**slots, share=percent(share))

    def pairs(self, said: Phrase = PAIR) -> str:
        """The pairs that lend most, in words."""
        most = list(self.unit_days.items())[:8]
        told = (said(lender=lender, borrower=to, days=number(days)) for (lender, to), days in most)
        return "; ".join(told) or phrase("No loans")


def lent(source: Comparison | Story, option: str | None = None) -> Lent:
    """What `option` lent (default: the one shown); loans still out at the period's end count until then."""
    totals: dict[tuple[str, str, str], float] = defaultdict(float)
    for loans in loans_by_replication(source, option):
        for loan in loans:
            if loan.departed_day is not None:
                home = source.scenario.days if loan.home_day is None else loan.home_day
                totals[loan.lender, loan.borrower, loan.resource] += loan.units * (home - loan.departed_day)
    count = len(kept_replications(source))
    by_resource = {key: total / count for key, total in sorted(totals.items())}
    pairs: dict[tuple[str, str], float] = defaultdict(float)
    for (lender, borrower, _), days in by_resource.items():
        pairs[lender, borrower] += days
    most_first = sorted(pairs.items(), key=lambda pair: -pair[1])
    return Lent(source, option_name(source, option), dict(most_first), by_resource)
