"""Who lent what to whom: unit-days from departure to home, by lender and borrower, over the replications kept."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import NamedTuple

from sim.charts.house.episode import NO_LOGS, kept_replications, loans_by_replication, option_name
from sim.charts.house.words import label, percent
from sim.comparison.comparison import Comparison
from sim.questions.story.story import Story
from sim.words.names import plural
from sim.words.numbers import number


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
            return f"Replication {self.source.replication} of {self.option}"
        count = len(kept_replications(self.source))
        what = f"Mean unit-days, from departure to home, of {plural(count, 'replication')} of {self.option}"
        return what if count else ""

    def finding(self) -> str:
        """Who lends most to whom, in a sentence."""
        if not kept_replications(self.source):
            return NO_LOGS()
        if not self.unit_days:
            return f"No loans were made under {self.option}"
        (lender, borrower), most = next(iter(self.unit_days.items()))
        who = f"{label(self.source.scenario, lender)} to {label(self.source.scenario, borrower)}"
        pairs, share = len(self.unit_days), most / sum(self.unit_days.values())
        if share > 0.995:
            every = "all" if pairs == 1 else "nearly all"
            return f"Under {self.option} {every} lending is from {who}: {number(most)} unit-days"
        if share < 0.15:
            over = percent(math.ceil(100 * share) / 100)
            return f"Under {self.option} lending is spread over {pairs} pairs of missions; none has over {over}"
        says = "most of what is lent goes from" if share > 0.5 else "no pair lends more than"
        return f"Under {self.option} {says} {who}: {number(most)} unit-days, {percent(share)} of all"

    def pairs(self, unit: str = "") -> str:
        """The pairs that lend most, in words."""
        most = list(self.unit_days.items())[:8]
        return "; ".join(f"{lender} to {to} {number(days)}{unit}" for (lender, to), days in most) or "No loans"


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
